import dataclasses
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from permits import token
from permits.deciding import decide_in, decide_now
from permits.ending import revoke
from permits.gate import Reason, Verdict
from permits.issuing import issue, replace
from permits.permit import Permit, PermitState, permit_fields
from permits.register import CLOCK_TOLERANCE
from permits.vehicles import VehicleState
from permits.visiting import register_visit
from permits.visitor_pass import VisitKind
from records.signing_keys import make_key
from tests.factories import (
    AT,
    OFFICE,
    TODAY,
    compound_of,
    make_community,
    make_permit,
    make_plan,
    make_town,
    make_vehicle,
)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def permit(session, town):
    return make_permit(session, make_vehicle(session, town.compound("A"), "粤E12345"))


def scan(town, permit, **changes):
    """What the permit's card holds, or a card with some fields of its own."""
    fields = {
        "kind": token.TokenKind.PERMIT,
        "key_id": permit.key_id,
        "community": town.community.number,
        "compound": permit.compound.number,
        "number": permit.number,
        "first_day": permit.valid_from,
        "last_day": permit.valid_to,
        "plate": permit.plate,
        **changes,
    }
    key = town.keys.private(permit.key_id)
    return token.url("https://permits.example.cn", token.sign(token.TokenFields(**fields), key))


def scanned(session, town, text, at=AT):
    return decide_now(session, town.community, at=at, scanned=text)


def typed(session, town, plate, at=AT):
    return decide_now(session, town.community, at=at, plate=plate)


def test_a_card_in_force_is_admitted_with_its_colour_and_todays_zones(session, town, permit):
    decision = scanned(session, town, scan(town, permit))
    assert decision.reasons == (Reason.OK,)
    assert (decision.sign.letter, decision.sign.colour) == ("A", "blue")
    assert [window.zone for window in decision.zones] == ["A1", "S1"]
    assert decision.open_now == ("A1",)
    assert (decision.plate, decision.serial) == ("粤E12345", permit.serial)
    assert decision.plan_number == town.plan.number


def test_the_plate_alone_gives_what_its_card_gives(session, town, permit):
    assert typed(session, town, "粤e·12345") == scanned(session, town, scan(town, permit))


def test_a_changed_colour_is_shown_at_once_on_cards_already_printed(session, town, permit):
    card = scan(town, permit)
    permit.compound.colour_key, permit.compound.letter = "green", "C"
    session.flush()
    assert scanned(session, town, card).sign.letter == "C"


def test_a_revoked_card_is_refused(session, town, permit):
    revoke(session, permit, "sold", actor=OFFICE, at=AT)
    for decision in (
        scanned(session, town, scan(town, permit)),
        typed(session, town, permit.plate),
    ):
        assert decision.reasons == (Reason.REVOKED,)


def test_a_replaced_card_is_refused_and_names_the_new_one_which_is_admitted(session, town, permit):
    new = replace(session, permit, "lost", keys=town.keys, actor=OFFICE, at=AT)
    old = scanned(session, town, scan(town, permit))
    assert (old.reasons, old.replaced_by) == ((Reason.REPLACED,), new.serial)
    assert scanned(session, town, scan(town, new)).reasons == (Reason.OK,)
    assert typed(session, town, permit.plate).serial == new.serial


def test_a_permit_marked_expired_is_refused(session, town):
    vehicle = make_vehicle(session, town.compound("A"))
    over = make_permit(session, vehicle, PermitState.EXPIRED, days=365)
    assert typed(session, town, over.plate).reasons == (Reason.EXPIRED,)


def test_a_card_whose_days_are_over_is_refused_before_the_register_notices(session, town, permit):
    later = AT + timedelta(days=365)
    assert scanned(session, town, scan(town, permit), later).reasons == (Reason.EXPIRED,)
    assert permit.state == PermitState.ISSUED


def test_a_card_for_tomorrow_is_refused_today(session, town):
    vehicle = make_vehicle(session, town.compound("A"))
    early = make_permit(session, vehicle, valid_from=TODAY + timedelta(days=1))
    assert scanned(session, town, scan(town, early)).reasons == (Reason.NOT_YET_VALID,)


def test_a_genuine_card_that_the_register_does_not_have_is_checked(session, town, permit):
    decision = scanned(session, town, scan(town, permit, number=777))
    assert (decision.verdict, decision.reasons) == (Verdict.CHECK, (Reason.PERMIT_UNKNOWN,))


@pytest.mark.parametrize(
    "changes",
    [
        {"plate": "粤E54321"},
        {"compound": 2},
        {"last_day": TODAY + timedelta(days=3650)},
    ],
    ids=str,
)
def test_a_signed_card_that_says_more_than_the_register_is_checked(session, town, permit, changes):
    decision = scanned(session, town, scan(town, permit, **changes))
    assert decision.reasons == (Reason.PERMIT_DIFFERS,)


def test_a_card_of_a_compound_that_is_not_known_is_checked(session, town, permit):
    decision = scanned(session, town, scan(town, permit, compound=9, number=777))
    assert decision.reasons == (Reason.PERMIT_UNKNOWN, Reason.COMPOUND_UNKNOWN)


