import pytest

from permits.approving import return_list
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT, OFFICE, list_csv, submit_list

TEXT = "/set-up/messages/text?kind=list_returned"
OWN = {
    "subject_zh": "清单 {list} 请补正",
    "body_zh": "请到社区办 203 室面谈。",
    "subject_en": "Please mend list {list}",
    "body_en": "Come to room 203.",
}


@pytest.fixture
def administrator(sign_in):
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def read(session, town, sign_in):
    """Return what compound A's representative reads of a list that was returned."""
    representative = sign_in(Role.REPRESENTATIVE)
    one = submit_list(session, town.compound("A"), list_csv("粤E11111"), files=town.files)
    return_list(session, one, "whose car?", actor=OFFICE, at=AT)
    session.commit()
    return lambda: words_of(representative.get("/messages/"))


def test_own_words_are_previewed_saved_read_and_taken_back(administrator, read):
    assert "was returned" in read()
    preview = administrator.post(TEXT, data={**OWN, "act": "preview"})
    assert "Please mend list 12 Come to room 203." in words_of(preview)
    assert "room 203" not in read()
    administrator.post(TEXT, data={**OWN, "act": "save"})
    assert "Please mend list 1" in read()
    assert "A list is returned Owner representative own" in words_of(
        administrator.get("/set-up/messages")
    )
    administrator.post("/set-up/messages/text/reset", data={"kind": "list_returned"})
    assert "was returned" in read()


def test_a_place_that_is_not_filled_in_is_refused_beside_its_field(administrator, read):
    wrong = {**OWN, "body_en": "Ring {phone}."}
    page = administrator.post(TEXT, data=wrong)
    assert page.status_code == 422
    assert "Text in English Ring {phone}. {phone} is none of the things" in words_of(page)
    assert "was returned" in read()


def test_every_kind_can_be_written_and_no_other(administrator, app):
    page = administrator.get("/set-up/messages").text
    kinds = [part.partition('"')[0] for part in page.split("/set-up/messages/text?kind=")[1:]]
    assert kinds
    for kind in kinds:
        assert administrator.get(f"/set-up/messages/text?kind={kind}").status_code == 200
    assert administrator.get("/set-up/messages/text?kind=moon").status_code == 404
