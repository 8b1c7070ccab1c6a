"""What everybody may know, gathered once: for the board, the notice and the meeting's papers.

Values only, no rows of the database: paper is drawn while no transaction is open. No plate, name
or flat of anybody is in it; who is responsible is named because it is public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.allotting import Limits
from permits.counts import counts_of
from permits.heads import sign_head
from permits.infringement import InfringementKind, InfringementReport
from permits.limits import limits_of
from records.checkpoints import last_head
from records.keys import KeyStore, fingerprint
from records.signing_keys import SigningKey
from zones.areas import Zone, zones_of
from zones.colours import Colour
from zones.communities import Community, Compound
from zones.map_scene import MapScene, scene_of
from zones.openings_text import window_text
from zones.plans import Opening, ZonePlan, plan_in_force
from zones.responsibility import Responsibility, responsibilities_of

AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""Reports are counted as younger than each of these, and as older than the last."""


@dataclass(frozen=True)
class Answerable:
    """Who answers for a zone or compound, and the line to call."""

    name: str
    phone: str


@dataclass(frozen=True)
class PublicCompound:
    """One compound's public numbers; see `permits.counts.CompoundCounts`."""

    letter: str
    colour: Colour
    name: str
    name_en: str
    households: int
    vehicles: int
    permits: int
    spaces: int
    responsible: Answerable | None
    limits: Limits = field(default_factory=Limits)
    own_spaces: int = 0
    permits_with_own_space: int = 0

    @property
    def permits_per_space(self) -> float | None:
        """Permits in force for each shared space, None without spaces."""
        shared = self.permits - self.permits_with_own_space
        return shared / self.spaces if self.spaces else None


@dataclass(frozen=True)
class PublicOpening:
    """A colour that may park in a zone.

    Attributes:
        hours: such as `20:00–07:00`, empty for all day.
        spaces: how many of the zone's spaces, None for all.
    """

    letter: str
    colour: Colour
    hours: str
    spaces: int | None


@dataclass(frozen=True)
class PublicZone:
    """One zone and whom the plan in force lets park there, all day first."""

    code: str
    name: str
    name_en: str
    spaces: int
    openings: Sequence[PublicOpening]
    responsible: Answerable | None


@dataclass(frozen=True)
class PublicVote:
    """One compound's say on a plan, without who gave it."""

    letter: str
    colour: Colour
    name: str
    name_en: str
    consents: bool
    day: date


@dataclass(frozen=True)
class PublicPlan:
    """The plan in force."""

    number: int
    first_day: date
    votes: Sequence[PublicVote]


@dataclass(frozen=True)
class OpenReports:
    """How many reports of one kind are open, by age: see `AGES`."""

    kind: InfringementKind
    by_age: Sequence[int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_age)


@dataclass(frozen=True)
class PublicHead:
    """The last signed head.

    Attributes:
        day: the local day on which it was signed.
        fingerprint: of the public key that signed it.
    """

    number: int
    text: str
    day: date
    key_id: int
    fingerprint: str


@dataclass(frozen=True)
class PublicFacts:
    """All of it, as it stood on a local day.

    Attributes:
        scene: the map with the colours of the plan in force; its zones are listed in `zones`.
    """

    community: str
    community_en: str
    day: date
    compounds: Sequence[PublicCompound]
    zones: Sequence[PublicZone]
    plan: PublicPlan | None
    reports: Sequence[OpenReports]
    head: PublicHead | None
    scene: MapScene | None = None


def public_facts(session: Session, community: Community, at: datetime) -> PublicFacts:
    """Return what everybody may know of a community at a moment."""
    day = community.local_day(at)
    plan = plan_in_force(session, community.id, day)
    responsible = responsibilities_of(session, community)
    return PublicFacts(
        community=community.name,
        community_en=community.name_en,
        day=day,
        compounds=_compounds(session, community, plan, responsible),
        zones=[
            PublicZone(
                zone.code,
                zone.name,
                zone.name_en,
                zone.spaces,
                _openings(plan, zone),
                _answerable(responsible.get(zone)),
            )
            for zone in zones_of(session, community.id)
        ],
        plan=_plan(plan, community) if plan else None,
        reports=open_reports_by_age(session, community, at),
        head=_head(session, community),
        # Its legend's zones are rows of the database, and nothing here is.
        scene=replace(scene_of(session, community, plan), zones=()),
    )


