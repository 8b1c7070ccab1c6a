"""Facts are kept for as long as the ledger's last entry is the last, and no longer."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.facts import facts_of
from records import ledger
from records.signing_keys import make_key
from tests.factories import AT, OFFICE, TODAY, make_community, make_plan, make_town
from tests.permits.test_deciding import counted_statements
from zones.communities import Community, Compound
from zones.plans import openings_by_compound, plan_in_force
from zones.setting_up import change_community, change_compound


@pytest.fixture
def town(session, tmp_path):
    town = make_town(session, tmp_path)
    session.commit()
    return town


def facts(session):
    """The facts by the head that the session sees."""
    community_id = session.scalars(select(Community.id)).first()
    return facts_of(session, community_id, ledger.head(session).hash)


def signs(session, day=TODAY):
    return facts(session).plan_on(day).signs


def recolour(session, letter, colour):
    compound = session.scalars(select(Compound).where(Compound.letter == letter)).one()
    change_compound(
        session,
        compound,
        name=compound.name,
        name_en=compound.name_en,
        colour_key=colour,
        visits_per_month=None,
        actor=OFFICE,
        at=AT,
    )


def test_facts_that_are_kept_take_no_statement(engine, session, town):
    head = ledger.head(session).hash
    first = facts_of(session, town.community.id, head)
    with counted_statements(engine) as sent:
        assert facts_of(session, town.community.id, head) is first
    assert sent == []


def test_a_changed_colour_is_known_to_every_session_at_once(engine, session, town):
    assert signs(session)[1].colour == "blue"
    session.rollback()
    with Session(engine) as other:
        recolour(other, "A", "green")
        other.commit()
    assert (signs(session)[1].colour, signs(session)[1].letter) == ("green", "C")


def test_what_a_session_has_loaded_before_does_not_make_old_facts(engine, session, town):
    loaded = session.scalars(select(Compound)).all()
    session.rollback()
    with Session(engine) as other:
        recolour(other, "A", "green")
        other.commit()
    assert len(loaded) == 2
    assert signs(session)[1].colour == "green"


def test_an_act_that_is_taken_back_leaves_no_facts_behind(session, town):
    recolour(session, "A", "green")
    assert signs(session)[1].colour == "green"
    session.rollback()
    assert signs(session)[1].colour == "blue"
    # The next act gets the very number that was taken back.
    recolour(session, "B", "yellow")
    assert (signs(session)[1].colour, signs(session)[2].colour) == ("blue", "yellow")


def test_a_new_key_is_known(session, town):
    known = set(facts(session).public_keys)
    key = make_key(session, town.keys, actor=OFFICE, at=AT)
    assert set(facts(session).public_keys) - known == {key.id}


def test_a_new_time_zone_and_province_count_at_once(session, town):
    assert facts(session).local_day(AT.replace(hour=20)) == TODAY + timedelta(days=1)
    change_community(
        session,
        town.community,
        name="社区",
        name_en="Community",
        province="京",
        time_zone="UTC",
        permit_days=365,
        temporary_days=7,
        actor=OFFICE,
        at=AT,
    )
    assert facts(session).local_day(AT.replace(hour=20)) == TODAY
    assert facts(session).province == "京"


def test_plans_change_by_day_without_any_act(session, town):
    make_plan(session, town.community, first_day=TODAY + timedelta(days=3))
    make_plan(session, town.community, first_day=TODAY + timedelta(days=3))
    make_plan(session, town.community, first_day=TODAY + timedelta(days=9), voted=False)
    known = facts(session)
    for days in range(-2, 12):
        day = TODAY + timedelta(days=days)
        plan = plan_in_force(session, town.community.id, day)
        assert known.plan_on(day).number == (plan.number if plan else None)
        openings = openings_by_compound(plan)
        for compound in town.community.compounds:
            windows = [
                (one.zone.code, one.starts, one.ends) for one in openings.get(compound.id, [])
            ]
            sign = known.plan_on(day).signs[compound.number]
            assert [(one.zone, one.starts, one.ends) for one in sign.zones] == windows


def test_without_a_plan_colours_are_known_and_no_zone_is(session, town):
    sign = signs(session, TODAY - timedelta(days=1))[1]
    assert (sign.letter, sign.zones) == ("A", ())


def test_of_an_empty_ledger_nothing_is_kept(session):
    community = make_community(session)
    first = facts_of(session, community.id, None)
    community.compounds[0].colour_key = "green"
    assert first.no_plan.signs[1].colour == "blue"
    assert facts_of(session, community.id, None).no_plan.signs[1].colour == "green"


def test_two_communities_have_facts_of_their_own(session, town):
    other = make_community(session, "CD", number=2)
    head = ledger.head(session).hash
    both = [facts_of(session, one.id, head) for one in (town.community, other)]
    assert [one.no_plan.signs[1].letter for one in both] == ["A", "C"]


def test_threads_that_ask_at_once_all_know_the_last_act(engine, session, town):
    answers = []

    def ask():
        with Session(engine) as own:
            answers.append(signs(own)[1].colour)

    for colour in ("green", "sky", "purple"):
        letter = session.scalars(select(Compound.letter).where(Compound.number == 1)).one()
        recolour(session, letter, colour)
        session.commit()
        threads = [Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [colour] * len(threads)
        answers.clear()
