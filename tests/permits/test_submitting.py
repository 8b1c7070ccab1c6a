import pytest
from sqlalchemy import func, select

from permits.plate_list import ListMeaning, ListState, Outcome, PlateListRow, WrongListState
from permits.reading import ListRow
from permits.reading_errors import NotAList
from permits.submitting import keep_draft, review_list, submit, withdraw
from permits.vehicles import Household, Vehicle
from records import ledger
from tests.factories import (
    AT,
    REPRESENTATIVE,
    SEALER,
    approve_list,
    draft_list,
    list_csv,
    make_town,
    make_vehicle,
    plate,
    submit_list,
)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def compound(town):
    return town.compound("A")


def outcomes(plate_list):
    return [row.outcome for row in plate_list.rows]


def last_entry(session):
    return list(ledger.export(session))[-1]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_draft_and_a_handed_in_list_leave_the_register_as_it_was(session, town, compound):
    submit_list(session, compound, list_csv((plate(1), "3-501")), files=town.files)
    assert (count(session, Vehicle), count(session, Household)) == (0, 0)


def test_the_file_is_kept_unchanged_under_its_sha256(session, town, compound):
    content = list_csv(plate(1))
    draft = draft_list(session, compound, content, files=town.files)
    assert town.files.read(draft.file_sha256) == content


def test_a_file_that_cannot_be_read_keeps_nothing(session, town, compound):
    with pytest.raises(NotAList):
        draft_list(session, compound, b"\x89PNG\r\n\x1a\n" + bytes(40), files=town.files)
    assert count(session, PlateListRow) == 0
    assert not town.files.folder.exists()


def test_names_and_phones_are_sealed_in_the_database(session, town, compound):
    content = list_csv((plate(1), "3-501", "陈志明", "13800138000"))
    row = draft_list(session, compound, content, files=town.files).rows[0]
    assert "陈志明".encode() not in row.owner_sealed
    assert (SEALER.open(row.owner_sealed), SEALER.open(row.phone_sealed)) == (
        "陈志明",
        "13800138000",
    )


def test_handing_in_is_entered_in_the_ledger_with_counts_only(session, town, compound):
    content = list_csv(plate(1), plate(2), "no plate")
    handed_in = submit_list(session, compound, content, files=town.files)
    entry = last_entry(session)
    assert (entry["act"], entry["subject"]) == ("list.submitted", f"list:{handed_in.id}")
    assert entry["details"] == {
        "letter": "A",
        "meaning": "add",
        "file_sha256": handed_in.file_sha256,
        "outcomes": {"accepted": 2, "invalid_plate": 1},
        "removals": 0,
    }


@pytest.mark.parametrize("act", [submit, withdraw])
@pytest.mark.parametrize("state", [ListState.APPROVED, ListState.WITHDRAWN])
def test_a_list_that_was_decided_or_taken_back_can_do_nothing_more(
    session, town, compound, act, state
):
    handed_in = submit_list(session, compound, list_csv(plate(1)), files=town.files)
    handed_in.state = state
    with pytest.raises(WrongListState) as refused:
        act(session, handed_in, actor=REPRESENTATIVE, at=AT)
    assert refused.value.facts == {"number": handed_in.id, "state": state}


def test_a_list_is_handed_in_once(session, town, compound):
    handed_in = submit_list(session, compound, list_csv(plate(1)), files=town.files)
    with pytest.raises(WrongListState):
        submit(session, handed_in, actor=REPRESENTATIVE, at=AT)


def test_taking_back_a_handed_in_list_is_entered_and_a_draft_is_not(session, town, compound):
    handed_in = submit_list(session, compound, list_csv(plate(1)), files=town.files)
    withdraw(session, handed_in, actor=REPRESENTATIVE, at=AT)
    assert last_entry(session)["act"] == "list.withdrawn"
    before = ledger.head(session)
    draft = draft_list(session, compound, list_csv(plate(1)), files=town.files)
    withdraw(session, draft, actor=REPRESENTATIVE, at=AT)
    assert (draft.state, ledger.head(session)) == (ListState.WITHDRAWN, before)


def test_a_list_that_was_taken_back_claims_no_plate(session, town, compound):
    handed_in = submit_list(session, compound, list_csv(plate(1)), files=town.files)
    withdraw(session, handed_in, actor=REPRESENTATIVE, at=AT)
    other = draft_list(session, town.compound("B"), list_csv(plate(1)), files=town.files)
    assert outcomes(other) == [Outcome.ACCEPTED]


def test_a_whole_list_shows_what_it_leaves_out(session, town, compound):
    for number in (1, 2, 3):
        make_vehicle(session, compound, plate(number))
    make_vehicle(session, town.compound("B"), plate(4))
    content = list_csv(plate(2), plate(9))
    draft = draft_list(session, compound, content, files=town.files, meaning=ListMeaning.WHOLE)
    assert draft.removals == [plate(1), plate(3)]
    assert outcomes(draft) == [Outcome.UNCHANGED, Outcome.ACCEPTED]


def test_a_whole_list_gives_the_place_of_a_sold_car_to_the_one_bought(session, tmp_path):
    town = make_town(session, tmp_path, quota=1)
    make_vehicle(session, town.compound("A"), plate(1), "3-501")
    content = list_csv((plate(2), "3-501"))
    whole, add = (
        draft_list(session, town.compound("A"), content, files=town.files, meaning=meaning)
        for meaning in (ListMeaning.WHOLE, ListMeaning.ADD)
    )
    assert (outcomes(whole), outcomes(add)) == ([Outcome.ACCEPTED], [Outcome.OVER_QUOTA])


def test_texts_longer_than_the_database_keeps_are_the_same_a_second_time(session, town, compound):
    # A room of no known form stays as it was typed, however long.
    content = list_csv((plate(1), "东侧第二户" * 20, "陈伟", "13800138000"))
    approve_list(session, compound, content, files=town.files)
    again = draft_list(session, compound, content, files=town.files)
    assert outcomes(again) == [Outcome.UNCHANGED]


def test_a_nul_from_an_old_workbook_is_kept_as_a_mark_and_breaks_nothing(session, town, compound):
    rows = [ListRow("表\0", 1, plate(1), "陈\0伟", room="东\0屋"), ListRow("", 2, "粤E\x001234")]
    draft = keep_draft(
        session,
        compound,
        review_list(session, compound, rows, ListMeaning.ADD, SEALER),
        content=b"",
        file_name="\0.xls",
        meaning=ListMeaning.ADD,
        files=town.files,
        sealer=SEALER,
        actor=REPRESENTATIVE,
        at=AT,
    )
    session.commit()
    assert outcomes(draft) == [Outcome.ACCEPTED, Outcome.INVALID_PLATE]
    assert draft.rows[0].room == "东\ufffd屋"
