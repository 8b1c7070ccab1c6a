"""Proposals as a meeting looks at them: what each would change, in values for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from permits.counts import spaces_by_compound
from permits.moving import moves_of
from permits.public_facts import PublicVote, votes_on
from zones.areas import Zone
from zones.colours import Colour
from zones.communities import Community
from zones.effects import effects_of
from zones.openings_text import window_text
from zones.plan_matrix import Change, plan_matrix, timed_spaces
from zones.plans import ZonePlan


@dataclass(frozen=True)
class CompoundChange:
    """A compound's spaces now and by a proposal.

    Attributes:
        now, then: open to it all day.
        timed_now, timed_then: open to it at set hours only.
        ratio_now, ratio_then: permits for each space at the scarcest hours, None without spaces.
        cars_to_move: how many cars would have to look for another space at most.
    """

    letter: str
    colour: Colour
    name: str
    name_en: str
    now: int
    then: int
    timed_now: int
    timed_then: int
    ratio_now: float | None
    ratio_then: float | None
    cars_to_move: int


@dataclass(frozen=True)
class OpeningChange:
    """One opening that a proposal adds (`is_added`) or takes away."""

    zone: str
    zone_name: str
    letter: str
    colour: Colour
    hours: str
    spaces: int | None
    is_added: bool


@dataclass(frozen=True)
class Proposal:
    """One plan that is put before a meeting."""

    number: int
    note: str
    first_day: date | None
    compounds: Sequence[CompoundChange]
    changes: Sequence[OpeningChange]
    votes: Sequence[PublicVote]


def proposal_of(
    session: Session,
    plan: ZonePlan,
    base: ZonePlan | None,
    community: Community,
    zones: Sequence[Zone],
) -> Proposal:
    """Return a plan as a meeting looks at it, compared with the one in force."""
    moves = moves_of(session, community, effects_of(plan, base, community.compounds))
    now, then = spaces_by_compound(base), spaces_by_compound(plan)
    timed_now, timed_then = timed_spaces(base), timed_spaces(plan)
    return Proposal(
        number=plan.number,
        note=plan.note,
        first_day=plan.first_day,
        compounds=[
            CompoundChange(
                one.letter,
                one.colour,
                one.name,
                one.name_en,
                now.get(one.id, 0),
                then.get(one.id, 0),
                timed_now.get(one.id, 0),
                timed_then.get(one.id, 0),
                move.ratio_before,
                move.ratio_after,
                move.at_most,
            )
            for one, move in zip(community.compounds, moves, strict=True)
        ],
        changes=_changes(plan, base, community, zones),
        votes=votes_on(plan, community),
    )


def _changes(
    plan: ZonePlan, base: ZonePlan | None, community: Community, zones: Sequence[Zone]
) -> list[OpeningChange]:
    if base is None:
        return []
    return [
        OpeningChange(
            row.zone.code,
            row.zone.name,
            cell.compound.letter,
            cell.compound.colour,
            window_text(entry.opening.starts, entry.opening.ends),
            entry.opening.spaces,
            entry.change is Change.ADDED,
        )
        for row in plan_matrix(zones, community.compounds, plan, base)
        for cell in row.cells
        for entry in cell.entries
        if entry.change is not Change.SAME
    ]