def facts_under_head(
    session: Session, community: Community, keys: KeyStore, *, at: datetime
) -> PublicFacts:
    """Sign the ledger's head where it has grown, and return the facts exactly as of that head.

    Raises:
        LedgerBroken, NoHeadKey, KeyMissing, KeyTooOpen: see `permits.heads.sign_head`.
    """
    sign_head(session, community, keys, at=at)
    return public_facts(session, community, at)


def _answerable(one: Responsibility | None) -> Answerable | None:
    return Answerable(one.name, one.phone) if one else None


def _compounds(
    session: Session,
    community: Community,
    plan: ZonePlan | None,
    responsible: dict[Zone | Compound, Responsibility],
) -> list[PublicCompound]:
    return [
        PublicCompound(
            letter=one.compound.letter,
            colour=one.compound.colour,
            name=one.compound.name,
            name_en=one.compound.name_en,
            households=one.households,
            vehicles=one.vehicles,
            permits=one.permits_in_force,
            spaces=one.spaces,
            responsible=_answerable(responsible.get(one.compound)),
            limits=limits_of(session, one.compound),
            own_spaces=one.own_spaces,
            permits_with_own_space=one.permits_with_own_space,
        )
        for one in counts_of(session, community, plan)
    ]


def _openings(plan: ZonePlan | None, zone: Zone) -> list[PublicOpening]:
    found = [one for one in plan.openings if one.zone_id == zone.id] if plan else []
    return [
        PublicOpening(
            one.compound.letter,
            one.compound.colour,
            window_text(one.starts, one.ends),
            one.spaces,
        )
        for one in sorted(found, key=_all_day_first)
    ]


def _all_day_first(one: Opening) -> tuple[bool, str, time]:
    return one.starts is not None, one.compound.letter, one.starts or time()


def votes_on(plan: ZonePlan, community: Community) -> list[PublicVote]:
    """Return what each compound has said on a plan, by letter."""
    return [
        PublicVote(
            one.compound.letter,
            one.compound.colour,
            one.compound.name,
            one.compound.name_en,
            one.consents,
            community.local_day(one.at),
        )
        for one in sorted(plan.votes, key=lambda one: one.compound.letter)
    ]


def _plan(plan: ZonePlan, community: Community) -> PublicPlan:
    first_day = plan.first_day or community.local_day(plan.created_at)
    return PublicPlan(plan.number, first_day, votes_on(plan, community))


def open_reports_by_age(session: Session, community: Community, at: datetime) -> list[OpenReports]:
    """Return how many reports are not closed, blocked fire lanes first."""
    rows = session.execute(
        select(InfringementReport.kind, InfringementReport.at).where(
            InfringementReport.community_id == community.id,
            InfringementReport.closed_at.is_(None),
        )
    ).all()
    kinds = sorted(InfringementKind, key=lambda kind: kind is not InfringementKind.FIRE_LANE)
    counts = {kind: [0] * (len(AGES) + 1) for kind in kinds}
    for kind, since in rows:
        counts[InfringementKind(kind)][sum(at - since >= age for age in AGES)] += 1
    return [OpenReports(kind, by_age) for kind, by_age in counts.items()]


def _head(session: Session, community: Community) -> PublicHead | None:
    signed = last_head(session, community.number)
    if signed is None:
        return None
    key = session.get_one(SigningKey, signed.key_id)
    return PublicHead(
        signed.number,
        signed.checkpoint.text,
        community.local_day(signed.at),
        signed.key_id,
        fingerprint(key.public_pem),
    )
