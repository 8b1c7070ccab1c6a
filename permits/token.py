"""The signed QR token, version 1: what a permit's symbol holds.

Bytes, big endian: version and kind (1), key id (1), community (2), compound (1), permit number
(4), first and last day since 2020-01-01 (2 + 2), length of the plate and the plate in UTF-8
(1 + 8 to 15), ECDSA P-256 / SHA-256 signature r ‖ s (64). Written in base32 (RFC 4648, without
padding), so that a QR symbol needs only its alphanumeric mode.
"""

from __future__ import annotations

import base64
import enum
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec

from records import signatures
from records.errors import DomainError
from records.signatures import SIGNATURE_BYTES

VERSION = 1
DAY_ZERO = date(2020, 1, 1)
LAST_DAY = DAY_ZERO + timedelta(days=0xFFFF)
PLATE_BYTES = range(8, 16)
"""Allowed lengths of a plate in UTF-8."""

_HEAD = struct.Struct(">BBHBIHHB")
_QR_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
# Letters are listed in both cases and white space is named: `upper`, `strip` and IGNORECASE would
# let other alphabets in, and differently in the browser.
_WHITE_SPACE = " \t\r\n\f\v"
_AFTER_PATH = re.compile(r"[?#]")
_IN_PATH = re.compile(r"/[Pp]/([A-Za-z2-7]+)\Z")
_BARE = re.compile(r"([A-Za-z2-7]+)\Z")
_BASE32 = re.compile(r"[A-Z2-7]+")
_DIGITS_OF_BASE32 = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHIJKLMNOPQRSTUV"
)


class TokenKind(enum.IntEnum):
    """What a token stands for."""

    PERMIT = 0
    VISITOR_PASS = 1


_KINDS = frozenset(TokenKind)


@dataclass(frozen=True, slots=True)
class TokenFields:
    """What a token says.

    Attributes:
        key_id: 1 to 255.
        community: 0 to 65535.
        compound: 1 to 255; its colour is looked up, so that a colour can change.
        number: the permit's number, 1 to 4294967295.
        first_day, last_day: the days it is valid on, both included.
        plate: the canonical plate.
    """

    kind: TokenKind
    key_id: int
    community: int
    compound: int
    number: int
    first_day: date
    last_day: date
    plate: str


@dataclass(frozen=True, slots=True)
class SignedToken:
    """A token taken apart, its signature not yet checked."""

    fields: TokenFields
    message: bytes
    signature: bytes


class TokenError(DomainError):
    """A token that proves nothing; each subclass says why."""

    status: ClassVar[int] = 400


class MalformedToken(TokenError):
    """It is not a token of any version."""

    code: ClassVar[str] = "malformed_token"


class UnknownVersion(TokenError):
    """It is of a `version` that this product does not know."""

    code: ClassVar[str] = "unknown_version"


class UnknownKey(TokenError):
    """It names a `key_id` that nobody here has."""

    code: ClassVar[str] = "unknown_key"


class BadSignature(TokenError):
    """Its signature is not that of its key over its bytes: it is forged or damaged."""

    code: ClassVar[str] = "bad_signature"


class UnprintableUrl(DomainError):
    """The base `url` has characters that QR alphanumeric mode lacks."""

    code: ClassVar[str] = "unprintable_url"


def encode(fields: TokenFields) -> bytes:
    """Return the bytes that are signed.

    Raises:
        ValueError: a field does not fit its place.
    """
    plate = fields.plate.encode()
    if len(plate) not in PLATE_BYTES:
        raise ValueError(f"a plate of {len(plate)} bytes does not fit a token")
    if not DAY_ZERO <= fields.first_day <= fields.last_day <= LAST_DAY:
        raise ValueError("the days do not fit a token")
    try:
        head = _HEAD.pack(
            VERSION << 4 | fields.kind,
            fields.key_id,
            fields.community,
            fields.compound,
            fields.number,
            (fields.first_day - DAY_ZERO).days,
            (fields.last_day - DAY_ZERO).days,
            len(plate),
        )
    except struct.error as error:
        raise ValueError(str(error)) from None
    return head + plate


