import io
from datetime import time, timedelta

import pytest
from flask import url_for
from sqlalchemy import select

from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import fields_of, words_of
from tests.factories import (
    AT,
    OFFICE,
    TODAY,
    make_community,
    make_permit,
    make_plan,
    make_vehicle,
    make_zone,
    own_zones_and_a_shared_one,
    photo_file,
)
from zones.areas import zones_of
from zones.drafting import ProposedOpening, draft_plan
from zones.meeting_papers import MeetingPaper
from zones.plans import Opening, PlanState, PlanVote, ZonePlan, plan_in_force
from zones.voting_rule import VotingRule, rule_of

CONSENT = {"consents": "yes", "reason": "业主会议通过"}
REFUSE = {"consents": "no", "reason": "车位太少"}


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def zones(session, town):
    found = {zone.code: zone for zone in zones_of(session, town.community.id)}
    session.commit()
    return found


@pytest.fixture
def proposal(session, town, zones):
    """Up for the vote: A1 goes from A to B; S1 stays."""
    night = (time(20), time(7))
    a, b = town.community.compounds
    openings = [
        ProposedOpening(zones["A1"].id, b.id),
        ProposedOpening(zones["B1"].id, b.id),
        ProposedOpening(zones["S1"].id, a.id, *night),
        ProposedOpening(zones["S1"].id, b.id, *night),
    ]
    plan = make_plan(session, town.community, openings, voted=False)
    session.commit()
    return plan


@pytest.fixture
def slot(town, zones):
    """The names of a cell's fields: `slot("use", "A1", "B")`."""
    return lambda field, zone, letter, place=0: (
        f"{field}-{zones[zone].id}-{town.compound(letter).id}-{place}"
    )


@pytest.fixture
def openings_of(kept):
    def openings_of(plan_id):
        return {
            (one.zone.code, one.compound.letter, one.starts, one.ends, one.spaces)
            for one in kept(select(Opening).where(Opening.plan_id == plan_id))
        }

    return openings_of


@pytest.fixture
def last_plan(kept):
    return lambda: kept(select(ZonePlan).order_by(ZonePlan.number))[-1]


def test_every_version_is_listed_with_its_state(office, proposal):
    page = words_of(office.get("/plans/"))
    assert page.index("Plan 2 Up for the vote") < page.index("Plan 1 In force")
    assert "Every compound must consent" in page


def test_another_communitys_plan_does_not_exist_here(sign_in, session, town):
    other = make_community(session, "A", number=2)
    foreign = make_plan(session, other, voted=False)
    session.commit()
    for role in (Role.STAFF, Role.ADMINISTRATOR, Role.REPRESENTATIVE):
        assert sign_in(role).get(f"/plans/{foreign.id}").status_code == 404
    voted = sign_in(Role.REPRESENTATIVE).post(f"/plans/{foreign.id}/vote", data=CONSENT)
    assert voted.status_code == 404
    assert sign_in(Role.STAFF).get(f"/plans/new?from={foreign.id}").status_code == 404


def test_a_draft_begins_with_the_plan_in_force(office, town, openings_of, last_plan):
    form = fields_of(office.get("/plans/new"))
    assert office.post("/plans/new", data=form | {"note": "同前"}).status_code == 302
    draft = last_plan()
    assert (draft.number, draft.state, draft.note) == (2, PlanState.DRAFT, "同前")
    assert openings_of(draft.id) == openings_of(town.plan.id)


def test_a_draft_can_begin_with_any_plan(office, proposal, openings_of, last_plan):
    address = f"/plans/new?from={proposal.id}"
    office.post(address, data=fields_of(office.get(address)) | {"note": "再议"})
    assert openings_of(last_plan().id) == openings_of(proposal.id)


def test_several_windows_and_parts_of_a_zone_survive_the_form(
    office, session, town, zones, openings_of
):
    letter_a, zone = town.compound("A").id, zones["S1"].id
    openings = [
        *own_zones_and_a_shared_one(session, town.community),
        ProposedOpening(zone, letter_a, time(12), time(14), 3),
        ProposedOpening(zones["B1"].id, letter_a, spaces=4),
    ]
    plan = draft_plan(session, town.community, openings, "午间", actor=OFFICE, at=AT)
    session.commit()
    before = openings_of(plan.id)
    address = f"/plans/{plan.id}/edit"
    office.post(address, data=fields_of(office.get(address)))
    assert openings_of(plan.id) == before
    assert ("S1", "A", time(12), time(14), 3) in before


