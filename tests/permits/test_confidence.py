import pytest

from permits.confidence import doubted
from permits.gate import Decision
from permits.verdicts import VERDICT_OF, Reason, Verdict

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize("reason", [one for one in Reason if VERDICT_OF[one] is Verdict.ADMIT])
def test_a_plate_that_was_read_unsurely_is_checked_and_never_admitted(reason):
    decision = doubted(Decision(Verdict.ADMIT, (reason,), plate="粤E12345"))
    assert decision.verdict is Verdict.CHECK
    assert decision.reasons == (Reason.LOW_CONFIDENCE, reason)
    assert decision.plate == "粤E12345"


@pytest.mark.parametrize("reason", [one for one in Reason if VERDICT_OF[one] is not Verdict.ADMIT])
def test_a_refusal_or_check_stays_what_it_is_however_the_plate_was_read(reason):
    decision = Decision(VERDICT_OF[reason], (reason,))
    assert doubted(decision) == decision
