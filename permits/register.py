"""The register as a gate asks it: permits and cars as they are now, and how they stood once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Result, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from permits import token
from permits.gate import Registration, Standing
from permits.permit import Permit, PermitState
from permits.vehicles import Vehicle
from records.database import is_sqlite
from records.ledger import LedgerEntry
from zones.communities import Community

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far the clocks of a gate and of the office may differ.

What the office did up to so much later counts as done at the moment that a gate names.
"""


class PermitRow(NamedTuple):
    """One permit with the serial of the one that replaced it."""

    id: int
    vehicle_id: int
    compound_id: int
    number: int
    serial: str
    plate: str
    key_id: int
    valid_from: date
    valid_to: date
    state: str
    issued_at: datetime
    ended_at: datetime | None
    suspended_from: datetime | None
    suspended_until: datetime | None
    signature: bytes | None
    gives_way_to_id: int | None
    replaced_by: str | None

    def standing(self, compounds: Mapping[int, int], at: datetime) -> Standing:
        """Return how it stood at a moment: one that ended later was still in force.

        Args:
            compounds: the compounds' numbers by id.
        """
        has_ended = self.ended_at is not None and self.ended_at <= at + CLOCK_TOLERANCE
        return Standing(
            number=self.number,
            serial=self.serial,
            plate=self.plate,
            compound=compounds[self.compound_id],
            state=PermitState(self.state) if has_ended else PermitState.ISSUED,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            replaced_by=self.replaced_by if has_ended else None,
            suspended=(self.suspended_from, self.suspended_until)
            if self.suspended_from and self.suspended_until
            else None,
        )

    def proves(
        self, signed: token.SignedToken, community: int, compounds: Mapping[int, int]
    ) -> bool:
        """Return whether a token is, byte for byte, the one that was signed for this permit.

        What a token says and its signature are all of its bytes, so no key need be asked.
        """
        said = signed.fields
        return (
            self.signature == signed.signature
            and said.kind is token.TokenKind.PERMIT
            and (said.key_id, said.community, said.compound, said.number)
            == (self.key_id, community, compounds[self.compound_id], self.number)
            and (said.first_day, said.last_day, said.plate)
            == (self.valid_from, self.valid_to, self.plate)
        )


class CarRow(NamedTuple):
    """One vehicle with all its permits."""

    id: int
    plate: str
    compound_id: int
    added_at: datetime
    removed_at: datetime | None
    permits: list[PermitRow]

    def stood(self, at: datetime) -> bool:
        """Return whether it was registered at a moment."""
        known = at + CLOCK_TOLERANCE
        return self.added_at <= known and (self.removed_at is None or self.removed_at > known)

    def registration(self, compounds: Mapping[int, int], at: datetime) -> Registration:
        """Return what was known of it at a moment; a permit issued later did not exist."""
        issued = [one for one in self.permits if one.issued_at <= at + CLOCK_TOLERANCE]
        newest = max(
            issued, key=lambda one: (one.gives_way_to_id is None, one.number), default=None
        )
        return Registration(
            compounds[self.compound_id], newest.standing(compounds, at) if newest else None
        )


class Found(NamedTuple):
    """What the register has of some permits and plates.

    Attributes:
        head: the hash of the ledger's last entry, read in the very statement that found the rest;
            None for an empty ledger.
        permits: by number.
        cars: by plate, those that have left too.
    """

    head: str | None
    permits: Mapping[int, PermitRow]
    cars: Mapping[str, list[CarRow]]


def find(
    session: Session,
    community_id: int,
    *,
    numbers: Sequence[int] = (),
    plates: Sequence[str] = (),
) -> Found:
    """Return what the register has: one SELECT for numbers, one for plates, one for neither.

    Args:
        numbers: of permits.
        plates: canonical ones.
    """
    # Statements on tables do not write out what the session has pending.
    session.flush()
    head = None
    permits: dict[int, PermitRow] = {}
    cars: dict[int, CarRow] = {}
    if numbers:
        for row in _rows(session, community_id, _BY_NUMBER, numbers):
            head, permit = row[0], PermitRow(*row[1:])
            if permit.number is not None:
                permits[permit.number] = permit
    if plates or not numbers:
        for row in _rows(session, community_id, _BY_PLATE, plates):
            head, car_id = row[0], row[1]
            if car_id is None:
                continue
            car = cars.get(car_id) or CarRow(row[1], row[2], row[3], row[4], row[5], [])
            cars[car_id] = car
            if row[_PERMIT_FROM] is not None:
                car.permits.append(PermitRow(*row[_PERMIT_FROM:]))
    by_plate: dict[str, list[CarRow]] = {}
    for car in cars.values():
        by_plate.setdefault(car.plate, []).append(car)
    return Found(head, permits, by_plate)


