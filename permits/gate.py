"""The gate decision: may this car come in, by what the permit says and what is known.

Pure, and mirrored in the browser by `app/static/js/decide.js`: both are held to the vectors in
`tests/vectors`. Facts come in as values; no clock, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from cryptography.hazmat.primitives.asymmetric import ec

from permits import token
from permits.permit import PermitState
from permits.plates import Plate, PlateKind, normalise, parse
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
    "Visit",
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
    """What is known of one permit.

    Attributes:
        suspended: from which moment to which one it is not good, the last not included.
    """

    number: int
    serial: str
    plate: str
    compound: int
    state: PermitState
    valid_from: date
    valid_to: date
    replaced_by: str | None = None
    suspended: tuple[datetime, datetime] | None = None

    def suspended_until(self, at: datetime) -> datetime | None:
        """Return until when it is suspended at a moment, None where it is not."""
        if self.suspended is None or not self.suspended[0] <= at < self.suspended[1]:
            return None
        return self.suspended[1]


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of a plate: its compound, and its permit where it has one."""

    compound: int
    permit: Standing | None


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of one visit. It is over at `valid_to`, and once it is cancelled.

    Attributes:
        number: the number of its pass.
        compound: the host's, None for a drop-off.
        cancelled: whether it was, by the moment of the question.
    """

    number: int
    kind: str
    compound: int | None
    valid_from: datetime
    valid_to: datetime
    cancelled: bool = False

    def reason(self, at: datetime) -> Reason:
        """Return what the visit says of its car at a moment."""
        if self.cancelled or at >= self.valid_to:
            return Reason.VISITOR_OVER
        return Reason.NOT_YET_VALID if at < self.valid_from else Reason.VISITOR_OK


def _no_visits(_plate: str) -> Sequence[Visit]:
    return ()


def _no_visit(_number: int) -> Visit | None:
    return None


def _not_proven(_signed: token.SignedToken) -> bool:
    return False


@dataclass(frozen=True)
class Known:
    """The facts that a decision rests on.

    Attributes:
        as_of: when the facts were true.
        compounds: by number.
        permit_numbered: the permit with a number, None where there is none.
        registration_of: what is known of a canonical plate, None where it is not registered.
        visits_of: the visits of a canonical plate whose hours touch today or tomorrow; asked only
            where the register does not admit the plate (see `permits.visits.visits_of_plate`).
        visit_numbered: the visit with a number, None where it is not known: its pass is then good
            by its signature and its days (see `permits.visits.visit_numbered`).
        province: the local province's character, which people leave out.
        proven: whether a token is, byte for byte, one that was signed here: no key is asked then.
    """

    community: int
    time_zone: tzinfo
    as_of: datetime
    public_keys: Mapping[int, ec.EllipticCurvePublicKey]
    compounds: Mapping[int, CompoundSign]
    permit_numbered: Callable[[int], Standing | None]
    registration_of: Callable[[str], Registration | None]
    plan_number: int | None = None
    visits_of: Callable[[str], Sequence[Visit]] = _no_visits
    visit_numbered: Callable[[int], Visit | None] = _no_visit
    province: str = ""
    proven: Callable[[token.SignedToken], bool] = _not_proven


@dataclass(frozen=True)
class Decision:
    """What the guard is shown.

    Attributes:
        reasons: at least one, the gravest first.
        sign: the compound whose colour the permit has, None where nothing genuine names one.
        zones: zones open to that colour today, by the plan in force.
        open_windows: those of `zones` that are open at this moment.
        plate: the canonical plate to compare with the car.
        permit_number: the permit's number, for the record of the pass.
        suspended_until: the end of the suspension that refuses the permit.
        visit: the visit that the decision rests on, with its hours.
        data_age: how old the facts are.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    sign: CompoundSign | None = None
    zones: tuple[ZoneWindow, ...] = ()
    open_windows: tuple[ZoneWindow, ...] = ()
    plate: str | None = None
    serial: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None
    suspended_until: datetime | None = None
    permit_number: int | None = None
    visit: Visit | None = None
    plan_number: int | None = None
    data_age: timedelta = timedelta()

    @property
    def open_now(self) -> tuple[str, ...]:
        """Codes of the zones that are open at this moment, each once."""
        return tuple(dict.fromkeys(window.zone for window in self.open_windows))


