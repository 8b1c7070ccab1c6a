"""Setting up a community: its compounds, zones and gates; each change is in the ledger.

A change of a compound's colour or a zone's spaces touches who may park where, so neighbours can
read it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from records import ledger
from records.errors import DomainError
from zones.areas import Zone, add_zone
from zones.colours import BY_KEY, PALETTE
from zones.communities import ColourTaken, Community, Compound, Gate, GateGuard, hold


class CodeTaken(DomainError):
    """Another compound or gate of the community, or another community, has this `name`."""

    code: ClassVar[str] = "code_taken"
    status: ClassVar[int] = 409


def found_community(
    session: Session,
    *,
    number: int,
    name: str,
    name_en: str,
    province: str,
    actor: str,
    at: datetime,
) -> Community:
    """Return a new community without compounds, flushed so that it has its id.

    Raises:
        CodeTaken: another community has the number.
    """
    if session.scalar(select(Community.id).where(Community.number == number)):
        raise CodeTaken(name=number)
    community = Community(number=number, name=name, name_en=name_en, province=province)
    session.add(community)
    session.flush()
    _enter(session, "community.founded", f"community:{number}", {"province": province}, actor, at)
    return community


def change_community(
    session: Session,
    community: Community,
    *,
    name: str,
    name_en: str,
    province: str,
    time_zone: str,
    permit_days: int,
    temporary_days: int,
    actor: str,
    at: datetime,
) -> None:
    """Change a community's names, province, time zone or days of a permit; permits stay.

    Args:
        time_zone: an IANA name such as `Asia/Shanghai`.
        permit_days: how many days a permit issued from now on is valid.
        temporary_days: how many days a temporary one is.
    """
    community.name, community.name_en = name.strip(), name_en.strip()
    community.province, community.time_zone = province, time_zone
    community.permit_days, community.temporary_days = permit_days, temporary_days
    details = {
        "province": province,
        "time_zone": time_zone,
        "permit_days": permit_days,
        "temporary_days": temporary_days,
    }
    _enter(session, "community.changed", f"community:{community.number}", details, actor, at)


def add_compound(
    session: Session,
    community: Community,
    *,
    code: str,
    name: str,
    name_en: str,
    colour_key: str,
    vehicles_per_household: int | None,
    visits_per_month: int | None = None,
    actor: str,
    at: datetime,
) -> Compound:
    """Return a new compound with the next free number and its colour's letter.

    Raises:
        CodeTaken, ColourTaken: another compound has the code or the colour.
    """
    hold(session, community.id, community)
    code = code.strip().lower()
    if any(one.code.lower() == code for one in community.compounds):
        raise CodeTaken(name=code)
    _require_free_colour(community, colour_key)
    last = session.scalar(
        select(func.max(Compound.number)).where(Compound.community_id == community.id)
    )
    number = (last or 0) + 1
    compound = Compound(
        number=number,
        code=code,
        name=name.strip(),
        name_en=name_en.strip(),
        letter=BY_KEY[colour_key].letter,
        colour_key=colour_key,
        vehicles_per_household=vehicles_per_household,
        visits_per_month=visits_per_month,
    )
    community.compounds.append(compound)
    session.flush()
    _enter(session, "compound.added", f"compound:{number}", _compound_facts(compound), actor, at)
    return compound


def change_compound(
    session: Session,
    compound: Compound,
    *,
    name: str,
    name_en: str,
    colour_key: str,
    visits_per_month: int | None,
    actor: str,
    at: datetime,
) -> None:
    """Change a compound's names, colour or visits; its number and the permits in force stay.

    Serials keep the letter they were issued with; the gate shows the new colour at once.

    Raises:
        ColourTaken: another compound has the colour.
    """
    hold(session, compound.community_id, compound.community, compound)
    if colour_key != compound.colour_key:
        _require_free_colour(compound.community, colour_key)
    compound.name, compound.name_en = name.strip(), name_en.strip()
    compound.colour_key, compound.letter = colour_key, BY_KEY[colour_key].letter
    compound.visits_per_month = visits_per_month
    session.flush()
    subject = f"compound:{compound.number}"
    _enter(session, "compound.changed", subject, _compound_facts(compound), actor, at)


def free_colours(community: Community) -> list[str]:
    """Return the keys of the palette's colours that no compound has."""
    taken = {compound.colour_key for compound in community.compounds}
    return [colour.key for colour in PALETTE if colour.key not in taken]


