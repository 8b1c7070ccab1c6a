import base64
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from permits import token
from permits.deciding import decide_now
from permits.ending import revoke
from permits.gate import Reason
from permits.granting import FlatFull
from permits.leaving import end_vehicles
from permits.permit import Permit, PermitState, permit_fields
from permits.relocating import FURTHEST_AHEAD, MoveDayWrong, MovesAlready, move_car
from permits.requesting import FlatMissing
from permits.snapshot import RECORD, plate_hash, snapshot
from permits.vehicles import Vehicle
from records.ledger import LedgerEntry
from tests.factories import AT, OFFICE, TODAY, make_permit, make_town, make_vehicle

PLATE = "粤E12345"
DAY = TODAY + timedelta(days=10)
SECOND = timedelta(seconds=1)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path, quota=1)


@pytest.fixture
def midnight(town):
    return datetime.combine(DAY, time(), town.community.zone_info)


@pytest.fixture
def old(session, town):
    vehicle = make_vehicle(session, town.compound("A"), PLATE, "3-501")
    return make_permit(session, vehicle, PermitState.HANDED_OVER)


@pytest.fixture
def moved(session, town):
    def moved(permit, day=DAY, household="1-101", letter="B"):
        return move_car(
            session,
            permit.vehicle,
            town.compound(letter),
            household=household,
            day=day,
            keys=town.keys,
            actor=OFFICE,
            at=AT,
        )

    return moved


def card(town, permit):
    return token.sign(permit_fields(permit, town.community), town.keys.private(permit.key_id))


def at_the_gate(session, town, at, **asked):
    decision = decide_now(session, town.community, at=at, **asked)
    return decision.reasons[0], decision.sign.letter


def test_until_its_day_the_old_colour_is_good_and_from_then_on_the_new_and_never_both(
    session, town, old, moved, midnight
):
    new = moved(old)
    before, after = midnight - timedelta(minutes=2), midnight + SECOND
    for at, good, other, letter in ((before, old, new, "A"), (after, new, old, "B")):
        assert at_the_gate(session, town, at, scanned=card(town, good)) == (Reason.OK, letter)
        assert at_the_gate(session, town, at, plate=PLATE) == (Reason.OK, letter)
        refused = decide_now(session, town.community, at=at, scanned=card(town, other))
        why = Reason.NOT_YET_VALID if other is new else Reason.REPLACED
        assert refused.reasons[0] == why


def test_the_new_permit_begins_on_the_day_and_lasts_as_long_as_the_old_one_would_have(
    session, old, moved
):
    new = moved(old)
    assert (new.valid_from, new.valid_to) == (DAY, old.valid_to)
    assert (old.state, old.replaced_by) == (PermitState.REPLACED, new)
    acts = [one.act for one in session.scalars(select(LedgerEntry).order_by(LedgerEntry.number))]
    assert acts[-3:] == ["vehicle.moved", "permit.replaced", "permit.issued"]


def test_a_phone_without_network_goes_over_to_the_new_colour_on_the_day(
    session, town, old, moved, midnight
):
    new = moved(old)

    def known(at, cursor=None):
        return snapshot(session, town.community, gates=[], keys=town.keys, cursor=cursor, at=at)

    def records(answer):
        salt = bytes.fromhex(answer["salt"])
        rows = RECORD.iter_unpack(base64.b64decode(answer["plates"]))
        return [(row[1], row[2]) for row in rows if row[0] == plate_hash(salt, PLATE)]

    first = known(AT + SECOND)
    numbers = {letter: town.compound(letter).number for letter in "AB"}
    assert records(first) == [(numbers["A"], old.number)]
    ends = midnight.astimezone(AT.tzinfo).isoformat()
    assert first["ended"] == [[old.number, PermitState.REPLACED, new.serial, ends]]
    assert records(known(midnight + SECOND)) == [(numbers["B"], new.number)]
    assert records(known(midnight + SECOND, first["cursor"])) == [(numbers["B"], new.number)]


def test_a_move_today_holds_at_once(session, town, old, moved):
    new = moved(old, TODAY)
    assert at_the_gate(session, town, AT, scanned=card(town, new)) == (Reason.OK, "B")
    assert at_the_gate(session, town, AT, scanned=card(town, old)) == (Reason.REPLACED, "A")


@pytest.mark.parametrize("how", ["revoked", "left"])
def test_what_ends_the_new_permit_before_its_day_ends_the_old_one_too(
    session, town, old, moved, how
):
    new = moved(old)
    if how == "revoked":
        revoke(session, new, "sold", actor=OFFICE, at=AT)
    else:
        end_vehicles(session, [new.vehicle_id], "moved_out", actor=OFFICE, at=AT)
    session.expire_all()
    assert at_the_gate(session, town, AT, scanned=card(town, old)) == (Reason.REVOKED, "A")


@pytest.mark.parametrize(
    "day", [TODAY - timedelta(days=1), TODAY + FURTHEST_AHEAD + timedelta(days=1)]
)
def test_a_day_past_or_far_ahead_is_refused(old, moved, day):
    with pytest.raises(MoveDayWrong):
        moved(old, day)


def test_a_car_moves_once_at_a_time_and_to_another_compound(session, old, moved):
    with pytest.raises(MovesAlready):
        moved(old, letter="A")
    new = moved(old)
    with pytest.raises(MovesAlready):
        moved(new, letter="A", day=DAY + timedelta(days=1))
    assert session.scalars(select(Permit.id).order_by(Permit.id)).all() == [old.id, new.id]


def test_where_it_moves_it_needs_a_flat_with_a_place(session, town, old, moved):
    make_vehicle(session, town.compound("B"), household="1-101")
    with pytest.raises(FlatMissing):
        moved(old, household=" ")
    with pytest.raises(FlatFull) as refused:
        moved(old)
    assert refused.value.facts == {"count": 1, "quota": 1}
    assert session.get_one(Vehicle, old.vehicle_id).removed_at is None
