"""ECDSA signatures on P-256 with SHA-256, as 64 bytes r ‖ s."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

SIGNATURE_BYTES = 64

# RFC 6979 makes the nonce from the message, so the same message always gives the same signature.
_SIGN = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_VERIFY = ec.ECDSA(hashes.SHA256())


def sign(private_key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """Return the 64 bytes that sign a message; the same key and message always give the same."""
    r, s = decode_dss_signature(private_key.sign(message, _SIGN))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def is_signed(public_key: ec.EllipticCurvePublicKey, message: bytes, signature: bytes) -> bool:
    """Return whether 64 bytes are the key's signature of a message."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public_key.verify(encode_dss_signature(r, s), message, _VERIFY)
    except (InvalidSignature, ValueError):
        return False
    return True
