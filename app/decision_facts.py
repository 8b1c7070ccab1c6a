"""A gate decision as plain facts, for JSON."""

from __future__ import annotations

from typing import Any

from permits.gate import Decision
from permits.plates import Plate, parse
from zones.colours import BY_KEY


def _shown(text: str | None) -> str | None:
    plate = parse(text) if text else None
    return plate.shown if isinstance(plate, Plate) else text


def decision_facts(decision: Decision) -> dict[str, Any]:
    """Return what a decision says, as JSON can hold it; nothing personal but the plate."""
    sign = decision.sign
    return {
        "verdict": decision.verdict,
        "reasons": list(decision.reasons),
        "colour": BY_KEY[sign.colour].hex if sign else None,
        "colour_key": sign.colour if sign else None,
        "letter": sign.letter if sign else None,
        "compound": sign.name if sign else None,
        "compound_en": sign.name_en if sign else None,
        "shape": BY_KEY[sign.colour].shape if sign else None,
        "zones": [window.zone for window in decision.zones],
        "windows": [
            {
                "zone": window.zone,
                "starts": f"{window.starts:%H:%M}" if window.starts else None,
                "ends": f"{window.ends:%H:%M}" if window.ends else None,
                "open_now": window in decision.open_windows,
            }
            for window in decision.zones
        ],
        "plan": decision.plan_number,
        "plate": decision.plate,
        "plate_shown": _shown(decision.plate),
        "serial": decision.serial,
        "valid_from": decision.valid_from.isoformat() if decision.valid_from else None,
        "valid_to": decision.valid_to.isoformat() if decision.valid_to else None,
        "replaced_by": decision.replaced_by,
        "suspended_until": decision.suspended_until.isoformat()
        if decision.suspended_until
        else None,
        "visit": {
            "number": decision.visit.number,
            "kind": decision.visit.kind,
            "valid_from": decision.visit.valid_from.isoformat(),
            "valid_to": decision.visit.valid_to.isoformat(),
        }
        if decision.visit
        else None,
        "data_age_s": int(decision.data_age.total_seconds()),
    }
