"""Signed heads: at which entry the ledger stood at some time, signed so that paper can hold it.

`docs/ledger.md` describes the text and the signed bytes; `tests/vectors/heads.json` has examples.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.keys import KeyStore, load_public
from records.ledger import Head
from records.signatures import SIGNATURE_BYTES, is_signed, sign
from records.signing_keys import current_key, public_pems

DOMAIN = b"\0"
"""Stands before the signed text. A token begins with its version, and there is none of number 0,
so that one key signs tokens and heads and neither can ever be taken for the other."""

_WHITE_SPACE = re.compile(r"\s+")
_TEXT = re.compile(
    r"PARKING-LEDGER/1COMMUNITY:(?P<community>[0-9]{1,5})ENTRY:(?P<number>[1-9][0-9]{0,9})"
    r"HASH:(?P<hash>[0-9A-F]{64})"
    r"AT:(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})Z"
    r"PERMITS:(?P<permits>-|[A-Z][0-9]{1,9}(?:\.[A-Z][0-9]{1,9})*)KEY:(?P<key_id>[0-9]{1,3})"
    r"SIG:(?P<signature>[A-Z2-7]{103})"
)
_BARE = re.compile(r"(?P<number>[0-9]{1,10}):(?P<hash>[0-9a-f]{64})")


@dataclass(frozen=True)
class Checkpoint:
    """What a signed head says.

    Attributes:
        community: the community's number, as in its permits.
        at: when it was signed, to the second.
        permits: permits in force by the colour's letter.
        key_id: the key that signed it.
    """

    community: int
    head: Head
    at: datetime
    permits: Mapping[str, int]
    key_id: int
    signature: bytes = b""

    @property
    def words(self) -> str:
        """The text before the signature: capitals that fit QR's alphanumeric mode."""
        permits = ".".join(f"{letter}{count}" for letter, count in sorted(self.permits.items()))
        return (
            f"PARKING-LEDGER/1 COMMUNITY:{self.community} ENTRY:{self.head.number} "
            f"HASH:{self.head.hash.upper()} AT:{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} "
            f"PERMITS:{permits or '-'} KEY:{self.key_id}"
        )

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return DOMAIN + self.words.encode("ascii")

    @property
    def text(self) -> str:
        """The whole text, as the board and the notices show it and the symbol holds it."""
        return f"{self.words} SIG:{base64.b32encode(self.signature).decode().rstrip('=')}"


class SignedHead(Base):
    """A checkpoint that was made. Rows are only ever added: triggers refuse UPDATE and DELETE."""

    __tablename__ = "signed_heads"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(hash) = 64", name="hash_length"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    community: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    permits: Mapped[dict[str, Any]]
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary(SIGNATURE_BYTES))

    @property
    def checkpoint(self) -> Checkpoint:
        """What it says."""
        return Checkpoint(
            self.community,
            Head(self.number, self.hash),
            self.at,
            self.permits,
            self.key_id,
            self.signature,
        )


class NoHeadKey(DomainError):
    """There is no key to sign with, or no entry to sign yet."""

    code: ClassVar[str] = "no_head_to_sign"
    status: ClassVar[int] = 409


class HeadUnreadable(DomainError):
    """A text is no head: neither a signed one nor `NUMBER:HASH`."""

    code: ClassVar[str] = "head_unreadable"


class HeadForged(DomainError):
    """The head of entry `number` is not signed by the key `key` that it names."""

    code: ClassVar[str] = "head_forged"
    status: ClassVar[int] = 409


