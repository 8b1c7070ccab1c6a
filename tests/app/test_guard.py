from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.guard import LONGEST_SCAN
from permits import token
from permits.passes import Direction, GateEvent
from permits.permit import PermitState
from permits.print_batch import permit_fields
from records.people import Role
from tests.app.pages import words_of
from tests.app.world import post_at_gate
from tests.factories import AT, make_gate, make_pass, make_permit, make_user, make_vehicle

PLATE = "粤E86661"
JSON = {"Accept": "application/json"}


@pytest.fixture
def guard(session, town):
    guard = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, guard)
    return guard


@pytest.fixture
def gate(town):
    return town.community.gates[0]


@pytest.fixture
def phone(sign_in, guard):
    """The guard's phone."""
    return sign_in(guard)


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


@pytest.mark.parametrize("typed", [PLATE, "粤e·86661", " 粤E 86661 "])
def test_a_typed_plate_is_decided_on(phone, permit, typed):
    facts = phone.post("/gate/decide", data={"plate": typed}).json
    assert (facts["verdict"], facts["reasons"], facts["letter"]) == ("admit", ["ok"], "A")
    assert (facts["plate"], facts["zones"]) == (PLATE, ["A1", "S1"])


def test_a_scanned_permit_is_decided_on_and_nothing_is_recorded(phone, scanned, kept):
    facts = phone.post("/gate/decide", data={"scanned": scanned}).json
    assert (facts["verdict"], facts["plate"]) == ("admit", PLATE)
    assert kept(select(GateEvent)) == []


def test_a_permit_on_another_car_is_refused(phone, scanned):
    facts = phone.post("/gate/decide", data={"scanned": scanned, "plate": "粤E00001"}).json
    assert (facts["verdict"], facts["reasons"]) == ("refuse", ["plate_mismatch"])


@pytest.mark.parametrize("form", [{}, {"plate": ""}, {"plate": "粤\0E"}, {"scanned": ""}])
def test_nothing_to_decide_on_is_refused(phone, form):
    response = phone.post("/gate/decide", data=form)
    assert (response.status_code, response.json["verdict"]) == (200, "refuse")


@given(
    st.one_of(
        st.text(max_size=50),
        st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=300).map("HTTPS://X/P/".__add__),
        st.integers(1, 5).map(lambda times: "A" * LONGEST_SCAN * times),
    )
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_symbol_breaks_the_gate_and_none_but_ours_is_admitted(phone, text):
    response = phone.post("/gate/decide", data={"scanned": text, "plate": ""})
    assert response.status_code == 200
    assert response.json["verdict"] == "refuse"


def test_the_passes_page_shows_the_own_gates_only_the_newest_first(phone, session, town, gate):
    make_pass(session, gate, PLATE, at=AT)
    make_pass(session, gate, PLATE, Direction.OUT, at=AT + timedelta(minutes=1))
    make_pass(session, make_gate(session, town.community, "west"), "粤E00001")
    session.commit()
    words = words_of(phone.get("/gate/passes"))
    assert gate.name_en in words
    assert "00001" not in words
    assert words.index("Out") < words.index(" In ")


def test_a_guard_without_a_gate_is_told_so(sign_in):
    client = sign_in(Role.GUARD)
    assert "You are posted at no gate" in words_of(client.get("/gate/"))
    assert "No pass recorded yet" in words_of(client.get("/gate/passes"))


@pytest.mark.parametrize("asked", ["999", "x", "-1", str(10**30)])
def test_a_gate_that_is_not_his_shows_the_guard_his_own(phone, gate, asked):
    page = phone.get("/gate/", query_string={"gate": asked})
    assert f'data-gate="{gate.id}"' in page.text
