import pytest
from sqlalchemy import select

from app.message_words import FACT_NAMES, usual
from app.rights import RIGHTS, Right
from permits.approving import approve, return_list, settle_conflict
from permits.conflicts import conflicts_query
from permits.granting import refuse
from permits.plate_list import ConflictDecision
from permits.requesting import ask_to_leave, withdraw_request
from permits.suspending import contest, lift, suspend, uphold
from permits.warning_ladder import warn
from permits.watch_rules import WatchRules, change_rules
from records.message import KINDS, Message, MessageKind
from records.message_text import places
from records.people import Role
from records.telling import forget_old, unread
from tests.app.pages import words_of
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    list_csv,
    make_permit,
    make_plan,
    make_report,
    make_user,
    make_vehicle,
    make_warning,
    representative_of,
    submit_list,
)
from zones.voting import close_vote

YEARS_LATER = AT.replace(year=2036)


@pytest.fixture
def people(session, town):
    """Both representatives, the office and the administrator, who know nothing yet."""
    forget_old(session, YEARS_LATER)
    named = {letter: representative_of(session, town.compound(letter)) for letter in "AB"}
    for role in (Role.STAFF, Role.ADMINISTRATOR):
        named[role] = make_user(session, town.community, role)
    session.commit()
    return named


@pytest.fixture
def told(kept):
    """Return what somebody was told: each message's kind and what it leads to."""

    def told(user):
        found = kept(select(Message).where(Message.user_id == user.id).order_by(Message.id))
        return [(one.kind, one.subject.partition(":")[0]) for one in found]

    return told


@pytest.fixture
def follow(sign_in, kept):
    """Open every message of somebody and return the page that each leads to."""

    def follow(user):
        client = sign_in(user)
        pages = []
        for key in kept(select(Message.id).where(Message.user_id == user.id).order_by(Message.id)):
            page = client.post(f"/messages/{key}/open", follow_redirects=True)
            assert page.status_code == 200
            pages.append(page.request.path)
        return pages

    return follow


def test_whose_list_is_decided_reads_it_and_lands_on_the_list(session, town, people, told, follow):
    a = town.compound("A")
    returned, approved = (
        submit_list(session, a, list_csv(plate), files=town.files)
        for plate in ("粤E11111", "粤E22222")
    )
    return_list(session, returned, "whose car?", actor=people[Role.STAFF].actor, at=AT)
    approve(session, approved, SEALER, actor=people[Role.STAFF].actor, at=AT)
    session.commit()
    assert told(people["A"]) == [("list_returned", "list"), ("list_approved", "list")]
    assert [told(people[key]) for key in ("B", Role.STAFF)] == [[], []]
    pages = [f"/compound/lists/{one.id}" for one in (returned, approved)]
    assert follow(people["A"]) == pages


def test_both_compounds_of_a_conflict_read_that_it_is_decided(session, town, people, told, follow):
    rival = make_vehicle(session, town.compound("B"))
    handed_in = submit_list(session, town.compound("A"), list_csv(rival.plate), files=town.files)
    row = session.scalars(conflicts_query(town.community)).one()
    settle_conflict(session, row, ConflictDecision.KEEP, "older", actor=OFFICE, at=AT)
    session.commit()
    assert told(people["A"]) == [("conflict_settled", "list")]
    assert told(people["B"]) == [("conflict_settled", "conflict")]
    assert follow(people["A"]) == [f"/compound/lists/{handed_in.id}"]
    assert follow(people["B"]) == ["/compound/"]


def test_a_request_is_told_when_it_is_decided_and_not_when_it_is_taken_back(
    session, town, people, told, follow
):
    asked = []
    for _ in range(2):
        vehicle = make_vehicle(session, town.compound("A"))
        asked.append(ask_to_leave(session, vehicle, with_all=False, actor=OFFICE, at=AT))
    refuse(session, asked[0], "still seen", actor=OFFICE, at=AT)
    withdraw_request(session, asked[1], actor=OFFICE, at=AT)
    session.commit()
    assert told(people["A"]) == [("request_refused", "request")]
    assert told(people["B"]) == []
    assert follow(people["A"]) == [f"/requests/{asked[0].id}"]


