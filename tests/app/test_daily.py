from datetime import timedelta

import pytest
from sqlalchemy import select

from app import daily
from app.daily import ACTS, DailyAct, Every, Ran, run
from permits.permit import Permit, PermitState
from records import ledger
from records.ledger import LedgerEntry
from tests.factories import AT, make_permit, make_vehicle


def _entering(act):
    def enter(session, at):
        ledger.append(session, "schedule", [ledger.Act(act, "moon:1", {})], at)

    return enter


def _failing(session, at):
    _entering("moon.lost")(session, at)
    raise ArithmeticError


def test_an_act_that_fails_leaves_nothing_and_stops_no_other(app, kept, caplog):
    acts = [
        DailyAct("first", Every.HOUR, _entering("moon.rises")),
        DailyAct("second", Every.HOUR, _failing),
        DailyAct("third", Every.HOUR, _entering("moon.sets")),
    ]
    with app.app_context():
        ran = run(acts, at=AT)
    assert ran == [Ran("first", True), Ran("second", False), Ran("third", True)]
    entered = kept(select(LedgerEntry.act).where(LedgerEntry.subject == "moon:1"))
    assert sorted(entered) == ["moon.rises", "moon.sets"]
    assert "the act second failed" in caplog.text
    assert "ArithmeticError" in caplog.text


@pytest.mark.parametrize(
    ("scheduled", "every"),
    [
        (daily.every_quarter, Every.QUARTER),
        (daily.every_hour, Every.HOUR),
        (daily.every_night, Every.NIGHT),
    ],
)
def test_the_clock_does_the_acts_of_its_rhythm(app, monkeypatch, scheduled, every):
    done = []
    acts = [
        DailyAct(one, one, lambda _session, at, one=one: done.append((one, at))) for one in Every
    ]
    monkeypatch.setattr(daily, "ACTS", acts)
    with app.app_context():
        scheduled.call_local()
    assert done == [(every, AT)]


def test_every_night_permits_expire_whose_last_day_is_over(app, session, town, kept):
    permit = make_permit(session, make_vehicle(session, town.compound("A")))
    session.commit()
    for days, state in ((364, PermitState.ISSUED), (366, PermitState.EXPIRED)):
        with app.app_context():
            ran = run(ACTS, at=AT + timedelta(days=days))
        assert [one.name for one in ran if not one.is_done] == []
        assert kept(select(Permit.state).where(Permit.id == permit.id)) == [state]
