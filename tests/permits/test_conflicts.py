import pytest
from sqlalchemy import select

from permits.approving import NoConflict, ReasonMissing, approve, settle_conflict
from permits.conflicts import conflicts_query, open_conflicts_by_list
from permits.permit import Permit, PermitState
from permits.plate_list import ConflictDecision, ListMeaning, Outcome
from permits.submitting import submit, withdraw
from permits.vehicles import Vehicle, VehicleState
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    approve_list,
    compound_of,
    draft_list,
    list_csv,
    make_community,
    make_permit,
    make_town,
    make_vehicle,
    plate,
    submit_list,
)

PLATE = plate(1)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path, "ABC")


@pytest.fixture
def hand_in(session, town):
    """Hand in a list of one plate for the compound with a letter."""
    return lambda letter: submit_list(
        session, town.compound(letter), list_csv(PLATE), files=town.files
    )


def row_of(plate_list):
    return plate_list.rows[0]


def approved(session, plate_list):
    approval = approve(session, plate_list, SEALER, actor=OFFICE, at=AT)
    session.flush()
    # As the next page would see it.
    session.expire_all()
    return approval


def settle(session, plate_list, decision):
    settle_conflict(session, row_of(plate_list), decision, "看过行驶证", actor=OFFICE, at=AT)


def holders(session):
    """Letters of the compounds that have the plate."""
    found = session.scalars(select(Vehicle).where(Vehicle.state == VehicleState.ACTIVE))
    return [vehicle.compound.letter for vehicle in found]


def rival(plate_list):
    row = row_of(plate_list)
    return (row.outcome, row.reason, row.claimed_by.letter if row.claimed_by else None)


