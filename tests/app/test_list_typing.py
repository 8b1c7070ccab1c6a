import pytest
from sqlalchemy import select

from permits.plate_list import PlateList, PlateListRow
from records.people import Role
from tests.app.pages import words_of

CHECK = "/compound/lists/check-plates"


@pytest.fixture
def client(sign_in):
    return sign_in(Role.REPRESENTATIVE)


def test_a_typed_list_is_reviewed_as_a_pasted_one(client, kept):
    text = "车牌\t房号\t业主\t电话\n粤E·12345\t3栋501\t张三\t13800138000\n\t3-502\t李四\t"
    sent = client.post("/compound/lists/new", data={"typed": "yes", "text": text, "meaning": "add"})
    [one] = kept(select(PlateList))
    assert sent.location == f"/compound/lists/{one.id}"
    assert one.file_name == "typed list.txt"
    rows = kept(select(PlateListRow).order_by(PlateListRow.id))
    assert [(row.plate, row.building, row.room, row.outcome) for row in rows] == [
        ("粤E12345", "3", "501", "accepted"),
        (None, "3", "502", "missing_plate"),
    ]


def test_an_empty_table_says_so_on_its_own_page(client, kept):
    page = client.post("/compound/lists/new", data={"typed": "yes", "text": "", "meaning": "add"})
    assert page.status_code == 422
    assert "There is nothing in the table yet." in words_of(page)
    assert 'id="typed-row"' in page.text
    assert kept(select(PlateList)) == []


def test_of_a_text_that_is_no_plate_the_page_is_told_why_and_what_was_likely_meant(client):
    answer = client.post(CHECK, json={"texts": ["粤E12345", "粤EO1234", "E12345", "", "🚗"]}).json
    assert set(answer["faults"]) == {"粤EO1234", "E12345", "", "🚗"}
    assert answer["faults"]["粤EO1234"]["suggestion"] == "粤E·01234"
    assert answer["faults"]["E12345"]["suggestion"] == "粤E·12345"
    assert "plates have no letters O and I" in answer["faults"]["粤EO1234"]["words"]
    assert answer["faults"]["🚗"]["suggestion"] is None


def test_a_question_of_another_form_is_refused(client):
    for sent in (None, [], {}, {"texts": "粤E12345"}, {"texts": [1]}):
        assert client.post(CHECK, json=sent).status_code == 400, sent
