"""A map as a scene: what is drawn, in order, and its legend, for any renderer to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from zones.areas import Zone, zones_of
from zones.colours import Colour
from zones.communities import Community
from zones.map_area import KINDS, PLAN_WIDTH, AreaKind, MapArea, MapContent, Words
from zones.map_items import Group, Item
from zones.map_paint import paint, scale_bar
from zones.map_plate import ZoneColours
from zones.map_signs import KIND_SIGNS
from zones.openings_text import window_text
from zones.plans import PlanState, ZonePlan
from zones.schematic import schematic_map
from zones.site_map import SiteMap, latest_map


@dataclass(frozen=True)
class ColourOpening:
    """A compound's colour that may park in a zone.

    Attributes:
        letter: the compound's.
        hours: such as `20:00–07:00`; empty for all day.
    """

    colour: Colour
    letter: str
    compound: Words
    hours: str = ""


@dataclass(frozen=True)
class ZoneLine:
    """One zone of the legend.

    Attributes:
        is_drawn: whether the zone is on the map.
    """

    zone: Zone
    openings: Sequence[ColourOpening]
    is_drawn: bool

    @property
    def name(self) -> Words:
        """The zone's name."""
        return Words(self.zone.name, self.zone.name_en)


@dataclass(frozen=True)
class KindLine:
    """One kind of area of the legend, with its sign as drawn in a square of side 1."""

    kind: AreaKind
    words: Words
    rule: Words
    sign: Sequence[Item]


@dataclass(frozen=True)
class MapScene:
    """A map ready to be drawn.

    Attributes:
        width, height: in plan units; y goes up.
        title: what the map shows, with the plan's number.
        description: the map in sentences, for readers who do not see it.
        is_schematic: drawn by us from the zones' spaces, not to scale.
        plan_number: the zone plan's whose colours are shown, or None.
        map_number: the drawn map's, or None for a schematic one.
        backdrop_id: the site plan whose picture lies under the map, or None.
    """

    width: float
    height: float
    groups: Sequence[Group]
    title: Words
    description: Words
    zones: Sequence[ZoneLine]
    kinds: Sequence[KindLine]
    is_schematic: bool
    plan_number: int | None = None
    map_number: int | None = None
    backdrop_id: int | None = None


def scene_of(session: Session, community: Community, plan: ZonePlan | None) -> MapScene:
    """Return the community's map with a plan's colours, or with none.

    A proposed or decided plan is drawn on the map it was proposed with, whatever was drawn since;
    a draft, and no plan at all, on the latest. Where nothing was drawn the map is schematic.
    """
    site_map = map_of(session, community, plan)
    zones = zones_of(session, community.id)
    content = content_of(session, community, plan)
    return _compose(community, zones, content, site_map, plan, _openings(plan))


def content_of(session: Session, community: Community, plan: ZonePlan | None) -> MapContent:
    """Return what is drawn on the map of `scene_of`."""
    site_map = map_of(session, community, plan)
    if site_map is not None:
        return site_map.content
    zones = zones_of(session, community.id)
    return schematic_map(zones, community.gates, _groups(zones, _openings(plan)))


def map_of(session: Session, community: Community, plan: ZonePlan | None) -> SiteMap | None:
    """Return the map that a plan rests on: a draft, or no plan, on the latest there is."""
    if plan is None or plan.state == PlanState.DRAFT:
        return latest_map(session, community.id)
    return plan.site_map


def _openings(plan: ZonePlan | None) -> dict[int, list[ColourOpening]]:
    """Return by zone id whom a plan lets park there, all day first, each compound once."""
    found: dict[int, dict[int, list[str]]] = {}
    compounds = {}
    for one in plan.openings if plan else ():
        compounds[one.compound_id] = one.compound
        hours = found.setdefault(one.zone_id, {}).setdefault(one.compound_id, [])
        hours.append(window_text(one.starts, one.ends))
    result = {}
    for zone_id, of_zone in found.items():
        lines = [
            ColourOpening(
                compounds[key].colour,
                compounds[key].letter,
                Words(compounds[key].name, compounds[key].name_en),
                "" if "" in hours else "、".join(sorted(hours)),
            )
            for key, hours in of_zone.items()
        ]
        result[zone_id] = sorted(lines, key=lambda line: (line.hours != "", line.letter))
    return result


