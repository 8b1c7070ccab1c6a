"""Private keys as files of mode 0600, outside the database."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from records.errors import DomainError

SEALING_KEY_BYTES = 32
SALT_BYTES = 16


class KeyMissing(DomainError):
    """The private key `file` is not there."""

    code: ClassVar[str] = "key_missing"
    status: ClassVar[int] = 409


class KeyTooOpen(DomainError):
    """The private key `file` can be read by others than its owner (`mode`)."""

    code: ClassVar[str] = "key_too_open"
    status: ClassVar[int] = 409


class KeyDamaged(DomainError):
    """The file `file` holds no such key as its name says."""

    code: ClassVar[str] = "key_damaged"
    status: ClassVar[int] = 409


class KeyExists(DomainError):
    """The private key `file` is there already and is never overwritten."""

    code: ClassVar[str] = "key_exists"
    status: ClassVar[int] = 409


class KeyStore:
    """A folder of private keys: one P-256 pair for each key id, and one key that seals fields."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._signing: dict[int, ec.EllipticCurvePrivateKey] = {}

    def create(self, key_id: int) -> ec.EllipticCurvePublicKey:
        """Make a signing key pair and return its public half.

        Raises:
            KeyExists: there is a key with this id.
        """
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self._write_new(self._signing_path(key_id), pem)
        return private.public_key()

    def private(self, key_id: int) -> ec.EllipticCurvePrivateKey:
        """Return the private signing key with this id.

        Raises:
            KeyMissing: there is none.
            KeyTooOpen: its file can be read by others.
            KeyDamaged: its file holds no P-256 key.
        """
        if key_id not in self._signing:
            path = self._signing_path(key_id)
            pem = self._read(path)
            try:
                private = serialization.load_pem_private_key(pem, password=None)
            except (ValueError, TypeError, UnsupportedAlgorithm):
                raise KeyDamaged(file=path.name) from None
            if not isinstance(private, ec.EllipticCurvePrivateKey):
                raise KeyDamaged(file=path.name)
            self._signing[key_id] = private
        return self._signing[key_id]

    def sealing_key(self) -> bytes:
        """Return the 32 bytes that seal personal fields, made on first use.

        Raises:
            KeyTooOpen: its file can be read by others.
            KeyDamaged: its file is shorter or longer.
        """
        path = self.folder / "sealing.key"
        if not path.exists():
            # Where another process made it in the meantime, that one counts.
            with contextlib.suppress(KeyExists):
                self._write_new(path, secrets.token_bytes(SEALING_KEY_BYTES))
        key = self._read(path)
        if len(key) != SEALING_KEY_BYTES:
            raise KeyDamaged(file=path.name)
        return key

    def plate_salt(self, key_id: int) -> bytes:
        """Return the salt of the plates' hashes that devices hold, while a signing key signs.

        It is derived from the sealing key (HMAC-SHA256), so it is this installation's own, the
        same on each of its machines, another one with every signing key, and kept nowhere.

        Args:
            key_id: the newest signing key's; 0 where there is none.

        Raises:
            KeyTooOpen: the sealing key's file can be read by others.
        """
        purpose = b"parking-permits plate salt %d" % key_id
        return hmac.digest(self.sealing_key(), purpose, "sha256")[:SALT_BYTES]

    def _signing_path(self, key_id: int) -> Path:
        return self.folder / f"signing-{key_id}.pem"

    def _read(self, path: Path) -> bytes:
        if not path.exists():
            raise KeyMissing(file=path.name)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyTooOpen(file=str(path), mode=f"{mode:04o}")
        return path.read_bytes()

    def _write_new(self, path: Path, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A link fails where the name is taken, so a key is never overwritten, and the file
            # is complete from the first moment it has its name.
            os.link(name, path)
        except FileExistsError:
            raise KeyExists(file=path.name) from None
        finally:
            os.unlink(name)


def public_pem(public: ec.EllipticCurvePublicKey) -> str:
    """Return a public key as PEM (SubjectPublicKeyInfo)."""
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def fingerprint(pem: str) -> str:
    """Return a public key's fingerprint: the SHA-256 of its DER form, in hexadecimal."""
    return hashlib.sha256(
        load_public(pem).public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).hexdigest()


def load_public(pem: str) -> ec.EllipticCurvePublicKey:
    """Return the P-256 public key of a PEM text.

    Raises:
        ValueError: it is not one.
    """
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 public key")
    return key
