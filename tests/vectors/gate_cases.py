"""What the gate must decide, case by case, by the design."""

from __future__ import annotations

from datetime import date
from typing import Any

from permits.serials import serial
from tests.vectors.symbols import PHRASES, STRANGER, Symbol, base32, public_pem

A = Symbol()
"""Permit 1 of compound 1, letter A, for 粤E12345, from 2026-12-01 to 2027-11-30."""

B = A.but(compound=2, number=2, plate="粤EF12345")
C = A.but(compound=3, number=15, plate="粤E15151")
D = A.but(compound=4, number=5, plate="粤E44444")
VISIT = A.but(
    kind=1,
    compound=2,
    number=900,
    first=date(2026, 12, 15),
    last=date(2026, 12, 16),
    plate="京A88888",
)
LAST_YEAR = {"first": date(2025, 12, 1), "last": date(2026, 11, 30)}

DAY = "2026-12-15T10:00:00+08:00"
"""An ordinary morning: S1 is not open yet."""

ZONES = {"A": ["A1", "S1"], "B": ["B1", "B2", "S1"], "C": ["C1", "C2"], "D": ["D1", "S2", "S2"]}
OPEN_BY_DAY = {"A": ["A1"], "B": ["B1", "B2"], "C": ["C1", "C2"], "D": ["D1"]}
"""What `DAY` finds open."""

E = A.but(compound=2, number=20, plate="粤E20202")
"""Suspended for a week that `DAY` lies in; its car has a visit to its own compound, too."""

SUSPENDED = {
    "suspended_from": "2026-12-14T15:00:00+08:00",
    "suspended_until": "2026-12-21T00:00:00+08:00",
}

NOBODY = "粤E00000"
"""A plate that the register does not have."""


def document() -> dict[str, Any]:
    """Return the content of gate.json."""
    return {
        "about": (
            "At the moment `at`, with the facts (some changed by `but`) true at `as_of`, what was"
            " `scanned` and the `plate` typed give what is expected; `zones` are the codes of the"
            " windows. The keys are for tests only, see token.json."
        ),
        "facts": _facts(),
        "cases": [
            *_by_the_clock(),
            *_by_the_day(),
            *_elsewhere(),
            *_by_age(),
            *_by_the_register(),
            *_suspended(),
            *_not_genuine(),
            *_with_a_typed_plate(),
            *_visitors(),
            *_by_hours(),
            *_by_plate(),
            *_without_the_province(),
            *_service(),
        ],
    }


def _facts() -> dict[str, Any]:
    def window(zone: str, starts: str | None = None, ends: str | None = None) -> dict[str, Any]:
        return {"zone": zone, "starts": starts, "ends": ends}

    def sign(
        number: int, name: str, name_en: str, letter: str, colour: str, *zones: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "number": number,
            "name": name,
            "name_en": name_en,
            "letter": letter,
            "colour": colour,
            "zones": list(zones),
        }

    signs = [
        sign(
            1,
            "百合村北区",
            "Lily Village North",
            "A",
            "blue",
            window("A1"),
            window("S1", "20:00", "07:00"),
        ),
        sign(
            2,
            "豪景街小区",
            "Haojing Street",
            "B",
            "vermillion",
            window("B1"),
            window("B2", "08:00", "18:00"),
            window("S1", "20:00", "07:00"),
        ),
        sign(
            3,
            "环保局宿舍",
            "Environment Bureau Dormitory",
            "C",
            "green",
            window("C1"),
            window("C2", "08:00", "08:00"),
        ),
        sign(
            4,
            "海欣阁",
            "Haixin Court",
            "D",
            "yellow",
            window("D1"),
            window("S2", "06:00", "09:00"),
            window("S2", "08:00", "09:30"),
        ),
    ]
    usual, last_year = ("2026-12-01", "2027-11-30"), ("2025-12-01", "2026-11-30")
    permits = [
        _permit(1, "A-000001-5", "粤E12345", 1, "printed", usual),
        _permit(2, "B-000002-9", "粤EF12345", 2, "handed_over", usual),
        _permit(3, "C-000003-2", "粤E33333", 3, "revoked", usual),
        _permit(4, "D-000004-4", "粤E44444", 4, "replaced", usual, "D-000005-2"),
        _permit(5, "D-000005-2", "粤E44444", 4, "issued", usual),
        _permit(6, "A-000006-6", "粤E66666", 1, "expired", last_year),
        _permit(7, "A-000007-4", "粤E77777", 1, "issued", ("2027-01-01", "2027-12-31")),
        _permit(8, "A-000008-2", "粤E88888", 1, "printed", last_year),
        _permit(9, "H-000009-8", "粤E99999", 9, "printed", usual),
        _permit(10, "C-000010-4", "粤E10101", 3, "revoked", last_year),
        _permit(11, "A-000011-1", "粤E11112", 1, "printed", usual),
        _permit(12, "B-000012-3", "粤E12121", 2, "printed", usual),
        _permit(13, "A-000013-8", "粤EA234警", 1, "revoked", usual),
        _permit(14, "A-000014-6", "粤E14142", 1, "revoked", usual),
        _permit(15, "C-000015-3", "粤E15151", 3, "printed", usual),
        _permit(16, "D-000016-1", "粤E16161", 4, "replaced", last_year, "D-000005-2"),
        _permit(18, "B-000018-2", "粤ED12345", 2, "printed", usual),
        _permit(19, "C-000019-6", "粤EC12345", 3, "revoked", usual),
        _permit(17, "C-000017-0", "粤E70707", 3, "revoked", usual),
        {**_permit(20, serial("B", 20), "粤E20202", 2, "handed_over", usual), **SUSPENDED},
    ]
    newest = {permit["plate"]: permit for permit in permits}
    return {
        "community": 17,
        "province": "粤",
        "time_zone": "Asia/Shanghai",
        "plan_number": 3,
        "public_keys": {str(key_id): public_pem(PHRASES[key_id]) for key_id in (1, 2)},
        "compounds": {str(one["number"]): one for one in signs},
        "permits": {str(one["number"]): one for one in permits},
        "registrations": {
            **{
                plate: {"compound": permit["compound"], "permit": permit["number"]}
                for plate, permit in newest.items()
            },
            "粤E50505": {"compound": 3, "permit": None},
            "粤E60606": {"compound": 3, "permit": None},
            "粤E90909": {"compound": 9, "permit": None},
            "VA12345": {"compound": 1, "permit": None},
        },
        "visits": [
            _visit(901, "京A90001", 2, "09:00", "12:00"),
            _visit(902, "京A90002", 2, "07:00", "10:00"),
            _visit(903, "京A90003", 2, "14:00", "16:00", "tradesman"),
            _visit(904, "京A90004", 2, "09:00", "12:00", cancelled=True),
            _visit(905, "京A90005", None, "10:00", "10:30", "drop_off"),
            _visit(906, "京A90006", 9, "09:00", "12:00"),
            _visit(907, "粤E70707", 1, "09:00", "12:00"),
            _visit(908, "粤E12345", 2, "09:00", "12:00"),
            _visit(909, "粤E66666", 2, "07:00", "09:00"),
            _visit(910, "粤E60606", 2, "09:00", "12:00"),
            _visit(911, "京A90011", 1, "07:00", "09:00"),
            _visit(912, "京A90011", 2, "09:00", "11:00", "delivery"),
            _visit(913, "京A90011", 3, "09:30", "12:00"),
            _visit(914, "京A90011", 4, "14:00", "16:00"),
            _visit(915, "京A90015", 1, "07:00", "09:00"),
            _visit(916, "京A90015", 3, "16:00", "17:00"),
            _visit(917, "京A90015", 2, "14:00", "18:00"),
            _visit(918, "京A90018", 1, "06:00", "09:00"),
            _visit(920, "粤E20202", 2, "09:00", "12:00"),
            _visit(919, "京A90018", 2, "07:00", "08:00"),
        ],
    }


