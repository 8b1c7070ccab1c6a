import re

import pytest
from sqlalchemy import select, update

from app.inbox_shown import SHOWN
from permits.inbox import SOURCES, InboxKind
from permits.plate_list import ListState, Outcome, PlateList, PlateListRow
from permits.vehicles import Vehicle, VehicleState
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import (
    approve_list,
    draft_list,
    list_csv,
    make_vehicle,
    submit_list,
)

OWNER, PHONE = "欧阳测试", "13866661234"
REASON = "One car, one compound."


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def submitted(session, town):
    def submitted(*rows, letter="A"):
        content = list_csv(*rows)
        one = submit_list(session, town.compound(letter), content, files=town.files)
        session.commit()
        return one.id

    return submitted


@pytest.fixture
def state_of(kept):
    return lambda number: kept(select(PlateList.state).where(PlateList.id == number))[0]


@pytest.fixture
def compound_of(kept):
    """Return the compounds in whose register a plate is."""
    active = Vehicle.state == VehicleState.ACTIVE
    return lambda plate: kept(select(Vehicle.compound_id).where(Vehicle.plate == plate, active))


@pytest.fixture
def conflict(session, town, submitted, kept):
    """The row in which A claims a car of B."""
    make_vehicle(session, town.compound("B"), "粤E86661", "1-101")
    session.commit()
    submitted("粤E86661", "粤E00002")
    [row] = kept(select(PlateListRow.id).where(PlateListRow.outcome == Outcome.CONFLICT))
    return row


def test_the_inbox_shows_what_waits(office, submitted, conflict):
    number = submitted("粤E00003", letter="B")
    page = office.get("/office/").text
    assert f"/office/lists/{number}" in page
    assert f"/office/conflicts/{conflict}" in page


def test_the_inbox_is_filtered_by_kind_and_says_how_much_of_each_waits(office, conflict):
    words = words_of(office.get("/office/?kind=conflict"))
    assert "Lists to decide 1 Conflicts to settle 1" in words
    assert "86661" in words
    assert "list.csv" not in words


def test_every_kind_of_the_inbox_has_a_source_and_words():
    assert set(SOURCES) == set(InboxKind) == set(SHOWN)


def test_an_empty_inbox_says_what_will_come(office):
    assert "Nothing waits for the office" in words_of(office.get("/office/"))


def test_approving_brings_the_list_into_the_register(
    office, submitted, state_of, compound_of, town
):
    number = submitted("粤E00002")
    response = office.post(f"/office/lists/{number}/approve")
    state = office.get(f"{response.location}/state")
    assert state.headers["HX-Redirect"] == f"/office/lists/{number}"
    assert state_of(number) == ListState.APPROVED
    assert compound_of("粤E00002") == [town.compound("A").id]


def test_a_list_is_approved_once(office, submitted, kept):
    number = submitted("粤E00002")
    office.post(f"/office/lists/{number}/approve")
    again = office.post(f"/office/lists/{number}/approve")
    assert "has been decided or taken back already" in words_of(office.get(again.location))
    assert len(kept(select(LedgerEntry).where(LedgerEntry.act == "list.accepted"))) == 1


def test_a_list_goes_back_with_a_reason(office, submitted, state_of, sign_in):
    number = submitted("粤E00002")
    response = office.post(f"/office/lists/{number}/return", data={"reason": f"  {REASON} "})
    assert response.location == "/office/"
    assert state_of(number) == ListState.RETURNED
    assert REASON in words_of(sign_in(Role.REPRESENTATIVE).get(f"/compound/lists/{number}"))


@pytest.mark.parametrize("reason", [None, "", "   \n", "x" * 501])
def test_a_list_does_not_go_back_without_a_reason_that_can_be_read(
    office, submitted, state_of, reason
):
    number = submitted("粤E00002")
    response = office.post(f"/office/lists/{number}/return", data={"reason": reason or ""})
    assert response.status_code == 422
    assert 'id="reason-error"' in response.text
    assert state_of(number) == ListState.SUBMITTED


def test_a_draft_is_its_representatives_alone(office, session, town):
    one = draft_list(session, town.compound("A"), list_csv("粤E00002"), files=town.files)
    session.commit()
    assert office.get(f"/office/lists/{one.id}").status_code == 404
    for act in ("approve", "return"):
        assert office.post(f"/office/lists/{one.id}/{act}", data={"reason": "x"}).status_code == 404


@pytest.mark.parametrize(("decision", "keeper"), [("keep", "B"), ("move", "A")])
def test_a_conflict_is_settled_either_way(
    office, conflict, town, kept, compound_of, decision, keeper
):
    form = {"decision": decision, "reason": REASON}
    response = office.post(f"/office/conflicts/{conflict}", data=form)
    office.post(f"{response.location}/approve")
    assert compound_of("粤E86661") == [town.compound(keeper).id]
    assert REASON in words_of(office.get(f"/office/conflicts/{conflict}"))


