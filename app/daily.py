"""What is done by the clock: a table of acts, their schedule, and one run of them by hand."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from huey import crontab
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from app.errors import log_unexpected
from app.extensions import db
from app.head_signing import sign_where_grown
from app.jobs import application, huey
from permits.binding import end_leases
from permits.ending import expire
from permits.ending_told import tell_of_endings
from permits.evidence import erase_old_evidence
from permits.people_index import index_people
from permits.waiting import find_places
from records.telling import forget_old
from zones.communities import Community

SCHEDULE = "schedule"
"""Who acts, in the ledger, when the clock does."""


class Every(enum.StrEnum):
    """How often an act is done."""

    QUARTER = "quarter"
    HOUR = "hour"
    NIGHT = "night"


@dataclass(frozen=True)
class DailyAct:
    """One act of the clock.

    Attributes:
        name: for the log and the command line.
        do: does it in a session whose transaction is its own and is committed afterwards. What it
            has done already it does not do again: it may be run at any moment, and twice.
    """

    name: str
    every: Every
    do: Callable[[Session, datetime], None]


def _expire_permits(session: Session, at: datetime) -> None:
    for community in session.scalars(select(Community).order_by(Community.id)).all():
        expire(session, community, actor=SCHEDULE, at=at)


def _erase_evidence(session: Session, at: datetime) -> None:
    erase_old_evidence(session, context.files(), actor=SCHEDULE, at=at)


def _index_people(session: Session, _at: datetime) -> None:
    index_people(session, context.sealer())


def _end_leases(session: Session, at: datetime) -> None:
    for community in session.scalars(select(Community).order_by(Community.id)).all():
        end_leases(session, community, actor=SCHEDULE, at=at)


def _find_places(session: Session, at: datetime) -> None:
    for community in session.scalars(select(Community).order_by(Community.id)).all():
        find_places(session, community, at)


def _tell_of_endings(session: Session, at: datetime) -> None:
    for community in session.scalars(select(Community).order_by(Community.id)).all():
        tell_of_endings(session, community, actor=SCHEDULE, at=at)


ACTS: tuple[DailyAct, ...] = (
    DailyAct("expire_permits", Every.NIGHT, _expire_permits),
    DailyAct("erase_evidence", Every.NIGHT, _erase_evidence),
    DailyAct("index_people", Every.HOUR, _index_people),
    DailyAct("end_leases", Every.NIGHT, _end_leases),
    DailyAct("find_places", Every.QUARTER, _find_places),
    DailyAct("tell_of_endings", Every.NIGHT, _tell_of_endings),
    DailyAct("forget_messages", Every.NIGHT, forget_old),
    DailyAct("sign_heads", Every.QUARTER, sign_where_grown),
)
"""Every act of the clock, in the order in which one run does them: the heads last."""


@dataclass(frozen=True)
class Ran:
    """An act that was run, and whether it came to its end."""

    name: str
    is_done: bool


def run(acts: Iterable[DailyAct], *, at: datetime) -> list[Ran]:
    """Do some acts, each in a transaction of its own; one that fails is logged and stops no other.

    Call it with no transaction open.
    """
    return [Ran(one.name, _is_done(one, at)) for one in acts]


def _is_done(act: DailyAct, at: datetime) -> bool:
    try:
        act.do(db.session, at)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        current_app.logger.error("the act %s failed", act.name)
        log_unexpected(error)
        return False
    return True


def run_every(every: Every) -> None:
    """Do the acts of one rhythm, in an application context of their own."""
    with application().app_context():
        run((one for one in ACTS if one.every is every), at=context.now())


@huey.periodic_task(crontab(minute="*/15"))
def every_quarter() -> None:
    """Every quarter of an hour."""
    run_every(Every.QUARTER)


@huey.periodic_task(crontab(minute="5"))
def every_hour() -> None:
    """Five minutes past every hour."""
    run_every(Every.HOUR)


@huey.periodic_task(crontab(minute="35", hour="18"))
def every_night() -> None:
    """At 18:35 UTC, which is 02:35 in China: the day there has changed, and nobody works."""
    run_every(Every.NIGHT)
