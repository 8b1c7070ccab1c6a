"""Signed heads and what has to be made of them, written without the product's own code."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.vectors.symbols import PHRASES, STRANGER, base32, private_key, public_pem

HASH = "b000e5" * 10 + "0a1f"
WORDS = (
    f"PARKING-LEDGER/1 COMMUNITY:17 ENTRY:214 HASH:{HASH.upper()} AT:2026-12-01T08:30:00Z "
    "PERMITS:A123.B45.C0 KEY:1"
)


def signed(words: str, phrase: str = PHRASES[1], domain: bytes = b"\0") -> str:
    """Return a head's text with its signature over the domain's byte and the words."""
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    der = private_key(phrase).sign(domain + words.encode(), algorithm)
    signature = b"".join(half.to_bytes(32, "big") for half in decode_dss_signature(der))
    return f"{words} SIG:{base32(signature)}"


GOOD = signed(WORDS)


def _spare_bit_set(text: str) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return text[:-1] + letters[letters.index(text[-1]) + 1]


def document() -> dict[str, Any]:
    """Return the vectors as their JSON file holds them."""
    cases = [
        ("a genuine head", GOOD, "genuine"),
        ("typed in small letters", GOOD.lower(), "genuine"),
        (
            "broken into lines of 20 characters",
            "\n".join(GOOD[start : start + 20] for start in range(0, len(GOOD), 20)),
            "genuine",
        ),
        (
            "nobody has a permit yet, and there is no compound",
            signed(WORDS.replace("A123.B45.C0", "-")),
            "genuine",
        ),
        (
            "another key of the office",
            signed(WORDS.replace("KEY:1", "KEY:2"), PHRASES[2]),
            "genuine",
        ),
        ("another entry's number", GOOD.replace("ENTRY:214", "ENTRY:215"), "forged"),
        ("another hash", GOOD.replace("B000E5", "B000E6", 1), "forged"),
        ("other counts", GOOD.replace("A123", "A223"), "forged"),
        ("another time", GOOD.replace("08:30", "08:31"), "forged"),
        ("another community", GOOD.replace("COMMUNITY:17", "COMMUNITY:18"), "forged"),
        ("signed by a stranger", signed(WORDS, STRANGER), "forged"),
        ("names a key that nobody here has", signed(WORDS.replace("KEY:1", "KEY:9")), "forged"),
        ("signed as a token is, without the zero byte", signed(WORDS, domain=b""), "forged"),
        ("a spare bit of the base32 set", _spare_bit_set(GOOD), "unreadable"),
        ("cut off", GOOD[:-1], "unreadable"),
        ("a leading zero", signed(WORDS.replace("ENTRY:214", "ENTRY:0214")), "unreadable"),
        ("another version", signed(WORDS.replace("LEDGER/1", "LEDGER/2")), "unreadable"),
        ("no head at all", "HELLO", "unreadable"),
    ]
    return {
        "keys": {str(key_id): public_pem(phrase) for key_id, phrase in PHRASES.items()},
        "head": {
            "community": 17,
            "number": 214,
            "hash": HASH,
            "at": "2026-12-01T08:30:00+00:00",
            "permits": {"A": 123, "B": 45, "C": 0},
            "key_id": 1,
            "text": GOOD,
        },
        "cases": [{"what": what, "text": text, "result": result} for what, text, result in cases],
    }
