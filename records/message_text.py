"""What a community says in its messages instead of the usual words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, NamedTuple

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.message import KINDS, MessageKind

LONGEST_SUBJECT = 100
LONGEST_BODY = 1000

_PLACE = re.compile(r"\{([^{}]*)\}")


class Written(NamedTuple):
    """A message's text; `{list}` and the like stand for its facts."""

    subject: str
    body: str


class MessageText(Base):
    """A community's own text for a kind of message in one language."""

    __tablename__ = "message_texts"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(String(LONGEST_BODY))


class UnknownPlace(DomainError):
    """The text's `part` in a `language` names a `place` that the kind has no fact for."""

    code: ClassVar[str] = "unknown_place"


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return a text with its facts; a place that nothing is known for stays as it is."""
    return _PLACE.sub(lambda found: facts.get(found[1], found[0]), text)


def places(text: str) -> list[str]:
    """Return the names that a text has in braces, in their order."""
    return _PLACE.findall(text)


def texts_of(session: Session, community_id: int) -> dict[tuple[str, str], Written]:
    """Return a community's own texts by kind and language."""
    found = session.scalars(select(MessageText).where(MessageText.community_id == community_id))
    return {(one.kind, one.language): Written(one.subject, one.body) for one in found}


def set_texts(
    session: Session,
    community_id: int,
    kind: MessageKind,
    texts: Mapping[str, Written],
    *,
    actor: str,
    at: datetime,
) -> None:
    """Let these be the community's own texts of a kind, by language; others have the usual words.

    Raises:
        UnknownPlace: a text names what the kind does not tell.
    """
    for language, written in texts.items():
        for part, text in written._asdict().items():
            for place in places(text):
                if place not in KINDS[kind].facts:
                    raise UnknownPlace(place=place, language=language, part=part)
    kept = texts_of(session, community_id)
    if {language: one for (of, language), one in kept.items() if of == kind} == dict(texts):
        return
    for one in session.scalars(
        select(MessageText).where(
            MessageText.community_id == community_id, MessageText.kind == kind
        )
    ):
        session.delete(one)
    session.flush()
    session.add_all(
        MessageText(
            community_id=community_id,
            kind=kind,
            language=language,
            subject=written.subject,
            body=written.body,
        )
        for language, written in texts.items()
    )
    session.flush()
    # What is written may name a person, so the ledger does not hold it.
    details = {"languages": sorted(texts)}
    act = ledger.Act("message_text.changed", f"message_text:{kind}", details)
    ledger.append(session, actor, [act], at)
