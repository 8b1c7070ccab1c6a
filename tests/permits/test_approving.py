import json

import pytest
from sqlalchemy import event, func, select

from permits.approving import (
    Approval,
    NoConflict,
    ReasonMissing,
    approve,
    return_list,
    settle_conflict,
)
from permits.ending import revoke
from permits.issuing import hand_over, issue, replace
from permits.permit import Permit, PermitState
from permits.plate_list import (
    ConflictDecision,
    ListMeaning,
    ListState,
    Outcome,
    PlateList,
    WrongListState,
)
from permits.submitting import submit, withdraw
from permits.vehicles import Household, Vehicle, VehicleState
from records import ledger
from records.batches import BATCH
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    approve_list,
    draft_list,
    list_csv,
    make_town,
    make_vehicle,
    plate,
    submit_list,
)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def compound(town):
    return town.compound("A")


def approved(session, plate_list):
    return approve(session, plate_list, SEALER, actor=OFFICE, at=AT)


def outcomes(plate_list):
    return [row.outcome for row in plate_list.rows]


def active(session):
    """Plates and letters of the register's active vehicles."""
    found = session.scalars(
        select(Vehicle).where(Vehicle.state == VehicleState.ACTIVE).order_by(Vehicle.plate)
    )
    return [(vehicle.plate, vehicle.compound.letter) for vehicle in found]


def test_approval_brings_a_vehicle_with_its_household_and_owner_into_the_register(
    session, town, compound
):
    content = list_csv((plate(1), "3栋501", "陈伟", "13800138000"))
    handed_in = submit_list(session, compound, content, files=town.files)
    assert approved(session, handed_in) == Approval(
        added=1, moved=0, updated=0, removed=0, waiting=0
    )
    vehicle = session.scalars(select(Vehicle)).one()
    assert (vehicle.plate, vehicle.household.key) == (plate(1), ("3", "", "501"))
    assert SEALER.open(vehicle.owner_sealed) == "陈伟"
    assert SEALER.open(vehicle.phone_sealed) == "13800138000"


def test_two_cars_of_one_flat_share_a_household(session, town, compound):
    content = list_csv((plate(1), "3-501"), (plate(2), "3栋501"))
    approve_list(session, compound, content, files=town.files)
    assert session.scalar(select(func.count()).select_from(Household)) == 1


def test_refused_rows_stay_out_of_the_register(session, town, compound):
    content = list_csv(plate(1), plate(1), "粤E1234O", ("", "3-501", "陈伟", "13800138000"))
    handed_in = submit_list(session, compound, content, files=town.files)
    approved(session, handed_in)
    assert active(session) == [(plate(1), "A")]


def test_the_same_list_a_second_time_changes_nothing(session, town, compound):
    content = list_csv(
        (plate(1), "3-501", "陈伟", "13800138000"), (plate(2), "", "", "13900139000")
    )
    approve_list(session, compound, content, files=town.files)
    issue(session, town.community, keys=town.keys, actor=OFFICE, at=AT)
    again = submit_list(session, compound, content, files=town.files)
    assert outcomes(again) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert approved(session, again) == Approval(added=0, moved=0, updated=0, removed=0, waiting=0)
    assert active(session) == [(plate(1), "A"), (plate(2), "A")]
    assert set(session.scalars(select(Permit.state))) == {PermitState.ISSUED}


def test_the_same_list_handed_in_twice_before_approval_adds_its_cars_once(session, town, compound):
    lists = [submit_list(session, compound, list_csv(plate(1)), files=town.files) for _ in range(2)]
    assert [approved(session, one).added for one in lists] == [1, 0]
    assert outcomes(lists[1]) == [Outcome.UNCHANGED]


def test_news_of_a_known_car_updates_it(session, town, compound):
    vehicle = make_vehicle(session, compound, plate(1), "3-501", owner="陈伟", phone="13800138000")
    content = list_csv((plate(1), "3-502", "陈伟", "13900139000"))
    handed_in = submit_list(session, compound, content, files=town.files)
    assert approved(session, handed_in).updated == 1
    session.refresh(vehicle)
    assert (vehicle.household.room, SEALER.open(vehicle.phone_sealed)) == ("502", "13900139000")


def test_the_quota_is_counted_again_when_another_list_used_it_up(session, tmp_path):
    town = make_town(session, tmp_path, quota=1)
    first, second = (
        submit_list(
            session, town.compound("A"), list_csv((plate(number), "3-501")), files=town.files
        )
        for number in (1, 2)
    )
    approved(session, first)
    assert approved(session, second).added == 0
    assert outcomes(second) == [Outcome.OVER_QUOTA]
    assert active(session) == [(plate(1), "A")]


