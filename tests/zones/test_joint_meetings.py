"""Votes on paper: what the office enters counts only when the compound's representative says so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from records.file_store import FileStore
from records.ledger import LedgerEntry
from records.photo import NotAPhoto
from tests.factories import (
    AT,
    OFFICE,
    TODAY,
    compound_of,
    make_community,
    make_meeting,
    make_plan,
    own_zones_and_a_shared_one,
    photo_file,
    representative_of,
)
from zones.drafting import draft_plan
from zones.joint_meetings import (
    MeetingInFuture,
    NoSheets,
    NotYourCompound,
    PaperState,
    SheetAnswered,
    SheetVote,
    SheetWaiting,
    answer_sheet,
    record_meeting,
    waiting_query,
)
from zones.plans import PlanState
from zones.voting import PlanNotProposed


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "files")


@pytest.fixture
def proposed(session, community):
    return make_plan(session, community, voted=False)


def answer(session, vote, *, is_right=True, by=None):
    compound = by or vote.compound
    user = representative_of(session, compound)
    answer_sheet(session, vote, is_right=is_right, user_id=user.id, compound_id=compound.id, at=AT)


def record(session, plan, files, votes, **changes):
    facts = {"held_on": TODAY, "attended": 3, "note": "", "first_day": TODAY, "actor": OFFICE}
    return record_meeting(session, plan, votes, files=files, at=AT, **{**facts, **changes})


def test_a_sheet_alone_is_no_vote_and_no_plan_comes_in_force_by_it(
    session, community, files, proposed
):
    make_meeting(session, community, files, "AB", proposed)
    assert proposed.votes == []
    assert proposed.state == PlanState.PROPOSED


def test_with_the_last_confirmed_sheet_the_plan_is_ratified(session, community, files, proposed):
    meeting = make_meeting(session, community, files, "AB", proposed)
    for vote in meeting.votes:
        assert proposed.state == PlanState.PROPOSED
        answer(session, vote)
    assert proposed.state == PlanState.RATIFIED
    assert {one.user_id for one in proposed.votes} == {
        representative_of(session, one).id for one in community.compounds
    }


def test_a_confirmed_refusal_refuses(session, community, files, proposed):
    meeting = make_meeting(session, community, files, "AB", proposed, consents=False)
    for vote in meeting.votes:
        answer(session, vote)
    assert proposed.state == PlanState.REJECTED


def test_a_denied_sheet_is_no_vote(session, community, files, proposed):
    [vote] = make_meeting(session, community, files, "A", proposed).votes
    answer(session, vote, is_right=False)
    assert (vote.state, proposed.votes) == (PaperState.DENIED, [])


def test_nobody_answers_for_another_compound_or_twice(session, community, files, proposed):
    [vote] = make_meeting(session, community, files, "A", proposed).votes
    with pytest.raises(NotYourCompound):
        answer(session, vote, by=compound_of(community, "B"))
    answer(session, vote)
    with pytest.raises(SheetAnswered):
        answer(session, vote, is_right=False)


def test_a_draft_on_which_a_meeting_decided_becomes_a_proposal(session, community, files):
    openings = own_zones_and_a_shared_one(session, community)
    draft = draft_plan(session, community, openings, "", actor=OFFICE, at=AT)
    make_meeting(session, community, files, "A", draft)
    assert (draft.state, draft.first_day) == (PlanState.PROPOSED, TODAY)


def test_a_decided_plan_takes_no_more_sheets(session, community, files):
    with pytest.raises(PlanNotProposed):
        make_meeting(session, community, files, "A", make_plan(session, community))


def test_a_sheet_waits_only_once(session, community, files, proposed):
    make_meeting(session, community, files, "A", proposed)
    with pytest.raises(SheetWaiting):
        make_meeting(session, community, files, "A", proposed)
    make_meeting(session, community, files, "B", proposed)
    assert len(session.scalars(waiting_query(community)).all()) == 2


def test_what_cannot_be_is_refused_and_kept_nowhere(session, community, files, proposed):
    sheet = SheetVote(compound_of(community, "A").id, True, "x", photo_file())
    broken = SheetVote(compound_of(community, "A").id, True, "x", b"%PDF-1.7")
    for votes, changes, error in (
        ([sheet], {"held_on": TODAY + timedelta(days=1)}, MeetingInFuture),
        ([], {}, NoSheets),
        ([broken], {}, NotAPhoto),
    ):
        with pytest.raises(error):
            record(session, proposed, files, votes, **changes)
    assert not files.folder.exists()


def test_the_ledger_names_the_sheet_and_the_answer_and_nobody(session, community, files, proposed):
    [vote] = make_meeting(session, community, files, "A", proposed).votes
    answer(session, vote)
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
    found = {one.act: one.details for one in entries[-4:]}
    facts = {"letter": "A", "consents": True}
    assert found == {
        "meeting.recorded": {
            "plan": proposed.number,
            "held_on": TODAY.isoformat(),
            "attended": 12,
        },
        "paper_vote.entered": {**facts, "sha256": vote.sheet_sha256},
        "paper_vote.confirmed": facts,
        "plan.voted": facts,
    }
