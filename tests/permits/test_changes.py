"""Every act that touches vehicles or permits leaves them with its head number, and no others."""

import pytest
from sqlalchemy import or_, select

from permits.approving import settle_conflict
from permits.ending import expire, revoke
from permits.issuing import hand_over, issue, replace
from permits.permit import Permit, PermitState
from permits.plate_list import ConflictDecision, ListMeaning
from permits.vehicles import Vehicle, VehicleState
from records import ledger
from records.signing_keys import make_key
from tests.factories import (
    AT,
    OFFICE,
    approve_list,
    list_csv,
    make_permit,
    make_town,
    make_vehicle,
    plate,
)
from zones.setting_up import add_gate


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def compound(town):
    return town.compound("A")


@pytest.fixture
def bystander(session, compound):
    """A car with its permit that no act of a test touches."""
    permit = make_permit(session, make_vehicle(session, compound, plate(99)))
    stamped(session)
    return permit


def stamped(session):
    """Let what the factories made have been learnt already, and return the ledger's head."""
    number = ledger.head(session).number
    for model in (Vehicle, Permit):
        for row in session.scalars(select(model).where(model.changed.is_(None))):
            row.changed = number
    session.commit()
    return number


def changed_since(session, number):
    """Return the plates of vehicles and the serials of permits that a device lacks."""
    session.expire_all()
    vehicles = session.scalars(select(Vehicle).where(news(Vehicle, number)).order_by(Vehicle.id))
    permits = session.scalars(select(Permit).where(news(Permit, number)).order_by(Permit.number))
    return [one.plate for one in vehicles], [one.serial for one in permits]


def news(model, number):
    return or_(model.changed > number, model.changed.is_(None))


def all_stamped_with_head(session, number):
    head = ledger.head(session).number
    assert head > number
    for model in (Vehicle, Permit):
        rows = session.scalars(select(model.changed).where(news(model, number)))
        assert {*rows} <= {head}


def test_approving_a_list_marks_its_new_vehicles(session, town, compound, bystander):
    number = stamped(session)
    approve_list(session, compound, list_csv(plate(1), plate(99)), files=town.files)
    assert changed_since(session, number) == ([plate(1)], [])
    all_stamped_with_head(session, number)


def test_what_a_whole_list_leaves_out_is_marked_with_its_permit(session, town, compound, bystander):
    gone = make_permit(session, make_vehicle(session, compound, plate(1)))
    number = stamped(session)
    content = list_csv(plate(99))
    approve_list(session, compound, content, files=town.files, meaning=ListMeaning.WHOLE)
    assert changed_since(session, number) == ([plate(1)], [gone.serial])
    all_stamped_with_head(session, number)


def test_a_car_that_moves_is_marked_where_it_left_and_where_it_came(session, town, bystander):
    old = make_permit(session, make_vehicle(session, town.compound("B"), plate(1)))
    handed_in = approve_list(session, town.compound("A"), list_csv(plate(1)), files=town.files)
    number = stamped(session)
    [row] = handed_in.rows
    settle_conflict(session, row, ConflictDecision.MOVE, "sold", actor=OFFICE, at=AT)
    assert changed_since(session, number) == ([plate(1), plate(1)], [old.serial])
    all_stamped_with_head(session, number)


def test_issuing_marks_the_new_permits(session, town, compound, bystander):
    make_vehicle(session, compound, plate(1))
    number = stamped(session)
    serials = issue(session, town.community, keys=town.keys, actor=OFFICE, at=AT)
    assert changed_since(session, number) == ([], serials)
    all_stamped_with_head(session, number)


def test_replacing_marks_the_old_permit_and_the_new_one(session, town, compound, bystander):
    old = make_permit(session, make_vehicle(session, compound))
    number = stamped(session)
    new = replace(session, old, "lost", keys=town.keys, actor=OFFICE, at=AT)
    assert changed_since(session, number) == ([], [old.serial, new.serial])
    all_stamped_with_head(session, number)


def test_revoking_marks_the_permit_each_time_in_one_session(session, town, compound, bystander):
    old = make_permit(session, make_vehicle(session, compound))
    new = replace(session, old, "lost", keys=town.keys, actor=OFFICE, at=AT)
    number = ledger.head(session).number
    revoke(session, new, "sold", actor=OFFICE, at=AT)
    assert changed_since(session, number) == ([], [new.serial])


def test_expiring_marks_the_permits_whose_days_are_over(session, town, compound, bystander):
    over = make_permit(session, make_vehicle(session, compound), days=1)
    number = stamped(session)
    expire(session, town.community, actor=OFFICE, at=AT.replace(day=2))
    assert changed_since(session, number) == ([], [over.serial])
    all_stamped_with_head(session, number)


def test_acts_that_no_device_has_to_learn_of_mark_nothing(session, town, compound, bystander):
    bystander.state = PermitState.PRINTED
    number = stamped(session)
    hand_over(session, [bystander], actor=OFFICE, at=AT)
    make_key(session, town.keys, actor=OFFICE, at=AT)
    add_gate(session, town.community, code="w", name="西门", name_en="W", actor=OFFICE, at=AT)
    expire(session, town.community, actor=OFFICE, at=AT)
    assert changed_since(session, number) == ([], [])


def test_a_removed_vehicle_of_before_stays_as_it_was(session, town, compound, bystander):
    make_vehicle(session, compound, plate(1), state=VehicleState.REMOVED)
    number = stamped(session)
    approve_list(session, compound, list_csv(plate(1)), files=town.files)
    [returned] = session.scalars(select(Vehicle).where(news(Vehicle, number)))
    assert (returned.plate, returned.state) == (plate(1), VehicleState.ACTIVE)
