"""Printing a batch of permits: from the register to a recorded PDF."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from permits import token
from permits.own_layout import layout_named
from permits.own_space import space_names
from permits.permit import IN_FORCE, Permit, PermitState, counted, permit_fields
from permits.plates import canonical
from permits.print_rules import names_compound, names_space
from permits.print_run import PrintRun, PrintRunPermit, WhyAgain
from permits.printer import Printer
from permits.printing import (
    Flip,
    Layout,
    PrintedPermit,
    PrintOptions,
    PrintResult,
    print_permits,
)
from permits.printing.options import AS_DESIGNED
from permits.vehicles import Household, Vehicle
from records import ledger
from records.batches import batches
from records.errors import DomainError
from records.keys import KeyStore
from zones.communities import Community, Compound, hold
from zones.openings_text import zones_line
from zones.plans import openings_by_compound, plan_in_force

UNNAMED_SPACE = "自有 OWN"
"""What a permit says of a car's own space where the community leaves its name off."""


class NothingToPrint(DomainError):
    """No permit is waiting to be printed."""

    code: ClassVar[str] = "nothing_to_print"
    status: ClassVar[int] = 409


class NoPlanInForce(DomainError):
    """Permits name their zones, and no zone plan is in force."""

    code: ClassVar[str] = "no_plan_in_force"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class PrintSettings:
    """Where a print run finds and leaves things.

    Attributes:
        out: folder for the PDF.
        fonts: folder with the Noto Sans SC TrueType files.
        public_url: what the QR carries and the card's back names, such as `https://p.example`.
    """

    out: Path
    fonts: Path
    public_url: str
    keys: KeyStore


@dataclass(frozen=True)
class Batch:
    """What a print run will hold, read once so that rendering needs no database.

    Attributes:
        scope: the compound's letter, or `all`.
        states: what a permit of it may be when the run is recorded.
        ids: the permits' ids.
        printed: what each shows.
        why_again: set where permits of it were printed before.
    """

    layout: Layout
    options: PrintOptions
    scope: str
    states: tuple[PermitState, ...]
    plan_number: int
    ids: tuple[int, ...]
    printed: tuple[PrintedPermit, ...]
    why_again: WhyAgain | None = None


class PermitsChanged(DomainError):
    """Permits ended or were printed by somebody else meanwhile: the file is thrown away."""

    code: ClassVar[str] = "permits_changed"
    status: ClassVar[int] = 409


def print_batch(
    session: Session,
    community: Community,
    settings: PrintSettings,
    *,
    layout: str,
    actor: str,
    at: datetime,
    compound: Compound | None = None,
    only_new: bool = False,
    permit_ids: list[int] | None = None,
    options: PrintOptions = AS_DESIGNED,
    printer: Printer | None = None,
    why_again: WhyAgain | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PrintRun:
    """Print permits in force into one PDF, record the run and return it.

    Issued permits become printed. The same permits under the same plan give the same bytes.
    A long run is better done in its three parts (`choose`, `render`, `record`), with the
    transaction ended before `render`, so that nobody waits for the drawing.

    Args:
        layout, compound, only_new, permit_ids, options, printer, why_again: see `choose`.
        progress: told of (done, total) permits.

    Raises:
        UnknownLayout, PlaceNotOnSheet, NoPlanInForce, NothingToPrint: see `choose`.
    """
    batch = choose(
        session,
        community,
        settings,
        layout=layout,
        at=at,
        compound=compound,
        only_new=only_new,
        permit_ids=permit_ids,
        options=options,
        printer=printer,
        why_again=why_again,
    )
    with render(batch, settings, progress) as result:
        return record(session, community, settings, batch, result, actor=actor, at=at)


def choose(
    session: Session,
    community: Community,
    settings: PrintSettings,
    *,
    layout: str,
    at: datetime,
    compound: Compound | None = None,
    only_new: bool = False,
    permit_ids: list[int] | None = None,
    options: PrintOptions = AS_DESIGNED,
    printer: Printer | None = None,
    why_again: WhyAgain | None = None,
    most: int | None = None,
) -> Batch:
    """Return what a print run of permits in force will hold; nothing is written.

    Args:
        layout: a name in `permits.printing.LAYOUTS`, or one of the community's own.
        compound: only this compound's permits.
        only_new: only permits that were never printed.
        permit_ids: only these permits; those that give way to another are printed only so.
        options: ink, sides and the first free place; whether compounds are named is the
            community's rule.
        printer: whose offsets are made up for.
        why_again: why permits that were printed before are printed again.
        most: only so many, the first by number; None for all.

    Raises:
        UnknownLayout: see `layout`.
        PlaceNotOnSheet: see `options`.
        NoPlanInForce: there are no zones to print.
        NothingToPrint: no permit fits.
    """
    chosen_layout = layout_named(session, community.id, layout)
    options.require_place(chosen_layout)
    options = replace(options, names_compound=names_compound(session, community.id))
    if printer is not None:
        options = printer.adjust(options, chosen_layout)
    today = community.local_day(at)
    states = (PermitState.ISSUED,) if only_new else IN_FORCE
    chosen = _chosen(session, community, compound, states, permit_ids, today, most)
    if not chosen:
        raise NothingToPrint
    plan = plan_in_force(session, community.id, today)
    if plan is None:
        raise NoPlanInForce
    openings = openings_by_compound(plan)
    lines = {one.id: zones_line(openings.get(one.id, [])) for one in community.compounds}
    spaces = space_names(session, community.id)
    if not names_space(session, community.id):
        spaces = dict.fromkeys(spaces, UNNAMED_SPACE)
    printed = _printed(chosen, community, lines, spaces, plan.number, settings)
    return Batch(
        chosen_layout,
        options,
        compound.letter if compound else "all",
        states,
        plan.number,
        tuple(permit.id for permit in chosen),
        tuple(printed),
        why_again,
    )


@contextlib.contextmanager
def render(
    batch: Batch, settings: PrintSettings, progress: Callable[[int, int], None] | None = None
) -> Iterator[PrintResult]:
    """Draw a batch into a file that is gone with the context, unless `record` keeps it."""
    settings.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".printing-", dir=settings.out) as scratch:
        yield print_permits(
            batch.printed,
            layout=batch.layout,
            out=Path(scratch) / "permits.pdf",
            fonts=settings.fonts,
            report_url=settings.public_url,
            options=batch.options,
            progress=progress,
        )


