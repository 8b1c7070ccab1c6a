from datetime import timedelta

import pytest

from permits.shift_notes import LONGEST_NOTE, NoteEmpty, NoteTooLong, notes_query, write_note
from records.people import Role
from tests.factories import AT, make_community, make_gate, make_user

UUID = "0b8c6f2e-3f0e-4c57-9d65-6a9d0a4b7c11"
HOUR = timedelta(hours=1)


@pytest.fixture
def community(session):
    return make_community(session, "A")


@pytest.fixture
def gate(session, community):
    return make_gate(session, community)


@pytest.fixture
def write(session, community, gate):
    guard = make_user(session, community, Role.GUARD)

    def write(text, gate=gate, at=AT, **more):
        return write_note(session, gate, text, guard_id=guard.id, at=at, **more)

    return write


def read(session, *gates):
    return [note.text for note in session.scalars(notes_query(gates))]


def test_the_next_shift_reads_the_last_note_first(session, gate, write):
    write("the barrier sticks", at=AT)
    write("the barrier is mended", at=AT + HOUR)
    assert read(session, gate) == ["the barrier is mended", "the barrier sticks"]


def test_notes_stand_in_the_order_they_were_written_not_sent(session, gate, write):
    write("second", at=AT + HOUR, received_at=AT + HOUR)
    write("first", at=AT, received_at=AT + 2 * HOUR)
    assert read(session, gate) == ["second", "first"]


def test_a_gate_has_its_own_notes(session, community, gate, write):
    west = make_gate(session, community, "west")
    write("east")
    write("west", gate=west)
    assert read(session, west) == ["west"]
    assert sorted(read(session, gate, west)) == ["east", "west"]
    assert read(session) == []


def test_a_note_is_trimmed_and_names_who_wrote_it_where(gate, write):
    note = write("  keys at the desk \n", received_at=AT + HOUR)
    assert (note.text, note.gate, note.guard.role) == ("keys at the desk", gate, Role.GUARD)
    assert (note.at, note.received_at) == (AT, AT + HOUR)


def test_what_is_sent_twice_is_kept_once(session, gate, write):
    assert write("once", uuid=UUID).id == write("once", uuid=UUID).id
    assert read(session, gate) == ["once"]


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_is_no_note(write, text):
    with pytest.raises(NoteEmpty):
        write(text)


def test_a_note_has_a_longest_length(write):
    assert write("字" * LONGEST_NOTE).text == "字" * LONGEST_NOTE
    with pytest.raises(NoteTooLong) as refused:
        write("字" * (LONGEST_NOTE + 1))
    assert refused.value.facts == {"limit": LONGEST_NOTE}
