"""Handed-in files, kept unchanged under their SHA-256, outside the web root."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class FileStore:
    """A folder of files that are named by their content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Keep a file and return its SHA-256; one that is there already is left alone."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    # The database will say that the file is kept, so it has to be on the disk.
                    os.fsync(file.fileno())
                os.replace(name, target)
            except BaseException:
                os.unlink(name)
                raise
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return a kept file's content.

        Raises:
            FileNotFoundError: when nothing with this SHA-256 was kept.
        """
        return self.path(sha256).read_bytes()

    def erase(self, sha256: str) -> None:
        """Erase a kept file; one that is gone already stays gone."""
        self.path(sha256).unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Return where the file with this SHA-256 is or would be."""
        return self.folder / sha256[:2] / sha256