def read_head(text: str) -> Checkpoint | Head:
    """Return what a head says, typed or scanned; white space, line breaks and case do not matter.

    Args:
        text: a signed head, or `NUMBER:HASH` as old notices have it.

    Raises:
        HeadUnreadable: it is neither.
    """
    dense = _WHITE_SPACE.sub("", text)
    bare = _BARE.fullmatch(dense.lower())
    if bare is not None:
        return Head(int(bare["number"]), bare["hash"])
    signed = _TEXT.fullmatch(dense.upper())
    if signed is None:
        raise HeadUnreadable
    try:
        at = datetime.strptime(signed["at"], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        signature = base64.b32decode(signed["signature"] + "=")
    except (ValueError, binascii.Error):
        raise HeadUnreadable from None
    counts = [] if signed["permits"] == "-" else signed["permits"].split(".")
    checkpoint = Checkpoint(
        int(signed["community"]),
        Head(int(signed["number"]), signed["hash"].lower()),
        at,
        {one[0]: int(one[1:]) for one in counts},
        int(signed["key_id"]),
        signature,
    )
    # One head has one text: no leading zeros, letters in order, spare bits of the base32 zero.
    if _WHITE_SPACE.sub("", checkpoint.text) != signed[0]:
        raise HeadUnreadable
    return checkpoint


def require_genuine(checkpoint: Checkpoint, pems: Mapping[int, str]) -> None:
    """Accept a checkpoint that the key it names has signed.

    Raises:
        HeadForged: it has not, or nobody here has that key.
    """
    pem = pems.get(checkpoint.key_id)
    if pem is None or not is_signed(load_public(pem), checkpoint.message, checkpoint.signature):
        raise HeadForged(number=checkpoint.head.number, key=checkpoint.key_id)


def sign_head(
    session: Session,
    store: KeyStore,
    *,
    community: int,
    permits: Mapping[str, int],
    at: datetime,
) -> SignedHead:
    """Return the signed head of the ledger as it stands; one that was signed already stays.

    What was added since the community's last signed head is computed anew first: no head is
    signed over a chain that does not hold.

    Args:
        community: the community's number.
        permits: its permits in force by the colour's letter.

    Raises:
        LedgerBroken: the chain does not hold; see `records.ledger.verify_since`.
        NoHeadKey: there is no signing key, or no entry.
        KeyMissing, KeyTooOpen: the key's file cannot be used.
    """
    # Appending nothing takes the ledger's lock: nobody appends until this head is kept.
    ledger.append(session, "", [], at)
    before = last_head(session, community)
    known = Head(before.number, before.hash) if before else ledger.BEGINNING
    head = ledger.verify_since(session, known)
    if before is not None and head == known:
        return before
    key = current_key(session)
    if key is None or head == ledger.BEGINNING:
        raise NoHeadKey
    at = at.replace(microsecond=0)
    unsigned = Checkpoint(community, head, at, permits, key.id)
    signed = SignedHead(
        number=head.number,
        community=community,
        hash=head.hash,
        at=at,
        permits=dict(permits),
        key_id=key.id,
        signature=sign(store.private(key.id), unsigned.message),
    )
    session.add(signed)
    session.flush()
    return signed


def last_head(session: Session, community: int) -> SignedHead | None:
    """Return the community's last signed head."""
    return session.scalar(heads_query(community).limit(1))


def heads_query(community: int) -> Select[SignedHead]:
    """Return a query for the community's signed heads, the newest first."""
    return (
        select(SignedHead)
        .where(SignedHead.community == community)
        .order_by(SignedHead.number.desc())
    )


def export_heads(session: Session, up_to: int) -> Iterator[dict[str, str]]:
    """Yield the signed heads, the oldest first, as an export has them after the entries.

    Args:
        up_to: the last entry that the export has.
    """
    query = (
        select(SignedHead)
        .where(SignedHead.number <= up_to)
        .order_by(SignedHead.number, SignedHead.community)
    )
    for one in session.scalars(query):
        yield {"type": "head", "head": one.checkpoint.text}


def require_consistent(
    session: Session, one: Checkpoint | Head, other: Checkpoint | Head
) -> tuple[Head, Head]:
    """Return two heads, the earlier first, if the later one's chain contains the earlier one.

    Every entry between both is computed anew, and signatures are checked.

    Raises:
        HeadForged: one of them is signed by no key of ours.
        LedgerBroken: with the fault `head` where a head is not in the chain, else as
            `records.ledger.verify`.
    """
    pems = public_pems(session)
    for each in (one, other):
        if isinstance(each, Checkpoint):
            require_genuine(each, pems)
    earlier, later = sorted(
        (each.head if isinstance(each, Checkpoint) else each for each in (one, other)),
        key=lambda head: head.number,
    )
    for head in (earlier, later):
        ledger.require_standing(session, head)
    ledger.verify(ledger.export(session, earlier.number + 1, later.number), after=earlier)
    return earlier, later
