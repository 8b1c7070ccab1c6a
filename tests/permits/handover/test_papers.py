import json
import zipfile

import pytest
from pypdf import PdfReader

from app.config import VENDOR
from permits.handover.writing import Source, write_handover
from permits.permit import PermitState
from permits.print_batch import PrintSettings
from tests.factories import AT, SEALER, make_permit, make_town, make_vehicle, photo_file
from zones.drawing_maps import lay_site_plan


@pytest.fixture
def papers(session, tmp_path):
    """Write a handover with papers, and return what it holds."""
    town = make_town(session, tmp_path)
    for plate in ("粤E12345", "粤E12346"):
        make_permit(session, make_vehicle(session, town.compound("A"), plate))
    ended = make_vehicle(session, town.compound("B"))
    make_permit(session, ended, PermitState.REVOKED)
    lay_site_plan(
        session, town.community, photo_file(400, 300), files=town.files, actor="user:1", at=AT
    )
    session.commit()
    settings = PrintSettings(tmp_path, VENDOR / "fonts", "https://p.example", town.keys)
    source = Source(session.get_bind(), SEALER, town.files, settings)
    told = []
    path = tmp_path / "handover.zip"
    write_handover(source, path, at=AT, progress=lambda *amounts: told.append(amounts))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    return tmp_path / "out"


def test_the_permits_in_force_are_drawn_by_compound_and_stay_as_they_were(papers):
    assert [one.name for one in (papers / "permits").iterdir()] == ["A-card.pdf"]
    text = "".join(page.extract_text() for page in PdfReader(papers / "permits/A-card.pdf").pages)
    rows = (papers / "tables/permits.csv").read_text("utf-8-sig").splitlines()
    serials = [row.split(",")[5] for row in rows[1:]]
    assert [serial in text for serial in serials] == [True, True, False]
    assert sum(",issued," in row for row in rows) == 2


def test_a_plan_is_geojson_with_who_may_park_where_and_a_picture_in_both_languages(papers):
    geojson = json.loads((papers / "plans/plan-1.geojson").read_text("utf-8"))
    assert geojson["type"] == "FeatureCollection"
    drawn = {one["properties"].get("code") for one in geojson["features"]}
    openings = geojson["zone_plan"]["openings"]
    assert {one["zone"] for one in openings} == {"A1", "B1", "S1"} <= drawn
    night = {"zone": "S1", "letter": "A", "starts": "20:00", "ends": "07:00", "spaces": None}
    assert night in openings
    for language in ("zh", "en"):
        assert (papers / f"plans/plan-1.{language}.svg").read_text("utf-8").startswith("<svg")


def test_the_site_plan_is_there_to_look_at(papers):
    assert (papers / "plans/site-plan-1.png").read_bytes().startswith(b"\x89PNG")
