"""The facts that a gate rests on and that rarely change, kept in the process.

They are kept under the hash of the ledger's last entry: every act that changes one of them enters
the ledger in the same transaction, so as long as that entry is the last, they are true.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from permits.gate import CompoundSign, ZoneWindow
from permits.token import DAY_ZERO
from records.keys import load_public
from records.signing_keys import SigningKey
from zones.areas import Zone
from zones.communities import Community, Compound
from zones.plans import Opening, PlanState, ZonePlan


@dataclass(frozen=True)
class PlanFacts:
    """One ratified plan, or the want of one.

    Attributes:
        number: None where no plan is in force.
        signs: every compound of the community with its zones by this plan, by number.
    """

    number: int | None
    first_day: date
    signs: Mapping[int, CompoundSign]


@dataclass(frozen=True)
class Facts:
    """What is known of a community beside its cars and permits.

    Attributes:
        number: the community's own.
        public_pems, public_keys: every key that ever signed here, by id.
        no_plan: what holds on days before the first plan.
        plans: the ratified ones; of those begun the last counts.
        compound_numbers: by the compounds' ids.
    """

    number: int
    province: str
    time_zone: ZoneInfo
    public_pems: Mapping[int, str]
    public_keys: Mapping[int, ec.EllipticCurvePublicKey]
    no_plan: PlanFacts
    plans: tuple[PlanFacts, ...]
    compound_numbers: Mapping[int, int]

    def local_day(self, at: datetime) -> date:
        """Return the community's calendar day at a moment."""
        return at.astimezone(self.time_zone).date()

    def plan_on(self, day: date) -> PlanFacts:
        """Return the plan in force on a local day; see `zones.plans.plan_in_force`."""
        begun = (plan for plan in reversed(self.plans) if plan.first_day <= day)
        return next(begun, self.no_plan)


@dataclass(frozen=True)
class _Kept:
    head: str
    facts: Facts


_kept: WeakKeyDictionary[Engine, dict[int, _Kept]] = WeakKeyDictionary()
_lock = threading.Lock()


def facts_of(session: Session, community_id: int, head: str | None) -> Facts:
    """Return a community's facts, read anew only where the ledger has moved on.

    Args:
        head: the hash of the ledger's last entry, read in this transaction before. With None
            (an empty ledger, which pins nothing) the facts are read and not kept.
    """
    if head is None:
        return _read(session, community_id)
    with _lock:
        here = _kept.setdefault(session.get_bind().engine, {})
    kept = here.get(community_id)
    if kept is None or kept.head != head:
        # Read in this transaction, after the head: they may be newer than it, but never older.
        kept = _Kept(head, _read(session, community_id))
        here[community_id] = kept
    return kept.facts


def _read(session: Session, community_id: int) -> Facts:
    # Columns, not entities: what the session has loaded before may be old.
    session.flush()
    number, province, time_zone = session.execute(
        select(Community.number, Community.province, Community.time_zone).where(
            Community.id == community_id
        )
    ).one()
    pems = dict(session.execute(select(SigningKey.id, SigningKey.public_pem)).all())
    compounds = {
        row.id: CompoundSign(row.number, row.name, row.name_en, row.letter, row.colour_key)
        for row in session.execute(
            select(
                Compound.id,
                Compound.number,
                Compound.name,
                Compound.name_en,
                Compound.letter,
                Compound.colour_key,
            )
            .where(Compound.community_id == community_id)
            .order_by(Compound.letter)
        )
    }
    bare = {sign.number: sign for sign in compounds.values()}
    return Facts(
        number=number,
        province=province,
        time_zone=ZoneInfo(time_zone),
        public_pems=pems,
        public_keys={key_id: load_public(pem) for key_id, pem in pems.items()},
        no_plan=PlanFacts(None, DAY_ZERO, bare),
        plans=_plans(session, community_id, compounds),
        compound_numbers={key: sign.number for key, sign in compounds.items()},
    )


def _plans(
    session: Session, community_id: int, compounds: Mapping[int, CompoundSign]
) -> tuple[PlanFacts, ...]:
    rows = session.execute(
        select(
            ZonePlan.number,
            ZonePlan.first_day,
            Opening.compound_id,
            Zone.code,
            Opening.starts,
            Opening.ends,
        )
        .join(Opening, Opening.plan_id == ZonePlan.id)
        .join(Zone, Opening.zone_id == Zone.id)
        .where(ZonePlan.community_id == community_id, ZonePlan.state == PlanState.RATIFIED)
    ).all()
    windows: dict[tuple[date, int], dict[int, list[ZoneWindow]]] = {}
    for number, first_day, compound_id, code, starts, ends in rows:
        # The database sees to it that a ratified plan has a first day.
        by_compound = windows.setdefault((first_day or DAY_ZERO, number), {})
        by_compound.setdefault(compound_id, []).append(ZoneWindow(code, starts, ends))
    return tuple(
        PlanFacts(
            number,
            first_day,
            {
                sign.number: replace(sign, zones=_in_order(by_compound.get(compound_id, [])))
                for compound_id, sign in compounds.items()
            },
        )
        for (first_day, number), by_compound in sorted(windows.items())
    )


def _in_order(windows: list[ZoneWindow]) -> tuple[ZoneWindow, ...]:
    """Return windows as `zones.plans.openings_by_compound` orders openings."""
    return tuple(
        sorted(windows, key=lambda one: (one.starts is not None, one.zone, one.starts or time()))
    )
