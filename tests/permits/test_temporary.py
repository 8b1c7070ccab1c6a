from datetime import timedelta

import pytest

from permits import token
from permits.bulk import hand_over_many, revoke_many
from permits.counts import counts_of
from permits.deciding import decide_now
from permits.ending import revoke
from permits.gate import Reason
from permits.handing_out import hand_out, left_to_hand_out, take_back
from permits.issuing import replace
from permits.permit import PermitState, WrongPermitState, permit_fields
from permits.print_batch import NothingToPrint, PrintSettings, choose
from permits.temporary import TemporaryThere, issue_temporary, temporary_of
from permits.undoing import undo
from tests.factories import AT, OFFICE, TODAY, make_permit, make_town, make_vehicle

PLATE = "粤E12345"
SECOND = timedelta(seconds=1)
ACT = {"actor": OFFICE, "at": AT}


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def card(session, town):
    vehicle = make_vehicle(session, town.compound("A"), PLATE)
    return make_permit(session, vehicle, PermitState.PRINTED)


@pytest.fixture
def paper(session, town, card):
    return issue_temporary(session, card, keys=town.keys, **ACT)


@pytest.fixture
def at_the_gate(session, town):
    def at_the_gate(permit, at=AT):
        scanned = token.sign(permit_fields(permit, town.community), town.keys.private(1))
        return decide_now(session, town.community, at=at, scanned=scanned).reasons[0]

    return at_the_gate


def test_it_is_good_beside_the_card_for_the_communitys_days_and_counts_once(
    session, town, card, paper, at_the_gate
):
    assert (paper.valid_from, paper.valid_to) == (TODAY, TODAY + timedelta(days=6))
    assert (paper.plate, paper.serial != card.serial) == (PLATE, True)
    assert at_the_gate(card) == at_the_gate(paper) == Reason.OK
    assert at_the_gate(paper, AT + timedelta(days=7)) == Reason.EXPIRED
    typed = decide_now(session, town.community, at=AT + timedelta(days=7), plate=PLATE)
    assert typed.reasons == (Reason.OK,)
    counts = counts_of(session, town.community, None)[0]
    assert (counts.permits_in_force, left_to_hand_out(session, town.community)) == (
        1,
        {card.compound_id: 1},
    )


def test_it_is_refused_the_moment_the_card_is_handed_over_and_good_again_when_that_is_undone(
    session, town, card, paper, at_the_gate
):
    hand_out(session, town.community, card.serial, **ACT)
    assert (at_the_gate(card), at_the_gate(paper)) == (Reason.OK, Reason.REPLACED)
    assert paper.replaced_by is card
    take_back(session, town.community, card, **ACT)
    assert (card.state, at_the_gate(paper)) == (PermitState.PRINTED, Reason.OK)


def test_a_bulk_act_takes_the_paper_along_and_so_does_its_undoing(
    session, town, card, paper, at_the_gate
):
    community = town.community
    revoked = revoke_many(session, community, [card], "a mistake", **ACT)
    assert (at_the_gate(card), at_the_gate(paper)) == (Reason.REVOKED, Reason.REVOKED)
    undo(session, community, revoked, **ACT)
    assert (at_the_gate(card), at_the_gate(paper)) == (Reason.OK, Reason.OK)
    handed = hand_over_many(session, community, [card], actor=OFFICE, at=AT + SECOND)
    undo(session, community, handed, actor=OFFICE, at=AT + SECOND)
    assert (card.state, at_the_gate(paper)) == (PermitState.PRINTED, Reason.OK)


def test_when_the_card_is_revoked_the_paper_goes_with_it(session, card, paper, at_the_gate):
    revoke(session, card, "sold", **ACT)
    assert at_the_gate(paper) == Reason.REVOKED


def test_when_the_card_is_replaced_the_paper_waits_for_the_new_one(
    session, town, card, paper, at_the_gate
):
    new = replace(session, card, "spoiled", keys=town.keys, **ACT)
    assert (paper.gives_way_to, at_the_gate(paper)) == (new, Reason.OK)
    assert replace(session, paper, "lost", keys=town.keys, **ACT) is new
    assert at_the_gate(paper) == Reason.REPLACED


def test_one_paper_at_a_time_and_only_for_a_card_that_waits(session, town, card, paper):
    with pytest.raises(TemporaryThere):
        issue_temporary(session, card, keys=town.keys, **ACT)
    with pytest.raises(WrongPermitState):
        issue_temporary(session, paper, keys=town.keys, **ACT)
    hand_out(session, town.community, card.serial, **ACT)
    with pytest.raises(WrongPermitState):
        issue_temporary(session, card, keys=town.keys, **ACT)
    assert temporary_of(session, card) is None


def test_a_run_of_cards_leaves_papers_out_unless_one_is_named(session, town, card, paper):
    settings = PrintSettings(town.folder, town.folder, "https://p.example", town.keys)
    chosen = {"layout": "a5", "at": AT}
    with pytest.raises(NothingToPrint):
        choose(session, town.community, settings, only_new=True, **chosen)
    batch = choose(session, town.community, settings, permit_ids=[paper.id], **chosen)
    assert [(one.serial, one.is_temporary) for one in batch.printed] == [(paper.serial, True)]
