from datetime import timedelta

import pytest
from sqlalchemy import select

from permits import token
from permits.issuing import NoSigningKey, hand_over, issue, replace
from permits.permit import (
    IN_FORCE,
    Permit,
    PermitState,
    UnknownPermit,
    WrongPermitState,
    permit_by_serial,
    permit_fields,
)
from permits.serials import is_serial
from permits.vehicles import VehicleState
from records import ledger
from records.keys import KeyStore
from records.signing_keys import current_key, make_key
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    TODAY,
    make_community,
    make_permit,
    make_town,
    make_vehicle,
    plate,
)
from zones.communities import Community


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def vehicle(session, town):
    return make_vehicle(session, town.compound("A"))


def issued(session, town, compound=None, at=AT):
    return issue(session, town.community, compound, keys=town.keys, actor=OFFICE, at=at)


def permits_of(session, vehicle):
    return session.scalars(
        select(Permit).where(Permit.vehicle_id == vehicle.id).order_by(Permit.number)
    ).all()


def days_later(count):
    return AT + timedelta(days=count)


def test_every_active_vehicle_gets_one_permit_with_a_serial_of_its_colour(session, town, vehicle):
    make_vehicle(session, town.compound("B"))
    make_vehicle(session, town.compound("A"), state=VehicleState.REMOVED)
    serials = issued(session, town)
    assert [serial[0] for serial in serials] == ["A", "B"]
    assert all(is_serial(serial) for serial in serials)


def test_issuing_again_issues_nothing(session, town, vehicle):
    issued(session, town)
    assert issued(session, town) == []
    assert len(permits_of(session, vehicle)) == 1


def test_only_the_chosen_compounds_vehicles_get_permits(session, town, vehicle):
    other = make_vehicle(session, town.compound("B"))
    issued(session, town, town.compound("B"))
    assert (permits_of(session, vehicle), len(permits_of(session, other))) == ([], 1)


def test_a_military_vehicle_gets_none(session, town):
    military = make_vehicle(session, town.compound("A"), "KA12345")
    assert issued(session, town) == []
    assert permits_of(session, military) == []


def test_a_permit_lasts_the_communitys_days_from_today_in_the_communitys_time(
    session, town, vehicle
):
    town.community.permit_days = 30
    # Half past four in the afternoon in UTC is half an hour into the next day in Shanghai.
    issued(session, town, at=AT.replace(hour=16, minute=30))
    permit = permits_of(session, vehicle)[0]
    assert permit.valid_from == TODAY + timedelta(days=1)
    assert (permit.valid_to - permit.valid_from).days + 1 == 30


def test_a_permit_whose_days_are_over_is_expired_and_renewed(session, town, vehicle):
    issued(session, town)
    last_day = permits_of(session, vehicle)[0].valid_to
    assert issued(session, town, at=days_later((last_day - TODAY).days)) == []
    renewed = issued(session, town, at=days_later((last_day - TODAY).days + 1))
    old, new = permits_of(session, vehicle)
    assert (old.state, new.state, new.serial) == (
        PermitState.EXPIRED,
        PermitState.ISSUED,
        renewed[0],
    )


def test_a_revoked_permit_makes_room_for_a_new_one(session, town, vehicle):
    make_permit(session, vehicle, PermitState.REVOKED)
    assert len(issued(session, town)) == 1


def test_numbers_are_never_used_again(session, town, vehicle):
    numbers = []
    for _ in range(3):
        issued(session, town)
        permit = permits_of(session, vehicle)[-1]
        numbers.append(permit.number)
        permit.state, permit.ended_at = PermitState.REVOKED, AT
    assert numbers == [1, 2, 3]


def test_two_communities_number_their_own_permits(session, town, vehicle):
    other = make_community(session, "A", number=2)
    make_vehicle(session, other.compounds[0])
    issued(session, town)
    serials = issue(session, other, keys=town.keys, actor=OFFICE, at=AT)
    assert serials[0].startswith("A-000001-")


def test_without_a_key_nothing_is_issued(session, tmp_path):
    community = make_community(session)
    make_vehicle(session, community.compounds[0])
    with pytest.raises(NoSigningKey):
        issue(session, community, keys=KeyStore(tmp_path), actor=OFFICE, at=AT)
    assert session.scalars(select(Permit)).all() == []


def test_permits_name_the_key_that_signs_when_they_are_issued(session, town, vehicle):
    old = current_key(session).id
    issued(session, town)
    make_key(session, town.keys, actor=OFFICE, at=AT)
    make_vehicle(session, town.compound("A"))
    issued(session, town)
    assert session.scalars(select(Permit.key_id).order_by(Permit.number)).all() == [old, old + 1]


def test_progress_is_told_up_to_the_last_vehicle(session, town, vehicle):
    told = []
    issue(
        session,
        town.community,
        keys=town.keys,
        actor=OFFICE,
        at=AT,
        progress=lambda *one: told.append(one),
    )
    assert told[-1] == (1, 1)


def test_replacing_chains_the_old_permit_to_the_new_one(session, town, vehicle):
    first = make_permit(session, vehicle, PermitState.HANDED_OVER)
    second = replace(session, first, "丢失", keys=town.keys, actor=OFFICE, at=AT)
    third = replace(session, second, "损坏", keys=town.keys, actor=OFFICE, at=AT)
    assert [one.state for one in permits_of(session, vehicle)] == [
        PermitState.REPLACED,
        PermitState.REPLACED,
        PermitState.ISSUED,
    ]
    assert (first.replaced_by, second.replaced_by) == (second, third)
    assert len({first.serial, second.serial, third.serial}) == 3