def signature_of(fields: TokenFields, private_key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the 64 bytes that sign what a token says; the same input always gives the same.

    Raises:
        ValueError: a field does not fit its place.
    """
    return signatures.sign(private_key, encode(fields))


def text_of(fields: TokenFields, signature: bytes) -> str:
    """Return a token with its signature as base32 text.

    Raises:
        ValueError: a field does not fit its place.
    """
    return base64.b32encode(encode(fields) + signature).decode().rstrip("=")


def sign(fields: TokenFields, private_key: ec.EllipticCurvePrivateKey) -> str:
    """Return the signed token as base32 text; the same fields and key always give the same text.

    Raises:
        ValueError: a field does not fit its place.
    """
    return text_of(fields, signature_of(fields, private_key))


def url(base_url: str, token: str) -> str:
    """Return what the symbol holds: `HTTPS://HOST/P/TOKEN`, in capitals.

    Raises:
        UnprintableUrl: the base URL does not fit QR alphanumeric mode.
    """
    text = f"{base_url.rstrip('/')}/P/{token}".upper()
    if not _QR_ALPHANUMERIC.fullmatch(text):
        raise UnprintableUrl(url=base_url)
    return text


def from_url(text: str) -> str:
    """Return the token in what was scanned or typed: a URL of any case and host, or a bare token.

    The host proves nothing and is not looked at: the signature alone counts. A query, a fragment
    and white space around it are left out.

    Raises:
        MalformedToken: there is no token in it.
    """
    path = _AFTER_PATH.split(text, maxsplit=1)[0].strip(_WHITE_SPACE)
    match = _IN_PATH.search(path) or _BARE.match(path)
    if match is None:
        raise MalformedToken
    return match[1].upper()


def read(token: str) -> SignedToken:
    """Take a token apart without checking its signature.

    Raises:
        MalformedToken: it is cut, padded, or has a field that no token has.
        UnknownVersion: it is of another version.
    """
    content = _decode(token)
    if content and content[0] >> 4 != VERSION:
        raise UnknownVersion(version=content[0] >> 4)
    if len(content) < _HEAD.size:
        raise MalformedToken
    head, key_id, community, compound, number, first, last, length = _HEAD.unpack_from(content)
    if (
        head & 0x0F not in _KINDS
        or length not in PLATE_BYTES
        or len(content) != _HEAD.size + length + SIGNATURE_BYTES
        or first > last
    ):
        raise MalformedToken
    message, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    try:
        plate = message[_HEAD.size :].decode()
    except UnicodeDecodeError:
        raise MalformedToken from None
    fields = TokenFields(
        TokenKind(head & 0x0F),
        key_id,
        community,
        compound,
        number,
        DAY_ZERO + timedelta(days=first),
        DAY_ZERO + timedelta(days=last),
        plate,
    )
    return SignedToken(fields, message, signature)


def _decode(token: str) -> bytes:
    if not _BASE32.fullmatch(token):
        raise MalformedToken
    length, spare = divmod(5 * len(token), 8)
    # As one number in base 32: forty times as fast as `base64.b32decode`.
    bits = int(token.translate(_DIGITS_OF_BASE32), 32)
    # A spare character, or spare bits that are not zero, would give one permit many texts.
    if spare >= 5 or bits & ((1 << spare) - 1):
        raise MalformedToken
    return (bits >> spare).to_bytes(length, "big")


def verify(token: str, public_keys: Mapping[int, ec.EllipticCurvePublicKey]) -> TokenFields:
    """Return what a genuine token says.

    Raises:
        MalformedToken, UnknownVersion: see `read`.
        UnknownKey: no public key has its key id.
        BadSignature: it is not signed by that key.
    """
    signed = read(token)
    check(signed, public_keys)
    return signed.fields


def check(signed: SignedToken, public_keys: Mapping[int, ec.EllipticCurvePublicKey]) -> None:
    """Accept a genuine token.

    Raises:
        UnknownKey: no public key has its key id.
        BadSignature: it is not signed by that key.
    """
    public_key = public_keys.get(signed.fields.key_id)
    if public_key is None:
        raise UnknownKey(key_id=signed.fields.key_id)
    if not signatures.is_signed(public_key, signed.message, signed.signature):
        raise BadSignature
