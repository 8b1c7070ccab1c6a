"""The demo: the four compounds of the story with about 600 vehicles, made from a fixed seed."""

from __future__ import annotations

import os
import random
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.approving import approve
from permits.heads import sign_head
from permits.issuing import issue
from permits.plate_list import ListMeaning
from permits.submitting import draft_from_file, submit
from records import ledger
from records.file_store import FileStore
from records.keys import KeyStore
from records.people import Role, User, add_user
from records.sealed import Sealer
from records.second_factor import (
    begin_enrolment,
    finish_enrolment,
    must_have_second_factor,
    secret_to_enrol,
)
from records.signing_keys import current_key, make_key
from zones.areas import Zone, add_zone, zones_of
from zones.colours import BY_KEY
from zones.communities import Community, Compound, Gate, GateGuard
from zones.drafting import ProposedOpening, draft_plan
from zones.drawing_maps import save_map
from zones.map_geojson import map_from_text
from zones.responsibility import name_responsible
from zones.voting import propose_plan, vote_on_plan

ACTOR = "demo"


@dataclass(frozen=True)
class DemoCompound:
    """One compound of the story.

    Attributes:
        households: how many flats there are; about every second has a car, some two.
        vehicles: how many cars its first list holds.
        quota: cars a flat may have, or None.
    """

    number: int
    code: str
    name: str
    name_en: str
    colour: str
    households: int
    vehicles: int
    quota: int | None


COMPOUNDS = (
    DemoCompound(1, "baihe", "百合村北区", "Lily Village North", "blue", 360, 236, 2),
    DemoCompound(2, "haojing", "豪景街小区", "Haojing Street", "vermillion", 260, 168, 2),
    DemoCompound(
        3, "huanbao", "环保局宿舍", "Environmental Bureau Quarters", "green", 96, 64, None
    ),
    DemoCompound(4, "haixin", "海欣阁", "Haixin Tower", "yellow", 220, 132, 1),
)

ZONES = (
    ("A1", "百合路东侧", "Lily Road east", 92),
    ("A2", "百合村北区内街", "Lily Village lanes", 88),
    ("B1", "豪景街南侧", "Haojing Street south", 74),
    ("B2", "豪景中庭", "Haojing court", 52),
    ("C1", "宿舍楼前", "In front of the quarters", 38),
    ("C2", "环保局后院", "Bureau backyard", 22),
    ("D1", "海欣阁地面层", "Haixin ground level", 66),
    ("S1", "中心广场", "Central square", 40),
)
"""Code, name, English name, spaces."""

MAP = Path(__file__).parent / "demo_data" / "map.geojson"
"""The site map of the four compounds."""

OPENINGS = {
    "baihe": ("A1", "A2"),
    "haojing": ("B1", "B2"),
    "huanbao": ("C1", "C2"),
    "haixin": ("D1",),
}
NIGHT = (time(20), time(7))
"""The central square is for everybody by night."""

RESPONSIBLE = {
    "baihe": ("百合村北区自管小组", "0757-0000 0011"),
    "haojing": ("豪景街小区业委会", "0757-0000 0022"),
    "huanbao": ("环保局后勤科", "0757-0000 0033"),
    "haixin": ("海欣阁物业服务中心", "0757-0000 0044"),
    "square": ("百合村社区办", "0757-0000 0001"),
}
"""Who answers for each compound and its zones; no subscriber has a number that begins with 0."""

USERS = (
    ("admin", "陈主任", Role.ADMINISTRATOR, None),
    ("office", "社区办 李敏", Role.STAFF, None),
    ("guard", "东门 老周", Role.GUARD, None),
    ("rep-baihe", "黄伟（百合村北区）", Role.REPRESENTATIVE, "baihe"),
    ("rep-haojing", "梁静（豪景街小区）", Role.REPRESENTATIVE, "haojing"),
    ("rep-huanbao", "何建国（环保局宿舍）", Role.REPRESENTATIVE, "huanbao"),
    ("rep-haixin", "苏婷（海欣阁）", Role.REPRESENTATIVE, "haixin"),
)
"""Sign-in, shown name, role, compound."""

