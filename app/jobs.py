"""Work that takes seconds: Huey tasks whose progress a page can show."""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from flask import Flask, current_app
from huey import MemoryHuey, RedisHuey, SqliteHuey
from huey.api import Huey
from sqlalchemy import select

from app import context
from app.config import read_settings
from app.errors import log_unexpected
from app.extensions import db
from app.kept_handover import keep_handover
from app.words import error_words
from permits.approving import approve
from permits.handover.writing import enter_handover
from permits.issuing import issue
from permits.noticing import draw_notice, enter_notice, rules_of_compound
from permits.plate_list import ListMeaning, ListState, PlateList
from permits.print_batch import choose, record, render
from permits.print_run import WhyAgain
from permits.printer import Printer
from permits.printing import Flip, Ink, PrintOptions
from permits.public_facts import facts_under_head
from permits.renewing import renew
from permits.submitting import draft_from_file
from records.database import reading
from records.errors import DomainError
from zones.communities import Community, Compound

RUN_AT_ONCE = "PARKING_JOBS_AT_ONCE"
"""Environment variable: jobs run inside the request, for tests and one-off commands."""


def _make_huey() -> Huey:
    if os.environ.get(RUN_AT_ONCE):
        return MemoryHuey("parking", immediate=True)
    settings = read_settings()
    if settings.redis_url:
        return RedisHuey("parking", url=settings.redis_url)
    settings.home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteHuey("parking", filename=str(settings.home.jobs))


