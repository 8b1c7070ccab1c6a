import pytest

from permits import token
from permits.permit import PermitState
from permits.print_batch import permit_fields
from tests.factories import AT, make_permit, make_vehicle

PLATE = "粤E86661"
KEYS = {"verdict", "reasons", "colour", "letter", "zones", "plate"}


@pytest.fixture
def permit(session, town):
    vehicle = make_vehicle(session, town.compound("A"), PLATE)
    permit = make_permit(session, vehicle, PermitState.HANDED_OVER)
    session.commit()
    return permit


@pytest.fixture
def scanned(permit, town):
    signed = token.sign(permit_fields(permit, town.community), town.keys.private(permit.key_id))
    return token.url("https://permits.example", signed)


def test_a_plate_and_a_token_are_decided_on_alike(answer, scanned, town):
    for asked in (["--plate", "粤e·86661"], ["--token", scanned]):
        decided = answer("gate", "decide", *asked, "--gate", "EAST")
        assert set(decided) >= KEYS
        assert (decided["verdict"], decided["reasons"]) == ("admit", ["ok"])
        assert (decided["letter"], decided["plate"]) == ("A", PLATE)
        assert decided["colour"] == town.compound("A").colour.hex
        assert decided["zones"] == ["A1", "S1"]


def test_a_token_on_another_car_is_refused(answer, scanned):
    decided = answer("gate", "decide", "--token", scanned, "--plate", "粤E00001")
    assert (decided["verdict"], decided["reasons"]) == ("refuse", ["plate_mismatch"])


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["--plate", "粤E00001"], "plate_unknown"),
        (["--plate", ""], "plate_invalid"),
        (["--token", ""], "malformed_token"),
        (["--token", "A" * 5000], "unknown_version"),
    ],
)
def test_a_refusal_is_an_answer_and_no_failure(answer, permit, asked, reason):
    decided = answer("gate", "decide", *asked)
    assert (decided["verdict"], decided["reasons"]) == ("refuse", [reason])


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        ("2026-12-01T00:00", ["ok"]),
        ("2026-11-30T23:59", ["not_yet_valid"]),
        ("2026-11-30T23:59+08:00", ["not_yet_valid"]),
        ("2026-11-30T16:00Z", ["ok"]),
        ("2027-11-30T23:59", ["ok"]),
        ("2027-12-01", ["expired"]),
    ],
)
def test_a_time_without_a_zone_is_the_communitys(answer, permit, at, reasons):
    assert answer("gate", "decide", "--plate", PLATE, "--at", at)["reasons"] == reasons


@pytest.mark.parametrize(
    ("at", "open_now"), [("2026-12-01T20:00", ["A1", "S1"]), ("2026-12-01T07:00", ["A1"])]
)
def test_zones_open_and_close_by_the_local_clock(answer, permit, at, open_now):
    windows = answer("gate", "decide", "--plate", PLATE, "--at", at)["windows"]
    assert [one["zone"] for one in windows if one["open_now"]] == open_now


@pytest.mark.parametrize(
    "at", ["tomorrow", "", "2026-13-01", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"]
)
def test_a_time_that_is_none_is_wrong_usage(refusal, permit, at):
    status, document = refusal("gate", "decide", "--plate", PLATE, "--at", at)
    assert (status, document["error"]) == (2, "wrong_usage")
    assert "--at" in document["words"]


def test_nothing_to_decide_on_is_wrong_usage(refusal, run):
    status, document = refusal("gate", "decide")
    assert (status, document["words"]) == (2, "give --token or --plate")
    assert "give --token or --plate" in run("gate", "decide").stderr


def test_an_unknown_gate_is_named_with_those_that_are_known(refusal, permit):
    status, document = refusal("gate", "decide", "--plate", PLATE, "--gate", "north")
    assert (status, document["error"]) == (1, "unknown_gate")
    assert "“north”. Known: east." in document["words"]


def test_people_read_one_line(run, permit):
    line = run("gate", "decide", "--plate", PLATE, "--language", "en").stdout
    assert line == f"Admit  {PLATE}  Compare the plate with the car\n"


def test_after_a_new_key_old_permits_still_verify(answer, scanned, session, town):
    before = answer("keys", "list")["keys"]
    new = answer("keys", "rotate")
    after = answer("keys", "list")["keys"]
    assert [one["id"] for one in after] == [before[0]["id"], new["id"]]
    assert [one["retired_at"] for one in after] == [AT.isoformat(), None]
    assert answer("gate", "decide", "--token", scanned)["reasons"] == ["ok"]