def test_a_conflict_shows_the_flat_of_the_car_that_is_meant_and_no_other(
    office, session, town, submitted, kept
):
    b = town.compound("B")
    make_vehicle(session, b, "粤ED12345", "9-909")
    session.commit()
    submitted("粤ED1234", letter="B")
    submitted("粤ED1234", letter="A")
    [row] = kept(select(PlateListRow.id).where(PlateListRow.outcome == Outcome.CONFLICT))
    words = words_of(office.get(f"/office/conflicts/{row}"))
    assert "909" not in words
    assert "Handed in, not decided yet" in words


@pytest.mark.parametrize(
    "form", [{}, {"decision": "keep"}, {"decision": "both", "reason": "x"}, {"reason": "x"}]
)
def test_a_conflict_is_not_settled_by_half_a_form(office, conflict, kept, form):
    assert office.post(f"/office/conflicts/{conflict}", data=form).status_code == 422
    assert kept(select(PlateListRow.decision).where(PlateListRow.id == conflict)) == [None]


def test_a_row_without_a_conflict_has_none_to_settle(office, submitted, kept):
    submitted("粤E00002")
    [row] = kept(select(PlateListRow.id))
    for response in (
        office.get(f"/office/conflicts/{row}"),
        office.post(f"/office/conflicts/{row}", data={"decision": "move", "reason": "x"}),
    ):
        assert response.status_code == 409
        assert "has no conflict to settle" in words_of(response)


def test_a_settled_conflict_of_an_approved_list_stays_settled(office, conflict, kept):
    form = {"decision": "move", "reason": REASON}
    address = office.post(f"/office/conflicts/{conflict}", data=form).location
    office.post(f"{address}/approve")
    again = office.post(f"/office/conflicts/{conflict}", data={**form, "decision": "keep"})
    assert again.status_code == 409
    assert kept(select(PlateListRow.decision).where(PlateListRow.id == conflict)) == ["move"]


@pytest.fixture
def cars(session, town):
    a, b = town.compound("A"), town.compound("B")
    make_vehicle(session, a, "粤E86661", "3-501", owner=OWNER, phone=PHONE)
    make_vehicle(session, a, "粤E00002", "3-502")
    make_vehicle(session, b, "粤B00003", "13-501")
    session.commit()


def found(page):
    return [
        plate.replace("<i>·</i>", "")
        for plate in re.findall(r'"plate"[^>]*>(.*?)</span>', page.text)
    ]


@pytest.mark.parametrize(
    ("asked", "plates"),
    [
        ("粤e·86661", ["粤E86661"]),
        ("8666", []),
        ("6661", ["粤E86661"]),
        ("3栋501", ["粤E86661"]),
        (OWNER, ["粤E86661"]),
        ("", ["粤B00003", "粤E00002", "粤E86661"]),
        ("·", []),
        ("x" * 60, []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_car_is_found_by_plate_flat_or_owner(office, cars, asked, plates):
    assert found(office.post("/office/vehicles", data={"text": asked})) == plates


def test_only_cars_of_the_chosen_compound_are_shown(office, cars, town):
    page = office.get("/office/vehicles", query_string={"compound": town.compound("B").id})
    assert found(page) == ["粤B00003"]


@pytest.mark.parametrize("page", ["0", "-3", "999999999999999999999", "x", "1e9"])
def test_a_page_that_is_not_there_shows_one_that_is(office, cars, page):
    assert len(found(office.get("/office/vehicles", query_string={"page": page}))) == 3


def test_looking_at_an_owner_enters_the_ledger(office, cars, kept):
    [one] = kept(select(Vehicle.id).where(Vehicle.plate == "粤E86661"))
    before = office.get(f"/office/vehicles/{one}").text
    assert OWNER not in before
    assert PHONE not in before
    shown = words_of(office.post(f"/office/vehicles/{one}/owner"))
    assert OWNER in shown
    assert PHONE in shown
    [entry] = kept(select(LedgerEntry).where(LedgerEntry.act == "personal_data.shown"))
    assert (entry.subject, entry.details) == (f"vehicle:{one}", {})


def test_what_cannot_be_opened_is_not_shown_and_not_entered(office, cars, session, kept):
    session.execute(update(Vehicle).values(owner_sealed=b"spoiled"))
    session.commit()
    [one] = kept(select(Vehicle.id).where(Vehicle.plate == "粤E86661"))
    response = office.post(f"/office/vehicles/{one}/owner")
    assert 400 <= response.status_code < 500
    assert "cannot be opened" in words_of(response)
    assert kept(select(LedgerEntry).where(LedgerEntry.act == "personal_data.shown")) == []


def test_lists_that_were_decided_stay_to_be_read(office, session, town):
    one = approve_list(session, town.compound("A"), list_csv("粤E00002"), files=town.files)
    session.commit()
    assert f"/office/lists/{one.id}" in office.get("/office/lists").text
    assert "Approved" in words_of(office.get(f"/office/lists/{one.id}"))
