import io
import json
import re
import zipfile

import pytest
import pyzipper
from sqlalchemy import select

from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import PASSWORD, make_community, make_permit, make_vehicle

PAGE = "/set-up/handover"
HANDOVERS = select(LedgerEntry).where(LedgerEntry.act == "handover.exported")


@pytest.fixture
def admin(sign_in, session, town):
    make_permit(session, make_vehicle(session, town.compound("A"), "粤E12345", owner="欧阳测试"))
    return sign_in(Role.ADMINISTRATOR)


def download(admin):
    [address] = re.findall(r'href="(/set-up/handover/handover-[^"]+)"', admin.get(PAGE).text)
    answer = admin.get(address)
    assert answer.status_code == 200
    return io.BytesIO(answer.data)


def test_before_the_first_one_the_page_says_what_to_do(admin):
    assert "No file yet" in words_of(admin.get(PAGE))
    assert f'href="{PAGE}"' in admin.get("/set-up/").text


def test_a_handover_is_made_as_a_job_kept_downloaded_and_removed(admin, kept):
    answer = admin.post(PAGE, follow_redirects=True)
    assert "Done." in words_of(answer)
    page = words_of(admin.get(PAGE))
    assert "without names and phone numbers" in page
    with zipfile.ZipFile(download(admin)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert "permits/A-card.pdf" in archive.namelist()
        assert "plans/plan-1.geojson" in archive.namelist()
    [entry] = kept(HANDOVERS)
    assert manifest["head"] == {"number": entry.number, "hash": entry.hash}

    gone = admin.post(f"{PAGE}/remove", follow_redirects=True)
    assert "No file yet" in words_of(gone)


def test_people_need_the_password_beside_whose_field_it_says_so(admin, kept):
    for wrong in ("", "not my password"):
        answer = admin.post(PAGE, data={"with_people": "y", "password": wrong})
        assert answer.status_code == 403
        assert re.search(r'id="password-error"[^>]*>This is not your present', answer.text)
    assert "No file yet" in words_of(admin.get(PAGE))
    assert kept(HANDOVERS) == []


def test_with_people_the_passphrase_is_shown_once_and_opens_the_file(admin, kept):
    answer = admin.post(PAGE, data={"with_people": "y", "password": PASSWORD})
    [passphrase] = re.findall(r'class="once"[^>]*>([^<]+)<', answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    [job] = re.findall(r'href="(/jobs/[0-9a-f]+)"', answer.text)
    for later in (admin.get(job), admin.get(PAGE)):
        assert passphrase not in later.text
    with pyzipper.AESZipFile(download(admin)) as archive:
        archive.setpassword(passphrase.encode())
        assert "欧阳测试" in archive.read("tables/vehicles.csv").decode()
    [entry] = kept(HANDOVERS)
    assert entry.details == {"people": True}


def test_the_next_handover_takes_the_place_of_the_one_before(admin, town):
    admin.post(PAGE, data={"with_people": "y", "password": PASSWORD})
    admin.post(PAGE)
    assert [one.name for one in (town.folder / "handovers").iterdir()] == [
        "handover-1-20261201-083000.zip"
    ]


def test_an_administrator_does_not_hand_over_another_communitys_record(admin, session, kept):
    make_community(session, number=2)
    session.commit()
    answer = admin.post(PAGE)
    assert answer.status_code == 409
    assert "several communities" in words_of(answer)
    assert kept(HANDOVERS) == []