def test_a_suspension_is_told_at_each_step_to_whoever_acts_next(
    session, town, people, told, follow
):
    change_rules(session, town.community, WatchRules(), actor=OFFICE, at=AT)
    vehicle = make_vehicle(session, town.compound("A"), "粤E33333")
    make_permit(session, vehicle)
    for days in (3, 2):
        make_warning(session, vehicle, at=AT.replace(month=11, day=days))
    last = make_report(session, town.community, vehicle.plate, compound=town.compound("A"))
    warning = warn(session, vehicle, last, actor=OFFICE, at=AT)
    suspension = suspend(session, warning, "three times", days=3, actor=OFFICE, at=AT)
    contest(session, suspension, "was abroad", actor=REPRESENTATIVE, at=AT)
    uphold(session, suspension, "was seen", actor=OFFICE, at=AT)
    lift(session, suspension, "paid", actor=OFFICE, at=AT)
    session.commit()
    assert told(people["A"]) == [
        ("permit_suspended", "suspension"),
        ("suspension_upheld", "suspension"),
        ("suspension_lifted", "suspension"),
    ]
    assert told(people[Role.STAFF]) == [
        ("suspension_proposed", "warning"),
        ("suspension_contested", "suspension"),
    ]
    assert told(people["B"]) == []
    assert follow(people["A"]) == [f"/warnings/suspensions/{suspension.id}"] * 3
    assert follow(people[Role.STAFF])[0] == f"/warnings/{warning.id}"


def test_a_plan_is_told_to_all_who_vote_or_draft(session, town, people, told, follow):
    plan = make_plan(session, town.community, voted=False)
    close_vote(session, plan, actor=OFFICE, at=AT)
    make_plan(session, town.community)
    session.commit()
    expected = [
        ("plan_proposed", "plan"),
        ("plan_rejected", "plan"),
        ("plan_proposed", "plan"),
        ("plan_ratified", "plan"),
    ]
    assert told(people[Role.STAFF]) == told(people[Role.ADMINISTRATOR]) == expected
    assert told(people["A"]) == expected
    assert set(follow(people[Role.ADMINISTRATOR])) >= {f"/plans/{plan.id}"}


def test_the_head_counts_what_is_unread_until_it_is_read(session, town, people, sign_in):
    handed_in = submit_list(session, town.compound("A"), list_csv("粤E11111"), files=town.files)
    return_list(session, handed_in, "whose car?", actor=OFFICE, at=AT)
    make_plan(session, town.community, voted=False)
    client = sign_in(people["A"])
    page = words_of(client.get("/messages/"))
    assert "Messages 2 unread" in page
    assert page.index("Zone plan") < page.index(f"List {handed_in.id} was returned")
    read = words_of(client.post("/messages/read", follow_redirects=True))
    assert "unread" not in read
    assert f"List {handed_in.id} was returned" in read
    assert unread(session, people["B"].id) == 1


def test_who_was_told_nothing_reads_what_will_stand_there(people, sign_in):
    assert "No messages yet" in words_of(sign_in(people["A"]).get("/messages/"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_has_words_for_all_of_its_facts_and_for_no_others(app, language):
    with app.app_context():
        texts = {kind: usual(kind, language) for kind in MessageKind}
    used = {kind: {*places(text.subject), *places(text.body)} for kind, text in texts.items()}
    assert used == {kind: set(KINDS[kind].facts) for kind in MessageKind}
    assert set(FACT_NAMES) == {fact for rules in KINDS.values() for fact in rules.facts}


def test_every_role_that_is_told_something_may_read_it():
    readers = {role for rules in KINDS.values() for role in rules.readers}
    assert readers == {role for role in Role if Right.READ_MESSAGES in RIGHTS[role]}
