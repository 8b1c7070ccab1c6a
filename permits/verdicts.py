"""What a gate decides, and the reasons that lead there; `docs/gate-decision.md` explains each."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Verdict(enum.StrEnum):
    """What the guard does."""

    ADMIT = "admit"
    CHECK = "check"
    REFUSE = "refuse"


class Reason(enum.StrEnum):
    """Why, from the gravest to the lightest."""

    MALFORMED_TOKEN = "malformed_token"  # noqa: S105 - no password, a word
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    OTHER_COMMUNITY = "other_community"
    PLATE_INVALID = "plate_invalid"
    PLATE_MISMATCH = "plate_mismatch"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    NOT_YET_VALID = "not_yet_valid"
    VISITOR_OVER = "visitor_over"
    PLATE_UNKNOWN = "plate_unknown"
    PERMIT_UNKNOWN = "permit_unknown"
    PERMIT_DIFFERS = "permit_differs"
    COMPOUND_UNKNOWN = "compound_unknown"
    PLATE_COMPLETED = "plate_completed"
    NO_PERMIT = "no_permit"
    LOW_CONFIDENCE = "low_confidence"
    STALE_DATA = "stale_data"
    SERVICE_VEHICLE = "service_vehicle"
    VISITOR_OK = "visitor_ok"
    OK = "ok"


VERDICT_OF: Mapping[Reason, Verdict] = {
    Reason.MALFORMED_TOKEN: Verdict.REFUSE,
    Reason.UNKNOWN_VERSION: Verdict.REFUSE,
    Reason.UNKNOWN_KEY: Verdict.REFUSE,
    Reason.BAD_SIGNATURE: Verdict.REFUSE,
    Reason.OTHER_COMMUNITY: Verdict.REFUSE,
    Reason.PLATE_INVALID: Verdict.REFUSE,
    Reason.PLATE_MISMATCH: Verdict.REFUSE,
    Reason.REVOKED: Verdict.REFUSE,
    Reason.REPLACED: Verdict.REFUSE,
    Reason.EXPIRED: Verdict.REFUSE,
    Reason.SUSPENDED: Verdict.REFUSE,
    Reason.NOT_YET_VALID: Verdict.REFUSE,
    Reason.VISITOR_OVER: Verdict.REFUSE,
    Reason.PLATE_UNKNOWN: Verdict.REFUSE,
    Reason.PERMIT_UNKNOWN: Verdict.CHECK,
    Reason.PERMIT_DIFFERS: Verdict.CHECK,
    Reason.COMPOUND_UNKNOWN: Verdict.CHECK,
    Reason.PLATE_COMPLETED: Verdict.CHECK,
    Reason.NO_PERMIT: Verdict.CHECK,
    Reason.LOW_CONFIDENCE: Verdict.CHECK,
    Reason.STALE_DATA: Verdict.CHECK,
    Reason.SERVICE_VEHICLE: Verdict.ADMIT,
    Reason.VISITOR_OK: Verdict.ADMIT,
    Reason.OK: Verdict.ADMIT,
}
"""The verdict of each reason; of several reasons the gravest decides."""