def record(
    session: Session,
    community: Community,
    settings: PrintSettings,
    batch: Batch,
    result: PrintResult,
    *,
    actor: str,
    at: datetime,
) -> PrintRun:
    """Record a rendered batch as a print run, keep its file, and return the run.

    Raises:
        PermitsChanged: a permit ended, or a new one was printed, since the batch was chosen.
    """
    hold(session, community.id)
    for ids in batches(batch.ids):
        changed = select(Permit.id).where(Permit.id.in_(ids), Permit.state.not_in(batch.states))
        if session.scalar(changed.limit(1)) is not None:
            raise PermitsChanged
    file_name = f"permits-{batch.layout.name}-{batch.scope}-{result.sha256[:12]}.pdf"
    run = _record(session, community, batch, result, file_name, actor, at)
    # Last, so that a file under its own name is always one of a recorded run.
    result.path.replace(settings.out / file_name)
    return run


def _record(
    session: Session,
    community: Community,
    batch: Batch,
    result: PrintResult,
    file_name: str,
    actor: str,
    at: datetime,
) -> PrintRun:
    run = PrintRun(
        community_id=community.id,
        layout=batch.layout.name,
        ink=batch.options.ink,
        flip=batch.options.flip if batch.options.prints_backs(batch.layout) else Flip.NONE,
        why_again=batch.why_again,
        file_name=file_name,
        sha256=result.sha256,
        permit_count=result.permits,
        sheets=result.sheets,
        pages=result.pages,
        created_by=actor,
        created_at=at,
    )
    session.add(run)
    session.flush()
    for ids in batches(batch.ids):
        session.execute(
            insert(PrintRunPermit), [{"run_id": run.id, "permit_id": one} for one in ids]
        )
        session.execute(
            update(Permit)
            .where(Permit.id.in_(ids), Permit.state == PermitState.ISSUED)
            .values(state=PermitState.PRINTED, printed_at=at)
        )
    details = {
        "layout": batch.layout.name,
        "ink": batch.options.ink,
        "permits": result.permits,
        "sheets": result.sheets,
        "sha256": result.sha256,
        "plan": batch.plan_number,
    }
    acts = [ledger.Act("permits.printed", f"run:{run.id}", details)]
    if batch.why_again is not None:
        acts += [
            ledger.Act(
                "permit.reprinted",
                f"permit:{one.serial}",
                {"letter": one.serial[0], "run": run.id, "why": batch.why_again},
            )
            for one in batch.printed
        ]
    ledger.append(session, actor, acts, at)
    return run


def _chosen(
    session: Session,
    community: Community,
    compound: Compound | None,
    states: tuple[PermitState, ...],
    permit_ids: list[int] | None,
    today: date,
    most: int | None,
) -> list[Permit]:
    query = (
        select(Permit)
        .join(Vehicle, Permit.vehicle_id == Vehicle.id)
        .outerjoin(Household, Vehicle.household_id == Household.id)
        .where(
            Permit.community_id == community.id,
            Permit.state.in_(states),
            Permit.valid_to >= today,
        )
        .order_by(Permit.number)
    )
    if compound is not None:
        query = query.where(Permit.compound_id == compound.id)
    if permit_ids is not None:
        query = query.where(Permit.id.in_(permit_ids))
    else:
        query = query.where(counted())
    return list(session.scalars(query.limit(most)))


def _printed(
    chosen: list[Permit],
    community: Community,
    zone_lines: dict[int, str],
    spaces: dict[int, str],
    plan_number: int,
    settings: PrintSettings,
) -> Iterator[PrintedPermit]:
    for permit in chosen:
        compound = permit.compound
        household = permit.vehicle.household
        fields = permit_fields(permit, community)
        # Permits of before signatures were kept are signed here, each time to the same bytes.
        signature = permit.signature or token.signature_of(
            fields, settings.keys.private(permit.key_id)
        )
        yield PrintedPermit(
            token_url=token.url(settings.public_url, token.text_of(fields, signature)),
            plate=canonical(permit.plate).shown,
            serial=permit.serial,
            colour=compound.colour,
            letter=compound.letter,
            compound=compound.name,
            compound_en=compound.name_en,
            community=community.name,
            community_en=community.name_en,
            zones=zone_lines[compound.id],
            plan_number=plan_number,
            valid_from=permit.valid_from,
            valid_to=permit.valid_to,
            is_temporary=permit.is_temporary,
            space=spaces.get(permit.vehicle_id),
            sort_key=household.sort_key if household else (),
        )