def open_zone(
    session: Session,
    community: Community,
    *,
    code: str,
    name: str,
    name_en: str,
    spaces: int,
    actor: str,
    at: datetime,
) -> Zone:
    """Return a new zone.

    Raises:
        ZoneCodeTaken: see `zones.areas.add_zone`.
    """
    hold(session, community.id)
    zone = add_zone(
        session,
        community_id=community.id,
        code=code,
        name=name,
        name_en=name_en.strip(),
        spaces=spaces,
    )
    _enter(session, "zone.added", f"zone:{zone.code}", {"spaces": spaces}, actor, at)
    return zone


def change_zone(
    session: Session,
    zone: Zone,
    *,
    name: str,
    name_en: str,
    spaces: int,
    actor: str,
    at: datetime,
) -> None:
    """Change a zone's names and number of spaces; its code is painted on the ground and stays."""
    hold(session, zone.community_id, zone)
    before = zone.spaces
    zone.name, zone.name_en, zone.spaces = name.strip(), name_en.strip(), spaces
    details = {"spaces": spaces, "spaces_before": before}
    _enter(session, "zone.changed", f"zone:{zone.code}", details, actor, at)


def add_gate(
    session: Session,
    community: Community,
    *,
    code: str,
    name: str,
    name_en: str,
    actor: str,
    at: datetime,
) -> Gate:
    """Return a new gate.

    Raises:
        CodeTaken: another gate has the code.
    """
    hold(session, community.id, community)
    code = code.strip().lower()
    if any(one.code.lower() == code for one in community.gates):
        raise CodeTaken(name=code)
    gate = Gate(code=code, name=name.strip(), name_en=name_en.strip())
    community.gates.append(gate)
    session.flush()
    _enter(session, "gate.added", f"gate:{code}", {}, actor, at)
    return gate


def change_gate(
    session: Session, gate: Gate, *, name: str, name_en: str, actor: str, at: datetime
) -> None:
    """Change a gate's names; its code, which commands and devices name, stays."""
    gate.name, gate.name_en = name.strip(), name_en.strip()
    _enter(session, "gate.changed", f"gate:{gate.code}", {}, actor, at)


def post_guards(
    session: Session, gate: Gate, user_ids: Iterable[int], *, actor: str, at: datetime
) -> None:
    """Say which guards work at a gate; those who are not named no longer do."""
    hold(session, gate.community_id)
    wanted = sorted(set(user_ids))
    session.execute(delete(GateGuard).where(GateGuard.gate_id == gate.id))
    session.add_all(GateGuard(gate_id=gate.id, user_id=user_id) for user_id in wanted)
    session.flush()
    _enter(session, "gate.guards_posted", f"gate:{gate.code}", {"users": wanted}, actor, at)


def guards_at(session: Session, gate: Gate) -> set[int]:
    """Return the ids of the guards who work at a gate."""
    return set(session.scalars(select(GateGuard.user_id).where(GateGuard.gate_id == gate.id)))


def _require_free_colour(community: Community, colour_key: str) -> None:
    if any(one.colour_key == colour_key for one in community.compounds):
        raise ColourTaken(colour=colour_key)


def _compound_facts(compound: Compound) -> dict[str, object]:
    return {
        "letter": compound.letter,
        "colour": compound.colour_key,
        "vehicles_per_household": compound.vehicles_per_household,
        "visits_per_month": compound.visits_per_month,
    }


def _enter(
    session: Session,
    act: str,
    subject: str,
    details: Mapping[str, object],
    actor: str,
    at: datetime,
) -> None:
    ledger.append(session, actor, [ledger.Act(act, subject, details)], at)