_SURNAMES = "陈李黄何梁张林吴罗周邓谭曾郑苏"
_GIVEN = (
    "伟强",
    "志明",
    "丽华",
    "建国",
    "秀英",
    "俊杰",
    "雪梅",
    "国栋",
    "嘉怡",
    "文浩",
    "婷",
    "敏",
)
_SERIAL_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def load_demo(
    session: Session,
    *,
    keys: KeyStore,
    files: FileStore,
    sealer: Sealer,
    sign_ins: Path,
    at: datetime,
) -> Community:
    """Load the demo into an empty installation and return its community.

    Where there is a community already nothing is changed. The users' random passwords are
    written to the file `sign_ins`, mode 0600, with the commands that print the codes of those
    who sign in with a second factor.
    """
    present = session.scalar(select(Community).order_by(Community.id))
    if present is not None:
        return present
    community = _community(session)
    if current_key(session) is None:
        make_key(session, keys, actor=ACTOR, at=at)
    users = _users(session, community, sealer, sign_ins, at)
    drawn = map_from_text(MAP.read_bytes())
    save_map(session, community, drawn, actor=users["office"].actor, at=at - timedelta(days=6))
    _plan(session, community, users, at)
    for compound, story in zip(community.compounds, COMPOUNDS, strict=True):
        actor = users[f"rep-{story.code}"].actor
        content = plate_list_csv(story).encode("gb18030")
        plate_list = draft_from_file(
            session,
            compound,
            content=content,
            file_name=f"{story.name}车牌清单.csv",
            meaning=ListMeaning.ADD,
            files=files,
            sealer=sealer,
            actor=actor,
            at=at - timedelta(days=3),
        )
        submit(session, plate_list, actor=actor, at=at - timedelta(days=3))
        approve(session, plate_list, sealer, actor=users["office"].actor, at=at - timedelta(days=2))
    yesterday = at - timedelta(days=1)
    issue(session, community, keys=keys, actor=users["office"].actor, at=yesterday)
    _responsible(session, community, users["admin"].actor, yesterday)
    sign_head(session, community, keys, at=yesterday)
    return community


def _community(session: Session) -> Community:
    community = Community(
        number=1, name="百合村片区", name_en="Lily Village Neighbourhood", permit_days=365
    )
    session.add(community)
    session.flush()
    for story in COMPOUNDS:
        community.compounds.append(
            Compound(
                number=story.number,
                code=story.code,
                name=story.name,
                name_en=story.name_en,
                letter=BY_KEY[story.colour].letter,
                colour_key=story.colour,
                vehicles_per_household=story.quota,
            )
        )
    community.gates.extend(
        [
            Gate(code="east", name="东门", name_en="East gate"),
            Gate(code="south", name="南门", name_en="South gate"),
        ]
    )
    session.flush()
    for code, name, name_en, spaces in ZONES:
        add_zone(
            session,
            community_id=community.id,
            code=code,
            name=name,
            name_en=name_en,
            spaces=spaces,
        )
    return community


