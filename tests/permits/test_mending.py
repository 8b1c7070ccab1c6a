import pytest
from sqlalchemy import select

from permits.approving import approve, return_list
from permits.mending import Mended, leave_out, mend_row, take_in
from permits.permit import PermitState
from permits.plate_list import ListMeaning, ListState, WrongListState
from permits.submitting import submit
from permits.vehicles import Vehicle, VehicleState
from records import ledger
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    draft_list,
    list_csv,
    make_permit,
    make_town,
    make_vehicle,
    submit_list,
)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path, quota=1)


@pytest.fixture
def draft(session, town):
    def draft(*rows, meaning=ListMeaning.ADD):
        return draft_list(
            session, town.compound("A"), list_csv(*rows), files=town.files, meaning=meaning
        )

    return draft


def outcomes(plate_list):
    return [row.outcome for row in plate_list.rows]


def active(session):
    query = select(Vehicle.plate).where(Vehicle.state == VehicleState.ACTIVE)
    return sorted(session.scalars(query))


def mend(session, row, *mended, **more):
    mend_row(session, row, Mended(*mended, **more), SEALER, at=AT)


def test_a_mended_row_is_reviewed_with_those_that_hang_on_it(session, draft):
    one = draft(("粤EO0001", "3-501"), ("粤E00001", "3-502"), ("粤E00002", "3-501"))
    assert outcomes(one) == ["invalid_plate", "accepted", "accepted"]
    mend(session, one.rows[0], "粤e·00001", "3栋", "", "0501室")
    assert outcomes(one) == ["accepted", "duplicate_in_list", "over_quota"]
    assert (one.rows[0].plate, one.rows[0].mended_at) == ("粤E00001", AT)
    assert (one.rows[0].building, one.rows[0].room) == ("3", "501")
    assert one.rows[1].facts["first_row"] == 2


def test_a_name_that_is_not_written_anew_stays_and_another_is_sealed(session, draft):
    row = draft(("粤EO0001", "3-501", "陈伟", "1380013")).rows[0]
    mend(session, row, "粤E00001", room="3-501", phone="１３８ 0013 8000")
    assert (SEALER.open(row.owner_sealed), SEALER.open(row.phone_sealed)) == (
        "陈伟",
        "138 0013 8000",
    )
    assert "phone_odd" not in row.remarks
    assert row.details_digest == SEALER.digest("陈伟", "138 0013 8000")


def test_a_row_that_is_left_out_frees_what_it_took_and_comes_back(session, draft):
    one = draft(("粤E00001", "3-501"), "粤E00001", ("粤E00002", "3-501"))
    before = outcomes(one)
    leave_out(session, one.rows[0], SEALER)
    assert outcomes(one) == ["left_out", "needs_attention", "accepted"]
    take_in(session, one.rows[0], SEALER)
    assert outcomes(one) == before == ["accepted", "duplicate_in_list", "over_quota"]


def test_what_is_left_out_is_neither_registered_nor_removed(session, town, draft):
    make_vehicle(session, town.compound("A"), "粤E00001")
    make_vehicle(session, town.compound("A"), "粤E00002")
    one = draft("粤E00001", "粤E00009", meaning=ListMeaning.WHOLE)
    for row in one.rows:
        leave_out(session, row, SEALER)
    submit(session, one, actor=REPRESENTATIVE, at=AT)
    approve(session, one, SEALER, actor=OFFICE, at=AT)
    assert active(session) == ["粤E00001"]
    assert outcomes(one) == ["left_out", "left_out"]


def test_a_list_of_cars_to_remove_ends_their_permits(session, town, draft):
    permit = make_permit(session, make_vehicle(session, town.compound("A"), "粤E00001"))
    make_vehicle(session, town.compound("B"), "粤E00002")
    one = draft("粤E00001", "粤E00002", meaning=ListMeaning.REMOVE)
    submit(session, one, actor=REPRESENTATIVE, at=AT)
    approval = approve(session, one, SEALER, actor=OFFICE, at=AT)
    assert (approval.removed, approval.added, active(session)) == (1, 0, ["粤E00002"])
    session.refresh(permit)
    assert (permit.state, permit.end_reason) == (PermitState.REVOKED, "named_in_removal_list")


def test_a_returned_list_is_mended_and_handed_in_again(session, town):
    one = submit_list(session, town.compound("A"), list_csv("粤EO0001"), files=town.files)
    return_list(session, one, "请核对车牌。", actor=OFFICE, at=AT)
    mend(session, one.rows[0], "粤E00001", room="3-501")
    submit(session, one, actor=REPRESENTATIVE, at=AT)
    assert (one.state, one.decided_at) == (ListState.SUBMITTED, None)
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["details"]["mended"]) == ("list.submitted", 1)
    approve(session, one, SEALER, actor=OFFICE, at=AT)
    assert active(session) == ["粤E00001"]


def test_a_list_that_the_office_has_is_not_changed_any_more(session, town):
    one = submit_list(session, town.compound("A"), list_csv("粤E00001"), files=town.files)
    row = one.rows[0]
    for act in (
        lambda: mend(session, row, "粤E00002"),
        lambda: leave_out(session, row, SEALER),
        lambda: take_in(session, row, SEALER),
    ):
        with pytest.raises(WrongListState):
            act()
    assert (row.plate, row.outcome) == ("粤E00001", "needs_attention")
