"""The gate decision: may this car come in, by what the permit says and what is known.

Pure, and mirrored in the browser by `app/static/js/decide.js`: both are held to the vectors in
`tests/vectors`. Facts come in as values; no clock, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from cryptography.hazmat.primitives.asymmetric import ec

from permits import token
from permits.permit import PermitState
from permits.plates import Plate, normalise, parse
from permits.verdicts import VERDICT_OF, Reason, Verdict

__all__ = (
    "STALE_AFTER",
    "VERDICT_OF",
    "CompoundSign",
    "Decision",
    "Known",
    "Reason",
    "Registration",
    "Standing",
    "Verdict",
    "ZoneWindow",
    "decide",
)

STALE_AFTER = timedelta(hours=24)
"""Older facts no longer carry an `admit`."""

_GRAVITY = {reason: place for place, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class ZoneWindow:
    """A zone that the plan in force opens to a colour, all day or between two local times.

    A window whose end is not after its start crosses midnight.
    """

    zone: str
    starts: time | None = None
    ends: time | None = None

    def is_open(self, at: time) -> bool:
        """Return whether the zone is open at a local time of day."""
        if self.starts is None or self.ends is None:
            return True
        if self.starts < self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends


@dataclass(frozen=True, slots=True)
class CompoundSign:
    """How a compound's permits look, and where they may park."""

    number: int
    name: str
    name_en: str
    letter: str
    colour: str
    zones: tuple[ZoneWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one permit."""

    number: int
    serial: str
    plate: str
    compound: int
    state: PermitState
    valid_from: date
    valid_to: date
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of a plate: its compound, and its permit where it has one."""

    compound: int
    permit: Standing | None


@dataclass(frozen=True)
class Known:
    """The facts that a decision rests on.

    Attributes:
        as_of: when the facts were true.
        compounds: by number.
        permit_numbered: the permit with a number, None where there is none.
        registration_of: what is known of a canonical plate, None where it is not registered.
    """

    community: int
    time_zone: tzinfo
    as_of: datetime
    public_keys: Mapping[int, ec.EllipticCurvePublicKey]
    compounds: Mapping[int, CompoundSign]
    permit_numbered: Callable[[int], Standing | None]
    registration_of: Callable[[str], Registration | None]
    plan_number: int | None = None


@dataclass(frozen=True)
class Decision:
    """What the guard is shown.

    Attributes:
        reasons: at least one, the gravest first.
        sign: the compound whose colour the permit has, None where nothing genuine names one.
        zones: zones open to that colour today, by the plan in force.
        open_now: codes of those that are open at this moment, each once.
        plate: the canonical plate to compare with the car.
        permit_number: the permit's number, for the record of the pass.
        data_age: how old the facts are.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    sign: CompoundSign | None = None
    zones: tuple[ZoneWindow, ...] = ()
    open_now: tuple[str, ...] = ()
    plate: str | None = None
    serial: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None
    permit_number: int | None = None
    plan_number: int | None = None
    data_age: timedelta = timedelta()


def decide(
    *, at: datetime, known: Known, scanned: str | None = None, plate: str | None = None
) -> Decision:
    """Return the decision on a scanned token, a typed plate, or both.

    Never raises for what is scanned or typed, and never admits a token that is not genuine.

    Args:
        at: the moment at the gate, time zone aware.
        scanned: the text of the symbol.
        plate: the plate as typed; with a token it must be the token's.
    """
    if scanned is not None:
        return _decide_token(scanned, plate, at, known)
    return _decide_plate(plate or "", at, known)


def _decide_token(scanned: str, typed: str | None, at: datetime, known: Known) -> Decision:
    try:
        fields = token.verify(token.from_url(scanned), known.public_keys)
    except token.TokenError as error:
        return _decision([Reason(error.code)], at, known)
    if fields.community != known.community:
        return _decision([Reason.OTHER_COMMUNITY], at, known, plate=fields.plate)
    reasons = _days(fields.first_day, fields.last_day, at, known)
    standing = None
    if fields.kind is token.TokenKind.VISITOR_PASS:
        # A visitor pass is good by its signature and its days; no register knows its number.
        fine = Reason.VISITOR_OK
        reasons = [Reason.VISITOR_OVER if one is Reason.EXPIRED else one for one in reasons]
    else:
        fine = Reason.OK
        standing = known.permit_numbered(fields.number)
        reasons += _register(fields, standing)
    if typed is not None and normalise(typed):
        reasons += _comparison(typed, fields.plate)
    return _decision(
        reasons or [fine],
        at,
        known,
        compound=fields.compound,
        plate=fields.plate,
        serial=standing.serial if standing else None,
        days=(fields.first_day, fields.last_day),
        replaced_by=standing.replaced_by if standing else None,
        number=fields.number if standing else None,
    )


def _register(fields: token.TokenFields, standing: Standing | None) -> list[Reason]:
    """Return what the register holds against a genuine token."""
    if standing is None:
        return [Reason.PERMIT_UNKNOWN]
    reasons = _ended(standing)
    entered = (standing.plate, standing.compound, standing.valid_from, standing.valid_to)
    if entered != (fields.plate, fields.compound, fields.first_day, fields.last_day):
        reasons.append(Reason.PERMIT_DIFFERS)
    return reasons


def _comparison(typed: str, plate: str) -> list[Reason]:
    """Return what a plate read off the car holds against the token's plate."""
    parsed = parse(typed)
    if not isinstance(parsed, Plate):
        return [Reason.PLATE_INVALID]
    return [] if parsed.text == plate else [Reason.PLATE_MISMATCH]


def _decide_plate(typed: str, at: datetime, known: Known) -> Decision:
    parsed = parse(typed)
    if not isinstance(parsed, Plate):
        return _decision([Reason.PLATE_INVALID], at, known)
    if parsed.kind.is_service:
        # They pass whatever the register says: a fire engine does not wait for its papers.
        return _decision([Reason.SERVICE_VEHICLE], at, known, plate=parsed.text)
    registration = known.registration_of(parsed.text)
    if registration is None:
        return _decision([Reason.PLATE_UNKNOWN], at, known, plate=parsed.text)
    permit = registration.permit
    if permit is None:
        return _decision(
            [Reason.NO_PERMIT], at, known, compound=registration.compound, plate=parsed.text
        )
    reasons = _ended(permit) + _days(permit.valid_from, permit.valid_to, at, known)
    return _decision(
        reasons or [Reason.OK],
        at,
        known,
        compound=permit.compound,
        plate=parsed.text,
        serial=permit.serial,
        days=(permit.valid_from, permit.valid_to),
        replaced_by=permit.replaced_by,
        number=permit.number,
    )


def _ended(standing: Standing) -> list[Reason]:
    ended = {
        PermitState.REVOKED: Reason.REVOKED,
        PermitState.REPLACED: Reason.REPLACED,
        PermitState.EXPIRED: Reason.EXPIRED,
    }.get(standing.state)
    return [ended] if ended else []


def _days(first: date, last: date, at: datetime, known: Known) -> list[Reason]:
    today = at.astimezone(known.time_zone).date()
    if today < first:
        return [Reason.NOT_YET_VALID]
    return [Reason.EXPIRED] if today > last else []


def _decision(
    reasons: list[Reason],
    at: datetime,
    known: Known,
    *,
    compound: int | None = None,
    plate: str | None = None,
    serial: str | None = None,
    days: tuple[date, date] | None = None,
    replaced_by: str | None = None,
    number: int | None = None,
) -> Decision:
    sign = known.compounds.get(compound) if compound is not None else None
    if compound is not None and sign is None:
        reasons = [one for one in reasons if VERDICT_OF[one] is not Verdict.ADMIT]
        reasons.append(Reason.COMPOUND_UNKNOWN)
    age = max(at - known.as_of, timedelta())
    rests_on_facts = any(one in (Reason.OK, Reason.VISITOR_OK) for one in reasons)
    if rests_on_facts and age > STALE_AFTER:
        reasons = [Reason.STALE_DATA, *reasons]
    ordered = tuple(sorted(set(reasons), key=_GRAVITY.__getitem__))
    local = at.astimezone(known.time_zone).time()
    zones = sign.zones if sign else ()
    return Decision(
        verdict=VERDICT_OF[ordered[0]],
        reasons=ordered,
        sign=sign,
        zones=zones,
        open_now=tuple(dict.fromkeys(window.zone for window in zones if window.is_open(local))),
        plate=plate,
        serial=serial,
        valid_from=days[0] if days else None,
        valid_to=days[1] if days else None,
        replaced_by=replaced_by,
        permit_number=number,
        plan_number=known.plan_number,
        data_age=age,
    )
