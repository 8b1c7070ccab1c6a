"""Sealed fields: names and phone numbers are encrypted before they reach the database."""

from __future__ import annotations

import secrets
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from records.errors import DomainError

_VERSION = b"\x01"
_NONCE_BYTES = 12


class SealBroken(DomainError):
    """A sealed field was changed, or was sealed with another key."""

    code: ClassVar[str] = "seal_broken"
    status: ClassVar[int] = 409


class Sealer:
    """Seals and opens texts and files with AES-256-GCM (NIST SP 800-38D), a random nonce each."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_derive(key, b"seal"))
        self._digest_key = _derive(key, b"digest")

    def seal(self, text: str) -> bytes:
        """Return the sealed text: version byte, nonce, ciphertext with tag."""
        return self.seal_file(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text.

        Raises:
            SealBroken: it is not what this key sealed.
        """
        return self.open_file(sealed).decode()

    def seal_file(self, content: bytes) -> bytes:
        """Return a sealed file, made as a sealed text is."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, content, _VERSION)

    def open_file(self, sealed: bytes) -> bytes:
        """Return a file's content.

        Raises:
            SealBroken: it is not what this key sealed.
        """
        version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, version)
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def digest(self, *parts: str) -> bytes:
        """Return a keyed digest of texts, to compare sealed fields without opening them."""
        mac = hmac.HMAC(self._digest_key, hashes.SHA256())
        for part in parts:
            encoded = part.encode()
            mac.update(len(encoded).to_bytes(4, "big") + encoded)
        return mac.finalize()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"parking-permits " + purpose).derive(
        key
    )