def test_a_card_of_another_community_is_refused_even_where_a_number_is_the_same(
    session, town, permit
):
    other = make_community(session, number=2)
    theirs = make_permit(session, make_vehicle(session, compound_of(other, "A"), "粤E99999"))
    assert theirs.number == permit.number
    card = scan(town, theirs, community=other.number)
    assert scanned(session, town, card).reasons == (Reason.OTHER_COMMUNITY,)
    assert typed(session, town, "粤E99999").reasons == (Reason.PLATE_UNKNOWN,)


def test_a_visitor_pass_is_admitted_until_it_is_over(session, town, permit):
    one_day = {"kind": token.TokenKind.VISITOR_PASS, "last_day": TODAY, "plate": "京A88888"}
    card = scan(town, permit, **one_day)
    assert scanned(session, town, card).reasons == (Reason.VISITOR_OK,)
    tomorrow = AT + timedelta(days=1)
    assert scanned(session, town, card, tomorrow).reasons == (Reason.VISITOR_OVER,)


def test_a_card_on_another_car_is_refused(session, town, permit):
    decision = decide_now(
        session, town.community, at=AT, scanned=scan(town, permit), plate="粤E54321"
    )
    assert decision.reasons == (Reason.PLATE_MISMATCH,)


@pytest.mark.parametrize(
    ("plate", "reason"),
    [
        ("粤E00000", Reason.PLATE_UNKNOWN),
        ("粤E1234O", Reason.PLATE_INVALID),
        ("粤X1234应急", Reason.SERVICE_VEHICLE),
    ],
)
def test_a_plate_that_nobody_registered_gets_its_reason(session, town, plate, reason):
    assert typed(session, town, plate).reasons == (reason,)


def test_a_registered_car_without_a_permit_is_checked(session, town):
    vehicle = make_vehicle(session, town.compound("B"))
    decision = typed(session, town, vehicle.plate)
    assert (decision.reasons, decision.sign.letter) == ((Reason.NO_PERMIT,), "B")


def test_a_car_that_left_the_register_is_unknown(session, town):
    gone = make_vehicle(session, town.compound("A"), state=VehicleState.REMOVED)
    assert typed(session, town, gone.plate).reasons == (Reason.PLATE_UNKNOWN,)


def test_a_car_that_moved_needs_a_permit_of_its_new_compound(session, town):
    gone = make_vehicle(session, town.compound("A"), "粤E12345", state=VehicleState.REMOVED)
    make_permit(session, gone, PermitState.REVOKED)
    make_vehicle(session, town.compound("B"), "粤E12345")
    decision = typed(session, town, "粤E12345")
    assert (decision.reasons, decision.sign.letter) == ((Reason.NO_PERMIT,), "B")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://u.wechat.com/kLmN0pQr", Reason.MALFORMED_TOKEN),
        ("HELLO", Reason.UNKNOWN_VERSION),
    ],
)
def test_what_is_no_card_is_refused(session, town, text, reason):
    assert scanned(session, town, text).reasons == (reason,)


def test_a_forged_card_is_refused(session, town, permit):
    genuine = scan(town, permit)
    forged = genuine[:-9] + ("A" if genuine[-9] != "A" else "B") + genuine[-8:]
    assert scanned(session, town, forged).reasons == (Reason.BAD_SIGNATURE,)


def test_a_card_of_a_key_that_the_database_lacks_is_refused(session, town, permit):
    card = scan(town, permit, key_id=77)
    assert scanned(session, town, card).reasons == (Reason.UNKNOWN_KEY,)


def test_a_card_of_before_a_rotation_is_admitted_after_it(session, town, permit):
    card = scan(town, permit)
    make_key(session, town.keys, actor=OFFICE, at=AT)
    assert scanned(session, town, card).reasons == (Reason.OK,)


def test_a_permit_as_the_office_issues_it_is_admitted(session, town):
    make_vehicle(session, town.compound("B"), "粤ED12345")
    issue(session, town.community, keys=town.keys, actor=OFFICE, at=AT)
    issued = session.scalars(select(Permit)).one()
    assert scanned(session, town, scan(town, issued)).reasons == (Reason.OK,)


def test_zones_follow_the_plan_on_its_first_day(session, town, permit):
    tomorrow = AT + timedelta(days=1)
    next_plan = make_plan(session, town.community, first_day=TODAY + timedelta(days=1))
    card = scan(town, permit)
    assert scanned(session, town, card).plan_number == town.plan.number
    assert scanned(session, town, card, tomorrow).plan_number == next_plan.number


def test_a_signature_that_was_kept_spares_the_key_and_proves_as_much(session, town, permit):
    card = scan(town, permit)
    by_register = scanned(session, town, card)
    permit.signature = None
    assert scanned(session, town, card) == by_register


