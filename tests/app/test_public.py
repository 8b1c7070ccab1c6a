import re

import pytest
from sqlalchemy import select, update

from app.config import Home, Settings
from app.factory import create_app
from permits import token
from permits.heads import sign_head
from permits.permit import Permit, PermitState
from permits.print_batch import permit_fields
from permits.printing.symbols import single_svg
from records import ledger
from records.people import Role
from tests.app.pages import words_of
from tests.app.world import OWNER, PHONE
from tests.factories import AT, OFFICE, make_permit, make_vehicle
from zones.areas import Zone
from zones.responsibility import name_responsible

PLATE = "粤E86661"


@pytest.fixture
def permit(session, town):
    vehicle = make_vehicle(session, town.compound("A"), PLATE, "3-501", owner=OWNER, phone=PHONE)
    permit = make_permit(session, vehicle, PermitState.HANDED_OVER)
    session.commit()
    return permit


@pytest.fixture
def signed(permit, town):
    return token.sign(permit_fields(permit, town.community), town.keys.private(permit.key_id))


@pytest.fixture
def english(client):
    client.post("/language/en")
    return client


def test_the_board_tells_counts_and_the_plan_and_nothing_of_anybody(english, permit, town):
    page = english.get("/").text
    assert f"Zone plan {town.plan.number}" in page
    assert "Compound A" in page
    assert 'class="site-map"' in page
    for secret in (OWNER, PHONE, "86661", "3-501", permit.serial):
        assert secret not in words_of(english.get("/"))


def test_the_board_has_the_signed_head_as_text_and_as_a_symbol(client, session, town):
    head = sign_head(session, town.community, town.keys, at=AT).checkpoint
    session.commit()
    page = client.get("/")
    assert head.text in words_of(page)
    drawn = re.findall(r"<svg[^>]*>.*?</svg>", page.text.rpartition('role="img"')[2], re.DOTALL)
    [symbol] = re.findall(r"<svg[^>]*>.*?</svg>", single_svg(head.text), re.DOTALL)
    assert drawn == [symbol]


def test_the_board_names_who_answers_and_the_open_reports(english, session, town):
    zone = session.scalars(select(Zone).where(Zone.code == "A1")).one()
    named = {zone: ("社区办 李敏", "0757-86660001")}
    name_responsible(session, town.community, named, actor=OFFICE, at=AT)
    session.commit()
    page = english.get("/")
    assert "社区办 李敏 0757-86660001" in words_of(page)
    assert "tel:0757-86660001" in page.text


def test_a_visitors_browser_keeps_the_board_until_something_changes(client, session, town):
    client.get("/")
    kept = client.get("/")
    assert kept.headers["Cache-Control"] == "private, no-cache"
    asked = {"If-None-Match": kept.headers["ETag"]}
    assert client.get("/", headers=asked).status_code == 304
    ledger.append(session, OFFICE, [ledger.Act("zone.added", "zone:X", {})], AT)
    session.commit()
    assert client.get("/", headers=asked).status_code == 200


def test_the_board_of_somebody_signed_in_is_kept_by_nobody(sign_in):
    assert sign_in(Role.STAFF).get("/").headers["Cache-Control"] == "no-store"


def test_a_permits_page_tells_its_state_colour_zones_and_half_its_plate(english, permit, signed):
    page = english.get(f"/P/{signed}")
    words = words_of(page)
    assert page.status_code == 200
    for told in ("Valid", "Compound A", "A1", "S1"):
        assert told in words
    assert "permit-blue" in page.text
    for secret in (OWNER, PHONE, "86661", "3-501", permit.serial):
        assert secret not in page.text.replace("<i>·</i>", "")


@pytest.mark.parametrize("prefix", ["/p/", "/P/"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_a_permits_address_is_known_in_any_case(client, signed, prefix, case):
    assert client.get(prefix + case(signed)).status_code == 200


@pytest.mark.parametrize(
    ("state", "words"), [("revoked", "This permit is revoked"), ("expired", "expired")]
)
def test_an_ended_permit_is_genuine_but_not_valid(english, session, permit, signed, state, words):
    session.execute(
        update(Permit).values(state=state, ended_at=permit.issued_at, end_reason="private words")
    )
    session.commit()
    page = english.get(f"/P/{signed}")
    assert page.status_code == 200
    assert "Not valid" in words_of(page)
    assert words in words_of(page)
    assert "private words" not in page.text


@pytest.mark.parametrize("scanned", ["AAAA", "%E2%98%83", "A" * 4000, "%00", "<script>", "%2e%2e"])
def test_what_the_office_never_made_is_not_genuine(english, scanned):
    page = english.get(f"/P/{scanned}")
    assert page.status_code == 404
    assert "Not genuine" in words_of(page)
    assert "<script>" not in page.text


def test_a_changed_character_makes_a_permit_not_genuine(english, signed):
    changed = signed[:-5] + ("A" if signed[-5] != "A" else "B") + signed[-4:]
    page = english.get(f"/P/{changed}")
    assert page.status_code == 404
    assert "Not genuine" in words_of(page)


def test_before_a_community_is_founded_the_pages_say_so(database_url, tmp_path):
    client = create_app(Settings(Home(tmp_path), database_url)).test_client()
    assert "flask demo load" in client.get("/").text
    assert client.get("/P/AAAA").status_code == 404


def test_health_is_told_to_whoever_asks(client):
    assert client.get("/health").json == {"status": "ok"}
