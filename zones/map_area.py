"""Areas of a site map: what each kind is, its rule in words, and where it lies.

Coordinates are plan units: x to the right, y upwards (Leaflet's `CRS.Simple`), the origin at the
plan's lower left. A plan is always `PLAN_WIDTH` units wide, whatever picture lies under it, so
that a better scan of the same drawing moves no line.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shapely.geometry import Point, Polygon

PLAN_WIDTH = 1000.0
"""Width of every plan, in plan units."""

DEFAULT_HEIGHT = 640.0
"""Height of a plan that has no picture, in plan units."""

Position = tuple[float, float]
"""x and y, in plan units."""


class Words(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in `zh` or `en`."""
        return self.en if language == "en" else self.zh


class AreaKind(enum.StrEnum):
    """What an area of the map is."""

    ZONE = "zone"
    FIRE_LANE = "fire_lane"
    NO_PARKING = "no_parking"
    CHARGING = "charging"
    ACCESSIBLE = "accessible"
    E_BIKES = "e_bikes"
    GATE = "gate"
    GROUND = "ground"
    BUILDING = "building"
    ROAD = "road"


@dataclass(frozen=True)
class Kind:
    """What holds for all areas of a kind.

    Attributes:
        rule: what a driver has to know.
        is_point: a place, not an area.
        has_code: its code is the one of a zone, gate or compound of the community.
        has_capacity: it says how many vehicles fit.
    """

    words: Words
    rule: Words
    is_point: bool = False
    has_code: bool = False
    has_capacity: bool = False


KINDS: Mapping[AreaKind, Kind] = {
    AreaKind.ZONE: Kind(
        Words("停车区域", "Parking zone"),
        Words(
            "凭本区域颜色的出入证停放。", "Only with a permit of a colour that the zone is open to."
        ),
        has_code=True,
    ),
    AreaKind.FIRE_LANE: Kind(
        Words("消防通道", "Fire lane"),
        Words(
            "任何时候不得停车，临时停车也不行。",
            "No car may stand here at any time, not for a minute.",
        ),
    ),
    AreaKind.NO_PARKING: Kind(
        Words("禁停区", "No parking"),
        Words("不得停车，可以上下客。", "No parking; people may get in and out."),
    ),
    AreaKind.CHARGING: Kind(
        Words("充电车位", "Charging spaces"),
        Words("新能源车充电时停放，充满即离开。", "For electric cars while they charge."),
        has_capacity=True,
    ),
    AreaKind.ACCESSIBLE: Kind(
        Words("无障碍车位", "Accessible spaces"),
        Words("仅供残疾人车辆停放。", "For vehicles of people with disabilities only."),
        has_capacity=True,
    ),
    AreaKind.E_BIKES: Kind(
        Words("电动自行车", "Electric bicycles"),
        Words(
            "电动自行车在此停放、充电，汽车不得占用。",
            "Electric bicycles park and charge here; no cars.",
        ),
        has_capacity=True,
    ),
    AreaKind.GATE: Kind(
        Words("门岗", "Gate"),
        Words("车辆在此查验出入证。", "Permits are checked here."),
        is_point=True,
        has_code=True,
    ),
    AreaKind.GROUND: Kind(
        Words("小区范围", "Ground of a compound"),
        Words("区域外不得停车。", "No parking outside of the zones."),
        has_code=True,
    ),
    AreaKind.BUILDING: Kind(
        Words("楼房", "Building"), Words("出入口前不得停车。", "Keep its entrances free.")
    ),
    AreaKind.ROAD: Kind(
        Words("道路", "Road"), Words("区域外不得停车。", "No parking outside of the zones.")
    ),
}
"""All kinds and their rules."""

KEEP_CLEAR = frozenset({AreaKind.FIRE_LANE, AreaKind.NO_PARKING})
"""Kinds on which no zone may lie."""


@dataclass(frozen=True)
class MapArea:
    """One area, or a gate as a point.

    Attributes:
        code: the zone's, gate's or compound's code; of other kinds a mark such as `F1`, or empty.
        name, name_en: for kinds that have no row of their own; may be empty.
        capacity: vehicles that fit, of kinds that have a capacity.
        rings: the outline and then its holes, each closed; for a gate one ring of one position.
    """

    kind: AreaKind
    code: str
    rings: Sequence[Sequence[Position]]
    name: str = ""
    name_en: str = ""
    capacity: int | None = None

    @property
    def polygon(self) -> Polygon:
        """The area as shapely's polygon."""
        return Polygon(self.rings[0], self.rings[1:])

    @property
    def point(self) -> Point:
        """A gate's place."""
        return Point(self.rings[0][0])

    @property
    def words(self) -> Words:
        """What the area is called where nothing else names it."""
        kind = KINDS[self.kind].words
        return Words(self.name or kind.zh, self.name_en or self.name or kind.en)

    @property
    def label(self) -> str:
        """The area in messages: its code, else its name; may be empty."""
        return self.code or self.name


@dataclass(frozen=True)
class MapContent:
    """A whole map.

    Attributes:
        height: of the plan, in plan units; its width is always `PLAN_WIDTH`.
        metres_wide: how wide the plan is on the ground, or None where nobody measured it.
    """

    areas: Sequence[MapArea]
    height: float = DEFAULT_HEIGHT
    metres_wide: int | None = None