def _permit(
    number: int,
    serial: str,
    plate: str,
    compound: int,
    state: str,
    days: tuple[str, str],
    replaced_by: str | None = None,
) -> dict[str, Any]:
    return {
        "number": number,
        "serial": serial,
        "plate": plate,
        "compound": compound,
        "state": state,
        "valid_from": days[0],
        "valid_to": days[1],
        "replaced_by": replaced_by,
    }


def _visit(
    number: int,
    plate: str,
    compound: int | None,
    starts: str,
    ends: str,
    kind: str = "visitor",
    *,
    cancelled: bool = False,
) -> dict[str, Any]:
    """A visit on the day of `DAY`, between two local times."""
    return {
        "number": number,
        "plate": plate,
        "kind": kind,
        "compound": compound,
        "valid_from": f"2026-12-15T{starts}:00+08:00",
        "valid_to": f"2026-12-15T{ends}:00+08:00",
        "cancelled": cancelled,
    }


def _case(
    name: str,
    why: str,
    expected: dict[str, Any],
    *,
    scanned: str | Symbol | None = None,
    typed: str | None = None,
    at: str = DAY,
    as_of: str | None = None,
    **but: Any,
) -> dict[str, Any]:
    return {
        "name": name,
        "why": why,
        **({"but": but} if but else {}),
        "as_of": as_of or at,
        "at": at,
        "scanned": scanned.url if isinstance(scanned, Symbol) else scanned,
        "plate": typed,
        "expected": expected,
    }


