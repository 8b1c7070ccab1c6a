import json

from tests.zones.map_shapes import gate, rectangle, site
from zones.map_geojson import map_as_geojson


def test_a_map_goes_in_and_comes_out_as_it_was(answer, tmp_path):
    given = map_as_geojson(site(rectangle(0, 0), gate()))
    (tmp_path / "in.geojson").write_text(json.dumps(given))
    imported = answer("map", "import", tmp_path / "in.geojson")
    assert (imported["map"], imported["areas"]) == (1, 2)
    assert answer("map", "export", tmp_path / "out.geojson") == imported
    assert json.loads((tmp_path / "out.geojson").read_text()) == given


def test_faults_are_named_and_nothing_can_be_exported_that_was_not_drawn(refusal, tmp_path):
    file = tmp_path / "map.geojson"
    two = map_as_geojson(site(rectangle(0, 0), rectangle(9, 0, code="B1")))
    file.write_text(json.dumps(two))
    status, document = refusal("map", "import", file)
    assert (status, document["error"]) == (1, "map_refused")
    assert "Parking zone A1 and Parking zone B1 overlap" in document["words"]
    assert refusal("map", "export", file)[1]["error"] == "no_map"
