import pytest

from records.people import Role
from tests.app.pages import words_of
from tests.factories import list_csv, submit_list


@pytest.fixture
def handed_in(session, town):
    one = submit_list(
        session, town.compound("A"), list_csv("粤E00001", "粤E00002"), files=town.files
    )
    numbers = one.id, [row.id for row in one.rows]
    session.commit()
    return numbers


def test_the_office_asks_and_the_representative_answers_where_the_row_stands(sign_in, handed_in):
    number, [row, _] = handed_in
    office, home = sign_in(Role.STAFF), sign_in(Role.REPRESENTATIVE)
    assert "Ask" in words_of(office.get(f"/office/rows/{row}/ask"))
    asked = office.post(f"/office/rows/{row}/ask", data={"text": "Which flat?"})
    assert asked.location == f"/office/lists/{number}#row-{row}"
    assert "The office asks about 1 row" in words_of(home.get("/compound/"))
    assert "1 question open" in words_of(office.get("/office/lists"))

    page = words_of(home.get(f"/compound/lists/{number}?outcome=asked"))
    assert "Which flat?" in page
    assert "00002" not in page
    answer = f"/compound/rows/{row}/answer"
    empty = home.post(answer, data={"text": " "})
    assert (empty.status_code, f'id="text-{row}-error"' in empty.text) == (422, True)
    home.post(answer, data={"text": "3-501, <b>a tenant</b>"})
    assert "3-501, <b>a tenant</b>" in words_of(office.get(f"/office/lists/{number}")).replace(
        "&lt;", "<"
    )
    assert "The office asks" not in words_of(home.get("/compound/"))
    assert home.post(answer, data={"text": "again"}).status_code == 409


def test_a_draft_is_not_the_offices_to_ask_about(sign_in, session, town, handed_in):
    number, [row, _] = handed_in
    sign_in(Role.REPRESENTATIVE).post(f"/compound/lists/{number}/withdraw")
    office = sign_in(Role.STAFF)
    assert office.get(f"/office/rows/{row}/ask").status_code == 404
    assert office.post(f"/office/rows/{row}/ask", data={"text": "Why?"}).status_code == 404