def test_a_plate_that_another_compound_has_is_a_conflict(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    assert rival(hand_in("B")) == (Outcome.CONFLICT, "registered_elsewhere", "A")


def test_a_plate_that_another_compound_handed_in_before_is_a_conflict(session, hand_in):
    assert rival(hand_in("A")) == (Outcome.ACCEPTED, "new_vehicle", None)
    assert rival(hand_in("B")) == (Outcome.CONFLICT, "claimed_elsewhere", "A")


def test_a_draft_claims_nothing(session, town, hand_in):
    draft_list(session, town.compound("A"), list_csv(PLATE), files=town.files)
    assert row_of(hand_in("B")).outcome == Outcome.ACCEPTED


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_of_two_lists_the_second_handed_in_has_the_conflict_whichever_is_decided_first(
    session, town, order
):
    # Both are reviewed before either is handed in: neither draft shows the conflict.
    lists = {
        letter: draft_list(session, town.compound(letter), list_csv(PLATE), files=town.files)
        for letter in "AB"
    }
    for letter in "AB":
        submit(session, lists[letter], actor=REPRESENTATIVE, at=AT)
    for letter in order:
        approved(session, lists[letter])
    assert holders(session) == ["A"]
    assert row_of(lists["B"]).outcome == Outcome.CONFLICT
    assert row_of(lists["B"]).claimed_by.letter == "A"


def test_the_second_gets_the_plate_when_the_first_takes_its_list_back(session, hand_in):
    first, second = hand_in("A"), hand_in("B")
    withdraw(session, first, actor=REPRESENTATIVE, at=AT)
    approved(session, second)
    assert (holders(session), row_of(second).outcome) == (["B"], Outcome.ACCEPTED)


def test_a_claim_that_is_not_settled_yet_stands_against_a_third_compound(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    approved(session, hand_in("B"))
    approve_list(
        session, town.compound("A"), list_csv(plate(2)), files=town.files, meaning=ListMeaning.WHOLE
    )
    assert rival(hand_in("C")) == (Outcome.CONFLICT, "claimed_elsewhere", "B")


@pytest.mark.parametrize("settled", ["before approval", "after approval"])
@pytest.mark.parametrize(
    ("decision", "holder"), [(ConflictDecision.KEEP, "A"), (ConflictDecision.MOVE, "B")]
)
def test_the_plate_is_where_staff_decided(session, town, hand_in, settled, decision, holder):
    make_vehicle(session, town.compound("A"), PLATE)
    claim = hand_in("B")
    if settled == "before approval":
        settle(session, claim, decision)
        assert holders(session) == ["A"]
    approved(session, claim)
    if settled == "after approval":
        assert holders(session) == ["A"]
        settle(session, claim, decision)
    assert holders(session) == [holder]


@pytest.mark.parametrize("settled", ["before approval", "after approval"])
def test_the_old_colours_permit_ends_with_the_move(session, town, hand_in, settled):
    permit = make_permit(session, make_vehicle(session, town.compound("A"), PLATE))
    claim = hand_in("B")
    session.commit()
    if settled == "after approval":
        approved(session, claim)
        assert permit.state == PermitState.ISSUED
    settle(session, claim, ConflictDecision.MOVE)
    if settled == "before approval":
        approved(session, claim)
    ended = session.execute(select(Permit.state, Permit.end_reason)).one()
    assert ended == (PermitState.REVOKED, "moved_to_other_compound")
    session.rollback()
    assert (permit.state, holders(session)) == (PermitState.ISSUED, ["A"])


def test_a_moved_car_is_counted_as_moved_and_not_as_added(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    claim = hand_in("B")
    settle(session, claim, ConflictDecision.MOVE)
    approval = approved(session, claim)
    assert (approval.added, approval.moved) == (0, 1)


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_a_move_decided_between_two_waiting_lists_holds_in_either_order(session, hand_in, order):
    lists = {"A": hand_in("A"), "B": hand_in("B")}
    settle(session, lists["B"], ConflictDecision.MOVE)
    for letter in order:
        approved(session, lists[letter])
    assert holders(session) == ["B"]


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_a_keep_decided_between_two_waiting_lists_holds_in_either_order(session, hand_in, order):
    lists = {"A": hand_in("A"), "B": hand_in("B")}
    settle(session, lists["B"], ConflictDecision.KEEP)
    for letter in order:
        approved(session, lists[letter])
    assert holders(session) == ["A"]


def test_a_decision_against_one_compound_does_not_count_against_another(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    claim_of_b, claim_of_c = hand_in("B"), hand_in("C")
    settle(session, claim_of_b, ConflictDecision.MOVE)
    settle(session, claim_of_c, ConflictDecision.MOVE)
    approved(session, claim_of_c)
    # B's claim was weighed against A's; now C has the car, and nobody has heard C.
    approved(session, claim_of_b)
    assert holders(session) == ["C"]
    assert (row_of(claim_of_b).claimed_by.letter, row_of(claim_of_b).decision) == ("C", None)


def test_an_open_conflict_follows_the_plate_to_its_new_compound(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    open_claim, other = hand_in("B"), hand_in("C")
    approved(session, open_claim)
    settle(session, other, ConflictDecision.MOVE)
    approved(session, other)
    assert rival(open_claim) == (Outcome.CONFLICT, "registered_elsewhere", "C")
    shown_to_c = session.scalars(conflicts_query(town.community, town.compound("C"))).all()
    assert row_of(open_claim) in shown_to_c


def test_a_decision_can_be_changed_until_the_list_is_approved(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    claim = hand_in("B")
    settle(session, claim, ConflictDecision.MOVE)
    settle(session, claim, ConflictDecision.KEEP)
    approved(session, claim)
    assert holders(session) == ["A"]
    with pytest.raises(NoConflict):
        settle(session, claim, ConflictDecision.MOVE)


def test_a_decision_needs_a_reason(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    claim = hand_in("B")
    with pytest.raises(ReasonMissing):
        settle_conflict(session, row_of(claim), ConflictDecision.MOVE, " ", actor=OFFICE, at=AT)
    assert row_of(claim).decision is None


def test_the_same_conflict_settled_for_two_compounds_leaves_one_with_the_car(
    session, town, hand_in
):
    make_vehicle(session, town.compound("A"), PLATE)
    claims = [hand_in("B"), hand_in("C")]
    for claim in claims:
        approved(session, claim)
    for claim in claims:
        settle(session, claim, ConflictDecision.MOVE)
    assert holders(session) == ["C"]


def test_both_compounds_see_a_conflict_and_a_third_does_not(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    row = row_of(hand_in("B"))
    seen = {
        letter: session.scalars(conflicts_query(town.community, town.compound(letter))).all()
        for letter in "ABC"
    }
    assert seen == {"A": [row], "B": [row], "C": []}


def test_open_conflicts_are_counted_by_list_until_they_are_settled(session, town, hand_in):
    make_vehicle(session, town.compound("A"), PLATE)
    claim = hand_in("B")
    assert open_conflicts_by_list(session, town.community) == {claim.id: 1}
    settle(session, claim, ConflictDecision.KEEP)
    assert open_conflicts_by_list(session, town.community) == {}
    assert session.scalars(conflicts_query(town.community)).all() == [row_of(claim)]


def test_communities_do_not_dispute_each_others_plates(session, town, hand_in):
    other = make_community(session, "A", number=2)
    make_vehicle(session, compound_of(other, "A"), PLATE)
    assert row_of(hand_in("A")).outcome == Outcome.ACCEPTED
