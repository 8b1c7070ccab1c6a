import re

import pytest
from sqlalchemy import select

from permits.bulk_act import MOST_AT_ONCE, BulkAct
from permits.permit import Permit, PermitState
from permits.plate_list import ListState, PlateList
from records.people import Role
from tests.app.pages import words_of
from tests.factories import list_csv, make_permit, make_vehicle, submit_list

REASON = {"answered": "yes", "reason": "moved away"}


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def permits(session, town):
    """Two printed permits of A."""
    made = [
        make_permit(session, make_vehicle(session, town.compound("A")), PermitState.PRINTED)
        for _ in range(2)
    ]
    session.commit()
    return [one.id for one in made]


@pytest.fixture
def states(kept):
    return lambda: set(kept(select(Permit.state)))


def test_many_are_revoked_once_they_are_confirmed_and_the_undo_stands_beside(
    office, permits, states
):
    address, revoke = "/office/bulk", {"kind": "revoke"}
    asked = office.post(address, data={**revoke, "item": permits})
    assert "Revoke these permits? 2 chosen" in words_of(asked)
    assert re.findall(r'name="item" value="(\d+)"', asked.text) == [str(one) for one in permits]
    assert states() == {PermitState.PRINTED}
    unexplained = office.post(
        address, data={**revoke, "item": permits, "answered": "yes", "reason": " "}
    )
    assert (unexplained.status_code, 'id="reason-error"' in unexplained.text) == (422, True)
    made = office.post(address, data={**revoke, "item": permits, **REASON}).location
    assert states() == {PermitState.REVOKED}
    assert "Permits revoked: 2" in words_of(office.get(made))
    office.post(f"{made}/undo")
    assert states() == {PermitState.PRINTED}
    words = words_of(office.get(made))
    assert "Undone on" in words
    assert f'{made}/undo"' not in office.get(made).text


@pytest.mark.parametrize("kind", ["hand_over", "revoke", "remove", "approve"])
def test_who_chose_nothing_is_told_where_it_is_chosen(office, kind):
    response = office.post("/office/bulk", data={"kind": kind}, follow_redirects=True)
    assert "Nothing was chosen. Tick the rows first." in words_of(response)


def test_an_act_that_there_is_not_and_too_many_are_refused(office, permits):
    assert office.post("/office/bulk", data={"kind": "burn", "item": permits}).status_code == 400
    too_many = {"kind": "revoke", "item": list(range(1, MOST_AT_ONCE + 2))}
    assert office.post("/office/bulk", data=too_many).status_code == 422


def test_cards_that_are_ticked_are_handed_over_at_once(office, permits, states, kept):
    page = office.get("/office/permits/?state=printed").text
    assert {int(one) for one in re.findall(r'name="item" value="(\d+)"', page)} == set(permits)
    office.post("/office/bulk", data={"kind": "hand_over", "item": permits, "answered": "yes"})
    assert states() == {PermitState.HANDED_OVER}
    assert kept(select(BulkAct.kind)) == ["hand_over"]


def test_many_lists_are_approved_and_those_decided_meanwhile_are_left(office, session, town, kept):
    lists = [
        submit_list(session, town.compound("A"), list_csv(plate), files=town.files).id
        for plate in ("粤E00001", "粤E00002", "粤E00003")
    ]
    session.commit()
    approve = {"kind": "approve"}
    asked = office.post("/office/bulk", data={**approve, "item": lists[:2]})
    assert "It cannot be undone" in words_of(asked)
    office.post(f"/office/lists/{lists[0]}/return", data={"reason": "no"})
    office.post("/office/bulk", data={**approve, "item": lists[:2], "answered": "yes"})
    assert kept(select(PlateList.state).order_by(PlateList.id)) == [
        ListState.RETURNED,
        ListState.APPROVED,
        ListState.SUBMITTED,
    ]
