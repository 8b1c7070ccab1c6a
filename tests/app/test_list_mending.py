import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from permits.plate_list import ListMeaning, PlateListRow
from records.people import Role
from tests.app.pages import fields_of, words_of
from tests.factories import draft_list, list_csv, make_vehicle, submit_list

OWNER, PHONE = "欧阳测试", "13866661234"


@pytest.fixture
def client(sign_in):
    return sign_in(Role.REPRESENTATIVE)


@pytest.fixture
def draft(session, town):
    def draft(*rows, meaning=ListMeaning.ADD):
        one = draft_list(
            session, town.compound("A"), list_csv(*rows), files=town.files, meaning=meaning
        )
        numbers = [row.id for row in one.rows]
        session.commit()
        return one.id, numbers

    return draft


@pytest.fixture
def rows(kept):
    return lambda: kept(select(PlateListRow).order_by(PlateListRow.id))


def test_a_refused_row_is_mended_where_it_stands(client, draft, rows):
    number, [row, _] = draft(("粤EO1234", "3-501", OWNER, PHONE), "粤E99999")
    address = f"/compound/rows/{row}/mend"
    form = client.get(address)
    assert fields_of(form)["plate"] == "粤E01234"
    assert "In the list stands 粤EO1234." in words_of(form)
    assert OWNER not in form.text
    assert PHONE not in form.text
    answer = client.post(address, data={**fields_of(form), "owner": "", "phone": ""})
    assert answer.location == f"/compound/lists/{number}#row-{row}"
    assert [(each.plate, each.outcome) for each in rows()] == [
        ("粤E01234", "accepted"),
        ("粤E99999", "accepted"),
    ]
    words = words_of(client.get(answer.location))
    assert "Row 2: Accepted." in words
    assert "Mended in the page" in words


def test_a_row_without_a_plate_stays_open_with_the_error_at_its_field(client, draft, rows):
    _, [row] = draft("粤EO1234")
    answer = client.post(f"/compound/rows/{row}/mend", data={"plate": " "})
    assert answer.status_code == 422
    assert 'id="plate-error"' in answer.text
    assert rows()[0].raw == "粤EO1234"


def test_a_row_is_left_out_stays_to_be_seen_and_is_taken_in_again(client, draft, rows):
    number, [row, _] = draft("粤E00001", "粤E00002")
    back = client.post(f"/compound/rows/{row}/leave-out?outcome=accepted").location
    # Among the accepted rows it would be gone from sight.
    assert back == f"/compound/lists/{number}#row-{row}"
    assert [each.outcome for each in rows()] == ["left_out", "accepted"]
    assert "00001" in client.get(f"/compound/lists/{number}").text
    client.post(f"/compound/rows/{row}/take-in")
    assert [each.outcome for each in rows()] == ["accepted", "accepted"]


def test_a_car_that_the_whole_list_forgot_is_kept(client, session, town, draft, rows):
    for number in (1, 2):
        make_vehicle(session, town.compound("A"), f"粤E0000{number}", "3-501")
    number, _ = draft("粤E00009", meaning=ListMeaning.WHOLE)
    keep = f"/compound/lists/{number}/keep"
    assert client.post(keep, data={"plate": "粤E00001"}).status_code == 302
    assert [(one.row, one.plate, one.outcome) for one in rows()] == [
        (2, "粤E00009", "accepted"),
        (3, "粤E00001", "unchanged"),
    ]
    words = words_of(client.get(f"/compound/lists/{number}"))
    assert "1 registered car is left out of this whole list." in words
    assert client.post(keep, data={"plate": "粤E00001"}).status_code == 409


def test_refused_rows_of_a_list_that_removes_say_that_there_is_no_such_car(client, draft):
    number, _ = draft("粤E00009", meaning=ListMeaning.REMOVE)
    book = load_workbook(io.BytesIO(client.post(f"/compound/lists/{number}/refused.xlsx").data))
    [row] = book.active.iter_rows(min_row=2, values_only=True)
    assert row[0] == "粤E00009"
    assert row[-1].startswith("Not registered: No such car")


def test_the_difference_is_seen_before_handing_in_and_by_the_office(
    client, sign_in, session, town, draft
):
    make_vehicle(session, town.compound("A"), "粤E00001", "3-501")
    number, _ = draft(("粤E00002", "3-501"), meaning=ListMeaning.WHOLE)
    address = f"/compound/lists/{number}"
    at_a_glance = "Cars now 1 New ＋ 1 Removed － 1 Stay as they are 0 Cars afterwards 1"
    assert at_a_glance in words_of(client.get(address))
    client.post(f"{address}/submit")
    assert at_a_glance in words_of(sign_in(Role.STAFF).get(f"/office/lists/{number}"))


def test_a_list_with_the_office_has_no_row_to_mend(client, session, town, rows):
    one = submit_list(session, town.compound("A"), list_csv("粤E00001"), files=town.files)
    row = one.rows[0].id
    session.commit()
    assert "row-form" not in client.get(f"/compound/rows/{row}/mend").text
    assert client.post(f"/compound/rows/{row}/leave-out").status_code == 409
    assert client.post(f"/compound/rows/{row}/mend", data={"plate": "粤E1"}).status_code == 409
    assert rows()[0].outcome != "left_out"
