"""Plates that a machine read: below a device's limit its reading admits nobody."""

from __future__ import annotations

from dataclasses import replace

from permits.gate import Decision
from permits.verdicts import VERDICT_OF, Reason, Verdict


def doubted(decision: Decision) -> Decision:
    """Return the decision for a plate that was read unsurely: an admit becomes a check."""
    if decision.verdict is not Verdict.ADMIT:
        return decision
    reasons = (Reason.LOW_CONFIDENCE, *decision.reasons)
    return replace(decision, verdict=VERDICT_OF[reasons[0]], reasons=reasons)
