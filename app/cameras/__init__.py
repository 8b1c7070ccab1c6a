"""Number-plate cameras: what they push becomes readings. Pure: bytes in, readings out."""
