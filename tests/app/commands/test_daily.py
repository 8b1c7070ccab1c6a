from app.commands import daily as command
from app.daily import ACTS, DailyAct, Every


def test_by_hand_every_act_is_done_and_twice_does_no_harm(answer):
    every = {"done": [one.name for one in ACTS]}
    assert answer("daily", "run") == answer("daily", "run") == every


def test_acts_that_failed_are_named_after_the_others_are_done(refusal, monkeypatch):
    done = []

    def fail(_session, _at):
        raise ArithmeticError

    acts = [
        DailyAct("bad", Every.NIGHT, fail),
        DailyAct("good", Every.NIGHT, lambda _session, at: done.append(at)),
    ]
    monkeypatch.setattr(command, "ACTS", acts)
    status, document = refusal("daily", "run")
    assert (status, document["error"], len(done)) == (1, "acts_failed", 1)
    assert "bad" in document["words"]