def test_a_replacement_lasts_as_long_as_the_old_one_would_have(session, town, vehicle):
    old = make_permit(session, vehicle, days=30)
    new = replace(session, old, "丢失", keys=town.keys, actor=OFFICE, at=days_later(29))
    assert (new.valid_from, new.valid_to) == (old.valid_to, old.valid_to)


def test_a_permit_whose_days_are_over_cannot_be_replaced(session, town, vehicle):
    old = make_permit(session, vehicle, days=30)
    with pytest.raises(WrongPermitState) as refused:
        replace(session, old, "丢失", keys=town.keys, actor=OFFICE, at=days_later(30))
    assert refused.value.facts == {"serial": old.serial, "state": PermitState.EXPIRED}


@pytest.mark.parametrize("state", sorted(set(PermitState) - set(IN_FORCE)))
def test_an_ended_permit_cannot_be_replaced(session, town, vehicle, state):
    old = make_permit(session, vehicle, state)
    with pytest.raises(WrongPermitState):
        replace(session, old, "丢失", keys=town.keys, actor=OFFICE, at=AT)
    assert len(permits_of(session, vehicle)) == 1


def test_printed_permits_are_handed_over_once(session, town, vehicle):
    permit = make_permit(session, vehicle, PermitState.PRINTED)
    assert hand_over(session, [permit, permit], actor=OFFICE, at=AT) == 1
    assert (permit.state, permit.handed_over_at) == (PermitState.HANDED_OVER, AT)
    assert hand_over(session, [permit], actor=OFFICE, at=days_later(1)) == 0
    assert permit.handed_over_at == AT


@pytest.mark.parametrize(
    "state", sorted(set(PermitState) - {PermitState.PRINTED, PermitState.HANDED_OVER})
)
def test_one_permit_that_cannot_be_handed_over_keeps_all_back(session, town, vehicle, state):
    good = make_permit(session, make_vehicle(session, town.compound("A")), PermitState.PRINTED)
    bad = make_permit(session, vehicle, state)
    with pytest.raises(WrongPermitState) as refused:
        hand_over(session, [good, bad], actor=OFFICE, at=AT)
    assert refused.value.facts == {"serial": bad.serial, "state": state}
    assert good.state == PermitState.PRINTED


def test_a_serial_finds_its_permit_whatever_its_case(session, town, vehicle):
    permit = make_permit(session, vehicle)
    found = permit_by_serial(session, town.community.id, f" {permit.serial.lower()} ")
    assert found is permit


@pytest.mark.parametrize("text", ["", "A-000001-0", "A-999999-9", "A-0\x00", "粤E12345"])
def test_what_is_no_serial_of_a_permit_is_refused_by_name(session, town, text):
    with pytest.raises(UnknownPermit) as refused:
        permit_by_serial(session, town.community.id, text)
    assert refused.value.facts == {"serial": text}


def test_two_clerks_who_issue_at_once_give_each_car_one_permit(engine, session, town):
    plates = [plate(number) for number in range(20)]
    for one in plates:
        make_vehicle(session, town.compound("A"), one)
    community_id = town.community.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Community, community_id),
        *[lambda one, community: issue(one, community, keys=town.keys, actor=OFFICE, at=AT)] * 2,
    )
    assert sorted(len(serials) for serials in results) == [0, len(plates)]
    permits = session.scalars(select(Permit).order_by(Permit.plate)).all()
    assert [permit.plate for permit in permits] == plates
    ledger.verify(ledger.export(session))


def test_two_clerks_who_replace_one_permit_at_once_make_one_new_one(engine, session, town, vehicle):
    number = make_permit(session, vehicle).id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Permit, number),
        *[
            lambda one, permit: (
                replace(one, permit, "丢失", keys=town.keys, actor=OFFICE, at=AT).number
            )
        ]
        * 2,
    )
    assert sorted(map(str, (type(result).__name__ for result in results))) == [
        "WrongPermitState",
        "int",
    ]
    session.expire_all()
    assert [one.state for one in permits_of(session, vehicle)] == [
        PermitState.REPLACED,
        PermitState.ISSUED,
    ]


def test_two_replacements_of_different_permits_at_once_get_different_numbers(engine, session, town):
    ids = [make_permit(session, make_vehicle(session, town.compound(letter))).id for letter in "AB"]
    session.commit()
    results = at_once(
        engine,
        lambda one: [one.get_one(Permit, number) for number in ids],
        lambda one, found: (
            replace(one, found[0], "丢失", keys=town.keys, actor=OFFICE, at=AT).number
        ),
        lambda one, found: (
            replace(one, found[1], "丢失", keys=town.keys, actor=OFFICE, at=AT).number
        ),
    )
    assert sorted(results) == [3, 4]


def test_a_permit_keeps_the_signature_that_its_card_will_carry(session, town, vehicle):
    issued(session, town)
    [first] = permits_of(session, vehicle)
    second = replace(session, first, "丢失", keys=town.keys, actor=OFFICE, at=AT)
    public = {first.key_id: town.keys.private(first.key_id).public_key()}
    for one in (first, second):
        fields = permit_fields(one, town.community)
        assert token.verify(token.text_of(fields, one.signature), public) == fields
