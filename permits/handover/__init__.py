"""The whole record of an installation in one zip, and the way back into an empty one."""
