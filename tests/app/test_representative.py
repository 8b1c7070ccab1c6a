import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select, update

from app.representative import AT_ONCE_BYTES, LONGEST_PASTE
from permits.approving import return_list
from permits.plate_list import ListState, Outcome, PlateList, PlateListRow
from permits.reading import read_list
from permits.row_talk import ask
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    approve_list,
    draft_list,
    list_csv,
    make_permit,
    make_vehicle,
    submit_list,
)

NEW = "/compound/lists/new"
OWNER, PHONE = "欧阳测试", "13866661234"
BROKEN = b"PK\x03\x04" + b"no workbook at all" * 10


@pytest.fixture
def client(sign_in):
    return sign_in(Role.REPRESENTATIVE)


@pytest.fixture
def hand_in(client):
    def hand_in(content=None, name="list.csv", text="", meaning="add"):
        form = {"meaning": meaning, "text": text}
        if content is not None:
            form["file"] = (io.BytesIO(content), name)
        return client.post(NEW, data=form)

    return hand_in


@pytest.fixture
def lists(kept):
    return lambda: kept(select(PlateList).order_by(PlateList.id))


@pytest.fixture
def outcomes(kept):
    def outcomes():
        rows = kept(select(PlateListRow).order_by(PlateListRow.id))
        return [(row.plate or row.raw, row.outcome) for row in rows]

    return outcomes


def workbook(*plates):
    book, file = Workbook(), io.BytesIO()
    for row in (["车牌号"], *([plate] for plate in plates)):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def error_of(response):
    return re.search(r'class="error"[^>]*>([^<]+)<', response.text)[1]


def kept_files(town):
    return [path for path in town.files.folder.parent.glob("files/*/*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (list_csv("粤E12345", "粤EO1234").decode().encode("gb18030"), "车牌.csv"),
        (list_csv("粤E12345", "粤EO1234").decode().encode("utf-16"), "plates.txt"),
        (workbook("粤E12345", "粤EO1234"), "车牌.xlsx"),
    ],
)
def test_a_file_is_read_and_shown_row_by_row(hand_in, client, lists, outcomes, content, name):
    response = hand_in(content, name)
    [one] = lists()
    assert response.location == f"/compound/lists/{one.id}"
    assert (one.state, one.file_name) == (ListState.REVIEWED, name)
    assert outcomes() == [("粤E12345", "accepted"), ("粤EO1234", "invalid_plate")]
    words = words_of(client.get(response.location))
    assert "Did you mean" in words
    assert "Nothing has been handed in yet." in words


def test_pasted_text_is_read_as_a_list(hand_in, outcomes):
    assert hand_in(text="粤E12345\r\n粤E12346、粤E12347").status_code == 302
    assert [plate for plate, _ in outcomes()] == ["粤E12345", "粤E12346", "粤E12347"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BROKEN, "The file is broken or cut off."),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "This is no table"),
        (b"name,phone\nLi,1\n", "No column holds plates."),
        (b"\n\n", "There is nothing in this list."),
    ],
)
def test_a_bad_file_is_told_at_its_field_and_nothing_is_kept(
    hand_in, client, lists, town, content, words
):
    response = hand_in(content)
    assert 400 <= response.status_code < 500
    assert words in error_of(response)
    client.post("/language/zh")
    assert re.search("[一-鿿]{4}", error_of(hand_in(content)))
    assert lists() == []
    assert kept_files(town) == []


def test_a_form_with_nothing_in_it_says_what_to_do(hand_in, lists):
    response = hand_in(text="  \n")
    assert response.status_code == 422
    assert "Choose a file, or paste the list below." in words_of(response)
    assert lists() == []


def test_a_file_and_a_pasted_list_at_once_are_told_apart_by_nobody(hand_in, lists):
    response = hand_in(list_csv("粤E12345"), text="粤E12346")
    assert response.status_code == 422
    assert "Choose a file or paste the list, not both." in words_of(response)
    assert lists() == []


def test_a_pasted_list_that_is_too_long_is_told_at_its_field(hand_in, lists):
    response = hand_in(text="粤" * (LONGEST_PASTE + 1))
    assert response.status_code == 422
    assert 'id="text-error"' in response.text
    assert lists() == []


@pytest.mark.parametrize("meaning", ["", "all", "WHOLE"])
def test_a_list_that_means_nothing_known_is_not_read(hand_in, lists, meaning):
    assert hand_in(list_csv("粤E12345"), meaning=meaning).status_code == 422
    assert lists() == []


