import pytest

from permits import token
from permits.ending import revoke
from permits.handing_out import (
    ForeignPermit,
    HandedOverAlready,
    NothingToTakeBack,
    NotPrintedYet,
    PermitEnded,
    hand_out,
    handed_out_lately,
    left_to_hand_out,
    take_back,
    to_sign_for,
)
from permits.permit import PermitState, UnknownPermit, permit_fields
from records import ledger
from tests.factories import (
    AT,
    OFFICE,
    make_community,
    make_permit,
    make_town,
    make_vehicle,
)

COLLEAGUE = "user:902"


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def permit(session, town):
    return make_permit(session, make_vehicle(session, town.compound("A")), PermitState.PRINTED)


def symbol_of(permit, town, **changes):
    fields = permit_fields(permit, town.community)
    if changes:
        fields = type(fields)(**{**{n: getattr(fields, n) for n in fields.__slots__}, **changes})
    text = token.sign(fields, town.keys.private(permit.key_id))
    return token.url("https://p.example.cn", text)


def acts(session):
    return [entry["act"] for entry in ledger.export(session)]


@pytest.mark.parametrize("read", ["scanned", "typed", "typed in small letters"])
def test_what_is_scanned_or_typed_is_handed_over_at_once(session, town, permit, read):
    text = {
        "scanned": symbol_of(permit, town),
        "typed": permit.serial,
        "typed in small letters": f" {permit.serial.lower()} ",
    }[read]
    assert hand_out(session, town.community, text, actor=OFFICE, at=AT) is permit
    assert (permit.state, permit.handed_over_at) == (PermitState.HANDED_OVER, AT)
    assert acts(session)[-1] == "permit.handed_over"
    assert left_to_hand_out(session, town.community) == {}


def test_a_forged_symbol_is_refused(session, town, permit):
    symbol = symbol_of(permit, town)
    forged = symbol[:-1] + ("A" if symbol[-1] != "A" else "B")
    with pytest.raises(token.TokenError):
        hand_out(session, town.community, forged, actor=OFFICE, at=AT)


@pytest.mark.parametrize(
    "changes", [{"community": 2}, {"number": 4711}, {"kind": token.TokenKind.VISITOR_PASS}]
)
def test_a_genuine_symbol_of_something_else_is_foreign(session, town, permit, changes):
    with pytest.raises(ForeignPermit):
        hand_out(session, town.community, symbol_of(permit, town, **changes), actor=OFFICE, at=AT)


def test_a_serial_of_another_community_is_unknown(session, town, permit):
    other = make_community(session, "A", number=2)
    with pytest.raises(UnknownPermit):
        hand_out(session, other, permit.serial, actor=OFFICE, at=AT)


def test_who_was_handed_a_permit_is_not_handed_it_twice(session, town, permit):
    hand_out(session, town.community, permit.serial, actor=OFFICE, at=AT)
    with pytest.raises(HandedOverAlready) as refused:
        hand_out(session, town.community, permit.serial, actor=OFFICE, at=AT)
    assert refused.value.facts["when"] == "2026-12-01 16:30"


def test_a_permit_that_was_not_printed_has_ended_or_is_over_is_not_handed_out(session, town):
    issued = make_permit(session, make_vehicle(session, town.compound("A")))
    revoked = make_permit(session, make_vehicle(session, town.compound("A")), PermitState.PRINTED)
    revoke(session, revoked, "sold", actor=OFFICE, at=AT)
    over = make_permit(
        session, make_vehicle(session, town.compound("A")), PermitState.PRINTED, days=1
    )
    over.valid_from = over.valid_to = over.valid_to.replace(day=1, month=11)
    for permit, error in ((issued, NotPrintedYet), (revoked, PermitEnded), (over, PermitEnded)):
        with pytest.raises(error):
            hand_out(session, town.community, permit.serial, actor=OFFICE, at=AT)


def test_only_the_last_that_one_handed_over_can_be_taken_back_and_once(session, town, permit):
    first = make_permit(session, make_vehicle(session, town.compound("B")), PermitState.PRINTED)
    for one in (first, permit):
        hand_out(session, town.community, one.serial, actor=OFFICE, at=AT)
    assert handed_out_lately(session, town.community) == [permit, first]
    for one, actor in ((first, OFFICE), (permit, COLLEAGUE)):
        with pytest.raises(NothingToTakeBack):
            take_back(session, town.community, one, actor=actor, at=AT)
    take_back(session, town.community, permit, actor=OFFICE, at=AT)
    assert (permit.state, permit.handed_over_at) == (PermitState.PRINTED, None)
    assert acts(session)[-1] == "permit.taken_back"
    assert handed_out_lately(session, town.community) == [first]
    for one in (permit, first):
        with pytest.raises(NothingToTakeBack):
            take_back(session, town.community, one, actor=OFFICE, at=AT)


def test_permits_are_signed_for_by_compound_and_flat_as_one_walks(session, town):
    for letter, flat in (("B", "1-1-101"), ("A", "10-1-101"), ("A", "2-1-101")):
        car = make_vehicle(session, town.compound(letter), household=flat)
        make_permit(session, car, PermitState.PRINTED)
    make_permit(session, make_vehicle(session, town.compound("A")), PermitState.HANDED_OVER)
    found = to_sign_for(session, town.community)
    flats = [f"{one.compound.letter} {one.vehicle.household.building}" for one in found]
    assert flats == ["A 2", "A 10", "B 1"]
    assert to_sign_for(session, town.community, town.compound("B")) == found[2:]
