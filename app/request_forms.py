"""What a representative fills in to ask the office for something, a form for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from app import context
from app.extensions import db
from app.forms import trimmed
from app.look import shown_plate
from app.words import WHY_LOST, error_words, row_reason
from permits.plates import PlateError
from permits.request import CarRequest, RequestKind, WhyLost
from permits.requesting import (
    AskedAlready,
    CarHasNoPermit,
    CarNotHere,
    FlatMissing,
    PlateTaken,
    ask_for_new_card,
    ask_for_other_plate,
    ask_for_second_car,
    ask_to_leave,
    car_of,
)
from permits.vehicles import Vehicle
from records.errors import DomainError
from zones.communities import Compound

REFUSALS = (AskedAlready, CarHasNoPermit, CarNotHere, FlatMissing, PlateTaken)
"""Refusals that a field of the form can mend."""


class CarForm(FlaskForm):
    """A form about a car of the compound."""

    plate = StringField(
        _l("Plate"), filters=[trimmed], validators=[InputRequired(), Length(max=30)]
    )
    comes: ClassVar[str] = "plate"
    """The field with the plate that is not registered yet."""

    def begin_with(self, vehicle: Vehicle | None) -> None:
        """Name the car from whose row the reader comes."""
        if vehicle is not None:
            self.plate.data = shown_plate(vehicle.plate)

    def ask(self, compound: Compound, *, actor: str, at: datetime) -> CarRequest:
        """Make the request; see `permits.requesting` for what it raises."""
        vehicle = car_of(db.session, compound, self.plate.data or "")
        return self.ask_about(vehicle, actor=actor, at=at)

    def ask_about(self, vehicle: Vehicle, *, actor: str, at: datetime) -> CarRequest:
        """Make the request about a car of the compound."""
        raise NotImplementedError

    def blame(self, error: DomainError) -> None:
        """Say what is wrong at the field that it is about."""
        field, words = self.plate, error_words(error)
        if isinstance(error, PlateError):
            words = row_reason(error.facts["reason"], error.facts)
            field = self[self.comes] if error.facts["raw"] == self[self.comes].data else field
        elif isinstance(error, PlateTaken):
            field = self[self.comes]
        elif isinstance(error, FlatMissing) and "household" in self:
            field = self["household"]
        field.errors = [words]


class LostPermitForm(CarForm):
    """Whose card is gone, and how."""

    why = RadioField(_l("What happened"), choices=list(WHY_LOST.items()), default=str(WhyLost.LOST))

    def ask_about(self, vehicle: Vehicle, *, actor: str, at: datetime) -> CarRequest:
        """Ask for a new card."""
        return ask_for_new_card(db.session, vehicle, WhyLost(self.why.data), actor=actor, at=at)


class PlateChangeForm(CarForm):
    """The plate until now, and the new one."""

    plate = StringField(
        _l("Plate until now"), filters=[trimmed], validators=[InputRequired(), Length(max=30)]
    )
    new_plate = StringField(
        _l("New plate"), filters=[trimmed], validators=[InputRequired(), Length(max=30)]
    )
    comes = "new_plate"

    def ask_about(self, vehicle: Vehicle, *, actor: str, at: datetime) -> CarRequest:
        """Ask that the car gets the new plate."""
        return ask_for_other_plate(
            db.session, vehicle, self.new_plate.data or "", actor=actor, at=at
        )


class SecondCarForm(CarForm):
    """Whose car comes, and its plate."""

    plate = StringField(
        _l("Plate of the new car"), filters=[trimmed], validators=[InputRequired(), Length(max=30)]
    )
    household = StringField(
        _l("Flat"),
        description=_l("Such as 3-2-501."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=60)],
    )
    owner = StringField(_l("Owner"), filters=[trimmed], validators=[Length(max=60)])
    phone = StringField(_l("Phone"), filters=[trimmed], validators=[Length(max=40)])

    def begin_with(self, vehicle: Vehicle | None) -> None:
        """Name the flat of the car from whose row the reader comes."""
        if vehicle is not None and vehicle.household is not None:
            self.household.data = "-".join(filter(None, vehicle.household.key))

    def ask(self, compound: Compound, *, actor: str, at: datetime) -> CarRequest:
        """Ask for another car of the household."""
        return ask_for_second_car(
            db.session,
            compound,
            household=self.household.data or "",
            plate=self.plate.data or "",
            owner=self.owner.data or "",
            phone=self.phone.data or "",
            sealer=context.sealer(),
            actor=actor,
            at=at,
        )


class MovingOutForm(CarForm):
    """Which car leaves, and whether its household does."""

    whole = RadioField(
        _l("Who leaves"),
        choices=[("", _l("Only this car")), ("all", _l("The household, with all its cars"))],
        default="",
    )

    def ask_about(self, vehicle: Vehicle, *, actor: str, at: datetime) -> CarRequest:
        """Tell that they leave."""
        return ask_to_leave(db.session, vehicle, with_all=bool(self.whole.data), actor=actor, at=at)


FORMS: Mapping[RequestKind, type[CarForm]] = {
    RequestKind.LOST_PERMIT: LostPermitForm,
    RequestKind.PLATE_CHANGE: PlateChangeForm,
    RequestKind.SECOND_CAR: SecondCarForm,
    RequestKind.MOVING_OUT: MovingOutForm,
}