def long_list():
    row = len(list_csv(("粤E00000", "3-501", OWNER, PHONE)))
    rows = range(2 * AT_ONCE_BYTES // row + 100)
    return list_csv(*((f"粤E{number:05d}", "3-501", OWNER, PHONE) for number in rows))


def test_a_long_list_is_read_in_the_background(hand_in, client, lists, outcomes):
    content = long_list()
    assert len(content) > AT_ONCE_BYTES
    response = hand_in(content)
    assert response.location.startswith("/jobs/")
    state = client.get(f"{response.location}/state")
    [one] = lists()
    assert state.headers["HX-Redirect"] == f"/compound/lists/{one.id}"
    assert {outcome for _, outcome in outcomes()} == {Outcome.ACCEPTED}


def test_a_long_bad_file_says_why_on_the_page_of_its_job_and_is_not_kept(
    hand_in, client, lists, town
):
    response = hand_in(BROKEN + bytes(AT_ONCE_BYTES))
    assert "The file is broken or cut off." in words_of(client.get(response.location))
    assert lists() == []
    assert kept_files(town) == []


def test_the_whole_list_shows_what_it_would_remove(hand_in, client, session, town):
    make_vehicle(session, town.compound("A"), "粤E00009")
    session.commit()
    response = hand_in(list_csv("粤E12345"), meaning="whole")
    assert "Left out of the whole list" in words_of(client.get(response.location))


def test_only_rows_of_one_outcome_are_shown_where_the_address_says_so(hand_in, client):
    address = hand_in(list_csv("粤E12345", "粤EO1234")).location
    shown = client.get(address, query_string={"outcome": "invalid_plate"}).text
    assert "粤EO1234" in shown
    assert "12345" not in shown
    assert "12345" in client.get(address, query_string={"outcome": "nonsense"}).text


@pytest.fixture
def draft(session, town):
    def draft(*rows):
        one = draft_list(session, town.compound("A"), list_csv(*rows), files=town.files)
        session.commit()
        return one.id

    return draft


def test_a_confirmed_list_goes_to_the_office(client, draft, lists):
    number = draft("粤E12345")
    assert client.post(f"/compound/lists/{number}/submit").status_code == 302
    assert lists()[0].state == ListState.SUBMITTED


def test_a_list_is_handed_in_once(client, draft, kept):
    number = draft("粤E12345")
    for status in (302, 409):
        assert client.post(f"/compound/lists/{number}/submit").status_code == status
    entries = kept(select(LedgerEntry).where(LedgerEntry.act == "list.submitted"))
    assert len(entries) == 1


def test_a_list_can_be_taken_back_until_it_is_decided(client, draft, lists):
    number = draft("粤E12345")
    client.post(f"/compound/lists/{number}/submit")
    assert client.post(f"/compound/lists/{number}/withdraw").location == "/compound/"
    assert lists()[0].state == ListState.WITHDRAWN
    assert client.post(f"/compound/lists/{number}/withdraw").status_code == 409
    assert client.post(f"/compound/lists/{number}/submit").status_code == 409


def test_refused_rows_come_back_to_be_mended_and_that_is_in_the_ledger(client, draft, kept):
    number = draft("粤E12345", ("粤EO1234", "3-501", OWNER, PHONE), "=A1")
    response = client.post(f"/compound/lists/{number}/refused.xlsx")
    sheet = load_workbook(io.BytesIO(response.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["粤EO1234", "=A1"]
    assert rows[1][4:6] == (OWNER, PHONE)
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert [row.raw for row in read_list(response.data).rows] == ["粤EO1234", "=A1"]
    [entry] = kept(select(LedgerEntry).where(LedgerEntry.act == "list.refused_rows_given"))
    assert entry.details == {"rows": 2}


def test_a_list_whose_sealed_fields_cannot_be_opened_says_so(client, draft, session):
    number = draft(("粤EO1234", "3-501", OWNER, PHONE))
    session.execute(update(PlateListRow).values(owner_sealed=b"spoiled"))
    session.commit()
    response = client.post(f"/compound/lists/{number}/refused.xlsx")
    assert response.status_code in (409, 422)
    assert "cannot be opened" in words_of(response)


def test_home_shows_the_lists_and_a_claim_of_another_compound(client, session, town):
    make_vehicle(session, town.compound("A"), "粤E00007")
    submit_list(session, town.compound("B"), list_csv("粤E00007"), files=town.files)
    submit_list(session, town.compound("A"), list_csv("粤E00008"), files=town.files)
    session.commit()
    words = words_of(client.get("/compound/"))
    assert "Plates that two compounds claim" in words
    assert "list.csv" in words


def test_home_says_what_each_list_waits_for_and_what_is_over_is_not_in_progress(
    client, session, town
):
    compound = town.compound("A")
    approve_list(session, compound, list_csv("粤E00001"), files=town.files)
    submit_list(session, compound, list_csv("粤E00002"), files=town.files)
    returned = submit_list(session, compound, list_csv("粤E00003"), files=town.files)
    return_list(session, returned, "Which flat?", actor=OFFICE, at=AT)
    draft_list(session, compound, list_csv("粤E00004"), files=town.files)
    asked = submit_list(session, compound, list_csv("粤E00005"), files=town.files)
    ask(session, asked.rows[0], "Whose?", SEALER, actor=OFFICE, at=AT)
    session.commit()
    words = words_of(client.get("/compound/"))
    said = (
        "You: answer 1 question of the office.",
        "You: look at its rows and hand it in.",
        "You: mend it and hand it in again. Which flat?",
        "The office: decide on it.",
        "Lists approved lately List 1",
    )
    places = [words.index(sentence) for sentence in said]
    assert places == sorted(places)
    assert "10 33% of all 30" in words
    assert "Cars without a permit 1" in words


def test_only_the_own_permits_are_found(client, session, town):
    own, other = (
        make_vehicle(session, town.compound("A")),
        make_vehicle(session, town.compound("B")),
    )
    mine, theirs = make_permit(session, own), make_permit(session, other)
    session.commit()
    found = client.post("/compound/permits", data={"text": ""}).text
    assert mine.serial in found
    assert theirs.serial not in found
    for asked in (theirs.serial, other.plate):
        page = client.post("/compound/permits", data={"text": asked})
        assert "No permit found" in words_of(page)
    assert theirs.serial not in client.get("/compound/permits?compound=2&state=issued").text