def _sees(
    verdict: str,
    reasons: str,
    letter: str | None = None,
    plate: str | None = None,
    open_now: list[str] | None = None,
    zones: list[str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    if zones is None:
        zones = ZONES[letter] if letter else []
    if open_now is None:
        open_now = OPEN_BY_DAY[letter] if letter else []
    return {
        "verdict": verdict,
        "reasons": reasons.split(),
        "letter": letter,
        "zones": zones,
        "open_now": open_now,
        "plate": plate,
        **more,
    }


def _admits(letter: str, plate: str, open_now: list[str] | None = None, **more: Any) -> Any:
    return _sees("admit", "ok", letter, plate, open_now, **more)


def _by_the_clock() -> list[dict[str, Any]]:
    by_night = [
        ("19:59:59", ["A1"], "a second before the window opens"),
        ("20:00:00", ["A1", "S1"], "a window's first minute is in it"),
        ("23:59:59", ["A1", "S1"], "the window crosses midnight"),
        ("00:00:00", ["A1", "S1"], "midnight belongs to the window"),
        ("06:59:59", ["A1", "S1"], "a second before it closes"),
        ("07:00:00", ["A1"], "a window's end is no longer in it"),
    ]
    by_day = [
        ("07:59:59", ["B1"], "before the day window"),
        ("08:00:00", ["B1", "B2"], "its start"),
        ("17:59:59", ["B1", "B2"], "its last second"),
        ("18:00:00", ["B1"], "its end"),
    ]
    return [
        _case(
            "resident by day",
            "genuine, in force, registered: the zones of its colour",
            _admits(
                "A",
                "粤E12345",
                serial="A-000001-5",
                valid_from="2026-12-01",
                valid_to="2027-11-30",
                plan_number=3,
                data_age_s=0,
            ),
            scanned=A,
        ),
        _case("new energy plate", "eight characters", _admits("B", "粤EF12345"), scanned=B),
        _case(
            "no plan in force",
            "the permit is good, yet no zone is open to anybody",
            _admits("A", "粤E12345", [], zones=[], plan_number=None),
            scanned=A,
            plan_number=None,
            compounds={
                "1": {
                    "number": 1,
                    "name": "百合村北区",
                    "name_en": "Lily Village North",
                    "letter": "A",
                    "colour": "blue",
                    "zones": [],
                }
            },
        ),
        *[
            _case(
                f"night window at {clock}",
                why,
                _admits("A", "粤E12345", open_now),
                scanned=A,
                at=f"2026-12-15T{clock}+08:00",
            )
            for clock, open_now, why in by_night
        ],
        *[
            _case(
                f"day window at {clock}",
                why,
                _admits("B", "粤EF12345", open_now),
                scanned=B,
                at=f"2026-12-15T{clock}+08:00",
            )
            for clock, open_now, why in by_day
        ],
        _case(
            "window from 08:00 to 08:00",
            "its end is not after its start, so it goes around the clock",
            _admits("C", "粤E15151", ["C1", "C2"]),
            scanned=C,
            at="2026-12-15T03:00:00+08:00",
        ),
        _case(
            "two windows of one zone, both open",
            "the zone is named once among the open ones",
            _admits("D", "粤E44444", ["D1", "S2"]),
            scanned=D,
            at="2026-12-15T08:30:00+08:00",
        ),
        _case(
            "two windows of one zone, one open",
            "one is enough",
            _admits("D", "粤E44444", ["D1", "S2"]),
            scanned=D,
            at="2026-12-15T09:15:00+08:00",
        ),
        _case(
            "moment in UTC",
            "12:30 UTC is 20:30 at the gate",
            _admits("A", "粤E12345", ["A1", "S1"]),
            scanned=A,
            at="2026-12-15T12:30:00Z",
        ),
        _case(
            "moment in a third time zone",
            "07:30 in New York is 20:30 at the gate",
            _admits("A", "粤E12345", ["A1", "S1"]),
            scanned=A,
            at="2026-12-15T07:30:00-05:00",
        ),
    ]


def _by_the_day() -> list[dict[str, Any]]:
    night = ["A1", "S1"]
    return [
        _case(
            "a second before the first day",
            "23:59:59 local on the day before",
            _sees("refuse", "not_yet_valid", "A", "粤E12345", night),
            scanned=A,
            at="2026-11-30T15:59:59Z",
        ),
        _case(
            "first day at local midnight",
            "in UTC it is still the day before",
            _admits("A", "粤E12345", night),
            scanned=A,
            at="2026-11-30T16:00:00Z",
        ),
        _case(
            "last second of the last day",
            "the last day is included",
            _admits("A", "粤E12345", night),
            scanned=A,
            at="2027-11-30T15:59:59Z",
        ),
        _case(
            "local midnight after the last day",
            "in UTC it is still the last day",
            _sees("refuse", "expired", "A", "粤E12345", night),
            scanned=A,
            at="2027-11-30T16:00:00Z",
        ),
        _case(
            "a year before",
            "a phone whose clock was never set refuses and admits nobody",
            _sees("refuse", "not_yet_valid", "A", "粤E12345", night),
            scanned=A,
            at="2020-01-01T00:00:00+08:00",
            as_of=DAY,
        ),
        _case(
            "day over though the register has not noticed",
            "the office has not run its expiry yet; the token's day counts",
            _sees("refuse", "expired", "A", "粤E88888"),
            scanned=A.but(number=8, plate="粤E88888", **LAST_YEAR),
        ),
    ]


def _elsewhere() -> list[dict[str, Any]]:
    """Return cases in New York, where the clocks change: no fixed offset gets them all right."""
    days = [
        (
            "2026-12-01T04:59:59Z",
            "refuse",
            "not_yet_valid",
            True,
            "winter, 23:59:59 the day before",
        ),
        ("2026-12-01T05:00:00Z", "admit", "ok", True, "winter, midnight of the first day"),
        ("2026-12-16T00:59:59Z", "admit", "ok", False, "winter, 19:59:59"),
        ("2026-12-16T01:00:00Z", "admit", "ok", True, "winter, 20:00"),
        ("2027-07-01T23:59:59Z", "admit", "ok", False, "summer, 19:59:59"),
        ("2027-07-02T00:00:00Z", "admit", "ok", True, "summer, 20:00"),
        ("2027-03-14T10:59:59Z", "admit", "ok", True, "clocks changed that night, 06:59:59"),
        ("2027-03-14T11:00:00Z", "admit", "ok", False, "clocks changed that night, 07:00"),
        ("2027-12-01T04:59:59Z", "admit", "ok", True, "winter, last second of the last day"),
        ("2027-12-01T05:00:00Z", "refuse", "expired", True, "winter, midnight after the last day"),
    ]
    return [
        _case(
            f"New York, {why}",
            "the time zone is the community's, by name, with its changes of clocks",
            _sees(verdict, reason, "A", "粤E12345", ["A1", "S1"] if s1_open else ["A1"]),
            scanned=A,
            at=at,
            time_zone="America/New_York",
        )
        for at, verdict, reason, s1_open, why in days
    ]


def _by_age() -> list[dict[str, Any]]:
    day_before, too_old = "2026-12-14T10:00:00+08:00", "2026-12-14T09:59:59+08:00"
    stale = _sees("check", "stale_data ok", "A", "粤E12345", data_age_s=86_401)
    return [
        _case(
            "facts of exactly 24 h",
            "only older ones are stale",
            _admits("A", "粤E12345", data_age_s=86_400),
            scanned=A,
            as_of=day_before,
        ),
        _case("facts a second older", "an admit rests on them", stale, scanned=A, as_of=too_old),
        _case(
            "facts a millisecond older",
            "the limit is a moment, not a second",
            _sees("check", "stale_data ok", "A", "粤E12345"),
            scanned=A,
            at="2026-12-15T10:00:00.001+08:00",
            as_of=day_before,
        ),
        _case("typed plate, stale", "rests on them too", stale, typed="粤E12345", as_of=too_old),
        _case(
            "visitor pass, stale",
            "keys and colours are facts as well",
            _sees("check", "stale_data visitor_ok", "B", "京A88888"),
            scanned=VISIT,
            as_of=too_old,
        ),
        _case(
            "revoked, stale",
            "a refusal stays what it is",
            _sees("refuse", "revoked", "C", "粤E33333"),
            scanned=A.but(compound=3, number=3, plate="粤E33333"),
            as_of=too_old,
        ),
        _case(
            "not in the register, stale",
            "a check stays what it is",
            _sees("check", "permit_unknown", "A", "粤E12345"),
            scanned=A.but(number=777),
            as_of=too_old,
        ),
        _case(
            "unknown plate, stale",
            "only an admit turns into a check",
            _sees("refuse", "plate_unknown", None, NOBODY, data_age_s=86_401),
            typed=NOBODY,
            as_of=too_old,
        ),
        _case(
            "forged, stale",
            "never more than a refusal",
            _sees("refuse", "bad_signature"),
            scanned=A.but(signed_by=STRANGER),
            as_of=too_old,
        ),
        _case(
            "fire engine, stale",
            "its admit rests on the plate alone",
            _sees("admit", "service_vehicle", None, "粤X1234应急"),
            typed="粤X1234应急",
            as_of=too_old,
        ),
        _case(
            "unknown compound, stale",
            "there is no admit left to turn",
            _sees("check", "compound_unknown", None, "粤E99999"),
            scanned=A.but(compound=9, number=9, plate="粤E99999"),
            as_of=too_old,
        ),
        _case(
            "phone five minutes slow",
            "facts from its future have age 0",
            _admits("A", "粤E12345", data_age_s=0),
            scanned=A,
            as_of="2026-12-15T10:05:00+08:00",
        ),
        _case(
            "phone two days fast",
            "fresh facts look stale: the guard checks, nobody is let in by mistake",
            _sees("check", "stale_data ok", "A", "粤E12345", data_age_s=172_800),
            scanned=A,
            at="2026-12-17T10:00:00+08:00",
            as_of=DAY,
        ),
    ]


def _by_the_register() -> list[dict[str, Any]]:
    return [
        _case(
            "revoked",
            "genuine and in its days, yet taken back",
            _sees("refuse", "revoked", "C", "粤E33333", serial="C-000003-2"),
            scanned=A.but(compound=3, number=3, plate="粤E33333"),
        ),
        _case(
            "replaced",
            "the old card of a car that has a new one, which is named",
            _sees("refuse", "replaced", "D", "粤E44444", replaced_by="D-000005-2"),
            scanned=A.but(compound=4, number=4, plate="粤E44444"),
        ),
        _case("its replacement", "the new card", _admits("D", "粤E44444"), scanned=D),
        _case(
            "expired",
            "by its days and by the register: one reason",
            _sees("refuse", "expired", "A", "粤E66666"),
            scanned=A.but(number=6, plate="粤E66666", **LAST_YEAR),
        ),
        _case(
            "not valid yet",
            "next year's permit",
            _sees("refuse", "not_yet_valid", "A", "粤E77777"),
            scanned=A.but(
                number=7, plate="粤E77777", first=date(2027, 1, 1), last=date(2027, 12, 31)
            ),
        ),
        _case(
            "revoked and expired",
            "both are said, the graver first",
            _sees("refuse", "revoked expired", "C", "粤E10101"),
            scanned=A.but(compound=3, number=10, plate="粤E10101", **LAST_YEAR),
        ),
        _case(
            "replaced and expired",
            "both are said, the graver first",
            _sees("refuse", "replaced expired", "D", "粤E16161"),
            scanned=A.but(compound=4, number=16, plate="粤E16161", **LAST_YEAR),
        ),
        _case(
            "number not in the register",
            "signed by the office's key, but the office has no such permit",
            _sees("check", "permit_unknown", "A", "粤E12345", serial=None),
            scanned=A.but(number=777),
        ),
        _case(
            "number not in the register and expired",
            "the days refuse it",
            _sees("refuse", "expired permit_unknown", "A", "粤E12345"),
            scanned=A.but(number=777, **LAST_YEAR),
        ),
        _case(
            "register has another plate",
            "somebody signed a card the register knows nothing of",
            _sees("check", "permit_differs", "A", "粤E11111"),
            scanned=A.but(number=11, plate="粤E11111"),
        ),
        _case(
            "register has another compound",
            "nobody gets another colour by a card alone",
            _sees("check", "permit_differs", "A", "粤E12121"),
            scanned=A.but(number=12, plate="粤E12121"),
        ),
        _case(
            "register has an earlier last day",
            "nobody gets more days by a card alone",
            _sees("check", "permit_differs", "A", "粤E12345"),
            scanned=A.but(last=date(2028, 11, 30)),
        ),
        _case(
            "register has a later first day",
            "as above",
            _sees("check", "permit_differs", "A", "粤E12345"),
            scanned=A.but(first=date(2026, 11, 1)),
        ),
        _case(
            "revoked and different",
            "the refusal decides",
            _sees("refuse", "revoked permit_differs", "A", "粤E14141"),
            scanned=A.but(number=14, plate="粤E14141"),
        ),
        _case(
            "unknown compound",
            "its colour cannot be shown, so nobody can compare it with the card",
            _sees("check", "compound_unknown", None, "粤E99999", serial="H-000009-8"),
            scanned=A.but(compound=9, number=9, plate="粤E99999"),
        ),
        _case(
            "unknown compound and expired",
            "the refusal decides",
            _sees("refuse", "expired permit_differs compound_unknown", None, "粤E99999"),
            scanned=A.but(compound=9, number=9, plate="粤E99999", **LAST_YEAR),
        ),
        _case(
            "other community",
            "the same key may serve several; its register and colours are not ours",
            _sees("refuse", "other_community", None, "粤E12345", serial=None),
            scanned=A.but(community=18),
        ),
        _case(
            "other community and expired",
            "nothing more is said of it",
            _sees("refuse", "other_community", None, "粤E12345"),
            scanned=A.but(community=18, **LAST_YEAR),
        ),
        _case(
            "signed with the key of before the rotation",
            "both keys are known: permits already printed stay good",
            _admits("A", "粤E12345"),
            scanned=A,
        ),
        _case(
            "signed with the key of after the rotation",
            "as above",
            _admits("A", "粤E12345"),
            scanned=A.but(key_id=2),
        ),
    ]


def _not_genuine() -> list[dict[str, Any]]:
    genuine = A.content
    texts = [
        ("nothing scanned", "", "malformed_token", "an empty scan"),
        ("another QR code", "https://u.wechat.com/kLmN0pQr", "malformed_token", "not ours"),
        ("cut short", A.url[:-8], "malformed_token", "a torn symbol"),
        ("padded", f"{A.token}====", "malformed_token", "a token has no padding"),
        ("unknown kind", A.but(kind=5).url, "malformed_token", "no such kind in version 1"),
        ("later version", A.but(version=2).url, "unknown_version", "a card of a later product"),
        ("unknown key", A.but(key_id=9).url, "unknown_key", "no public key of this id"),
        ("stranger's key", A.but(signed_by=STRANGER).url, "bad_signature", "under a known id"),
        ("wrong key id", A.but(signed_by=PHRASES[2]).url, "bad_signature", "key 2 under id 1"),
    ]
    edits = [
        ("community", A.but(community=18)),
        ("compound", A.but(compound=2)),
        ("number", A.but(number=2)),
        ("first day", A.but(first=date(2026, 11, 1))),
        ("last day", A.but(last=date(2030, 11, 30))),
        ("plate", A.but(plate="粤E54321")),
        ("kind", A.but(kind=1)),
    ]
    return [
        *[
            _case(name, why, _sees("refuse", reason), scanned=text)
            for name, text, reason, why in texts
        ],
        *[
            _case(
                f"{field} edited",
                "the signature is that of the card as it was",
                _sees("refuse", "bad_signature"),
                scanned=base32(edited.message + genuine[-64:]),
            )
            for field, edited in edits
        ],
        _case(
            "no keys known",
            "a phone that was never given any admits nobody",
            _sees("refuse", "unknown_key"),
            scanned=A,
            public_keys={},
        ),
        _case(
            "another office's key under the same id",
            "the id is only a number",
            _sees("refuse", "bad_signature"),
            scanned=A,
            public_keys={"1": public_pem(STRANGER)},
        ),
        _case(
            "lower case URL of another host",
            "only the signature counts",
            _admits("A", "粤E12345"),
            scanned=f"http://localhost:8000/p/{A.token.lower()}?from=timeline#top",
        ),
        _case("bare token", "without its URL", _admits("A", "粤E12345"), scanned=f" {A.token}\n"),
    ]


def _with_a_typed_plate() -> list[dict[str, Any]]:
    same = [
        "粤E12345",
        "粤e·12345",
        " 粤E 12345 ",
        "粤E-12345",
        "粤Ｅ１２３４５",
        "粤ｅ・１２３４５",
    ]
    return [
        *[
            _case(
                f"scanned, and typed as “{typed}”",
                "separators, width and case never change which plate is meant",
                _admits("A", "粤E12345"),
                scanned=A,
                typed=typed,
            )
            for typed in same
        ],
        *[
            _case(
                f"scanned, and “{typed}” typed",
                "nothing was typed",
                _admits("A", "粤E12345"),
                scanned=A,
                typed=typed,
            )
            for typed in ("", "  ", "\u3000")
        ],
        _case(
            "photocopied card on another car",
            "the plate is inside the token",
            _sees("refuse", "plate_mismatch", "A", "粤E12345"),
            scanned=A,
            typed="粤E54321",
        ),
        _case(
            "copied card on a registered car",
            "that the car has a permit of its own does not make this one good",
            _sees("refuse", "plate_mismatch", "A", "粤E12345"),
            scanned=A,
            typed="粤EF12345",
        ),
        _case(
            "copied card on a police car",
            "it is not this card that lets it pass",
            _sees("refuse", "plate_mismatch", "A", "粤E12345"),
            scanned=A,
            typed="粤E1234警",
        ),
        _case(
            "card and half a plate",
            "what is no plate cannot be compared: it is to be typed again",
            _sees("refuse", "plate_invalid", "A", "粤E12345"),
            scanned=A,
            typed="粤E1234",
        ),
        _case(
            "card and an O for a 0",
            "never silently mended",
            _sees("refuse", "plate_invalid", "A", "粤E12345"),
            scanned=A,
            typed="粤E1234O",
        ),
        _case(
            "revoked card on another car",
            "both are said, the graver first",
            _sees("refuse", "plate_mismatch revoked", "C", "粤E33333"),
            scanned=A.but(compound=3, number=3, plate="粤E33333"),
            typed="粤E54321",
        ),
        _case(
            "car has the register's plate, the card another",
            "both are said; the card is not this car's",
            _sees("refuse", "plate_mismatch permit_differs", "A", "粤E11111"),
            scanned=A.but(number=11, plate="粤E11111"),
            typed="粤E11112",
        ),
        _case(
            "forged card with its own plate",
            "the right plate makes no forgery good",
            _sees("refuse", "bad_signature"),
            scanned=A.but(signed_by=STRANGER),
            typed="粤E12345",
        ),
        _case(
            "other community's card with its own plate",
            "as above",
            _sees("refuse", "other_community", None, "粤E12345"),
            scanned=A.but(community=18),
            typed="粤E12345",
        ),
        _case(
            "visitor pass on another car",
            "a pass is one car's too",
            _sees("refuse", "plate_mismatch", "B", "京A88888"),
            scanned=VISIT,
            typed="京A88889",
        ),
        _case(
            "empty scan with a good plate",
            "what was scanned counts",
            _sees("refuse", "malformed_token"),
            scanned="",
            typed="粤E12345",
        ),
    ]


def _visitors() -> list[dict[str, Any]]:
    night = ["B1", "S1"]
    return [
        _case(
            "visitor",
            "not known here yet: good by its signature and days",
            _sees(
                "admit",
                "visitor_ok",
                "B",
                "京A88888",
                serial=None,
                valid_from="2026-12-15",
                valid_to="2026-12-16",
            ),
            scanned=VISIT,
        ),
        _case(
            "visitor with his plate typed",
            "it is this car's",
            _sees("admit", "visitor_ok", "B", "京A88888"),
            scanned=VISIT,
            typed="京A·88888",
        ),
        _case(
            "visitor at the last second",
            "the last day is included",
            _sees("admit", "visitor_ok", "B", "京A88888", night),
            scanned=VISIT,
            at="2026-12-16T23:59:59+08:00",
        ),
        _case(
            "visitor who stayed",
            "the visit is over, which is not the same word as expired",
            _sees("refuse", "visitor_over", "B", "京A88888", night),
            scanned=VISIT,
            at="2026-12-17T00:00:00+08:00",
        ),
        _case(
            "visitor too early",
            "not valid yet",
            _sees("refuse", "not_yet_valid", "B", "京A88888", night),
            scanned=VISIT,
            at="2026-12-14T23:59:59+08:00",
        ),
        _case(
            "visitor pass with a revoked permit's number",
            "passes and permits are numbered apart",
            _sees("admit", "visitor_ok", "B", "京A88888", serial=None, permit_number=None),
            scanned=VISIT.but(number=3),
        ),
        _case(
            "visitor of an unknown compound",
            "its colour cannot be shown",
            _sees("check", "compound_unknown", None, "京A88888"),
            scanned=VISIT.but(compound=9),
        ),
        _case(
            "visitor of another community",
            "as with permits",
            _sees("refuse", "other_community", None, "京A88888"),
            scanned=VISIT.but(community=18),
        ),
    ]


def _by_hours() -> list[dict[str, Any]]:
    """Visits that are known, by pass and by plate."""

    def passed(number: int, plate: str, compound: int = 2) -> Symbol:
        return VISIT.but(number=number, plate=plate, compound=compound, last=date(2026, 12, 15))

    def at_clock(clock: str) -> str:
        return f"2026-12-15T{clock}+08:00"

    going = {"kind": "visitor", "cancelled": False}
    hours = {
        "valid_from": "2026-12-15T09:00:00+08:00",
        "valid_to": "2026-12-15T12:00:00+08:00",
    }
    return [
        _case(
            "known visitor's pass in its hours",
            "the hours are shown",
            _sees(
                "admit",
                "visitor_ok",
                "B",
                "京A90001",
                visit={"number": 901, "compound": 2, **going, **hours},
            ),
            scanned=passed(901, "京A90001"),
        ),
        _case(
            "known visitor's pass at its last second",
            "until twelve",
            _sees("admit", "visitor_ok", "B", "京A90001"),
            scanned=passed(901, "京A90001"),
            at=at_clock("11:59:59"),
        ),
        _case(
            "known visitor's pass after its hours",
            "its days are not over, its hours are",
            _sees("refuse", "visitor_over", "B", "京A90001"),
            scanned=passed(901, "京A90001"),
            at=at_clock("12:00:00"),
        ),
        _case(
            "known visitor's pass before its hours",
            "its day has begun, its hours have not",
            _sees("refuse", "not_yet_valid", "B", "京A90001"),
            scanned=passed(901, "京A90001"),
            at=at_clock("08:59:59"),
        ),
        _case(
            "cancelled visitor's pass",
            "in its hours, and yet over",
            _sees("refuse", "visitor_over", "B", "京A90004"),
            scanned=passed(904, "京A90004"),
        ),
        _case(
            "known visitor's pass on another car",
            "two reasons, the graver first",
            _sees("refuse", "plate_mismatch visitor_over", "B", "京A90004"),
            scanned=passed(904, "京A90004"),
            typed="京A90001",
        ),
        _case(
            "visitor pass on facts of yesterday",
            "who knows whether it was cancelled since",
            _sees("check", "stale_data visitor_ok", "B", "京A90001"),
            scanned=passed(901, "京A90001"),
            as_of="2026-12-14T09:00:00+08:00",
        ),
        _case(
            "permit with a cancelled visit's number",
            "passes and permits are numbered apart",
            _sees("check", "permit_unknown", "A", "粤E12345", visit=None),
            scanned=A.but(number=904),
        ),
        _case(
            "visitor's plate",
            "no pass needs to be shown",
            _sees(
                "admit",
                "visitor_ok",
                "B",
                "京A90001",
                valid_to=None,
                permit_number=None,
                visit={"number": 901, "compound": 2, **going, **hours},
            ),
            typed="京A·90001",
        ),
        _case(
            "visitor's plate at the end of his hours",
            "the end is no longer in them",
            _sees("refuse", "visitor_over", "B", "京A90002"),
            typed="京A90002",
        ),
        _case(
            "visitor's plate before his hours",
            "he is expected, later",
            _sees("refuse", "not_yet_valid", "B", "京A90003"),
            typed="京A90003",
        ),
        _case(
            "cancelled visitor's plate",
            "as his pass",
            _sees("refuse", "visitor_over", "B", "京A90004"),
            typed="京A90004",
        ),
        _case(
            "drop-off at its first second",
            "it has no host, so no colour",
            _sees("admit", "visitor_ok", None, "京A90005"),
            typed="京A90005",
        ),
        _case(
            "drop-off after half an hour",
            "an outside car again",
            _sees("refuse", "visitor_over", None, "京A90005"),
            typed="京A90005",
            at=at_clock("10:30:00"),
        ),
        _case(
            "visitor of a compound that is not known",
            "its colour cannot be shown",
            _sees("check", "compound_unknown", None, "京A90006"),
            typed="京A90006",
        ),
        _case(
            "visitor's plate on facts of yesterday",
            "an admit that rests on them",
            _sees("check", "stale_data visitor_ok", "B", "京A90001"),
            typed="京A90001",
            as_of="2026-12-14T09:00:00+08:00",
        ),
        _case(
            "resident who visits a neighbour",
            "the own permit counts",
            _admits("A", "粤E12345", visit=None),
            typed="粤E12345",
        ),
        _case(
            "visitor whose permit was revoked",
            "his host answers for him, as his pass says",
            _sees("admit", "visitor_ok", "A", "粤E70707", permit_number=None),
            typed="粤E70707",
        ),
        _case(
            "visitor whose permit expired, after his hours",
            "the register says more",
            _sees("refuse", "expired", "A", "粤E66666", visit=None),
            typed="粤E66666",
        ),
        _case(
            "visitor whose own permit is not issued yet",
            "no need to ring the office",
            _sees("admit", "visitor_ok", "B", "粤E60606"),
            typed="粤E60606",
        ),
        _case(
            "plate of several visits, two going on",
            "the longest counts",
            _sees("admit", "visitor_ok", "C", "京A90011"),
            typed="京A90011",
        ),
        _case(
            "plate of several visits, none going on",
            "the next to begin counts",
            _sees("refuse", "not_yet_valid", "B", "京A90015"),
            typed="京A90015",
        ),
        _case(
            "plate of several visits, all over",
            "the last one counts",
            _sees("refuse", "visitor_over", "A", "京A90018"),
            typed="京A90018",
        ),
    ]


def _by_plate() -> list[dict[str, Any]]:
    no_plates = [
        "",
        "   ",
        "粤E1234",
        "粤E1234O",
        "粤EI2345",
        "E12345",
        "粤E1234港",
        "🚗",
        "粤E12345粤",
    ]
    return [
        *[
            _case(
                f"typed as “{typed}”",
                "separators, width and case never change which plate is meant",
                _admits("A", "粤E12345", serial="A-000001-5", permit_number=1),
                typed=typed,
            )
            for typed in ("粤E12345", "粤e·1 2345", "粤Ｅ－１２３４５", "\ufeff粤E•12345")
        ],
        _case(
            "typed new energy plate", "8 characters", _admits("B", "粤EF12345"), typed="粤EF12345"
        ),
        *[
            _case(
                f"“{typed}” is no plate",
                "to be typed again; nothing is mended",
                _sees("refuse", "plate_invalid"),
                typed=typed,
            )
            for typed in no_plates
        ],
        _case("nothing at all", "neither scanned nor typed", _sees("refuse", "plate_invalid")),
        _case(
            "unknown plate",
            "a car from outside",
            _sees("refuse", "plate_unknown", None, NOBODY),
            typed="粤e·00000",
        ),
        *[
            _case(
                f"unknown {kind}",
                "no service vehicle, so an outside car like any other",
                _sees("refuse", "plate_unknown", None, plate),
                typed=plate,
            )
            for kind, plate in (
                ("trainer", "粤E1234学"),
                ("embassy", "使123456"),
                ("temporary", "粤E12345临"),
            )
        ],
        _case(
            "registered, no permit yet",
            "its list is approved, its card not issued",
            _sees("check", "no_permit", "C", "粤E50505", serial=None),
            typed="粤E50505",
        ),
        _case(
            "registered in an unknown compound, no permit",
            "both are said",
            _sees("check", "compound_unknown no_permit", None, "粤E90909"),
            typed="粤E90909",
        ),
        _case(
            "permit of an unknown compound",
            "its colour cannot be shown",
            _sees("check", "compound_unknown", None, "粤E99999"),
            typed="粤E99999",
        ),
        _case(
            "plate of a revoked permit",
            "the car stays refused",
            _sees("refuse", "revoked", "C", "粤E33333"),
            typed="粤E33333",
        ),
        _case(
            "plate of a replaced permit",
            "its newest permit counts",
            _admits("D", "粤E44444", serial="D-000005-2", replaced_by=None),
            typed="粤E44444",
        ),
        _case(
            "plate of an expired permit",
            "by its days and by the register: one reason",
            _sees("refuse", "expired", "A", "粤E66666"),
            typed="粤E66666",
        ),
        _case(
            "plate whose permit's days are over",
            "though the register has not noticed",
            _sees("refuse", "expired", "A", "粤E88888", valid_to="2026-11-30"),
            typed="粤E88888",
        ),
        _case(
            "plate whose permit is not valid yet",
            "next year's",
            _sees("refuse", "not_yet_valid", "A", "粤E77777"),
            typed="粤E77777",
        ),
        _case(
            "plate of a revoked permit that would be over",
            "both are said, the graver first",
            _sees("refuse", "revoked expired", "C", "粤E10101"),
            typed="粤E10101",
        ),
    ]


def _suspended() -> list[dict[str, Any]]:
    until = SUSPENDED["suspended_until"]
    moments = [
        ("14:59:59 on its first day", "2026-12-14T14:59:59+08:00", False, ["B1", "B2"]),
        ("its first moment", SUSPENDED["suspended_from"], True, ["B1", "B2"]),
        ("a second before its end", "2026-12-20T23:59:59+08:00", True, ["B1", "S1"]),
        ("its end", until, False, ["B1", "S1"]),
    ]
    seen = _sees("refuse", "suspended", "B", "粤E20202", suspended_until=until)
    return [
        *[
            _case(
                f"suspended, scanned at {name}",
                "from its first moment on, its end not included",
                {**seen, "open_now": zones}
                if is_on
                else _admits("B", "粤E20202", zones, suspended_until=None),
                scanned=E,
                at=at,
            )
            for name, at, is_on, zones in moments
        ],
        _case(
            "suspended, by its plate",
            "a visit to the own compound does not get around it",
            seen,
            typed="粤E20202",
        ),
        _case(
            "suspended, by old facts",
            "a refusal stays one, however old the facts",
            seen,
            scanned=E,
            as_of="2026-12-14T09:59:59+08:00",
        ),
    ]


def _service() -> list[dict[str, Any]]:
    plates = [
        ("police car", "粤E1234警", "粤E1234警"),
        ("fire engine", "粤X·1234应急", "粤X1234应急"),
        ("armed police", "WJ粤1234T", "WJ粤1234T"),
        ("armed police of no province", "wj 12345", "WJ12345"),
        ("military", "VB12345", "VB12345"),
    ]
    return [
        *[
            _case(
                name,
                "police, rescue and armed forces pass at once",
                _sees("admit", "service_vehicle", None, plate),
                typed=typed,
            )
            for name, typed, plate in plates
        ],
        _case(
            "registered military car without a permit",
            "the office issues none, for it passes without one",
            _sees("admit", "service_vehicle", None, "VA12345"),
            typed="VA12345",
        ),
        _case(
            "registered police car whose permit is revoked",
            "a permit gives parking; passing at once needs none",
            _sees("admit", "service_vehicle", None, "粤EA234警"),
            typed="粤EA234警",
        ),
        _case(
            "police car's revoked card",
            "of a card it is the card that is judged",
            _sees("refuse", "revoked", "A", "粤EA234警"),
            scanned=A.but(number=13, plate="粤EA234警"),
        ),
    ]


def _without_the_province() -> list[dict[str, Any]]:
    """Return cases of plates that are military ones, or local ones typed without their 粤."""
    card = B.but(number=18, plate="粤ED12345")
    return [
        _case(
            "registered plate typed without its province",
            "it may be an army car's too, so the guard compares the full plate",
            _sees("check", "plate_completed ok", "B", "粤ED12345", serial="B-000018-2"),
            typed="ed·12345",
        ),
        _case(
            "the same with its province",
            "nothing was completed",
            _admits("B", "粤ED12345"),
            typed="粤ED12345",
        ),
        _case(
            "revoked plate typed without its province",
            "the graver reason decides",
            _sees("refuse", "revoked plate_completed", "C", "粤EC12345"),
            typed="EC12345",
        ),
        _case(
            "the same in another province",
            "京ED12345 is nobody's here, so it is an army car",
            _sees("admit", "service_vehicle", None, "ED12345"),
            typed="ED12345",
            province="京",
        ),
        _case(
            "no province known",
            "a phone that was not told it completes nothing",
            _sees("admit", "service_vehicle", None, "ED12345"),
            typed="ED12345",
            province="",
        ),
        _case(
            "registered plate typed without its province, old facts",
            "each reason for a second look is said",
            _sees("check", "plate_completed stale_data ok", "B", "粤ED12345"),
            typed="ED12345",
            as_of="2026-12-14T09:59:59+08:00",
        ),
        _case(
            "scanned, and the plate typed without its province",
            "it is the card's plate, completed",
            _sees("check", "plate_completed ok", "B", "粤ED12345"),
            scanned=card,
            typed="ED12345",
        ),
        _case(
            "scanned too late, and the plate typed without its province",
            "what the card has against it is said with the completion",
            _sees("refuse", "expired plate_completed", "B", "粤ED12345"),
            scanned=card,
            typed="ED12345",
            at="2027-12-01T10:00:00+08:00",
        ),
        _case(
            "scanned, and another plate typed without its province",
            "the card is another car's",
            _sees("refuse", "plate_mismatch", "B", "粤ED12345"),
            scanned=card,
            typed="EC12345",
        ),
    ]
