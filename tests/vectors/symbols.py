"""Tokens made without the product's own code, so that both sides can be wrong only apart."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import date

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

PHRASES = {
    1: "TEST ONLY parking permit signing key 1",
    2: "TEST ONLY parking permit signing key 2",
    255: "TEST ONLY parking permit signing key 255",
}
"""The private scalar of each test key is the SHA-256 of its phrase."""

STRANGER = "TEST ONLY a key that no office ever had"

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256's group (FIPS 186-4, D.1.2.3)."""


def private_key(phrase: str) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key whose private scalar is the SHA-256 of a phrase."""
    scalar = int.from_bytes(hashlib.sha256(phrase.encode()).digest(), "big")
    return ec.derive_private_key(scalar, ec.SECP256R1())


def public_pem(phrase: str) -> str:
    """Return the public half as PEM."""
    return (
        private_key(phrase)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@dataclass(frozen=True)
class Symbol:
    """A token to be made, field by field; no value is refused, so that bad ones can be made."""

    version: int = 1
    kind: int = 0
    key_id: int = 1
    community: int = 17
    compound: int = 1
    number: int = 1
    first: date = date(2026, 12, 1)
    last: date = date(2027, 11, 30)
    plate: str | bytes = "粤E12345"
    signed_by: str | None = None

    def but(self, **changes: object) -> Symbol:
        """Return the same symbol with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        plate = self.plate.encode() if isinstance(self.plate, str) else self.plate
        return b"".join(
            [
                bytes([self.version * 16 + self.kind, self.key_id]),
                self.community.to_bytes(2, "big"),
                self.compound.to_bytes(1, "big"),
                self.number.to_bytes(4, "big"),
                (self.first - date(2020, 1, 1)).days.to_bytes(2, "big"),
                (self.last - date(2020, 1, 1)).days.to_bytes(2, "big"),
                bytes([len(plate)]),
                plate,
            ]
        )

    @property
    def der_signature(self) -> bytes:
        """The signature as most tools write it."""
        phrase = self.signed_by or PHRASES.get(self.key_id, STRANGER)
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        return private_key(phrase).sign(self.message, algorithm)

    @property
    def signature(self) -> bytes:
        """The signature as the token has it, r ‖ s."""
        return b"".join(
            half.to_bytes(32, "big") for half in decode_dss_signature(self.der_signature)
        )

    @property
    def content(self) -> bytes:
        """Every byte of the token."""
        return self.message + self.signature

    @property
    def token(self) -> str:
        """The token as text."""
        return base32(self.content)

    @property
    def url(self) -> str:
        """What the printed symbol holds."""
        return f"HTTPS://PERMITS.EXAMPLE.CN/P/{self.token}"


def base32(content: bytes) -> str:
    """Return RFC 4648 base32 without padding."""
    return base64.b32encode(content).decode().rstrip("=")