def test_each_cell_can_be_closed_all_day_or_timed(office, slot, openings_of, last_plan):
    form = fields_of(office.get("/plans/new")) | {
        "note": "换位",
        slot("use", "A1", "A"): "closed",
        slot("use", "A1", "B"): "all_day",
        slot("spaces", "A1", "B"): "4",
        slot("use", "B1", "A"): "timed",
        slot("starts", "B1", "A"): "19:30",
        slot("ends", "B1", "A"): "06:30",
    }
    office.post("/plans/new", data=form)
    openings = openings_of(last_plan().id)
    assert {one for one in openings if one[0] != "S1"} == {
        ("A1", "B", None, None, 4),
        ("B1", "A", time(19, 30), time(6, 30), None),
        ("B1", "B", None, None, None),
    }


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({"use": "timed", "starts": "20:00", "ends": "20:00"}, "Both times are the same"),
        ({"use": "timed", "starts": "", "ends": "07:00"}, "Write both times"),
        ({"use": "timed", "starts": "25:00", "ends": "07:00"}, "Write both times"),
        ({"use": "all_day", "spaces": "11"}, "The zone has 10 spaces"),
        ({"use": "all_day", "spaces": "-1"}, "The zone has 10 spaces"),
        ({"use": "all_day", "spaces": "many"}, "The zone has 10 spaces"),
        ({"use": "sometimes"}, "Choose closed, all day or between two times"),
    ],
)
def test_a_cell_that_makes_no_sense_is_marked_and_nothing_is_kept(
    office, slot, last_plan, cell, words
):
    wrong = {slot(field, "A1", "B"): value for field, value in cell.items()}
    form = fields_of(office.get("/plans/new")) | {"note": "试"} | wrong
    answer = office.post("/plans/new", data=form)
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert f'id="error-{slot("use", "A1", "B").removeprefix("use-")}"' in answer.text
    assert last_plan().number == 1


def test_the_same_window_twice_is_refused(office, slot, last_plan):
    form = fields_of(office.get("/plans/new")) | {
        "note": "试",
        slot("use", "A1", "A", place=1): "all_day",
    }
    answer = office.post("/plans/new", data=form)
    assert answer.status_code == 422
    assert "This stands here twice" in words_of(answer)
    assert last_plan().number == 1


def test_a_refused_form_keeps_what_was_typed(office, slot):
    form = fields_of(office.get("/plans/new")) | {
        slot("use", "B1", "A"): "timed",
        slot("starts", "B1", "A"): "19:30",
        slot("spaces", "B1", "A"): "99",
        "note": "留着",
    }
    # Another form has another token, if only by the second in which it was made.
    del form["csrf_token"]
    shown = fields_of(office.post("/plans/new", data=form))
    assert {key: shown[key] for key in form} == form


def test_a_draft_needs_words_on_what_changes(office, last_plan):
    form = fields_of(office.get("/plans/new"))
    assert office.post("/plans/new", data=form | {"note": ""}).status_code == 422
    assert last_plan().number == 1


def test_a_plan_that_was_proposed_can_no_longer_be_changed(office, proposal, openings_of):
    before = openings_of(proposal.id)
    assert office.get(f"/plans/{proposal.id}/edit").status_code == 409
    form = fields_of(office.get("/plans/new")) | {"note": "偷换"}
    assert office.post(f"/plans/{proposal.id}/edit", data=form).status_code == 409
    assert openings_of(proposal.id) == before


def test_a_draft_is_put_to_the_vote_with_its_first_day(office, last_plan, kept):
    office.post("/plans/new", data=fields_of(office.get("/plans/new")) | {"note": "同前"})
    draft, first_day = last_plan(), TODAY + timedelta(days=3)
    office.post(f"/plans/{draft.id}/propose", data={"first_day": first_day})
    assert (last_plan().state, last_plan().first_day) == (PlanState.PROPOSED, first_day)
    assert kept(select(LedgerEntry).where(LedgerEntry.act == "plan.proposed"))


