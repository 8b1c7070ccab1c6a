import io
import json

import pytest
from sqlalchemy import func, select

from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT, OFFICE, make_plan, photo_file
from tests.zones.map_shapes import gate, rectangle, site
from zones.drawing_maps import save_map
from zones.map_area import AreaKind
from zones.map_geojson import map_as_geojson
from zones.site_map import SiteMap

COUNT = select(func.count()).select_from(SiteMap)


def sent(client, *areas, base=0):
    return client.post(f"/map/save?base={base}", json=map_as_geojson(site(*areas)))


def test_everybody_signed_in_sees_the_map_of_the_plan_in_force(sign_in, session, town):
    save_map(session, town.community, site(rectangle(0, 0), gate()), actor=OFFICE, at=AT)
    make_plan(session, town.community)
    page = sign_in(Role.GUARD).get("/map/")
    assert 'data-zone="A1"' in page.text
    assert "Plan 2, in force" in words_of(page)
    assert "Drawn since" not in page.text


def test_what_was_drawn_since_the_plan_is_shown_apart_from_it(sign_in, session, town):
    save_map(session, town.community, site(rectangle(0, 0)), actor=OFFICE, at=AT)
    page = sign_in(Role.REPRESENTATIVE).get("/map/")
    assert "Schematic, not to scale" in words_of(page)
    assert "Drawn since: map 1 Nobody has agreed to these lines yet." in words_of(page)


def test_the_office_saves_a_map_and_gets_it_back_as_a_file(sign_in, kept):
    client = sign_in(Role.STAFF)
    answer = sent(client, rectangle(0, 0), gate())
    assert (answer.status_code, answer.json) == (200, {"number": 1, "address": "/map/"})
    exported = client.get("/map/map.geojson")
    assert exported.mimetype == "application/geo+json"
    assert exported.json == map_as_geojson(site(rectangle(0, 0), gate()))
    again = {"map_file": (io.BytesIO(exported.data), "map.geojson")}
    assert client.post("/map/import", data=again).location == "/map/"
    assert kept(COUNT) == [1]


def overlap(one, other, percent):
    return f"{one} and {other} overlap by {percent} per cent of the smaller one."


def test_every_fault_is_said_by_area_and_nothing_is_saved(sign_in, kept):
    before = kept(select(LedgerEntry.hash).order_by(LedgerEntry.number))
    lane = rectangle(400, 0, kind=AreaKind.FIRE_LANE, code="", name="北侧")
    refused = sent(
        sign_in(Role.STAFF), rectangle(0, 0), rectangle(50, 0, code="B1"), lane, rectangle(420, 0)
    )
    assert (refused.status_code, refused.json["code"]) == (422, "map_refused")
    assert [(one["place"], one["words"]) for one in refused.json["faults"]] == [
        (0, overlap("Parking zone A1", "Parking zone B1", 50)),
        (2, overlap("Fire lane 北侧", "Parking zone A1", 80)),
    ]
    assert kept(select(LedgerEntry.hash).order_by(LedgerEntry.number)) == before


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "map_not_geojson"), (b" " * 3_000_000, "map_too_large")]
)
def test_what_is_no_map_is_a_problem_document(sign_in, body, code):
    refused = sign_in(Role.STAFF).post("/map/save", data=body)
    assert (refused.json["code"], refused.mimetype) == (code, "application/problem+json")


def test_a_map_that_a_colleague_saved_meanwhile_stays(sign_in):
    client = sign_in(Role.STAFF)
    sent(client, rectangle(0, 0))
    refused = sent(client, rectangle(9, 0))
    assert (refused.status_code, refused.json["code"]) == (409, "map_changed_meanwhile")


def test_a_broken_file_is_refused_at_its_field(sign_in, kept):
    client = sign_in(Role.STAFF)
    two = map_as_geojson(site(rectangle(0, 0), rectangle(9, 0, code="B1")))
    for address, field, content, words in (
        ("site-plan", "picture", b"GIF89a", "This is no picture, or a broken one."),
        ("import", "map_file", json.dumps(two).encode(), "Parking zone A1 and Parking zone B1"),
        ("import", "map_file", b"{", "This is no GeoJSON map"),
    ):
        files = {field: (io.BytesIO(content), "file"), "page": "1"}
        refused = client.post(f"/map/{address}", data=files)
        assert refused.status_code == 422
        assert words in words_of(refused)
    assert kept(COUNT) == [0]


def test_a_site_plan_is_served_as_pixels_only(sign_in):
    client = sign_in(Role.STAFF)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><script/></svg>'
    for content in (photo_file(400, 300), drawing):
        files = {"picture": (io.BytesIO(content), "plan"), "page": "1"}
        assert client.post("/map/site-plan", data=files).status_code == 302
    served = client.get("/map/site-plan/2")
    assert (served.mimetype, served.data[:4]) == ("image/png", b"\x89PNG")
    assert 'href="/map/site-plan/2"' in client.get("/map/").text
    assert "/map/site-plan/2" in client.get("/map/edit").text