def test_a_whole_list_removes_what_it_leaves_out_and_revokes_those_permits(session, town, compound):
    gone, stays = (
        make_vehicle(session, compound, plate(1)),
        make_vehicle(session, compound, plate(2)),
    )
    issue(session, town.community, keys=town.keys, actor=OFFICE, at=AT)
    whole = submit_list(
        session, compound, list_csv(plate(2)), files=town.files, meaning=ListMeaning.WHOLE
    )
    assert active(session) == [(plate(1), "A"), (plate(2), "A")]
    assert approved(session, whole).removed == 1
    session.expire_all()
    assert active(session) == [(plate(2), "A")]
    states = dict(session.execute(select(Permit.vehicle_id, Permit.state)).all())
    assert states == {gone.id: PermitState.REVOKED, stays.id: PermitState.ISSUED}


def test_a_whole_list_removes_only_what_was_shown_when_it_was_handed_in(session, town, compound):
    make_vehicle(session, compound, plate(1))
    whole = submit_list(
        session, compound, list_csv(plate(2)), files=town.files, meaning=ListMeaning.WHOLE
    )
    # Came into the register while the whole list was waiting, so nobody saw it as left out.
    make_vehicle(session, compound, plate(3))
    approved(session, whole)
    assert whole.removals == [plate(1)]
    assert active(session) == [(plate(2), "A"), (plate(3), "A")]


def test_a_whole_list_of_one_compound_leaves_the_others_alone(session, town, compound):
    make_vehicle(session, town.compound("B"), plate(1))
    content = list_csv(plate(2))
    approve_list(session, compound, content, files=town.files, meaning=ListMeaning.WHOLE)
    assert active(session) == [(plate(1), "B"), (plate(2), "A")]


def test_a_car_that_was_removed_can_come_back(session, town, compound):
    make_vehicle(session, compound, plate(1), state=VehicleState.REMOVED)
    approve_list(session, compound, list_csv(plate(1)), files=town.files)
    assert active(session) == [(plate(1), "A")]


def test_returning_a_list_needs_a_reason_and_leaves_the_register(session, town, compound):
    handed_in = submit_list(session, compound, list_csv(plate(1)), files=town.files)
    with pytest.raises(ReasonMissing):
        return_list(session, handed_in, "  ", actor=OFFICE, at=AT)
    return_list(session, handed_in, " 缺房号 ", actor=OFFICE, at=AT)
    assert (handed_in.state, handed_in.decision_note) == (ListState.RETURNED, "缺房号")
    assert active(session) == []


@pytest.mark.parametrize("state", sorted(set(ListState) - {ListState.SUBMITTED}))
@pytest.mark.parametrize(
    "act", [approved, lambda session, one: return_list(session, one, "why", actor=OFFICE, at=AT)]
)
def test_only_a_list_that_waits_can_be_decided(session, town, compound, act, state):
    handed_in = submit_list(session, compound, list_csv(plate(1)), files=town.files)
    handed_in.state = state
    with pytest.raises(WrongListState) as refused:
        act(session, handed_in)
    assert refused.value.facts == {"number": handed_in.id, "state": state}
    assert active(session) == []


@pytest.mark.parametrize("state", [ListState.REVIEWED, ListState.RETURNED, ListState.WITHDRAWN])
def test_a_conflict_is_settled_only_in_a_list_that_counts(session, town, compound, state):
    make_vehicle(session, town.compound("B"), plate(1))
    handed_in = submit_list(session, compound, list_csv(plate(1)), files=town.files)
    handed_in.state = state
    with pytest.raises(WrongListState):
        settle_conflict(
            session, handed_in.rows[0], ConflictDecision.MOVE, "why", actor=OFFICE, at=AT
        )
    assert active(session) == [(plate(1), "B")]


def test_a_row_without_a_conflict_has_none_to_settle(session, town, compound):
    row = submit_list(session, compound, list_csv(plate(1)), files=town.files).rows[0]
    with pytest.raises(NoConflict):
        settle_conflict(session, row, ConflictDecision.MOVE, "why", actor=OFFICE, at=AT)


