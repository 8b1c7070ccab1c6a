from sqlalchemy import select

from permits.plate_list import ListState, Outcome, PlateList
from permits.vehicles import Vehicle, VehicleState
from tests.factories import list_csv, make_vehicle

ROW = {"sheet", "row", "raw", "plate", "outcome", "reason"}


def written(folder, *rows):
    path = folder / "list.csv"
    path.write_bytes(list_csv(*rows))
    return path


def test_every_plate_is_a_row_and_the_counts_add_up(answer, tmp_path, kept):
    file = written(tmp_path, "粤E00001、粤E00002", "粤EO1234", ("", "3-501", "欧阳", ""))
    checked = answer("lists", "check", file)
    assert all(set(row) >= ROW for row in checked["rows"])
    assert [row["row"] for row in checked["rows"]] == [2, 2, 3, 4]
    assert [row["plate"] for row in checked["rows"]] == ["粤E00001", "粤E00002", None, None]
    assert set(checked["counts"]) == set(Outcome)
    assert sum(checked["counts"].values()) == len(checked["rows"])
    assert checked["counts"]["missing_plate"] == 1
    assert kept(select(PlateList)) == []


def test_a_list_is_checked_for_the_compound_that_is_named(answer, tmp_path, session, town):
    make_vehicle(session, town.compound("B"), "粤E00001")
    session.commit()
    file = written(tmp_path, "粤E00001")
    first = answer("lists", "check", file)["rows"][0]
    second = answer("lists", "check", file, "--compound", "B")["rows"][0]
    assert (first["outcome"], second["outcome"]) == ("conflict", "unchanged")


def test_a_whole_list_names_what_it_would_remove(answer, tmp_path, session, town):
    make_vehicle(session, town.compound("A"), "粤E00009")
    session.commit()
    file = written(tmp_path, "粤E00001")
    assert answer("lists", "check", file, "--meaning", "whole")["removals"] == ["粤E00009"]


def test_a_list_of_cars_to_remove_takes_them_out_of_the_register(
    answer, tmp_path, session, town, kept
):
    for plate in ("粤E00001", "粤E00002"):
        make_vehicle(session, town.compound("A"), plate)
    session.commit()
    file = written(tmp_path, "粤E00001", "粤E00009")
    removed = answer("lists", "submit", file, "--compound", "a", "--meaning", "remove", "--approve")
    assert [row["outcome"] for row in removed["rows"]] == ["removed", "not_in_register"]
    active = select(Vehicle.plate).where(Vehicle.state == VehicleState.ACTIVE)
    assert kept(active) == ["粤E00002"]


def test_a_list_is_handed_in(answer, tmp_path, kept):
    handed_in = answer("lists", "submit", written(tmp_path, "粤E00001"), "--compound", "a")
    [one] = kept(select(PlateList))
    assert (handed_in["list"], one.state) == (one.id, ListState.SUBMITTED)
    assert handed_in["counts"]["accepted"] == 1
    assert kept(select(Vehicle)) == []


def test_a_list_is_handed_in_and_approved_and_a_second_time_changes_nothing(answer, tmp_path, kept):
    file = written(tmp_path, "粤E00001")
    answer("lists", "submit", file, "--compound", "a", "--approve")
    assert kept(select(Vehicle.plate)) == ["粤E00001"]
    again = answer("lists", "submit", file, "--compound", "a", "--approve")
    assert again["counts"]["unchanged"] == 1
    assert len(kept(select(Vehicle))) == 1


def test_an_unknown_compound_is_named_with_those_that_are_known(refusal, tmp_path, kept):
    file = written(tmp_path, "粤E00001")
    for command in ("check", "submit"):
        status, document = refusal("lists", command, file, "--compound", "zzz")
        assert (status, document["error"]) == (1, "unknown_compound")
        assert "“zzz”. Known: a, b." in document["words"]
    assert kept(select(PlateList)) == []


def test_a_file_that_is_no_list_is_one_sentence(refusal, run, tmp_path):
    file = tmp_path / "picture.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    status, document = refusal("lists", "check", file)
    assert (status, document["error"]) == (1, "not_a_list")
    plain = run("lists", "check", "--language", "en", file)
    assert (plain.exit_code, plain.stdout) == (1, "")
    assert plain.stderr == document["words"] + "\n"


def test_a_file_that_is_not_there_is_wrong_usage(refusal, tmp_path):
    status, document = refusal("lists", "check", tmp_path / "none.csv")
    assert (status, document["error"]) == (2, "wrong_usage")
    assert "none.csv" in document["words"]


def test_people_read_what_was_refused_and_the_counts(run, tmp_path):
    text = run("lists", "check", "--language", "en", written(tmp_path, "粤E00001", "粤EO1234"))
    [refused, counts] = text.stdout.splitlines()
    assert "粤EO1234" in refused
    assert "Accepted 1" in counts
