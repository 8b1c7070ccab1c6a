import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from records import ledger
from records.people import Role
from tests.factories import AT, OFFICE, make_community, make_user, representative_of
from zones.voting_rule import (
    NotARepresentative,
    RuleChangeDecided,
    RuleChangeState,
    RuleHoldsAlready,
    VotingRule,
    answer_rule_change,
    is_carried,
    open_change,
    rule_of,
    suggest_rule,
)

MAJORITY = VotingRule.MAJORITY_WITH_LOSERS


@pytest.fixture
def community(session):
    return make_community(session, "ABC")


@pytest.fixture
def change(session, community):
    return suggest_rule(session, community, MAJORITY, actor=OFFICE, at=AT)


def answer(session, change, letter, consents=True):
    compound = next(one for one in change.community.compounds if one.letter == letter)
    user = representative_of(session, compound)
    answer_rule_change(session, change, user, consents=consents, at=AT)


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("rule", "needed", "consenting", "carried"),
    [
        (VotingRule.ALL, {1, 2, 3, 4}, {1, 2, 3, 4}, True),
        (VotingRule.ALL, {1, 2, 3, 4}, {1, 2, 3}, False),
        (VotingRule.ALL, {1}, {1, 2, 3, 9}, False),
        (MAJORITY, {1}, {1, 2, 3}, True),
        (MAJORITY, {4}, {1, 2, 3}, False),
        (MAJORITY, {1}, {1, 2}, False),
        (MAJORITY, set(), {1, 2, 9}, False),
    ],
)
def test_a_plan_is_carried_by(rule, needed, consenting, carried):
    assert is_carried(rule, {1, 2, 3, 4}, needed, consenting) is carried


def test_every_compound_has_to_consent_where_nothing_else_was_agreed(session, community):
    assert rule_of(session, community.id) is VotingRule.ALL


def test_the_rule_changes_with_the_last_compounds_consent_and_not_before(
    session, community, change
):
    for letter in "AB":
        answer(session, change, letter)
    assert rule_of(session, community.id) is VotingRule.ALL
    answer(session, change, "C")
    assert (rule_of(session, community.id), open_change(session, community.id)) == (MAJORITY, None)
    assert [one["act"] for one in ledger.export(session)] == [
        "rule.suggested",
        *["rule.answered"] * 3,
        "rule.accepted",
    ]
    with pytest.raises(RuleHoldsAlready):
        suggest_rule(session, community, MAJORITY, actor=OFFICE, at=AT)


def test_the_first_refusal_ends_the_change(session, community, change):
    answer(session, change, "A", consents=False)
    assert change.state == RuleChangeState.REFUSED
    with pytest.raises(RuleChangeDecided):
        answer(session, change, "B")
    assert rule_of(session, community.id) is VotingRule.ALL


def test_a_new_suggestion_withdraws_the_older_one_with_its_answers(session, community, change):
    answer(session, change, "A")
    second = suggest_rule(session, community, MAJORITY, actor=OFFICE, at=AT)
    assert (change.state, second.answers) == (RuleChangeState.WITHDRAWN, [])


def test_no_administrator_answers_for_a_compound(session, community, change):
    administrator = make_user(session, community, Role.ADMINISTRATOR)
    with pytest.raises(NotARepresentative):
        answer_rule_change(session, change, administrator, consents=True, at=AT)


def test_the_database_itself_refuses_a_rule_without_the_consents(session, community, change):
    for letter in "AB":
        answer(session, change, letter)
    with pytest.raises(DBAPIError, match="consent of all"):
        session.execute(text("UPDATE rule_changes SET state = 'accepted'"))
