"""The zip of a handover as a file: parts written and read in pieces, and never trusted."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, ClassVar, Protocol, cast

import pyzipper

from permits.handover.manifest import (
    NAME,
    HandoverDamaged,
    HandoverTooLarge,
    HandoverUnreadable,
    Manifest,
    Part,
    read_manifest,
)
from records.errors import DomainError

MAX_UNPACKED_BYTES = 20 * 1024**3
MAX_RATIO = 100
"""How many times its own size a zip may unpack to: tables shrink to a tenth or so."""

MAX_PARTS = 500_000
MAX_MANIFEST_BYTES = 100 * 1024**2

SHORTEST_PASSPHRASE = 16

_NAMES = re.compile(r"(?:[a-z]+/)?[A-Za-z0-9_-][A-Za-z0-9._-]*")
"""What parts are called: in one folder at most, and never outside."""

_PIECE = 1 << 20
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class WrongPassphrase(DomainError):
    """The zip is encrypted, and the passphrase is not given or not the right one."""

    code: ClassVar[str] = "handover_wrong_passphrase"
    status: ClassVar[int] = 403


class PassphraseTooShort(DomainError):
    """A passphrase has less than `minimum` characters."""

    code: ClassVar[str] = "passphrase_too_short"


def require_long_enough(passphrase: str) -> None:
    """Accept a passphrase that is not guessed: whoever has the file may try for years.

    Raises:
        PassphraseTooShort: see `SHORTEST_PASSPHRASE`.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseTooShort(minimum=SHORTEST_PASSPHRASE)


def new_passphrase() -> str:
    """Return a passphrase to be written down: six groups of four characters, 118 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(6))
    return "-".join(groups)


class Writable(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take some."""


class ArchiveWriter:
    """A zip that is being written: each part is hashed on its way in."""

    def __init__(self, archive: pyzipper.AESZipFile) -> None:
        self._archive, self._made_at = archive, time.localtime()[:6]
        self.parts: dict[str, Part] = {}

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[Writable]:
        """Give what takes a part's bytes; it is listed once the context ends."""
        info = self._archive.zipinfo_cls(name, self._made_at)
        info.compress_type = pyzipper.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=True) as file:
            hashing = _Hashing(file)
            yield hashing
        self.parts[name] = Part(hashing.digest.hexdigest(), hashing.size_bytes)

    def add(self, name: str, content: bytes) -> None:
        """Add a part."""
        with self.part(name) as file:
            file.write(content)

    def add_file(self, name: str, path: Path) -> None:
        """Add a file as a part."""
        with path.open("rb") as source, self.part(name) as file:
            while piece := source.read(_PIECE):
                file.write(piece)

    def close_with(self, manifest: Manifest) -> None:
        """Add the manifest, the last part."""
        self._archive.writestr(NAME, manifest.content)


class _Hashing:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, data: bytes, /) -> None:
        self.digest.update(data)
        self.size_bytes += len(data)
        self._file.write(data)


@contextlib.contextmanager
def writing(path: Path, passphrase: str | None) -> Iterator[ArchiveWriter]:
    """Give a new zip, of mode 0600; it has its name only once it is complete.

    Args:
        passphrase: encrypts every part (AES-256, WinZip's AE-2) where there is one.

    Raises:
        PassphraseTooShort: see `require_long_enough`.
    """
    if passphrase is not None:
        require_long_enough(passphrase)
    scratch = path.with_name(f".{path.name}.part")
    handle = os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "w+b") as file,
            pyzipper.AESZipFile(file, "w", compression=pyzipper.ZIP_DEFLATED) as archive,
        ):
            if passphrase is not None:
                archive.setpassword(passphrase.encode())
                archive.setencryption(pyzipper.WZ_AES, nbits=256)
            yield ArchiveWriter(archive)
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


class ArchiveReader:
    """A zip whose every part was found to be as its manifest says."""

    def __init__(self, archive: pyzipper.AESZipFile, size_bytes: int) -> None:
        self._archive = archive
        self.manifest = self._read_manifest()
        self._check(size_bytes)

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """Give a part to read.

        Raises:
            HandoverDamaged: there is none of this name.
        """
        if name not in self.manifest.parts:
            raise HandoverDamaged(file=name, fault="missing")
        with _damage_named(name), self._archive.open(name) as file:
            yield cast(IO[bytes], file)

    def _read_manifest(self) -> Manifest:
        try:
            info = self._archive.getinfo(NAME)
        except KeyError:
            raise HandoverUnreadable from None
        if info.file_size > MAX_MANIFEST_BYTES:
            raise HandoverTooLarge
        with _damage_named(NAME), self._archive.open(info) as file:
            return read_manifest(file.read(MAX_MANIFEST_BYTES))

    def _check(self, size_bytes: int) -> None:
        parts = self.manifest.parts
        unpacked = sum(part.size_bytes for part in parts.values())
        if len(parts) > MAX_PARTS or unpacked > min(MAX_UNPACKED_BYTES, MAX_RATIO * size_bytes):
            raise HandoverTooLarge
        there = Counter(info.filename for info in self._archive.infolist())
        for name, times in sorted(there.items()):
            if times > 1 or (name not in parts and name != NAME) or not _NAMES.fullmatch(name):
                raise HandoverDamaged(file=name, fault="added")
        for name in sorted(parts.keys() - there.keys()):
            raise HandoverDamaged(file=name, fault="missing")
        for name, part in parts.items():
            if self._found(name, part.size_bytes) != part:
                raise HandoverDamaged(file=name, fault="changed")

    def _found(self, name: str, most_bytes: int) -> Part:
        """Return what a part is, read no further than it may go."""
        digest, size_bytes = hashlib.sha256(), 0
        with self.part(name) as file:
            while size_bytes <= most_bytes and (piece := file.read(_PIECE)):
                digest.update(piece)
                size_bytes += len(piece)
        return Part(digest.hexdigest(), size_bytes)


@contextlib.contextmanager
def reading_archive(path: Path, passphrase: str | None) -> Iterator[ArchiveReader]:
    """Give a handover's zip, once every part is found to be as its manifest says.

    Raises:
        HandoverUnreadable: it is no zip, or has no manifest.
        HandoverDamaged: a part is missing, was added or was changed.
        HandoverTooLarge: it would unpack to more than it may.
        HandoverOfOtherVersion: it is of another format.
        WrongPassphrase: it is encrypted, and not by this passphrase.
    """
    try:
        archive = pyzipper.AESZipFile(path)
    except (pyzipper.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise HandoverUnreadable from None
    with archive:
        if passphrase is not None:
            archive.setpassword(passphrase.encode())
        yield ArchiveReader(archive, path.stat().st_size)


@contextlib.contextmanager
def _damage_named(name: str) -> Iterator[None]:
    try:
        yield
    except (pyzipper.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise HandoverDamaged(file=name, fault="changed") from None
    except RuntimeError as error:
        # That is all by which the library tells a missing or wrong password.
        if "password" in str(error):
            raise WrongPassphrase from None
        raise
