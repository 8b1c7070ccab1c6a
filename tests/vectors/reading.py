"""The vectors as the product's own values."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from permits.gate import (
    CompoundSign,
    Decision,
    Known,
    Registration,
    Standing,
    Visit,
    ZoneWindow,
    decide,
)
from permits.permit import PermitState
from records.keys import load_public

FOLDER = Path(__file__).parent


def document(name: str) -> dict[str, Any]:
    """Return the content of a vector file: token, gate or plates."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def decided(case: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Return the decision on a gate case, in the words of the vectors and of decide.js."""
    return _written(
        decide(
            at=datetime.fromisoformat(case["at"]),
            known=_known({**facts, **case.get("but", {}), "as_of": case["as_of"]}),
            scanned=case["scanned"],
            plate=case["plate"],
        )
    )


def summary(decision: dict[str, Any]) -> dict[str, Any]:
    """Return a written decision with its colour's letter and zone codes at the top, as expected."""
    sign = decision["sign"]
    return {
        **decision,
        "letter": sign["letter"] if sign else None,
        "zones": [window["zone"] for window in decision["zones"]],
    }


def _known(facts: dict[str, Any]) -> Known:
    permits = {int(number): _standing(one) for number, one in facts["permits"].items()}

    def registration_of(plate: str) -> Registration | None:
        entry = facts["registrations"].get(plate)
        return Registration(entry["compound"], permits.get(entry["permit"])) if entry else None

    return Known(
        community=facts["community"],
        time_zone=ZoneInfo(facts["time_zone"]),
        as_of=datetime.fromisoformat(facts["as_of"]),
        public_keys={int(key): load_public(pem) for key, pem in facts["public_keys"].items()},
        compounds={int(number): _sign(one) for number, one in facts["compounds"].items()},
        permit_numbered=permits.get,
        registration_of=registration_of,
        plan_number=facts["plan_number"],
        province=facts["province"],
        visits_of=lambda plate: [_visit(one) for one in facts["visits"] if one["plate"] == plate],
        visit_numbered=lambda number: next(
            (_visit(one) for one in facts["visits"] if one["number"] == number), None
        ),
    )


def _visit(one: dict[str, Any]) -> Visit:
    hours = {key: datetime.fromisoformat(one[key]) for key in ("valid_from", "valid_to")}
    return Visit(one["number"], one["kind"], one["compound"], **hours, cancelled=one["cancelled"])


def _sign(one: dict[str, Any]) -> CompoundSign:
    def moment(text: str | None) -> time | None:
        return time.fromisoformat(text) if text else None

    zones = tuple(
        ZoneWindow(window["zone"], moment(window["starts"]), moment(window["ends"]))
        for window in one["zones"]
    )
    return CompoundSign(**{**one, "zones": zones})


def _standing(one: dict[str, Any]) -> Standing:
    ends = ("suspended_from", "suspended_until")
    suspended = [one[key] for key in ends if key in one]
    return Standing(
        **{
            **{key: value for key, value in one.items() if key not in ends},
            "state": PermitState(one["state"]),
            "valid_from": date.fromisoformat(one["valid_from"]),
            "valid_to": date.fromisoformat(one["valid_to"]),
            "suspended": tuple(map(datetime.fromisoformat, suspended)) if suspended else None,
        }
    )


def _written(decision: Decision) -> dict[str, Any]:
    def window(one: ZoneWindow) -> dict[str, Any]:
        return {
            "zone": one.zone,
            "starts": f"{one.starts:%H:%M}" if one.starts else None,
            "ends": f"{one.ends:%H:%M}" if one.ends else None,
        }

    sign = decision.sign
    zones = [window(one) for one in decision.zones]
    return {
        "verdict": str(decision.verdict),
        "reasons": [str(reason) for reason in decision.reasons],
        "sign": {
            "number": sign.number,
            "name": sign.name,
            "name_en": sign.name_en,
            "letter": sign.letter,
            "colour": sign.colour,
            "zones": zones,
        }
        if sign
        else None,
        "zones": zones,
        "open_now": list(decision.open_now),
        "plate": decision.plate,
        "serial": decision.serial,
        "valid_from": str(decision.valid_from) if decision.valid_from else None,
        "valid_to": str(decision.valid_to) if decision.valid_to else None,
        "replaced_by": decision.replaced_by,
        "suspended_until": decision.suspended_until.isoformat()
        if decision.suspended_until
        else None,
        "permit_number": decision.permit_number,
        "visit": _written_visit(decision.visit) if decision.visit else None,
        "plan_number": decision.plan_number,
        "data_age_s": decision.data_age.total_seconds(),
    }


def _written_visit(visit: Visit) -> dict[str, Any]:
    return {
        "number": visit.number,
        "kind": visit.kind,
        "compound": visit.compound,
        "valid_from": visit.valid_from.isoformat(),
        "valid_to": visit.valid_to.isoformat(),
        "cancelled": visit.cancelled,
    }
