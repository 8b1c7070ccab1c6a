import io

import pytest
from sqlalchemy import select

from permits.evidence import Evidence
from permits.plate_list import Outcome, PlateListRow
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import (
    list_csv,
    make_town,
    make_vehicle,
    photo_file,
    submit_list,
)


@pytest.fixture
def town(session, tmp_path):
    session.expire_on_commit = False
    town = make_town(session, tmp_path, "ABC")
    session.commit()
    return town


@pytest.fixture
def conflict(session, town, kept):
    """The row in which A claims a car of B."""
    make_vehicle(session, town.compound("B"), "粤E86661", "1-109")
    submit_list(session, town.compound("A"), list_csv(("粤E86661", "3-501")), files=town.files)
    session.commit()
    [row] = kept(select(PlateListRow.id).where(PlateListRow.outcome == Outcome.CONFLICT))
    return row


def send(client, address, content=None, **more):
    content = content if content is not None else photo_file()
    file = {"file": (io.BytesIO(content), "行驶证 陈伟.jpg")} if content else {}
    return client.post(address, data={**file, **more}, content_type="multipart/form-data")


def test_each_representative_hands_in_for_the_own_side_and_sees_only_that(
    sign_in, conflict, town, kept
):
    address = f"/compound/conflicts/{conflict}"
    a, b = sign_in(Role.REPRESENTATIVE, "A"), sign_in(Role.REPRESENTATIVE, "B")
    assert send(a, address).location == address
    assert kept(select(Evidence.compound_id)) == [town.compound("A").id]
    assert "Received on" in words_of(a.get(address))
    of_b = words_of(b.get(address))
    assert "Nothing handed in" in of_b
    assert ("501" in of_b, "109" in of_b) == (False, True)
    assert sign_in(Role.REPRESENTATIVE, "C").get(address).status_code == 404
    assert send(sign_in(Role.REPRESENTATIVE, "C"), address).status_code == 404


def test_the_office_sees_the_pictures_only_where_it_asks_and_the_ledger_says_so(
    sign_in, conflict, kept
):
    send(sign_in(Role.REPRESENTATIVE, "A"), f"/compound/conflicts/{conflict}")
    staff = sign_in(Role.STAFF)
    address = f"/office/conflicts/{conflict}"
    assert "data:image" not in staff.get(address).text
    looks = select(LedgerEntry.act).where(LedgerEntry.act == "evidence.shown")
    assert not kept(looks)
    page = staff.post(f"{address}/evidence/seen")
    assert page.text.count("data:image/jpeg;base64,") == 1
    assert page.headers["Cache-Control"] == "no-store"
    assert len(kept(looks)) == 1


def test_the_office_keeps_what_is_brought_to_it_for_either_side(sign_in, conflict, town, kept):
    staff, address = sign_in(Role.STAFF), f"/office/conflicts/{conflict}/evidence"
    assert send(staff, address, side=town.compound("C").id).status_code == 422
    assert send(staff, address, side=town.compound("B").id).status_code == 302
    assert kept(select(Evidence.compound_id)) == [town.compound("B").id]
    assert "陈伟" not in words_of(staff.get(f"/office/conflicts/{conflict}"))


@pytest.mark.parametrize(("content", "status"), [(b"", 422), (b"GIF89a", 422), (b"%PDF-", 422)])
def test_a_file_that_is_no_picture_is_refused_beside_its_field(sign_in, conflict, content, status):
    client = sign_in(Role.REPRESENTATIVE, "A")
    response = send(client, f"/compound/conflicts/{conflict}", content)
    assert (response.status_code, 'id="file-error"' in response.text) == (status, True)