def decide(
    *,
    at: datetime,
    known: Known,
    scanned: str | token.SignedToken | None = None,
    plate: str | None = None,
) -> Decision:
    """Return the decision on a scanned token, a typed plate, or both.

    Never raises for what is scanned or typed, and never admits a token that is not genuine.

    Args:
        at: the moment at the gate, time zone aware.
        scanned: the text of the symbol, or the token that was read from it.
        plate: the plate as typed; with a token it must be the token's.
    """
    if scanned is not None:
        return _decide_token(scanned, plate, at, known)
    return _decide_plate(plate or "", at, known)


def _decide_token(
    scanned: str | token.SignedToken, typed: str | None, at: datetime, known: Known
) -> Decision:
    try:
        signed = token.read(token.from_url(scanned)) if isinstance(scanned, str) else scanned
        if not known.proven(signed):
            token.check(signed, known.public_keys)
    except token.TokenError as error:
        return _decision([Reason(error.code)], at, known)
    fields = signed.fields
    if fields.community != known.community:
        return _decision([Reason.OTHER_COMMUNITY], at, known, plate=fields.plate)
    reasons = _days(fields.first_day, fields.last_day, at, known)
    standing = visit = None
    if fields.kind is token.TokenKind.VISITOR_PASS:
        fine = Reason.VISITOR_OK
        visit = known.visit_numbered(fields.number)
        reasons = [Reason.VISITOR_OVER if one is Reason.EXPIRED else one for one in reasons]
        if visit is not None and visit.reason(at) is not fine:
            reasons.append(visit.reason(at))
    else:
        fine = Reason.OK
        standing = known.permit_numbered(fields.number)
        reasons += _register(fields, standing, at)
    if typed is not None and normalise(typed):
        compared = _comparison(typed, fields.plate, known.province)
        if compared == [Reason.PLATE_COMPLETED]:
            reasons = reasons or [fine]
        reasons += compared
    return _decision(
        reasons or [fine],
        at,
        known,
        compound=fields.compound,
        plate=fields.plate,
        serial=standing.serial if standing else None,
        days=(fields.first_day, fields.last_day),
        replaced_by=standing.replaced_by if standing else None,
        suspended_until=standing.suspended_until(at) if standing else None,
        number=fields.number if standing else None,
        visit=visit,
    )


def _register(fields: token.TokenFields, standing: Standing | None, at: datetime) -> list[Reason]:
    """Return what the register holds against a genuine token."""
    if standing is None:
        return [Reason.PERMIT_UNKNOWN]
    reasons = _ended(standing, at)
    entered = (standing.plate, standing.compound, standing.valid_from, standing.valid_to)
    if entered != (fields.plate, fields.compound, fields.first_day, fields.last_day):
        reasons.append(Reason.PERMIT_DIFFERS)
    return reasons


def _comparison(typed: str, plate: str, province: str) -> list[Reason]:
    """Return what a plate read off the car holds against the token's plate."""
    parsed = parse(typed)
    if not isinstance(parsed, Plate):
        return [Reason.PLATE_INVALID]
    if parsed.text == plate:
        return []
    return [
        Reason.PLATE_COMPLETED if completed(parsed, province) == plate else Reason.PLATE_MISMATCH
    ]


def completed(plate: Plate, province: str) -> str | None:
    """Return the local plate that a typed military one may be meant for, its province left out.

    `ED12345` is a military plate, and what is left of 粤ED12345 when nobody types the 粤.
    """
    return province + plate.text if province and plate.kind is PlateKind.MILITARY else None


def _decide_plate(typed: str, at: datetime, known: Known) -> Decision:
    parsed = parse(typed)
    if not isinstance(parsed, Plate):
        return _decision([Reason.PLATE_INVALID], at, known)
    if not parsed.kind.is_service:
        return _decide_canonical(parsed.text, known.registration_of(parsed.text), at, known)
    local = completed(parsed, known.province)
    registration = known.registration_of(local) if local else None
    if local is None or registration is None:
        # They pass whatever the register says: a fire engine does not wait for its papers.
        return _decision([Reason.SERVICE_VEHICLE], at, known, plate=parsed.text)
    decision = _decide_canonical(local, registration, at, known)
    reasons = _ordered([Reason.PLATE_COMPLETED, *decision.reasons])
    return replace(decision, verdict=VERDICT_OF[reasons[0]], reasons=reasons)