@pytest.mark.parametrize(
    "changes",
    [
        {"plate": "粤E54321"},
        {"last_day": TODAY + timedelta(days=3650)},
        {"compound": 2},
        {"number": 2},
        {"key_id": 77},
        {"community": 9},
    ],
    ids=str,
)
def test_a_kept_signature_proves_nothing_under_other_words(session, town, permit, changes):
    make_permit(session, make_vehicle(session, town.compound("A")))
    fields = dataclasses.replace(permit_fields(permit, town.community), **changes)
    forged = token.url("https://permits.example.cn", token.text_of(fields, permit.signature))
    assert scanned(session, town, forged).reasons[0] in (Reason.BAD_SIGNATURE, Reason.UNKNOWN_KEY)


def test_a_pass_of_before_the_revocation_is_decided_as_it_stood_then(session, town, permit):
    revoke(session, permit, "sold", actor=OFFICE, at=AT)
    card, before = scan(town, permit), AT - timedelta(hours=1)
    permit.issued_at = permit.vehicle.added_at = before
    for decision in (
        scanned(session, town, card, before),
        typed(session, town, "粤E12345", before),
    ):
        assert decision.reasons == (Reason.OK,)


def test_a_pass_of_before_the_replacement_names_no_newer_card(session, town, permit):
    permit.issued_at = permit.vehicle.added_at = AT - timedelta(days=1)
    new = replace(session, permit, "lost", keys=town.keys, actor=OFFICE, at=AT)
    before = AT - timedelta(hours=1)
    for decision in (
        scanned(session, town, scan(town, permit), before),
        typed(session, town, "粤E12345", before),
    ):
        assert (decision.reasons, decision.replaced_by) == ((Reason.OK,), None)
        assert decision.serial == permit.serial != new.serial


def test_a_permit_that_came_later_did_not_exist_for_a_typed_plate(session, town, permit):
    permit.vehicle.added_at = AT - timedelta(days=1)
    decision = typed(session, town, permit.plate, AT - timedelta(hours=1))
    assert decision.reasons == (Reason.NO_PERMIT,)


def test_a_car_that_came_later_was_unknown(session, town, permit):
    decision = typed(session, town, permit.plate, AT - timedelta(hours=1))
    assert decision.reasons == (Reason.PLATE_UNKNOWN,)


def test_a_car_that_moved_was_its_old_compounds_before(session, town):
    gone = make_vehicle(session, town.compound("A"), "粤E12345", state=VehicleState.REMOVED)
    old = make_permit(session, gone, PermitState.REVOKED)
    gone.added_at = old.issued_at = AT - timedelta(days=1)
    make_vehicle(session, town.compound("B"), "粤E12345")
    decision = typed(session, town, "粤E12345", AT - timedelta(hours=1))
    assert (decision.reasons, decision.sign.letter) == ((Reason.OK,), "A")


def test_what_the_office_did_within_a_minute_counts_however_clocks_differ(session, town, permit):
    revoke(session, permit, "sold", actor=OFFICE, at=AT)
    decision = typed(session, town, permit.plate, AT - CLOCK_TOLERANCE)
    assert decision.reasons == (Reason.REVOKED,)


def test_a_plate_typed_without_its_province_is_completed_and_checked(session, town):
    make_permit(session, make_vehicle(session, town.compound("B"), "粤ED12345"))
    decision = typed(session, town, "ed12345")
    assert decision.reasons == (Reason.PLATE_COMPLETED, Reason.OK)
    assert (decision.verdict, decision.plate) == (Verdict.CHECK, "粤ED12345")
    assert typed(session, town, "EC12345").reasons == (Reason.SERVICE_VEHICLE,)


def test_a_registered_visit_is_admitted_by_its_plate_while_it_lasts(session, town, permit):
    hours = {"valid_from": AT, "valid_to": AT + timedelta(hours=2)}
    visit = register_visit(
        session,
        town.compound("A"),
        household="3-501",
        plate="京A88888",
        kind=VisitKind.VISITOR,
        actor=OFFICE,
        at=AT,
        **hours,
    )
    decision = typed(session, town, "京A88888")
    assert (decision.reasons, decision.visit.number) == ((Reason.VISITOR_OK,), visit.number)
    over = typed(session, town, "京A88888", AT + timedelta(hours=2))
    assert over.reasons == (Reason.VISITOR_OVER,)


@pytest.mark.parametrize(("letters", "cars"), [("A", 1), ("ABCDEFGH", 40)])
def test_a_decision_takes_one_statement_however_large_the_community(
    engine, session, tmp_path, letters, cars
):
    town = make_town(session, tmp_path, letters)
    for _ in range(cars):
        permit = make_permit(session, make_vehicle(session, town.compound("A")))
    questions = (
        {"scanned": scan(town, permit)},
        {"plate": permit.plate},
        {"plate": "KA12345"},
        {"plate": "粤X1234应急"},
        {"scanned": "no card"},
    )
    community_id = town.community.id
    session.commit()
    decide_now(session, town.community, at=AT, plate=permit.plate)
    session.rollback()
    for question in questions:
        with Session(engine) as fresh, counted_statements(engine) as sent:
            decide_in(fresh, community_id, at=AT, **question)
        assert len(sent) == 1, question


@contextmanager
def counted_statements(engine):
    """The SQL statements that are sent inside."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