huey = _make_huey()


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes:
        state: waiting, running, done or failed.
        owner: id of the user whose job it is.
        kind: what is being done, a key of `app.words.JOBS`.
        amount, total: items done and items in all; total is 0 while it is not known.
        result: facts for the page that follows.
        words: why it failed, in the language of the user.
    """

    state: str
    owner: int
    kind: str
    amount: int = 0
    total: int = 0
    result: dict[str, Any] = field(default_factory=dict)
    words: str = ""


def _key(job: str) -> str:
    return f"progress:{job}"


def report(job: str, progress: Progress) -> None:
    """Keep how far a job is."""
    huey.put(_key(job), asdict(progress))


def progress_of(job: str) -> Progress | None:
    """Return how far a job is, None for one that is not known."""
    kept = huey.get(_key(job), peek=True)
    return Progress(**kept) if kept else None


def start(kind: str, owner: int, language: str, **arguments: Any) -> str:
    """Queue a job and return its id.

    Call it after the request's own transaction has ended: the job opens one of its own.
    """
    job = uuid.uuid4().hex
    report(job, Progress("waiting", owner, kind))
    _run(job, kind, owner, language, arguments)
    return job


@functools.cache
def _app() -> Flask:
    from app.factory import create_app

    return create_app()


def application() -> Flask:
    """Return the present application; where none is, as in the consumer of jobs, one is made."""
    return current_app._get_current_object() if current_app else _app()


@huey.task()
def _run(job: str, kind: str, owner: int, language: str, arguments: dict[str, Any]) -> None:
    from flask_babel import force_locale

    with application().app_context(), force_locale(language):
        running = Progress("running", owner, kind)
        report(job, running)

        def progress(amount: int, total: int) -> None:
            report(job, Progress("running", owner, kind, amount, total))

        try:
            result = KINDS[kind](progress, **arguments)
            db.session.commit()
        except DomainError as error:
            db.session.rollback()
            report(job, Progress("failed", owner, kind, words=error_words(error)))
        except Exception as error:
            db.session.rollback()
            log_unexpected(error)
            report(job, Progress("failed", owner, kind))
        else:
            report(job, Progress("done", owner, kind, result=result))


Told = Callable[[int, int], None]


def _approve(_progress: Told, *, list_id: int, actor: str) -> dict[str, Any]:
    plate_list = db.session.get_one(PlateList, list_id)
    done = approve(db.session, plate_list, context.sealer(), actor=actor, at=context.now())
    return {"list_id": list_id, **asdict(done)}


def _approve_many(progress: Told, *, list_ids: list[int], actor: str) -> dict[str, Any]:
    # Who handed in first comes first, where there are fewer places than cars.
    waiting = select(PlateList.id).where(PlateList.id.in_(list_ids))
    in_turn = db.session.scalars(waiting.order_by(PlateList.submitted_at, PlateList.id)).all()
    approved = 0
    for place, list_id in enumerate(in_turn, start=1):
        plate_list = db.session.get_one(PlateList, list_id)
        # One that a colleague has decided meanwhile is left as it is.
        if plate_list.state == ListState.SUBMITTED:
            approve(db.session, plate_list, context.sealer(), actor=actor, at=context.now())
            db.session.commit()
            approved += 1
        progress(place, len(in_turn))
    return {"approved": approved}


def _review(
    _progress: Told, *, compound_id: int, sha256: str, file_name: str, meaning: str, actor: str
) -> dict[str, Any]:
    files = context.files()
    try:
        plate_list = draft_from_file(
            db.session,
            db.session.get_one(Compound, compound_id),
            content=files.read(sha256),
            file_name=file_name,
            meaning=ListMeaning(meaning),
            files=files,
            sealer=context.sealer(),
            actor=actor,
            at=context.now(),
        )
    except DomainError:
        # It is no list, so nothing of it is kept; another list may be the very same file.
        if not db.session.scalar(select(PlateList.id).where(PlateList.file_sha256 == sha256)):
            files.path(sha256).unlink(missing_ok=True)
        raise
    return {"list_id": plate_list.id}


def _issue(
    progress: Told, *, community_id: int, compound_id: int | None, actor: str
) -> dict[str, Any]:
    serials = issue(
        db.session,
        db.session.get_one(Community, community_id),
        db.session.get_one(Compound, compound_id) if compound_id else None,
        keys=context.keys(),
        actor=actor,
        at=context.now(),
        progress=progress,
    )
    return {"issued": len(serials)}


def _renew(progress: Told, *, compound_id: int, until: str, actor: str) -> dict[str, Any]:
    serials = renew(
        db.session,
        db.session.get_one(Compound, compound_id),
        until=date.fromisoformat(until),
        keys=context.keys(),
        actor=actor,
        at=context.now(),
        progress=progress,
    )
    return {"renewed": len(serials)}


def _print(
    progress: Told,
    *,
    community_id: int,
    compound_id: int | None,
    layout: str,
    only_new: bool,
    actor: str,
    permit_ids: list[int] | None = None,
    ink: str = Ink.COLOUR,
    flip: str = Flip.LONG,
    first_place: int = 1,
    printer_id: int | None = None,
    why_again: str | None = None,
) -> dict[str, Any]:
    settings, at = context.print_settings(), context.now()
    with reading():
        batch = choose(
            db.session,
            db.session.get_one(Community, community_id),
            settings,
            layout=layout,
            at=at,
            compound=db.session.get_one(Compound, compound_id) if compound_id else None,
            only_new=only_new,
            permit_ids=permit_ids,
            options=PrintOptions(Ink(ink), Flip(flip), first_place),
            printer=db.session.get_one(Printer, printer_id) if printer_id else None,
            why_again=WhyAgain(why_again) if why_again else None,
        )
        # Drawing takes long: no transaction is open meanwhile, so that nobody waits for it.
        db.session.rollback()
    with render(batch, settings, progress) as result:
        community = db.session.get_one(Community, community_id)
        run = record(db.session, community, settings, batch, result, actor=actor, at=at)
    return {"run_id": run.id, "permits": run.permit_count, "sheets": run.sheets}


def _notice(
    _progress: Told, *, community_id: int, actor: str, compound_id: int | None = None
) -> dict[str, Any]:
    at = context.now()
    facts = facts_under_head(
        db.session, db.session.get_one(Community, community_id), context.keys(), at=at
    )
    compound = db.session.get_one(Compound, compound_id) if compound_id else None
    rules = rules_of_compound(db.session, compound) if compound else None
    # Drawing takes a while: no transaction is open meanwhile.
    db.session.commit()
    printing = context.print_settings()
    content, pages = draw_notice(
        facts, fonts=printing.fonts, address=printing.public_url, compound=rules
    )
    notice = enter_notice(
        db.session,
        db.session.get_one(Community, community_id),
        facts,
        content,
        pages,
        compound=db.session.get_one(Compound, compound_id) if compound_id else None,
        files=context.files(),
        actor=actor,
        at=at,
    )
    return {"notice_id": notice.id}


def _hand_over(
    progress: Told, *, community_id: int, file_name: str, passphrase_sealed: str, actor: str
) -> dict[str, Any]:
    at = context.now()
    # The queue lies on the disk, so the passphrase does not stand in it as it is.
    sealed = bytes.fromhex(passphrase_sealed)
    enter_handover(
        db.session,
        db.session.get_one(Community, community_id),
        context.keys(),
        with_people=bool(sealed),
        actor=actor,
        at=at,
    )
    db.session.commit()
    keep_handover(
        file_name,
        passphrase=context.sealer().open(sealed) if sealed else None,
        at=at,
        progress=progress,
    )
    return {}


KINDS: dict[str, Callable[..., dict[str, Any]]] = {
    "review": _review,
    "approve": _approve,
    "approve_many": _approve_many,
    "issue": _issue,
    "renew": _renew,
    "print": _print,
    "notice": _notice,
    "handover": _hand_over,
}
"""What can be done in the background."""