def _decide_canonical(
    plate: str, registration: Registration | None, at: datetime, known: Known
) -> Decision:
    by_register = _decide_registered(plate, registration, at, known)
    if Reason.OK in by_register.reasons or Reason.SUSPENDED in by_register.reasons:
        # Nobody gets around a suspension by a visit to the own compound.
        return by_register
    visit = _telling(known.visits_of(plate), at)
    if visit is None:
        return by_register
    reason = visit.reason(at)
    if reason is not Reason.VISITOR_OK and Reason.PLATE_UNKNOWN not in by_register.reasons:
        # A visit that admits nobody says less than what the register has against a known car.
        return by_register
    return _decision([reason], at, known, compound=visit.compound, plate=plate, visit=visit)


def _telling(visits: Sequence[Visit], at: datetime) -> Visit | None:
    """Return the visit that a plate is judged by.

    One that goes on, the longest; else the next that begins; else the one that was over last.
    """
    going, coming, over = (
        [visit for visit in visits if visit.reason(at) is reason]
        for reason in (Reason.VISITOR_OK, Reason.NOT_YET_VALID, Reason.VISITOR_OVER)
    )
    if coming and not going:
        return min(coming, key=lambda visit: (visit.valid_from, visit.number))
    return max(going or over, key=lambda visit: (visit.valid_to, visit.number), default=None)


def _decide_registered(
    plate: str, registration: Registration | None, at: datetime, known: Known
) -> Decision:
    if registration is None:
        return _decision([Reason.PLATE_UNKNOWN], at, known, plate=plate)
    permit = registration.permit
    if permit is None:
        return _decision([Reason.NO_PERMIT], at, known, compound=registration.compound, plate=plate)
    reasons = _ended(permit, at) + _days(permit.valid_from, permit.valid_to, at, known)
    return _decision(
        reasons or [Reason.OK],
        at,
        known,
        compound=permit.compound,
        plate=plate,
        serial=permit.serial,
        days=(permit.valid_from, permit.valid_to),
        replaced_by=permit.replaced_by,
        suspended_until=permit.suspended_until(at),
        number=permit.number,
    )


def _ended(standing: Standing, at: datetime) -> list[Reason]:
    ended = {
        PermitState.REVOKED: Reason.REVOKED,
        PermitState.REPLACED: Reason.REPLACED,
        PermitState.EXPIRED: Reason.EXPIRED,
    }.get(standing.state)
    if ended is not None:
        return [ended]
    return [Reason.SUSPENDED] if standing.suspended_until(at) is not None else []


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
    suspended_until: datetime | None = None,
    number: int | None = None,
    visit: Visit | None = None,
) -> Decision:
    sign = known.compounds.get(compound) if compound is not None else None
    if compound is not None and sign is None:
        reasons = [one for one in reasons if VERDICT_OF[one] is not Verdict.ADMIT]
        reasons.append(Reason.COMPOUND_UNKNOWN)
    age = max(at - known.as_of, timedelta())
    rests_on_facts = any(one in (Reason.OK, Reason.VISITOR_OK) for one in reasons)
    if rests_on_facts and age > STALE_AFTER:
        reasons = [Reason.STALE_DATA, *reasons]
    ordered = _ordered(reasons)
    local = at.astimezone(known.time_zone).time()
    zones = sign.zones if sign else ()
    return Decision(
        verdict=VERDICT_OF[ordered[0]],
        reasons=ordered,
        sign=sign,
        zones=zones,
        open_windows=tuple(window for window in zones if window.is_open(local)),
        plate=plate,
        serial=serial,
        valid_from=days[0] if days else None,
        valid_to=days[1] if days else None,
        replaced_by=replaced_by,
        suspended_until=suspended_until,
        permit_number=number,
        visit=visit,
        plan_number=known.plan_number,
        data_age=age,
    )


def _ordered(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return each reason once, the gravest first."""
    return tuple(sorted(set(reasons), key=_GRAVITY.__getitem__))