def _groups(zones: Iterable[Zone], openings: dict[int, list[ColourOpening]]) -> dict[int, str]:
    """Return by zone id what the zone lies with: whom it is open to, without a plan its letter."""
    if not openings:
        return {zone.id: zone.code[:1] for zone in zones}
    return {
        zone.id: "".join(f"{one.letter}{one.hours}" for one in openings.get(zone.id, ()))
        for zone in zones
    }


def _compose(
    community: Community,
    zones: Sequence[Zone],
    content: MapContent,
    site_map: SiteMap | None,
    plan: ZonePlan | None,
    openings: dict[int, list[ColourOpening]],
) -> MapScene:
    """Return the scene of a map that is at hand."""
    drawn = {area.code for area in content.areas if area.kind == AreaKind.ZONE}
    lines = [ZoneLine(zone, openings.get(zone.id, ()), zone.code in drawn) for zone in zones]
    colours = tuple(
        (
            line.zone.code,
            tuple((one.colour, one.letter, not one.hours) for one in line.openings),
        )
        for line in lines
    )
    names = tuple(
        ((kind, one.code), Words(one.name, one.name_en))
        for kind, things in (
            (AreaKind.ZONE, zones),
            (AreaKind.GATE, community.gates),
            (AreaKind.GROUND, community.compounds),
        )
        for one in things
    )
    number = plan.number if plan else None
    return MapScene(
        width=PLAN_WIDTH,
        height=content.height,
        groups=[
            *_painted(tuple(content.areas), colours if plan else None, names),
            *([scale_bar(content.metres_wide)] if content.metres_wide else []),
        ],
        title=_title(number),
        description=_description(lines, number),
        zones=lines,
        kinds=_kinds(content.areas),
        is_schematic=site_map is None,
        plan_number=number,
        map_number=site_map.number if site_map else None,
        backdrop_id=site_map.site_plan_id if site_map else None,
    )


@lru_cache(maxsize=32)
def _painted(
    areas: tuple[MapArea, ...],
    colours: tuple[tuple[str, ZoneColours], ...] | None,
    names: tuple[tuple[tuple[AreaKind, str], Words], ...],
) -> list[Group]:
    """Return what `paint` does. Finding room for letters takes long, and maps seldom change."""
    return paint(areas, None if colours is None else dict(colours), dict(names))


def _title(number: int | None) -> Words:
    if number is None:
        return Words("停车区域图", "Map of the parking zones")
    return Words(f"停车区域图，方案 {number}", f"Map of the parking zones, plan {number}")


def _description(lines: Sequence[ZoneLine], number: int | None) -> Words:
    """Return whom each zone is open to, in sentences."""
    chinese, english = [], []
    for line in lines:
        zone, name = line.zone, line.name
        who = [
            (
                one.letter,
                one.compound,
                f"（{one.hours}）" if one.hours else "",
                f" ({one.hours})" if one.hours else "",
            )
            for one in line.openings
        ]
        zh = "、".join(f"{letter} {compound.zh}{hours}" for letter, compound, hours, _ in who)
        en = ", ".join(f"{letter} {compound.en}{hours}" for letter, compound, _, hours in who)
        none = ("未开放", "open to nobody") if number is not None else ("", "")
        chinese.append(f"{zone.code} {name.zh}，{zone.spaces} 个车位，{zh or none[0]}".strip("，"))
        english.append(f"{zone.code} {name.en}, {zone.spaces} spaces, {en or none[1]}".strip(", "))
    return Words("；".join(chinese) + "。", "; ".join(english) + ".")


def _kinds(areas: Iterable[MapArea]) -> list[KindLine]:
    """Return the legend of the kinds on the map, without those that explain themselves."""
    present = {area.kind for area in areas}
    return [
        KindLine(kind, KINDS[kind].words, KINDS[kind].rule, KIND_SIGNS[kind])
        for kind in _EXPLAINED
        if kind in present
    ]


_EXPLAINED = (
    AreaKind.FIRE_LANE,
    AreaKind.NO_PARKING,
    AreaKind.CHARGING,
    AreaKind.ACCESSIBLE,
    AreaKind.E_BIKES,
    AreaKind.GATE,
)
