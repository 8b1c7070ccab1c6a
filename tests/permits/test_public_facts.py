"""What everybody may know, and the head that is signed with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.heads import sign_head
from permits.infringement import InfringementKind, InfringementReport
from permits.noticing import draw_notice, enter_notice
from permits.permit import PermitState
from permits.public_facts import AGES, open_reports_by_age, public_facts
from records.checkpoints import NoHeadKey
from records.ledger import LedgerEntry
from tests.factories import AT, OFFICE, make_permit, make_town, make_vehicle
from tests.permits.printing.conftest import FONTS


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


def report(session, town, kind, age, *, is_closed=False):
    session.add(
        InfringementReport(
            community_id=town.community.id,
            kind=kind,
            reported_by="user:1",
            at=AT - age,
            received_at=AT - age,
            state="closed" if is_closed else "open",
            closed_at=AT if is_closed else None,
        )
    )
    session.flush()


def test_the_facts_say_the_plan_its_votes_and_the_spaces_of_each_compound(session, town):
    facts = public_facts(session, town.community, AT)
    assert facts.plan.number == town.plan.number
    assert [(one.letter, one.consents) for one in facts.plan.votes] == [("A", True), ("B", True)]
    zones = {one.code: [(o.letter, o.hours) for o in one.openings] for one in facts.zones}
    night = "20:00–07:00"
    assert zones == {"A1": [("A", "")], "B1": [("B", "")], "S1": [("A", night), ("B", night)]}
    assert facts.head is None
    assert (facts.scene.plan_number, facts.scene.zones) == (town.plan.number, ())


def test_open_reports_are_counted_by_age_with_fire_lanes_first(session, town):
    report(session, town, InfringementKind.WRONG_ZONE, AGES[-1])
    report(session, town, InfringementKind.FIRE_LANE, timedelta(hours=1))
    report(session, town, InfringementKind.FIRE_LANE, AGES[0])
    report(session, town, InfringementKind.OTHER, timedelta(0), is_closed=True)
    counted = open_reports_by_age(session, town.community, AT)
    assert [(one.kind, list(one.by_age)) for one in counted if one.total] == [
        ("fire_lane", [1, 1, 0, 0]),
        ("wrong_zone", [0, 0, 0, 1]),
    ]
    assert counted[0].kind == "fire_lane"


def test_a_head_counts_permits_in_force_by_colour(session, town):
    a = town.compound("A")
    make_permit(session, make_vehicle(session, a))
    make_permit(session, make_vehicle(session, a), PermitState.REVOKED)
    signed = sign_head(session, town.community, town.keys, at=AT)
    assert signed.permits == {"A": 1, "B": 0}
    facts = public_facts(session, town.community, AT)
    assert facts.head.text == signed.checkpoint.text


def test_a_notice_is_an_act_that_names_its_file_and_the_head_on_it(session, town):
    signed = sign_head(session, town.community, town.keys, at=AT)
    facts = public_facts(session, town.community, AT)
    content, pages = draw_notice(facts, fonts=FONTS, address="https://p.example")
    notice = enter_notice(
        session, town.community, facts, content, pages, files=town.files, actor=OFFICE, at=AT
    )
    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc())).first()
    assert (entry.act, entry.number) == ("notice.printed", signed.number + 1)
    assert entry.details == {
        "head": signed.number,
        "plan": town.plan.number,
        "sha256": notice.file_sha256,
    }
    assert town.files.read(notice.file_sha256) == content


def test_a_notice_without_a_head_is_not_entered(session, town):
    facts = public_facts(session, town.community, AT)
    with pytest.raises(NoHeadKey):
        enter_notice(session, town.community, facts, b"", 1, files=town.files, actor="", at=AT)
