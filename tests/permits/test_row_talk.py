from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.approving import settle_conflict
from permits.plate_list import ConflictDecision, ListState, WrongListState
from permits.row_message import RowMessage
from permits.row_talk import (
    MessageMissing,
    NothingAsked,
    answer,
    ask,
    open_questions_by_list,
    threads_of,
)
from records.message import Message
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    list_csv,
    make_town,
    make_user,
    make_vehicle,
    representative_of,
    submit_list,
)

LATER = AT + timedelta(hours=1)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def handed_in(session, town):
    return submit_list(
        session, town.compound("A"), list_csv("粤E00001", "粤E00002"), files=town.files
    )


def asked(session, row, text="哪一户？", at=AT):
    return ask(session, row, text, SEALER, actor=OFFICE, at=at)


def answered(session, row, text="3-501", at=LATER):
    return answer(session, row, text, SEALER, actor=REPRESENTATIVE, at=at)


def open_in(session, town, letter=None):
    compound = town.compound(letter) if letter else None
    return open_questions_by_list(session, town.community, compound)


def test_a_question_is_open_until_it_is_answered_at_its_row(session, town, handed_in):
    one, other = handed_in.rows
    for row, text in ((one, "哪一户？"), (one, "电话多少？"), (other, "是租客吗？")):
        asked(session, row, text)
    assert open_in(session, town) == open_in(session, town, "A") == {handed_in.id: 2}
    assert open_in(session, town, "B") == {}
    answered(session, one)
    assert open_in(session, town) == {handed_in.id: 1}
    threads = threads_of(session, [one, other], SEALER)
    assert [(said.from_office, said.text, said.is_open) for said in threads[one.id]] == [
        (True, "哪一户？", False),
        (True, "电话多少？", False),
        (False, "3-501", False),
    ]
    assert [said.is_open for said in threads[other.id]] == [True]


def test_the_other_side_is_told_and_without_what_was_said(session, town, handed_in):
    clerk = make_user(session, town.community)
    home = representative_of(session, town.compound("A"))
    asked(session, handed_in.rows[1])
    answered(session, handed_in.rows[1])
    number = handed_in.id
    told = select(Message).where(Message.subject == f"list:{number}").order_by(Message.id)
    assert [(one.user_id, one.kind, one.facts) for one in session.scalars(told)] == [
        (home.id, "row_asked", {"list": number, "row": 3}),
        (clerk.id, "row_answered", {"list": number, "row": 3, "compound": "A"}),
    ]


def test_what_is_said_is_sealed_in_the_database(session, handed_in):
    asked(session, handed_in.rows[0], "陈伟的电话？")
    [sealed] = session.scalars(select(RowMessage.text_sealed))
    assert "陈伟".encode() not in sealed
    assert SEALER.open(sealed) == "陈伟的电话？"


def test_the_reason_by_which_a_conflict_is_settled_is_part_of_the_thread(session, town):
    make_vehicle(session, town.compound("B"), "粤E00001")
    row = submit_list(session, town.compound("A"), list_csv("粤E00001"), files=town.files).rows[0]
    asked(session, row)
    answered(session, row, at=LATER + timedelta(hours=1))
    settle_conflict(session, row, ConflictDecision.KEEP, "行驶证地址在 B。", actor=OFFICE, at=LATER)
    said = threads_of(session, [row], SEALER)[row.id]
    assert [(one.decision, one.text) for one in said] == [
        (None, "哪一户？"),
        (ConflictDecision.KEEP, "行驶证地址在 B。"),
        (None, "3-501"),
    ]


def test_nothing_is_said_in_vain(session, handed_in):
    row = handed_in.rows[0]
    with pytest.raises(NothingAsked):
        answered(session, row)
    for act in (asked, answered):
        asked(session, row)
        with pytest.raises(MessageMissing):
            act(session, row, " \n")


def test_nobody_asks_about_a_list_that_is_its_representatives_alone(session, handed_in):
    for state in (ListState.REVIEWED, ListState.WITHDRAWN):
        handed_in.state = state
        with pytest.raises(WrongListState):
            asked(session, handed_in.rows[0])