def test_every_act_is_in_the_ledger_and_none_holds_anything_personal(session, town, compound):
    """Names, phone numbers and flats never; plates neither: the ledger is public (DESIGN)."""
    personal = ["陈志明", "13800138000", "501", plate(4711), plate(4712), "李四的车", "秘密"]
    make_vehicle(session, town.compound("B"), plate(4712))
    content = list_csv((plate(4711), "3-501", "陈志明", "13800138000"), plate(4712))
    handed_in = submit_list(session, compound, content, files=town.files)
    settle_conflict(
        session, handed_in.rows[1], ConflictDecision.MOVE, "李四的车", actor=OFFICE, at=AT
    )
    approved(session, handed_in)
    issue(session, town.community, keys=town.keys, actor=OFFICE, at=AT)
    one, other = session.scalars(select(Permit).order_by(Permit.number))
    new = replace(session, one, "李四的车丢了", keys=town.keys, actor=OFFICE, at=AT)
    new.state = PermitState.PRINTED
    hand_over(session, [new], actor=OFFICE, at=AT)
    revoke(session, other, "李四的车违停", actor=OFFICE, at=AT)
    returned = submit_list(session, compound, content, files=town.files)
    return_list(session, returned, "秘密", actor=OFFICE, at=AT)
    withdraw(
        session,
        submit_list(session, compound, content, files=town.files),
        actor=REPRESENTATIVE,
        at=AT,
    )
    entries = list(ledger.export(session))
    acts = [entry["act"] for entry in entries]
    assert acts[acts.index("list.submitted") :] == [
        "list.submitted",
        "conflict.settled",
        "list.accepted",
        "permit.issued",
        "permit.issued",
        "permit.replaced",
        "permit.issued",
        "permit.handed_over",
        "permit.revoked",
        "list.submitted",
        "list.returned",
        "list.submitted",
        "list.withdrawn",
    ]
    # A digest is a random row of digits, in which a room's three may well appear.
    secrets = ("previous", "hash", "at")
    shown = json.dumps(
        [
            {
                **{key: value for key, value in entry.items() if key not in secrets},
                "details": {
                    key: value
                    for key, value in entry["details"].items()
                    if key not in ("file_sha256", "public_pem")
                },
            }
            for entry in entries
        ],
        ensure_ascii=False,
    )
    assert [text for text in personal if text in shown] == []


def test_two_clerks_who_approve_one_list_at_once_apply_it_once(engine, session, town, compound):
    number = submit_list(session, compound, list_csv(plate(1)), files=town.files).id
    session.commit()
    results = at_once(engine, lambda one: one.get_one(PlateList, number), approved, approved)
    assert sorted(type(result).__name__ for result in results) == ["Approval", "WrongListState"]
    assert active(session) == [(plate(1), "A")]


def test_approving_and_returning_at_once_does_one_of_both(engine, session, town, compound):
    number = submit_list(session, compound, list_csv(plate(1)), files=town.files).id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(PlateList, number),
        approved,
        lambda one, found: return_list(one, found, "why", actor=OFFICE, at=AT),
    )
    assert [type(result) for result in results].count(WrongListState) == 1
    state = session.scalar(select(PlateList.state))
    assert active(session) == ([(plate(1), "A")] if state == ListState.APPROVED else [])


def test_two_lists_with_one_plate_approved_at_once_register_it_once(engine, session, town):
    numbers = []
    # Both drafts are reviewed before either is handed in, so that neither sees the other.
    drafts = [
        draft_list(session, town.compound(letter), list_csv(plate(1)), files=town.files)
        for letter in "AB"
    ]
    for draft in drafts:
        submit(session, draft, actor=REPRESENTATIVE, at=AT)
        numbers.append(draft.id)
    session.commit()
    results = at_once(
        engine,
        lambda one: [one.get_one(PlateList, number) for number in numbers],
        lambda one, found: approved(one, found[0]),
        lambda one, found: approved(one, found[1]),
    )
    assert [type(result) for result in results] == [Approval, Approval]
    assert active(session) == [(plate(1), "A")]


def test_statements_of_an_approval_grow_with_batches_and_not_with_rows(
    engine, session, town, compound
):
    rows = 2 * BATCH
    content = list_csv(
        *(
            (plate(number), f"{number % 9}-{number}", "陈伟", "13800138000")
            for number in range(rows)
        )
    )
    approve_list(session, compound, content, files=town.files)
    # Neighbouring rows bring different news, so that they do not share statements by themselves.
    news = [
        (plate(number), f"9-{number}" if number % 2 else "", "李敏" if number % 3 else "")
        for number in range(rows)
    ]
    handed_in = submit_list(session, compound, list_csv(*news), files=town.files)
    session.commit()
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *facts: seen.append(facts[2]))
    approved(session, handed_in)
    session.commit()
    assert len(seen) < 15 * rows / BATCH