def _users(
    session: Session, community: Community, sealer: Sealer, sign_ins: Path, at: datetime
) -> dict[str, User]:
    compounds = {compound.code: compound.id for compound in community.compounds}
    users: dict[str, User] = {}
    lines = []
    for name, shown_name, role, compound in USERS:
        password = secrets.token_urlsafe(9)
        users[name] = add_user(
            session,
            community_id=community.id,
            name=name,
            shown_name=shown_name,
            role=role,
            password=password,
            at=at,
            compound_id=compounds.get(compound or ""),
        )
        code = f"  + flask users code {name}" if must_have_second_factor(users[name]) else ""
        lines.append(f"{name:<12} {password:<14} {role:<15} {shown_name}{code}\n")
    acts = [
        ledger.Act("user.added", f"user:{one.id}", {"role": one.role}) for one in users.values()
    ]
    ledger.append(session, ACTOR, acts, at)
    for one in users.values():
        if must_have_second_factor(one):
            _give_second_factor(session, one, sealer, at)
    for gate in community.gates:
        session.add(GateGuard(gate_id=gate.id, user_id=users["guard"].id))
    sign_ins.unlink(missing_ok=True)
    with os.fdopen(os.open(sign_ins, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)
    return users


def _give_second_factor(session: Session, user: User, sealer: Sealer, at: datetime) -> None:
    """Let a user have a second factor whose codes come from `flask users code`."""
    begin_enrolment(session, user, sealer)
    # The codes of this very minute stay unused, for whoever signs in at once.
    before = at - timedelta(minutes=5)
    secret = secret_to_enrol(session, user, sealer) or ""
    finish_enrolment(session, user, pyotp.TOTP(secret).at(before), sealer=sealer, at=before)


def _plan(session: Session, community: Community, users: dict[str, User], at: datetime) -> None:
    compounds = {compound.code: compound for compound in community.compounds}
    zones = {zone.code: zone.id for zone in zones_of(session, community.id)}
    openings = [
        ProposedOpening(zones[zone], compounds[code].id)
        for code, codes in OPENINGS.items()
        for zone in codes
    ] + [ProposedOpening(zones["S1"], one.id, *NIGHT) for one in compounds.values()]
    agreed = at - timedelta(days=5)
    plan = draft_plan(
        session,
        community,
        openings,
        "联席会议方案：各停各区，中心广场夜间共用。",
        actor=users["admin"].actor,
        at=agreed,
    )
    propose_plan(session, plan, community.local_day(agreed), actor=users["admin"].actor, at=agreed)
    for code, compound in compounds.items():
        vote_on_plan(
            session,
            plan,
            compound_id=compound.id,
            user_id=users[f"rep-{code}"].id,
            consents=True,
            reason="业主代表会议通过",
            at=agreed,
        )


def _responsible(session: Session, community: Community, actor: str, at: datetime) -> None:
    named: dict[Zone | Compound, tuple[str, str]] = {
        compound: RESPONSIBLE[compound.code] for compound in community.compounds
    }
    for zone in zones_of(session, community.id):
        code = next((code for code, codes in OPENINGS.items() if zone.code in codes), "square")
        named[zone] = RESPONSIBLE[code]
    name_responsible(session, community, named, actor=actor, at=at)


def plate_list_csv(story: DemoCompound) -> str:
    """Return a compound's first plate list as its representative's Excel would save it."""
    chance = random.Random(story.number)  # noqa: S311 - demo data, the same at every start
    flats = [
        f"{building}栋{floor}{door:02d}"
        for building in range(1, story.households // 40 + 2)
        for floor in range(1, 11)
        for door in range(1, 5)
    ][: story.households]
    chance.shuffle(flats)
    lines = [f"{story.name}车辆登记表,,,,", "序号,房号,车主,联系电话,车牌号码"]
    for number in range(1, story.vehicles + 1):
        quota = story.quota or 2
        flat = flats[(number - 1) % (len(flats) if quota == 1 else len(flats) // 2)]
        owner = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
        phone = f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"
        lines.append(f"{number},{flat},{owner},{phone},{_plate(story, number, chance)}")
    return "\r\n".join(lines) + "\r\n"


def _plate(story: DemoCompound, number: int, chance: random.Random) -> str:
    letter = chance.choice(_SERIAL_LETTERS)
    # The compound's number in the serial keeps the four lists apart.
    serial = f"{story.number}{letter}{number:03d}"
    kind = chance.random()
    if kind < 0.3:
        marks = chance.choice("DDDDAF") + chance.choice(_SERIAL_LETTERS)
        return f"粤E{marks}{story.number}{number:03d}"
    if kind < 0.34:
        return f"粤A{serial}"
    return f"粤E·{serial}" if kind < 0.6 else f"粤E{serial}"