@pytest.mark.parametrize(
    ("first_day", "words"),
    [
        (TODAY - timedelta(days=1), "lies in the past"),
        ("soon", "Not a valid date value"),
    ],
)
def test_a_first_day_that_cannot_be_is_refused_at_its_field(office, last_plan, first_day, words):
    office.post("/plans/new", data=fields_of(office.get("/plans/new")) | {"note": "同前"})
    answer = office.post(f"/plans/{last_plan().id}/propose", data={"first_day": first_day})
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert 'id="first_day-error"' in answer.text
    assert last_plan().state == PlanState.DRAFT


def test_a_plan_that_leaves_a_compound_without_a_zone_is_not_put_to_the_vote(
    office, slot, last_plan
):
    form = fields_of(office.get("/plans/new")) | {
        "note": "去甲",
        slot("use", "A1", "A"): "closed",
        slot("use", "S1", "A"): "closed",
    }
    office.post("/plans/new", data=form)
    answer = office.post(f"/plans/{last_plan().id}/propose", data={"first_day": TODAY})
    assert answer.status_code == 422
    assert last_plan().state == PlanState.DRAFT


def test_a_plan_is_shown_with_what_it_adds_and_takes_away(office, proposal):
    answer = office.get(f"/plans/{proposal.id}")
    assert answer.text.count('class="entry added"') == 1
    assert answer.text.count('class="entry gone"') == 1
    page = words_of(answer)
    assert "Compared with plan 1" in page
    assert "goes all day" in page
    assert "new all day" in page


def test_the_plan_in_force_is_compared_with_nothing(office, town):
    answer = office.get(f"/plans/{town.plan.id}")
    assert 'class="entry added"' not in answer.text
    assert "Compared with" not in answer.text


def test_a_plan_says_what_each_compound_gains_and_loses(sign_in, office, proposal, town, session):
    for letter in "AAB":
        make_permit(session, make_vehicle(session, town.compound(letter)))
    session.commit()
    page = words_of(office.get(f"/plans/{proposal.id}"))
    # By day and by night: now, by the plan, in words; permits for each space; zones; who moves.
    assert "Compound A 10 → 0 ▼ 10 fewer 20 → 10 ▼ 10 fewer 10 of them shared 0.20 → –" in page
    assert "closed from then on: A1 at most 2 cars" in page
    assert "Compound B 10 → 20 ▲ 10 more 20 → 30 ▲ 10 more 10 of them shared 0.10 → 0.05" in page
    own = words_of(sign_in(Role.REPRESENTATIVE, "A").get(f"/plans/{proposal.id}"))
    assert "For us, Compound A 07:00–20:00: 10 spaces fewer, 10 → 0." in own.replace("\u00a0", " ")


def test_the_permits_that_a_plan_touches_are_listed_for_the_office_and_the_own_representative(
    sign_in, office, proposal, town, session
):
    permit = make_permit(session, make_vehicle(session, town.compound("A")))
    session.commit()
    address = f"/plans/{proposal.id}/compounds/{town.compound('A').id}"
    for client in (office, sign_in(Role.REPRESENTATIVE, "A")):
        assert permit.serial in words_of(client.get(address))


def test_votes_are_shown_with_reasons_and_who_has_not_voted(sign_in, proposal, office):
    sign_in(Role.REPRESENTATIVE, "B").post(f"/plans/{proposal.id}/vote", data=REFUSE)
    page = words_of(office.get(f"/plans/{proposal.id}"))
    assert "Compound A not yet" in page
    assert f"Compound B ✕ refuses {REFUSE['reason']}" in page


@pytest.mark.parametrize("missing", ["reason", "consents"])
def test_a_vote_needs_a_choice_and_a_reason(sign_in, proposal, kept, missing):
    answer = sign_in(Role.REPRESENTATIVE).post(
        f"/plans/{proposal.id}/vote", data=CONSENT | {missing: ""}
    )
    assert answer.status_code == 422
    assert kept(select(PlanVote).where(PlanVote.plan_id == proposal.id)) == []


