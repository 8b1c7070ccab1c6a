"""What a patrol must find, case by case: a decision's reasons and zones, a zone, a local time."""

from __future__ import annotations

from typing import Any

Window = tuple[str, str | None, str | None]

A: list[Window] = [("A1", None, None), ("S1", "20:00", "07:00"), ("S2", "09:00", "17:00")]
"""The zones of colour A: one all day, one by night, one by day."""


def document() -> dict[str, Any]:
    """Return the content of patrol.json."""
    return {
        "about": (
            "A car stands in `zone` at the local `time`, and the gate decision on it has these"
            " `reasons` and `zones`: it is a `finding`, with the zones that are open to it now."
        ),
        "cases": [*_with_a_permit(), *_without_a_permit()],
    }


def _case(
    name: str,
    why: str,
    finding: str,
    open_now: str = "",
    *,
    reasons: str = "ok",
    zones: list[Window] | None = None,
    zone: str = "A1",
    time: str = "12:00:00",
) -> dict[str, Any]:
    return {
        "name": name,
        "why": why,
        "reasons": reasons.split(),
        "zones": [
            {"zone": code, "starts": starts, "ends": ends}
            for code, starts, ends in (A if zones is None else zones)
        ],
        "zone": zone,
        "time": time,
        "expected": {"finding": finding, "zones": open_now.split()},
    }


def _with_a_permit() -> list[dict[str, Any]]:
    by_night = [
        ("19:59:59", "belongs_elsewhere", "A1", "a second before the window opens"),
        ("20:00:00", "belongs_here", "A1 S1", "its first second"),
        ("00:00:00", "belongs_here", "A1 S1", "the window crosses midnight"),
        ("06:59:59", "belongs_here", "A1 S1", "its last second"),
        ("07:00:00", "belongs_elsewhere", "A1", "its end is no longer in it"),
    ]
    return [
        _case("own zone", "open all day", "belongs_here", "A1 S2"),
        _case("own zone by night", "open all day", "belongs_here", "A1 S1", time="23:00:00"),
        *[
            _case(f"shared zone at {clock}", why, finding, zones, zone="S1", time=clock)
            for clock, finding, zones, why in by_night
        ],
        _case("time without seconds", "as clocks show it", "belongs_here", "A1 S1", time="20:00"),
        _case("a neighbour's zone", "never open to A", "belongs_elsewhere", "A1 S2", zone="B1"),
        _case(
            "code in another case",
            "codes are compared as they are",
            "belongs_elsewhere",
            "A1 S2",
            zone="a1",
        ),
        _case(
            "two windows of the zone",
            "the zone is named once",
            "belongs_here",
            "A1",
            zones=[("A1", "08:00", "13:00"), ("A1", "11:00", "15:00")],
        ),
        _case(
            "window around the clock",
            "its end is not after its start",
            "belongs_here",
            "A1",
            zones=[("A1", "08:00", "08:00")],
            time="03:00:00",
        ),
        _case(
            "no plan in force",
            "a good permit, and no zone is open to anybody",
            "belongs_elsewhere",
            zones=[],
        ),
        _case(
            "facts of yesterday",
            "too old for the gate, good enough to walk by",
            "belongs_here",
            "A1 S2",
            reasons="stale_data ok",
        ),
        _case(
            "plate typed without its province",
            "the whole plate is shown beside the car",
            "belongs_elsewhere",
            "A1 S2",
            reasons="plate_completed ok",
            zone="B1",
        ),
    ]


def _without_a_permit() -> list[dict[str, Any]]:
    unknown = [
        "plate_unknown",
        "plate_invalid",
        "malformed_token",
        "bad_signature",
        "other_community",
        "revoked",
        "replaced",
        "expired",
        "not_yet_valid",
        "visitor_over",
        "no_permit",
        "permit_unknown",
        "permit_differs",
        "compound_unknown",
        "plate_mismatch",
        "revoked expired",
        "stale_data no_permit",
        "plate_completed plate_unknown",
    ]
    return [
        *[
            _case(
                f"no valid permit: {reasons}",
                "its colour opens no zone to it",
                "unknown",
                reasons=reasons,
            )
            for reasons in unknown
        ],
        _case("visitor", "the host's zones", "visitor", "A1 S2", reasons="visitor_ok"),
        _case(
            "visitor in another's zone",
            "still a visitor: the guard sees where he belongs",
            "visitor",
            "A1 S1",
            reasons="visitor_ok",
            zone="B1",
            time="21:00:00",
        ),
        _case("drop-off", "it has no host", "visitor", reasons="visitor_ok", zones=[]),
        _case(
            "visitor, facts of yesterday",
            "as with a permit",
            "visitor",
            "A1 S2",
            reasons="stale_data visitor_ok",
        ),
        _case(
            "fire engine",
            "it belongs wherever it stands",
            "belongs_here",
            reasons="service_vehicle",
            zones=[],
        ),
    ]
