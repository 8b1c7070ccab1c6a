import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from permits.permit import PermitState
from permits.printing import LAYOUTS
from tests.factories import TODAY, make_permit, make_vehicle


@pytest.fixture
def permit(session, town):
    one = make_permit(session, make_vehicle(session, town.compound("A")))
    session.commit()
    return one


@pytest.fixture
def cars(session, town):
    for letter in "AAB":
        make_vehicle(session, town.compound(letter))
    session.commit()


def test_issuing_answers_with_the_serials_and_a_second_time_with_none(answer, cars):
    issued = answer("permits", "issue")
    assert issued["issued"] == len(issued["serials"]) == 3
    assert answer("permits", "issue") == {"issued": 0, "serials": []}


def test_renewing_answers_with_the_new_serials_and_a_second_time_with_none(
    answer, refusal, session, town
):
    make_permit(session, make_vehicle(session, town.compound("A")), days=11)
    session.commit()
    asked = ("permits", "renew", "--compound", "a", "--until", "2027-12-31")
    renewed = answer(*asked)
    assert (renewed["renewed"], renewed["until"]) == (1, "2027-12-31")
    assert [one[0] for one in renewed["serials"]] == ["A"]
    assert answer(*asked)["renewed"] == 0
    assert refusal("permits", "renew")[0] == 2


def test_only_the_named_compounds_permits_are_issued(answer, cars):
    assert [one[0] for one in answer("permits", "issue", "--compound", "b")["serials"]] == ["B"]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_printing_answers_with_the_file_and_what_is_in_it(answer, cars, tmp_path, layout):
    answer("permits", "issue")
    printed = answer("permits", "print", "--out", tmp_path / "out", "--layout", layout)
    [path] = printed["files"]
    assert printed["permits"] == 3
    assert printed["sheets"] >= 2
    assert printed["sha256"] == {path: hashlib.sha256(Path(path).read_bytes()).hexdigest()}


def test_the_same_permits_print_the_same_bytes(answer, cars, tmp_path):
    answer("permits", "issue")
    first, second = (answer("permits", "print", "--out", tmp_path / name) for name in "xy")
    assert [*first["sha256"].values()] == [*second["sha256"].values()]


def test_with_nothing_to_print_no_file_is_made(refusal, tmp_path, permit):
    out = tmp_path / "out"
    status, document = refusal("permits", "print", "--out", out, "--compound", "b")
    assert (status, document["error"]) == (1, "nothing_to_print")
    assert not out.exists()


@pytest.mark.parametrize("arguments", [["--layout", "poster"], ["--layout"], []])
def test_a_print_that_cannot_be_is_wrong_usage(refusal, tmp_path, arguments):
    where = ["--out", tmp_path] if arguments else []
    assert refusal("permits", "print", *where, *arguments)[0] == 2


def test_a_folder_that_cannot_be_written_is_one_sentence(refusal, permit):
    status, document = refusal("permits", "print", "--out", "/proc/none/prints")
    assert (status, document["error"]) == (1, "file_trouble")
    assert "/proc/none" in document["words"]


def test_revoking_answers_with_the_new_state(answer, permit):
    revoked = answer("permits", "revoke", permit.serial.lower(), "--reason", "sold")
    assert revoked == {"serial": permit.serial, "state": PermitState.REVOKED}


def test_a_permit_is_revoked_once(answer, refusal, permit):
    answer("permits", "revoke", permit.serial, "--reason", "sold")
    status, document = refusal("permits", "revoke", permit.serial, "--reason", "sold")
    assert (status, document["error"]) == (1, "wrong_permit_state")


@pytest.mark.parametrize("serial", ["A-000999-9", "A-000001-0", "nonsense", "", "粤E12345"])
def test_an_unknown_serial_is_told_in_words(refusal, permit, serial):
    status, document = refusal("permits", "revoke", "--reason", "x", "--", serial)
    assert (status, document["error"]) == (1, "unknown_permit")
    assert serial in document["words"]


def test_no_permit_is_revoked_without_a_reason(refusal, permit):
    assert refusal("permits", "revoke", permit.serial)[0] == 2
    status, document = refusal("permits", "revoke", permit.serial, "--reason", "  ")
    assert (status, document["error"]) == (1, "reason_missing")


def test_permits_whose_last_day_is_over_expire(answer, session, town):
    make_permit(
        session,
        make_vehicle(session, town.compound("A")),
        valid_from=TODAY - timedelta(days=10),
        days=10,
    )
    make_permit(session, make_vehicle(session, town.compound("A")), days=1)
    session.commit()
    assert answer("permits", "expire") == {"expired": 1}
    assert answer("permits", "expire") == {"expired": 0}


def test_with_a_key_that_others_can_read_nothing_is_issued(refusal, cars, town):
    town.keys.folder.joinpath("signing-1.pem").chmod(0o644)
    status, document = refusal("permits", "issue")
    assert (status, document["error"]) == (1, "key_too_open")
    assert "0644" in document["words"]
