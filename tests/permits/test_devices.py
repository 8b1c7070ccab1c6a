import pytest
from sqlalchemy import select

from permits.devices import TOKEN_CHARACTERS, close_device, device_of_token, devices_at
from permits.gate_device import GateDevice
from permits.passes import Direction
from records.ledger import LedgerEntry
from tests.factories import AT, OFFICE, make_community, make_device, make_gate
from tests.permits.test_deciding import counted_statements


@pytest.fixture
def gate(session):
    return make_gate(session, make_community(session))


def test_a_device_is_known_by_its_token_and_by_no_other(session, gate):
    device, token = make_device(session, gate)
    other, _ = make_device(session, gate)
    assert device_of_token(session, token).id == device.id
    assert device_of_token(session, token.swapcase()) is None
    assert device_of_token(session, "") is None
    assert device is not other


def test_a_token_is_kept_nowhere(session, gate):
    _, token = make_device(session, gate)
    row = session.execute(select(GateDevice.__table__)).one()
    entries = session.scalars(select(LedgerEntry)).all()
    assert token not in str(row) + str([(one.subject, one.details) for one in entries])


def test_a_token_fits_into_a_cameras_password_field_and_cannot_be_misread(session, gate):
    _, token = make_device(session, gate)
    # Hikvision's HTTP hosts take passwords of up to 16 characters.
    assert len(token) <= 16
    assert set(token) <= set(TOKEN_CHARACTERS)
    assert not set("0O1Il") & set(TOKEN_CHARACTERS)
    assert len(TOKEN_CHARACTERS) ** len(token) > 2**90


def test_a_closed_device_is_not_known_any_more(session, gate):
    device, token = make_device(session, gate)
    close_device(session, device, actor=OFFICE, at=AT)
    assert device_of_token(session, token) is None


def test_devices_in_use_come_before_closed_ones(session, gate):
    old, _ = make_device(session, gate)
    new, _ = make_device(session, gate)
    close_device(session, old, actor=OFFICE, at=AT)
    assert devices_at(session, gate) == [new, old]


def test_adding_and_closing_stand_in_the_ledger_once(session, gate):
    device, _ = make_device(session, gate, Direction.OUT, least_confidence=0.85)
    for _ in range(2):
        close_device(session, device, actor=OFFICE, at=AT)
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
    assert [(one.act, one.subject) for one in entries] == [
        ("device.added", f"device:{device.id}"),
        ("device.closed", f"device:{device.id}"),
    ]
    assert entries[0].details == {
        "gate": gate.code,
        "direction": "out",
        "least_confidence_percent": 85,
    }


def test_a_closed_device_is_refused_by_who_closed_it_at_once(session, gate):
    device, token = make_device(session, gate, Direction.IN)
    assert device_of_token(session, token) is not None
    close_device(session, device, actor=OFFICE, at=AT)
    assert device_of_token(session, token) is None


def test_a_token_is_looked_up_once_while_it_counts_as_proven(engine, session, gate):
    _, token = make_device(session, gate, Direction.IN)
    session.commit()
    first = device_of_token(session, token)
    with counted_statements(engine) as sent:
        assert device_of_token(session, token) == first
    assert sent == []