PLAUSIBLE = CONSENT | {
    "state": "ratified",
    "first_day": str(TODAY),
    "note": "立即生效",
    "decision": "keep",
    "compound": "0",
    "layout": "card",
}
"""What somebody might send who wants a plan in force without the votes."""


@pytest.mark.parametrize("role", list(Role))
def test_no_route_puts_a_plan_in_force_without_the_votes(
    app, sign_in, proposal, town, session, kept, role
):
    draft = draft_plan(session, town.community, [], "稿", actor=OFFICE, at=AT)
    session.commit()
    with app.test_request_context():
        addresses = [
            url_for(rule.endpoint, **dict.fromkeys(rule.arguments, key))
            for rule in app.url_map.iter_rules()
            if "POST" in (rule.methods or set())
            for key in ((proposal.id, draft.id) if rule.arguments else (1,))
        ]
    for address in addresses:
        assert sign_in(role).post(address, data=PLAUSIBLE).status_code < 500, address
    ratified = kept(select(ZonePlan.id).where(ZonePlan.state == PlanState.RATIFIED))
    assert ratified == [town.plan.id]
    assert plan_in_force(session, town.community.id, TODAY).id == town.plan.id


def test_a_new_zone_is_closed_in_a_form_that_was_opened_before(
    office, session, town, openings_of, last_plan
):
    form = fields_of(office.get("/plans/new")) | {"note": "同前"}
    make_zone(session, town.community, "T1")
    session.commit()
    office.post("/plans/new", data=form)
    assert {one[0] for one in openings_of(last_plan().id)} == {"A1", "B1", "S1"}


def test_an_amendment_begins_with_one_click_and_only_who_proposed_withdraws(
    sign_in, office, proposal, openings_of, last_plan, kept, app, session
):
    answer = office.post(f"/plans/{proposal.id}/amend")
    assert answer.location == f"/plans/{last_plan().id}/edit"
    assert openings_of(last_plan().id) == openings_of(proposal.id)
    assert office.post(f"/plans/{proposal.id}/withdraw").status_code == 403
    office.post(f"/plans/{last_plan().id}/propose", data={"first_day": TODAY})
    assert "Withdraw" in words_of(office.get(f"/plans/{last_plan().id}"))
    office.post(f"/plans/{last_plan().id}/withdraw")
    assert last_plan().state == PlanState.WITHDRAWN


def test_papers_are_attached_and_read_and_a_pdf_is_never_opened_in_a_page(
    sign_in, office, town, kept
):
    address = f"/plans/{town.plan.id}/papers"
    for content, name in ((b"%PDF-1.7\n", "纪要.pdf"), (photo_file(), "会场.jpg")):
        sent = office.post(address, data={"paper": (io.BytesIO(content), name)})
        assert sent.status_code == 302
    pdf, photo = kept(select(MeetingPaper.id).order_by(MeetingPaper.id))
    reader = sign_in(Role.REPRESENTATIVE)
    assert "纪要.pdf" in words_of(reader.get(f"/plans/{town.plan.id}"))
    assert "attachment" in reader.get(f"/plans/papers/{pdf}").headers["Content-Disposition"]
    assert reader.get(f"/plans/papers/{photo}").mimetype == "image/jpeg"
    refused = office.post(address, data={"paper": (io.BytesIO(b"MZ"), "x.jpg")})
    assert (refused.status_code, "broken one" in words_of(refused)) == (422, True)


def test_the_rule_is_suggested_by_the_administrator_and_agreed_by_every_compound(
    sign_in, session, town
):
    administrator = sign_in(Role.ADMINISTRATOR)
    assert administrator.post("/plans/rule", data={"rule": "all"}).status_code == 409
    administrator.post("/plans/rule", data={"rule": "majority_with_losers"})
    for letter in "AB":
        assert rule_of(session, town.community.id) is VotingRule.ALL
        session.rollback()
        sign_in(Role.REPRESENTATIVE, letter).post("/plans/rule/answer", data={"consents": "yes"})
    assert rule_of(session, town.community.id) is VotingRule.MAJORITY_WITH_LOSERS
    session.rollback()
    assert "More than half" in words_of(administrator.get("/plans/rule"))
