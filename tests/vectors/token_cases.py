"""What each text, scanned, must be taken for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tests.vectors.symbols import (
    ORDER,
    PHRASES,
    STRANGER,
    Symbol,
    base32,
    public_pem,
)

PERMIT = Symbol()
TOKEN = PERMIT.token
ALL = range(8)
"""Every bit of a byte."""

PERMIT_FIELDS = {
    "kind": "permit",
    "key_id": 1,
    "community": 17,
    "compound": 1,
    "number": 1,
    "first_day": "2026-12-01",
    "last_day": "2027-11-30",
    "plate": "粤E12345",
}
LARGEST = Symbol(
    key_id=255,
    community=65535,
    compound=255,
    number=4294967295,
    last=date(2199, 6, 6),
    plate="粤X1234应急",
)


def document() -> dict[str, Any]:
    """Return the content of token.json."""
    return {
        "about": (
            "Every text of a case must give the same: the fields of a genuine token, or the error."
            " The keys are for tests only: each private scalar is the SHA-256 of its phrase."
        ),
        "key_phrases": {str(key_id): phrase for key_id, phrase in PHRASES.items()},
        "public_keys": {str(key_id): public_pem(phrase) for key_id, phrase in PHRASES.items()},
        "cases": [*_genuine(), *_malformed(), *_unknown(), *_flipped(), *_forged()],
    }


def _says(name: str, why: str, texts: list[str], **changes: Any) -> dict[str, Any]:
    fields = {**PERMIT_FIELDS, **changes}
    return {"name": name, "why": why, "texts": texts, "expected": {"fields": fields}}


def _fails(name: str, why: str, error: str, *texts: str) -> dict[str, Any]:
    return {"name": name, "why": why, "texts": list(texts), "expected": {"error": error}}


def _genuine() -> list[dict[str, Any]]:
    host = "https://permits.example.cn"
    visit = Symbol(kind=1, number=7, first=date(2026, 12, 15), last=date(2026, 12, 15))
    return [
        _says("as printed", "the symbol of a permit", [PERMIT.url]),
        _says(
            "lower case",
            "some scanners and people write URLs small; base32 has one case",
            [PERMIT.url.lower(), f"{host}/P/{TOKEN}", f"{host}/p/{TOKEN.lower()}"],
        ),
        _says("http", "the scheme proves nothing", [f"http://permits.example.cn/P/{TOKEN}"]),
        _says(
            "another host",
            "the host proves nothing: the signature alone counts",
            [
                f"HTTPS://SOMEBODY.ELSE.EXAMPLE/P/{TOKEN}",
                f"https://localhost:8000/P/{TOKEN}",
                f"HTTPS://PERMITS.EXAMPLE.CN/UNDER/A/PATH/P/{TOKEN}",
                f"/P/{TOKEN}",
            ],
        ),
        _says(
            "query and fragment",
            "in-app browsers add them",
            [
                f"{PERMIT.url}?from=timeline",
                f"{PERMIT.url}#top",
                f"{PERMIT.url}?a=/P/{TOKEN}&b=微信#c",
                f"{PERMIT.url}#a?b",
                f"{TOKEN}?from=timeline",
            ],
        ),
        _says("bare token", "typed or pasted without its URL", [TOKEN, TOKEN.lower()]),
        _says(
            "white space around",
            "scanners end with a newline, people paste blanks",
            [f"  {PERMIT.url}\r\n", f"\t{TOKEN} ", f"{PERMIT.url}\n?x"],
        ),
        _says(
            "visitor pass",
            "kind 1",
            [visit.url],
            kind="visitor_pass",
            number=7,
            first_day="2026-12-15",
            last_day="2026-12-15",
        ),
        _says(
            "second key",
            "after a rotation both keys verify",
            [PERMIT.but(key_id=2).url],
            key_id=2,
        ),
        _says(
            "largest values",
            "every field at its upper end; day 65535 is 2199-06-06",
            [LARGEST.url],
            key_id=255,
            community=65535,
            compound=255,
            number=4294967295,
            last_day="2199-06-06",
            plate="粤X1234应急",
        ),
        _says(
            "smallest values",
            "community 0 and day 0, which is 2020-01-01",
            [Symbol(community=0, first=date(2020, 1, 1), last=date(2020, 1, 1)).url],
            community=0,
            first_day="2020-01-01",
            last_day="2020-01-01",
        ),
        _says(
            "plate of 8 bytes",
            "the shortest that fits; whether it is a plate is not the token's matter",
            [Symbol(plate="ABCD1234").url],
            plate="ABCD1234",
        ),
        _says(
            "plate of 15 bytes",
            "the longest that fits",
            [Symbol(plate="粤粤粤粤粤").url],
            plate="粤粤粤粤粤",
        ),
        _says(
            "plate after a byte order mark",
            "a text decoder must not swallow signed bytes",
            [Symbol(plate="\ufeff粤E12345").url],
            plate="\ufeff粤E12345",
        ),
    ]


def _malformed() -> list[dict[str, Any]]:
    def bad(name: str, why: str, *texts: str) -> dict[str, Any]:
        return _fails(name, why, "malformed_token", *texts)

    # 87 bytes end with a character that has four spare bits.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    zero_spare = alphabet.index(TOKEN[-1])
    spare = [TOKEN[:-1] + alphabet[zero_spare + extra] for extra in range(1, 16)]
    return [
        bad("nothing", "an empty scan", "", " ", "\n", "HTTPS://PERMITS.EXAMPLE.CN/P/"),
        bad(
            "another QR code",
            "guards scan what is on the windscreen",
            "HTTPS://PERMITS.EXAMPLE.CN/",
            "https://u.wechat.com/kLmN0pQr",
            "wxp://f2f0abc",
            "粤E12345",
            '{"plate": "粤E12345"}',
            "\x00\x01\x02",
            "🚗",
            "A-000001-3",
        ),
        bad(
            "another path",
            "only what follows /P/ at the end is a token",
            f"HTTPS://PERMITS.EXAMPLE.CN/Q/{TOKEN}",
            f"HTTPS://PERMITS.EXAMPLE.CN/P/{TOKEN}/",
            f"HTTPS://PERMITS.EXAMPLE.CN/P/{TOKEN}/MORE",
            f"HTTPS://PERMITS.EXAMPLE.CN/?P={TOKEN}",
        ),
        bad("very long", "no limit is needed to refuse it", TOKEN[:8] * 500),
        bad(
            "cut short, every length",
            "a torn or badly read symbol",
            *[TOKEN[:length] for length in range(len(TOKEN))],
        ),
        bad(
            "too long",
            "something follows the signature",
            f"{TOKEN}A",
            f"{TOKEN}AAAA",
            base32(PERMIT.content + b"\0"),
            TOKEN + TOKEN,
        ),
        bad(
            "spare bits set",
            "one permit has one text: the last character's spare bits are zero",
            *spare,
        ),
        bad(
            "padding",
            "a token has none",
            *[TOKEN + "=" * count for count in range(1, 9)],
            f"{PERMIT.url}%3D%3D%3D%3D",
        ),
        bad(
            "characters that base32 lacks",
            "0, 1, 8 and 9 are no base32, nor is anything in between",
            *[f"{TOKEN[:20]}{wrong}{TOKEN[21:]}" for wrong in "0189-_=+%. \n\u00a0"],
        ),
        bad(
            "letters of other alphabets",
            "folding case must not turn them into A to Z",
            *[f"{TOKEN[:20]}{wrong}{TOKEN[21:]}" for wrong in "ıſ\u212aßＡАé"],
            f"\u00a0{TOKEN}",
            f"\ufeff{TOKEN}",
        ),
        bad(
            "kinds that do not exist",
            "signed by the office's key, yet of a kind that version 1 does not have",
            *[Symbol(kind=kind).url for kind in range(2, 16)],
        ),
        bad(
            "days in the wrong order",
            "the first day is after the last",
            Symbol(first=date(2027, 1, 2), last=date(2027, 1, 1)).url,
        ),
        bad(
            "plate too short or too long",
            "7 and 16 bytes; DESIGN allows 8 to 15",
            Symbol(plate="VA12345").url,
            Symbol(plate="ABCDEFGH12345678").url,
        ),
        bad(
            "length byte that lies",
            "it says 8 or 10, the plate has 9",
            *[
                base32(PERMIT.content[:13] + bytes([length]) + PERMIT.content[14:])
                for length in (0, 8, 10, 255)
            ],
        ),
        bad(
            "plate that is no UTF-8",
            "cut character, lone continuation, overlong form, surrogate",
            *[
                Symbol(plate=plate).url
                for plate in (
                    b"\xe7\xb2E12345",
                    b"\x80E1234567",
                    b"\xc0\xafE12345",
                    b"\xed\xa0\x80E12345",
                )
            ],
        ),
        bad(
            "signature in DER",
            "the token has r and s of 32 bytes each, not what most tools write",
            base32(PERMIT.message + PERMIT.der_signature),
        ),
    ]


def _unknown() -> list[dict[str, Any]]:
    return [
        _fails(
            "other versions",
            "a later version may look different in everything but its first four bits",
            "unknown_version",
            *[Symbol(version=version).url for version in (0, 2, 3, 15)],
            base32(bytes([0x20])),
            base32(bytes([0x20, 1, 2, 3, 4])),
        ),
        _fails(
            "a word",
            "HELLO is base32 too, and its first four bits say version 3",
            "unknown_version",
            "HELLO",
        ),
        _fails(
            "unknown keys",
            "ids that nobody here has, whatever the signature",
            "unknown_key",
            *[Symbol(key_id=key_id).url for key_id in (0, 3, 254)],
        ),
    ]


def _flipped() -> list[dict[str, Any]]:
    """Return one flipped bit at a time; 0 is a byte's lowest bit.

    First day 0x09DE, last day 0x0B4A; the plate is E7 B2 A4 and six ASCII bytes.
    """
    return [
        _fails("version bits", "another version", "unknown_version", *_flips({0: (4, 5, 6, 7)})),
        _fails(
            "kind bit 0",
            "a permit made a visitor pass: readable, not genuine",
            "bad_signature",
            *_flips({0: (0,)}),
        ),
        _fails("kind bits 1 to 3", "no such kind", "malformed_token", *_flips({0: (1, 2, 3)})),
        _fails("key id bits", "0, 3, 5, 9 … are no keys here", "unknown_key", *_flips({1: ALL})),
        _fails("community bits", "changed", "bad_signature", *_flips({2: ALL, 3: ALL})),
        _fails("compound bits", "another colour", "bad_signature", *_flips({4: ALL})),
        _fails(
            "number bits",
            "another permit's number",
            "bad_signature",
            *_flips({5: ALL, 6: ALL, 7: ALL, 8: ALL}),
        ),
        _fails(
            "first day bits",
            "still not after the last day",
            "bad_signature",
            *_flips({9: (0, 3), 10: ALL}),
        ),
        _fails(
            "first day bits past the last day",
            "0x0BDE, 0x0DDE, 0x19DE … are after 0x0B4A",
            "malformed_token",
            *_flips({9: (1, 2, 4, 5, 6, 7)}),
        ),
        _fails(
            "last day bits",
            "a permit made longer or shorter",
            "bad_signature",
            *_flips({11: (0, 2, 4, 5, 6, 7), 12: ALL}),
        ),
        _fails(
            "last day bits before the first day",
            "0x094A and 0x034A are before 0x09DE",
            "malformed_token",
            *_flips({11: (1, 3)}),
        ),
        _fails(
            "length bits",
            "the length then does not fit the content",
            "malformed_token",
            *_flips({13: ALL}),
        ),
        _fails(
            "plate bits",
            "another plate, in good UTF-8",
            "bad_signature",
            *_flips({14: (0, 1, 2, 3), 15: range(6), 16: range(6)}),
            *_flips(dict.fromkeys(range(17, 23), range(7))),
        ),
        _fails(
            "plate bits that break UTF-8",
            "lead and continuation bytes damaged",
            "malformed_token",
            *_flips({14: (4, 5, 6, 7), 15: (6, 7), 16: (6, 7)}),
            *_flips(dict.fromkeys(range(17, 23), (7,))),
        ),
        _fails(
            "signature bits",
            "one bit in each byte of r and s",
            "bad_signature",
            *_flips({place: (place % 8,) for place in range(23, 87)}),
        ),
    ]


def _forged() -> list[dict[str, Any]]:
    def signed(*halves: int) -> str:
        return base32(PERMIT.message + b"".join(half.to_bytes(32, "big") for half in halves))

    r = int.from_bytes(PERMIT.signature[:32], "big")
    s = int.from_bytes(PERMIT.signature[32:], "big")
    return [
        _fails(
            "another key's signature",
            "a stranger's key, and the office's other key under this key's id",
            "bad_signature",
            PERMIT.but(signed_by=STRANGER).url,
            PERMIT.but(signed_by=PHRASES[2]).url,
            PERMIT.but(key_id=2, signed_by=PHRASES[1]).url,
        ),
        _fails(
            "another permit's signature",
            "cut from a genuine token of another car",
            "bad_signature",
            base32(PERMIT.message + PERMIT.but(plate="粤E54321").signature),
        ),
        _fails(
            "numbers that no signature has",
            "0 and the group's order, where careless verifiers have been fooled",
            "bad_signature",
            signed(0, 0),
            signed(0, s),
            signed(r, 0),
            signed(ORDER, s),
            signed(r, ORDER),
            signed(2**256 - 1, 2**256 - 1),
            signed(s, r),
        ),
    ]


def _flips(bits_of_byte: Mapping[int, Iterable[int]]) -> list[str]:
    content = PERMIT.content
    return [
        base32(content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :])
        for place, bits in bits_of_byte.items()
        for bit in bits
    ]