def registration(
    found: Found, plate: str, compounds: Mapping[int, int], at: datetime
) -> Registration | None:
    """Return what was known of a plate at a moment, None where it was not registered.

    Args:
        compounds: the compounds' numbers by id.
    """
    stood = [car for car in found.cars.get(plate, ()) if car.stood(at)]
    return max(stood, key=lambda car: car.id).registration(compounds, at) if stood else None


# Columns of tables, not attributes of models: rows come a good deal faster without entities.
_COMMUNITY, _PERMIT, _VEHICLE = Community.__table__, Permit.__table__, Vehicle.__table__
_LEDGER = LedgerEntry.__table__
_NEWER = _PERMIT.alias("newer")

_HEAD = select(_LEDGER.c.hash).order_by(_LEDGER.c.number.desc()).limit(1).scalar_subquery()
_PERMIT_COLUMNS = (
    *(_PERMIT.c[name] for name in PermitRow._fields[:-1]),
    _NEWER.c.serial.label("replaced_by"),
)
_CAR_COLUMNS = tuple(_VEHICLE.c[name].label(f"car_{name}") for name in CarRow._fields[:-1])
_PERMIT_FROM = 1 + len(_CAR_COLUMNS)
"""Where in a row of `_BY_PLATE` the permit begins."""

# The community comes first and is always there: so the head comes even where nothing is found.
_HERE = _COMMUNITY.c.id == bindparam("community")


def among(column: ColumnElement[Any], name: str, *, sqlite: bool) -> ColumnElement[bool]:
    """Return whether a column is among the values of a parameter.

    On PostgreSQL they go as one array: the statement's text stays the same however many there are,
    and neither SQLAlchemy nor psycopg need take it apart each time.
    """
    if sqlite:
        return column.in_(bindparam(name, expanding=True))
    return column == func.any(bindparam(name, type_=ARRAY(column.type)))


Wanted = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Which values of a column a statement is about."""


@dataclass(frozen=True)
class _Statements:
    """One question to the register, about one value or several.

    They are made once, because making them takes longer than asking. One value has a statement of
    its own: PostgreSQL keeps its plan, while for an array it makes a new one each time, which takes
    twice as long as all the rest.
    """

    one: Select[Any]
    several: Mapping[bool, Select[Any]]

    @classmethod
    def of(cls, made: Callable[[Wanted], Select[Any]]) -> _Statements:
        """Return the statements that differ in which values they want."""
        return cls(
            made(lambda column: column == bindparam("wanted")),
            {
                sqlite: made(lambda column, sqlite=sqlite: among(column, "wanted", sqlite=sqlite))  # type: ignore[misc]
                for sqlite in (True, False)
            },
        )


def _rows(
    session: Session, community_id: int, ask: _Statements, wanted: Sequence[int | str]
) -> Result[*tuple[Any, ...]]:
    if len(wanted) == 1:
        return session.execute(ask.one, {"community": community_id, "wanted": wanted[0]})
    statement = ask.several[is_sqlite(session)]
    return session.execute(statement, {"community": community_id, "wanted": list(wanted)})


def _by_number(wanted: Wanted) -> Select[Any]:
    return (
        select(_HEAD, *_PERMIT_COLUMNS)
        .select_from(_COMMUNITY)
        .outerjoin(
            _PERMIT,
            and_(
                _PERMIT.c.community_id == _COMMUNITY.c.id,
                wanted(_PERMIT.c.number),
            ),
        )
        .outerjoin(_NEWER, _PERMIT.c.replaced_by_id == _NEWER.c.id)
        .where(_HERE)
    )


def _by_plate(wanted: Wanted) -> Select[Any]:
    return (
        select(_HEAD, *_CAR_COLUMNS, *_PERMIT_COLUMNS)
        .select_from(_COMMUNITY)
        .outerjoin(
            _VEHICLE,
            and_(
                _VEHICLE.c.community_id == _COMMUNITY.c.id,
                wanted(_VEHICLE.c.plate),
            ),
        )
        .outerjoin(_PERMIT, _PERMIT.c.vehicle_id == _VEHICLE.c.id)
        .outerjoin(_NEWER, _PERMIT.c.replaced_by_id == _NEWER.c.id)
        .where(_HERE)
    )


_BY_NUMBER = _Statements.of(_by_number)
_BY_PLATE = _Statements.of(_by_plate)
