from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.shift_note import ShiftNote
from records.people import Role
from tests.app.pages import words_of
from tests.app.world import post_at_gate
from tests.factories import AT, make_gate, make_pass, make_user, plate

UNKNOWN, RESIDENT = "京A12345", plate(1)


@pytest.fixture
def gate(town):
    return town.community.gates[0]


@pytest.fixture
def guard(sign_in, session, town):
    user = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, user)
    return sign_in(user)


@pytest.fixture
def cars(session, town, gate):
    """A car of compound A and one that nobody knows are inside."""
    make_pass(session, gate, RESIDENT, compound=town.compound("A"))
    make_pass(session, gate, UNKNOWN)
    session.commit()


@pytest.mark.parametrize("role", [Role.GUARD, Role.STAFF])
def test_guards_and_staff_see_the_numbers_and_the_cars_without_a_permit(sign_in, cars, role):
    words = words_of(sign_in(role).get("/inside/"))
    assert "Cars inside 2" in words
    assert "Let in without a permit 1" in words
    assert "Compound A 1 0 10 10 %" in words
    assert "京A · 12345" in words


def test_a_representative_sees_the_own_compounds_numbers_only(sign_in, cars):
    words = words_of(sign_in(Role.REPRESENTATIVE).get("/inside/"))
    assert "Compound A 1 0 10 10 %" in words
    assert "Compound B" not in words
    assert "12345" not in words
    assert "Cars inside" not in words


def test_a_colour_with_more_cars_than_spaces_shows_it(sign_in, session, town, gate):
    for number in range(11):
        make_pass(session, gate, plate(number), compound=town.compound("A"))
    session.commit()
    page = sign_in(Role.STAFF).get("/inside/")
    assert "11 0 10 110 %" in words_of(page)
    assert "fw-bold" in page.text


def test_a_note_is_read_by_the_next_shift_and_by_the_office(guard, sign_in, gate, session, town):
    sent = {"gate": gate.id, "text": " barrier sticks\nring 12 "}
    guard.post("/inside/notes", data=sent)
    relief = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, relief)
    for client in (sign_in(relief), sign_in(Role.STAFF)):
        assert "barrier sticks ring 12" in words_of(client.get("/inside/"))
    assert "barrier sticks" not in words_of(sign_in(Role.REPRESENTATIVE).get("/inside/"))


def test_a_guard_reads_and_writes_the_notes_of_his_own_gates(
    guard, sign_in, session, town, kept, gate
):
    other = make_gate(session, town.community, "west")
    session.commit()
    assert guard.post("/inside/notes", data={"gate": other.id, "text": "x"}).status_code == 422
    assert kept(select(ShiftNote)) == []
    guard.post("/inside/notes", data={"gate": gate.id, "text": "for the east gate"})
    stranger = sign_in(make_user(session, town.community, Role.GUARD))
    assert "for the east gate" not in words_of(stranger.get("/inside/"))
    assert "Leave the note" not in words_of(stranger.get("/inside/"))


@pytest.mark.parametrize("text", ["", "  ", "字" * 501])
def test_a_note_that_cannot_be_kept_is_refused_at_its_field(guard, gate, kept, text):
    answer = guard.post("/inside/notes", data={"gate": gate.id, "text": text})
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert kept(select(ShiftNote)) == []


def test_only_the_last_notes_are_shown(guard, gate, app):
    for number in range(12):
        app.extensions["clock"] = lambda number=number: AT + timedelta(minutes=number)
        guard.post("/inside/notes", data={"gate": gate.id, "text": f"note-{number:02d}"})
    words = words_of(guard.get("/inside/"))
    assert words.index("note-11") < words.index("note-02")
    assert "note-01" not in words
