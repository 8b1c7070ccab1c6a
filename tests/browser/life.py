"""More life in the demo: what a community has after some weeks, so that no page is empty."""

from __future__ import annotations

import io
from dataclasses import asdict
from dataclasses import replace as changed
from datetime import datetime, timedelta
from typing import Any

from huey import SqliteHuey
from PIL import Image, ImageDraw
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import context
from app.jobs import Progress
from app.kept_handover import name_of_next
from permits.answering import answer_report, confirm_report, look_back
from permits.approving import approve, return_list
from permits.bulk import hand_over_many
from permits.conflicts import conflicts_query
from permits.devices import add_device
from permits.ending import revoke
from permits.evidence import hand_in_evidence
from permits.granting import refuse
from permits.infringement import InfringementKind, InfringementReport, StepKind
from permits.issuing import hand_over, replace
from permits.noticing import draw_notice, enter_notice, rules_of_compound
from permits.own_layout import LayoutDescription, save_layout
from permits.passes import Direction, new_uuid
from permits.permit import IN_FORCE, Permit, PermitState
from permits.plate_list import ListMeaning, PlateList
from permits.print_batch import print_batch
from permits.printer import Measured, save_printer
from permits.public_facts import facts_under_head
from permits.recording import DevicePass, record_passes
from permits.reporting import report_car
from permits.request import WhyLost
from permits.requesting import (
    ask_for_new_card,
    ask_for_other_plate,
    ask_for_second_car,
    ask_to_leave,
)
from permits.row_talk import answer, ask
from permits.shift_notes import write_note
from permits.submitting import draft_from_file, submit
from permits.suspending import contest, suspend
from permits.temporary import issue_temporary
from permits.vehicles import Household, Vehicle, VehicleState
from permits.verdicts import Reason, Verdict
from permits.visiting import cancel_visit, register_drop_off, register_visit
from permits.visitor_pass import VisitKind, VisitorPass
from permits.watching import report_as_resident
from permits.webhooks import WebhookEvent, add_webhook
from records.contact import EMAIL, Contact, confirm_email, kinds_for, link_of, set_email
from records.delivery import begin_try, due, end_try, queue_link
from records.managing_users import admit, close_account
from records.passwords import random_password
from records.people import Role, User
from zones.areas import zones_of
from zones.communities import Community, Compound, Gate, compound_by_code
from zones.drafting import ProposedOpening, draft_plan
from zones.drawing_maps import lay_site_plan, save_map
from zones.joint_meetings import SheetVote, record_meeting
from zones.meeting_papers import attach_paper
from zones.plans import PlanState, ZonePlan, plan_in_force, plans_of
from zones.voting import propose_plan, vote_on_plan, withdraw_plan
from zones.voting_rule import VotingRule, answer_rule_change, suggest_rule
from zones.walking import set_ways

RUNNING_JOB = "0" * 32
FAILED_JOB = "f" * 32
"""Jobs of the office that stay as they are, to be looked at."""

UNKNOWN_PLATE = "粤E·99999"
"""A plate that no compound has handed in."""

FOLLOWED = "b0d6b7a4-6a2f-4b57-8a55-0c1d4a5f0f11"
"""The key of the form whose report is followed."""

WITHOUT_PERMIT = "粤E9K701"
"""A registered car for which no permit was issued yet."""


def bring_to_life(session: Session) -> None:
    """Give a fresh demo lists in every state, printed and ended permits, plans and passes."""
    now = context.now()
    community = session.scalars(select(Community)).one()
    users = {user.name: user for user in session.scalars(select(User))}
    # In the order of their times, as the ledger would have them.
    _decided_lists(session, users, now)
    _cars_over_the_limit(session, users, now)
    _closed_account(session, community, users["admin"].actor, now - timedelta(hours=21))
    _prints(session, community, users["office"].actor, now - timedelta(hours=20))
    _waiting_lists(session, users, now)
    _evidence(session, community, users, now - timedelta(hours=2))
    _ended_permits(session, community, users["office"].actor, now - timedelta(hours=2))
    _requests(session, users, now - timedelta(hours=2))
    _plans(session, community, users, now - timedelta(hours=2))
    _map(session, community, users["office"].actor, now - timedelta(hours=2))
    _machines(session, community, users["admin"].actor, now - timedelta(hours=2))
    _passes(session, community, users["guard"], now)
    _visits(session, community, users, now)
    _offline_passes(session, community, users["guard"], now)
    _shifts(session, community, users["guard"], now)
    _reports(session, community, users, now)
    _papers(session, community, users, now)
    _residents(session, community, users, now)
    _contacts(session, users, now)
    _jobs(users["office"])
    _handover(community, now)
    session.commit()


def _contacts(session: Session, users: dict[str, User], now: datetime) -> None:
    """A representative gets e-mail, the office has not confirmed its address, one letter failed."""
    sealer = context.sealer()
    for name in ("rep-baihe", "office"):
        user = users[name]
        kinds = kinds_for(Role(user.role))
        address = f"{name}@example.cn"
        set_email(session, user, address, kinds=kinds, language="zh", sealer=sealer, at=now)
    baihe = users["rep-baihe"]
    contact = session.get_one(Contact, (baihe.id, EMAIL))
    confirm_email(session, baihe, link_of(contact, sealer), sealer, at=now)
    queue_link(session, contact, at=now)
    for one in due(session, [EMAIL], at=now, limit=1):
        refused = begin_try(session, one, at=now)
        if refused is not None:
            end_try(session, refused, "550", is_final=True, at=now)


def _machines(session: Session, community: Community, actor: str, at: datetime) -> None:
    gate = community.gates[0]
    for name, direction in (("入口抓拍机", Direction.IN), ("出口道闸", Direction.OUT)):
        add_device(
            session,
            gate,
            name=name,
            direction=direction,
            least_confidence=0.8,
            actor=actor,
            at=at,
        )
    add_webhook(
        session,
        community,
        url="https://hooks.example/parking",
        events=list(WebhookEvent),
        private_allowed=False,
        sealer=context.sealer(),
        actor=actor,
        at=at,
    )


def _plates(session: Session, compound: Compound) -> list[str]:
    query = select(Vehicle.plate).where(
        Vehicle.compound_id == compound.id, Vehicle.state == VehicleState.ACTIVE
    )
    return list(session.scalars(query.order_by(Vehicle.id)))


def _draft(
    session: Session,
    user: User,
    rows: list[str],
    at: datetime,
    file_name: str,
    meaning: ListMeaning = ListMeaning.ADD,
) -> PlateList:
    text = "\r\n".join(["房号,车主,联系电话,车牌号码", *rows]) + "\r\n"
    return draft_from_file(
        session,
        session.get_one(Compound, user.compound_id),
        content=text.encode("gb18030"),
        file_name=file_name,
        meaning=meaning,
        files=context.files(),
        sealer=context.sealer(),
        actor=user.actor,
        at=at,
    )


def _decided_lists(session: Session, users: dict[str, User], now: datetime) -> None:
    baihe, huanbao, office = users["rep-baihe"], users["rep-huanbao"], users["office"].actor
    without_permits = _draft(
        session,
        huanbao,
        [f"33栋{number},林婷,13800138{number},粤E9K{number}" for number in range(701, 704)],
        now - timedelta(hours=30),
        "环保局宿舍新增.csv",
    )
    submit(session, without_permits, actor=huanbao.actor, at=now - timedelta(hours=29))
    approve(session, without_permits, context.sealer(), actor=office, at=now - timedelta(hours=28))
    returned = _draft(
        session, baihe, ["31栋201,曾伟强,,粤E9K401"], now - timedelta(days=1), "临时车辆.csv"
    )
    submit(session, returned, actor=baihe.actor, at=now - timedelta(hours=23))
    return_list(
        session,
        returned,
        "请补充联系电话，并注明该车是否为业主本人所有。",
        actor=office,
        at=now - timedelta(hours=22),
    )


def _cars_over_the_limit(session: Session, users: dict[str, User], now: datetime) -> None:
    """Two flats that have all their cars hand in one more each: they wait for a place."""
    baihe = users["rep-baihe"]
    full = (
        select(Household)
        .join(Vehicle, Vehicle.household_id == Household.id)
        .where(Household.compound_id == baihe.compound_id)
        .group_by(Household.id)
        .having(func.count() >= 2)
        .order_by(Household.id)
        .limit(2)
    )
    flats = ["-".join(filter(None, one.key)) for one in session.scalars(full)]
    rows = [f"{flat},冯国华,1380013803{n},粤E9K32{n}" for n, flat in enumerate(flats)]
    handed_in = _draft(session, baihe, rows, now - timedelta(hours=27), "第三辆车.csv")
    submit(session, handed_in, actor=baihe.actor, at=now - timedelta(hours=27))
    office = users["office"].actor
    approve(session, handed_in, context.sealer(), actor=office, at=now - timedelta(hours=26))


def _waiting_lists(session: Session, users: dict[str, User], now: datetime) -> None:
    baihe, haixin = users["rep-baihe"], users["rep-haixin"]
    with_office = _draft(
        session,
        baihe,
        [
            "31栋101,陈志明,13800138001,粤E9K301",
            "31栋102,黄丽华,13800138002,粤E·9K302",
            "31栋103,梁国栋,13800138003,粤EDK3303",
            "31栋104,苏婷,1380013,粤E9K304",
            "31栋105,何敏,13800138005,粤E9K301",
            "31栋106,罗文浩,13800138006,粤EO12K7",
            "31栋107,谭雪梅,13800138007,粵E1234",
            "31栋108,周俊杰,13800138008,",
            "31栋101,陈志明,13800138001,粤E9K309",
            "31栋101,陈志明,13800138001,粤E9K310",
            f"31栋111,邓嘉怡,13800138011,{_plates(session, _compound(session, 'haojing'))[0]}",
            f"31栋112,郑建国,13800138012,{_plates(session, _compound(session, 'huanbao'))[0]}",
            ",,,粤E9K313",
        ],
        now - timedelta(hours=8),
        "百合村北区补充名单（十一月）.csv",
    )
    submit(session, with_office, actor=baihe.actor, at=now - timedelta(hours=7))
    _talk(session, with_office, users, now - timedelta(hours=6))
    waiting = _draft(
        session,
        haixin,
        ["32栋301,李伟强,13800138031,粤E9K601", "32栋302,吴敏,13800138032,粤E9K602"],
        now - timedelta(hours=4),
        "海欣阁新增.csv",
    )
    submit(session, waiting, actor=haixin.actor, at=now - timedelta(hours=3))
    kept = _plates(session, _compound(session, "baihe"))[4:]
    _draft(
        session,
        baihe,
        [f",,,{plate}" for plate in kept] + ["31栋301,张秀英,13800138021,粤E9K501"],
        now - timedelta(hours=3),
        "百合村北区全部车辆.csv",
        ListMeaning.WHOLE,
    )


def _evidence(session: Session, community: Community, users: dict[str, User], at: datetime) -> None:
    for row in session.scalars(conflicts_query(community, open_only=True)).all():
        sides = (
            (row.plate_list.compound, users["rep-baihe"].actor, "#f4f4f2"),
            (row.claimed_by, users["office"].actor, "#3b4a5a"),
        )
        for compound, actor, colour in sides:
            hand_in_evidence(
                session,
                row,
                compound,
                _photo(colour),
                files=context.files(),
                sealer=context.sealer(),
                actor=actor,
                at=at,
            )


def _talk(session: Session, handed_in: PlateList, users: dict[str, User], at: datetime) -> None:
    sealer, office = context.sealer(), users["office"].actor
    first, without_flat = handed_in.rows[0], handed_in.rows[-1]
    ask(session, without_flat, "这辆车是哪一户的？请补充房号。", sealer, actor=office, at=at)
    ask(session, first, "业主电话打不通，请核对。", sealer, actor=office, at=at)
    actor, later = users["rep-baihe"].actor, at + timedelta(hours=1)
    answer(session, first, "已核对，号码没错，下午能接。", sealer, actor=actor, at=later)
    more = "好的。车主与房号登记的业主不同，是租客吗？"
    ask(session, first, more, sealer, actor=office, at=later + timedelta(hours=1))


def _compound(session: Session, code: str) -> Compound:
    community = session.scalars(select(Community)).one()
    return compound_by_code(session, community.id, code)


def _prints(session: Session, community: Community, actor: str, at: datetime) -> None:
    for compound, layout in zip(community.compounds, ("card", "sticker", "tag", "a5"), strict=True):
        print_batch(
            session,
            community,
            context.print_settings(),
            layout=layout,
            actor=actor,
            at=at,
            compound=compound,
            only_new=True,
        )
    labels = LayoutDescription("A4 不干胶 8 枚", "sticker", "a4", False, 2, 4, 12.5, 21.5, 5, 4.5)
    save_layout(session, community.id, labels)
    crosses = {"portrait_front": Measured(50.6, 49.2), "portrait_back": Measured(49.5, 50.3)}
    save_printer(session, community.id, "窗边惠普", crosses)
    printed = select(Permit).where(Permit.state == PermitState.PRINTED).order_by(Permit.number)
    handed_out = [permit for permit in session.scalars(printed) if permit.number % 3]
    hand_over(session, handed_out, actor=actor, at=at + timedelta(hours=4))
    at_the_desk = [permit for permit in session.scalars(printed) if permit.number % 3 == 0][-3:]
    hand_over_many(session, community, at_the_desk, actor=actor, at=at + timedelta(hours=5))


def _ended_permits(session: Session, community: Community, actor: str, at: datetime) -> None:
    in_force = select(Permit).where(Permit.state == PermitState.HANDED_OVER).order_by(Permit.number)
    for compound in community.compounds:
        sold, lost = session.scalars(in_force.where(Permit.compound_id == compound.id).limit(2))
        revoke(session, sold, "车辆已转让，业主退回出入证。", actor=actor, at=at)
        keys = context.keys()
        new = replace(session, lost, "证件遗失，业主申请补办。", keys=keys, actor=actor, at=at)
        if compound.code == "baihe":
            issue_temporary(session, new, keys=keys, actor=actor, at=at)


def _requests(session: Session, users: dict[str, User], at: datetime) -> None:
    baihe, actor = _compound(session, "baihe"), users["rep-baihe"].actor
    in_force = select(Permit).where(
        Permit.compound_id == baihe.id, Permit.state == PermitState.HANDED_OVER
    )
    cars = [one.vehicle for one in session.scalars(in_force.order_by(Permit.number.desc()))][:4]
    asked: dict[str, Any] = {"actor": actor, "at": at}
    refused = ask_for_new_card(session, cars[0], WhyLost.DAMAGED, **asked)
    reason = "证件只是沾了水，擦干后仍可扫描，不用补办。"
    refuse(session, refused, reason, actor=users["office"].actor, at=at + timedelta(minutes=20))
    ask_for_new_card(session, cars[1], WhyLost.LOST, **asked)
    ask_for_other_plate(session, cars[2], "粤EDK3901", **asked)
    ask_to_leave(session, cars[3], with_all=True, **asked)
    ask_for_second_car(
        session,
        baihe,
        household="31栋108",
        plate="粤E9K108",
        owner="周俊杰",
        phone="13800138108",
        sealer=context.sealer(),
        **asked,
    )


def _plans(session: Session, community: Community, users: dict[str, User], at: datetime) -> None:
    current = plan_in_force(session, community.id, community.local_day(at))
    if current is None:
        raise LookupError("the demo has a plan in force")
    zones = {zone.code: zone.id for zone in zones_of(session, community.id)}
    compounds = {compound.code: compound.id for compound in community.compounds}
    admin, office = users["admin"].actor, users["office"].actor
    _ways(session, community, office, at)

    def moved(*changes: tuple[str, str, int | None], gone: tuple[tuple[str, str], ...] = ()) -> Any:
        """Return the openings of the plan in force with some more and without some."""
        left = {(zones[zone], compounds[code]) for zone, code in gone}
        kept = [
            ProposedOpening(one.zone_id, one.compound_id, one.starts, one.ends, one.spaces)
            for one in current.openings
            if (one.zone_id, one.compound_id) not in left
        ]
        return kept + [
            ProposedOpening(zones[zone], compounds[code], spaces=spaces)
            for zone, code, spaces in changes
        ]

    first_day = community.local_day(at) + timedelta(days=10)
    first_try = moved(("B2", "haojing", 30), ("B2", "haixin", 22), gone=(("B2", "haojing"),))
    withdrawn = draft_plan(
        session, community, first_try, "海欣阁车位最缺，豪景中庭让出 22 个。", actor=office, at=at
    )
    propose_plan(session, withdrawn, first_day, actor=office, at=at)
    _vote(session, withdrawn, users["rep-haojing"], False, "中庭是业主出钱修的，不让。", at)
    withdraw_plan(session, withdrawn, actor=office, at=at)
    second_try = moved(
        ("S1", "huanbao", None),
        ("A2", "baihe", 70),
        ("A2", "haixin", 18),
        gone=(("S1", "huanbao"), ("A2", "baihe")),
    )
    proposed = draft_plan(
        session,
        community,
        second_try,
        "环保局宿舍白天也可停中心广场；海欣阁车位最缺，百合村北区内街让出 18 个。",
        actor=admin,
        at=at,
        amends=withdrawn,
    )
    propose_plan(session, proposed, first_day, actor=admin, at=at)
    later = at + timedelta(hours=1)
    _vote(session, proposed, users["rep-huanbao"], True, "宿舍车位不足，同意。", later)
    _vote(session, proposed, users["rep-haixin"], False, "18 个太少，再商量。", at)
    _vote(session, proposed, users["rep-haixin"], True, "先用着，明年再议。", later)
    for name, content in (("联席会议纪要.pdf", b"%PDF-1.7\n"), ("会场.jpg", _photo("#3b4a5a"))):
        attach_paper(
            session,
            proposed,
            content=content,
            name=name,
            files=context.files(),
            actor=office,
            at=at,
        )
    draft_plan(session, community, moved(), "春节期间的安排，待讨论。", actor=admin, at=at)
    change = suggest_rule(
        session, community, VotingRule.MAJORITY_WITH_LOSERS, actor=admin, at=later
    )
    answer_rule_change(session, change, users["rep-haojing"], consents=True, at=later)


def _vote(
    session: Session, plan: ZonePlan, user: User, consents: bool, reason: str, at: datetime
) -> None:
    vote_on_plan(
        session,
        plan,
        compound_id=user.compound_id or 0,
        user_id=user.id,
        consents=consents,
        reason=reason,
        at=at,
    )


def _ways(session: Session, community: Community, actor: str, at: datetime) -> None:
    """Enter the ways of the story: each compound lies at its own zones, the square between them."""
    metres = {
        "baihe": (60, 90, 240, 260, 210, 250, 320, 150),
        "haojing": (230, 260, 50, 80, 270, 300, 190, 140),
        "huanbao": (220, 240, 280, 300, 40, 60, 210, 160),
        "haixin": (330, 350, 200, 180, 220, 190, 30, 130),
    }
    zones = zones_of(session, community.id)
    ways = {
        (compound.id, zone.id): way
        for compound in community.compounds
        for zone, way in zip(zones, metres[compound.code], strict=True)
    }
    set_ways(session, community, ways, actor=actor, at=at)


def _map(session: Session, community: Community, actor: str, at: datetime) -> None:
    """A site plan came, and the office moved a zone over it: nobody has agreed to that yet."""
    files = context.files()
    site_map = lay_site_plan(session, community, _site_plan(), files=files, actor=actor, at=at)
    areas = [
        changed(one, rings=[[(x, y - 8) for x, y in one.rings[0]]]) if one.code == "D1" else one
        for one in site_map.content.areas
    ]
    moved = changed(site_map.content, areas=areas)
    save_map(session, community, moved, actor=actor, at=at)


def _site_plan() -> bytes:
    """A drawing of 1:1000 as an architect's office would send it: a grid and a frame."""
    picture = Image.new("RGB", (1000, 640), "white")
    drawing = ImageDraw.Draw(picture)
    for place in range(0, 1000, 50):
        drawing.line((place, 0, place, 640), "lightgrey")
        drawing.line((0, place, 1000, place), "lightgrey")
    drawing.rectangle((10, 10, 989, 629), outline="grey", width=3)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _passes(session: Session, community: Community, guard: User, now: datetime) -> None:
    gate = session.scalars(select(Gate).order_by(Gate.id)).first()
    if gate is None:
        raise LookupError("the demo has a gate")
    permits = session.scalars(select(Permit).order_by(Permit.number.desc()).limit(400)).all()
    plates = [permit.plate for permit in permits[::29]]
    revoked = session.scalars(select(Permit.plate).where(Permit.state == PermitState.REVOKED))
    for place, plate in enumerate([UNKNOWN_PLATE, WITHOUT_PERMIT, *revoked]):
        plates.insert(-2 * place - 1, plate)
    for place, plate in enumerate(plates):
        at = now - timedelta(minutes=7 * (len(plates) - place))
        direction = Direction.OUT if place % 3 == 2 else Direction.IN
        _passed(session, gate, guard, plate, at, direction)


def _passed(
    session: Session,
    gate: Gate,
    guard: User,
    plate: str,
    at: datetime,
    direction: Direction = Direction.IN,
) -> None:
    """Let a car pass as the guard's phone decided, with a network."""
    one = DevicePass(
        uuid=new_uuid(),
        gate_id=gate.id,
        direction=direction,
        at=at,
        let_through=None,
        verdict=None,
        reasons=(),
        plate=plate,
        offline=False,
    )
    record_passes(
        session, gate.community_id, [one], gates={gate.id}, received_at=at, guard_id=guard.id
    )


def _visits(session: Session, community: Community, users: dict[str, User], now: datetime) -> None:
    gate = session.scalars(select(Gate).order_by(Gate.id)).first()
    if gate is None:
        raise LookupError("the demo has a gate")
    baihe, haixin = (_compound(session, code) for code in ("baihe", "haixin"))
    baihe.visits_per_month = 8
    hour = timedelta(hours=1)

    def register(
        compound: Compound,
        household: str,
        plate: str,
        kind: VisitKind,
        begins: datetime,
        hours: int,
    ) -> VisitorPass:
        return register_visit(
            session,
            compound,
            household=household,
            plate=plate,
            kind=kind,
            valid_from=begins,
            valid_to=begins + hours * hour,
            actor=users["guard"].actor,
            at=begins - hour,
        )

    come = [
        register(baihe, "3-2-501", "粤A8K219", VisitKind.VISITOR, now - hour, 9),
        register(haixin, "12-301", "粤AD20931", VisitKind.TRADESMAN, now - 2 * hour, 5),
        register(baihe, "5-1-203", "湘B6612T", VisitKind.VISITOR, now - 7 * hour, 4),
        register_drop_off(
            session, community, plate="粤E8T556", actor=users["guard"].actor, at=now - hour
        ),
    ]
    register(baihe, "3-2-501", "粤C30987", VisitKind.DELIVERY, now + 20 * hour, 2)
    given_up = register(baihe, "9-1-101", "粤B11223", VisitKind.VISITOR, now - hour, 6)
    cancel_visit(session, given_up, actor=users["rep-baihe"].actor, at=now - hour / 2)
    for visit in come:
        at = visit.valid_from + timedelta(minutes=3)
        _passed(session, gate, users["guard"], visit.plate, at)


def _offline_passes(session: Session, community: Community, guard: User, now: datetime) -> None:
    gate = session.scalars(select(Gate).order_by(Gate.id)).first()
    if gate is None:
        raise LookupError("the demo has a gate")
    revoked = select(Permit.plate).where(Permit.state == PermitState.REVOKED).limit(2)
    passes = [
        DevicePass(
            uuid=new_uuid(),
            gate_id=gate.id,
            direction=Direction.IN,
            at=now - timedelta(minutes=30 + place),
            let_through=True,
            verdict=Verdict.ADMIT,
            reasons=(Reason.OK,),
            plate=plate,
        )
        for place, plate in enumerate(session.scalars(revoked))
    ]
    record_passes(
        session, community.id, passes, gates={gate.id}, received_at=now, guard_id=guard.id
    )


def _shifts(session: Session, community: Community, guard: User, now: datetime) -> None:
    for text, hours in (
        ("东门道闸抬杆慢，已报修，师傅明早来。", 9),
        ("5栋装修队的货车下午五点前离场，已和业主说好。", 2),
    ):
        write_note(
            session, community.gates[0], text, guard_id=guard.id, at=now - timedelta(hours=hours)
        )


def _reports(session: Session, community: Community, users: dict[str, User], now: datetime) -> None:
    zones = {zone.code: zone for zone in zones_of(session, community.id)}
    square = zones["S1"]
    haojing = _plates(session, _compound(session, "haojing"))[7]
    findings = (
        (haojing, InfringementKind.WRONG_ZONE, "停在 A1 入口左侧第二个车位。", "#3b4a5a", 26),
        ("湘B6612T", InfringementKind.FIRE_LANE, "堵住 3 栋消防通道。", "#7a2f2f", 5),
        ("", InfringementKind.OTHER, "无牌车，停在绿化带上。", "#51624f", 1),
    )
    reports = [
        report_car(
            session,
            community,
            zone=square,
            plate=plate,
            kind=kind,
            note=note,
            photo=_photo(colour),
            files=context.files(),
            actor=users["guard"].actor,
            at=now - timedelta(hours=hours),
        )
        for plate, kind, note, colour, hours in findings
    ]
    guard = users["guard"].actor
    at = now - timedelta(hours=25, minutes=30)
    due = answer_report(session, reports[0], "已联系车主，车已移走。", actor=guard, at=at)
    _look_back(session, reports[0], StepKind.GONE, guard, due)


def _look_back(
    session: Session, report: InfringementReport, found: StepKind, actor: str, at: datetime
) -> None:
    look_back(
        session,
        report,
        found,
        "" if found is StepKind.GONE else "还停在原处。",
        photo=_photo("#6d7277"),
        files=context.files(),
        actor=actor,
        at=at,
    )


def _residents(
    session: Session, community: Community, users: dict[str, User], now: datetime
) -> None:
    """Residents report, guards answer and look back, cars are warned and suspended."""
    zones = {zone.code: zone for zone in zones_of(session, community.id)}
    guard, office = users["guard"].actor, users["office"].actor
    day = timedelta(days=1)

    def report(
        plate: str, kind: InfringementKind, zone: str, note: str, at: datetime, contact: str = ""
    ) -> InfringementReport:
        made, _code = report_as_resident(
            session,
            community,
            zone=zones[zone],
            plate=plate,
            kind=kind,
            note=note,
            photo=_photo("#3c4d3f"),
            contact=contact,
            form_key=FOLLOWED if not plate else new_uuid(),
            files=context.files(),
            sealer=context.sealer(),
            at=at,
        )
        return made

    wrong, lane = InfringementKind.WRONG_ZONE, InfringementKind.FIRE_LANE
    urgent = report("", lane, "B1", "南侧通道被一辆白色面包车堵住。", now - timedelta(hours=3))
    due = answer_report(session, urgent, "已通知车主挪车。", actor=guard, at=now - 5 * day / 48)
    _look_back(session, urgent, StepKind.UNCHANGED, guard, due)
    phone = "13800138077"
    look = report("粤B7T219", lane, "C1", "", now - timedelta(hours=2), contact=phone)
    answer_report(session, look, "已拖离。", actor=guard, at=now - timedelta(hours=1, minutes=20))
    later = report("湘A30K21", wrong, "A2", "", now - timedelta(hours=6))
    answer_report(session, later, "已贴单提醒。", actor=guard, at=now - timedelta(hours=4))
    for code, often in (("baihe", 3), ("haojing", 3), ("haixin", 3), ("baihe", 1), ("haixin", 2)):
        for place in range(often):
            at = now - (often - place) * 2 * day
            seen = report(_warned(session, code, often), wrong, "D1", "占用别人的车位。", at)
            due = answer_report(session, seen, "已通知车主。", actor=guard, at=at + day / 8)
            step = confirm_report(session, seen, actor=office, at=at + day / 4)
            _look_back(session, seen, StepKind.GONE, guard, due)
        if step is None or (code, often) not in (("baihe", 3), ("haojing", 3)):
            continue
        made = suspend(
            session, step, "九十天内三次占用他人车位。", days=7, actor=office, at=now - day
        )
        if code == "baihe":
            reason = "第三次是亲戚借车，业主不知情，请社区核实。"
            contest(session, made, reason, actor=users["rep-baihe"].actor, at=now - day / 2)


def _warned(session: Session, code: str, often: int) -> str:
    """Return a car of a compound with a permit in force that is to be warned so often."""
    query = select(Permit.plate).where(
        Permit.compound_id == _compound(session, code).id, Permit.state.in_(IN_FORCE)
    )
    return list(session.scalars(query.order_by(Permit.number)))[20 + often]


def _photo(colour: str) -> bytes:
    """Return a picture of a car, as far as a few boxes are one."""
    picture = Image.new("RGB", (1200, 900), "#b9c2c9")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, 1200, 900), fill="#6d7277")
    draw.polygon([(330, 400), (430, 250), (800, 250), (910, 400)], fill="#24292e")
    draw.rounded_rectangle((180, 390, 1040, 620), 60, fill=colour)
    for x in (270, 790):
        draw.ellipse((x, 540, x + 150, 690), fill="#15171a")
    draw.rectangle((520, 540, 700, 590), fill="#1d4fa3")
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def _papers(session: Session, community: Community, users: dict[str, User], now: datetime) -> None:
    plan = next(one for one in plans_of(session, community.id) if one.state == PlanState.PROPOSED)
    sheet = _photo("#f4f4f2")
    record_meeting(
        session,
        plan,
        [
            SheetVote(_compound(session, code).id, consents, reason, sheet)
            for code, consents, reason in (
                ("baihe", True, "会上议定，同意白天开放。"),
                ("haojing", False, "先看一个月再说。"),
            )
        ],
        held_on=community.local_day(now - timedelta(days=1)),
        attended=23,
        note="四个小区均有代表到会，讨论了中心广场白天开放的安排。",
        first_day=community.local_day(now),
        files=context.files(),
        actor=users["office"].actor,
        at=now,
    )
    facts = facts_under_head(session, community, context.keys(), at=now)
    printing = context.print_settings()
    for compound in (None, community.compounds[0]):
        content, pages = draw_notice(
            facts,
            fonts=printing.fonts,
            address=printing.public_url,
            compound=rules_of_compound(session, compound) if compound else None,
        )
        enter_notice(
            session,
            community,
            facts,
            content,
            pages,
            compound=compound,
            files=context.files(),
            actor=users["office"].actor,
            at=now,
        )


def _closed_account(session: Session, community: Community, actor: str, at: datetime) -> None:
    former = admit(
        session,
        community_id=community.id,
        name="guard-2",
        shown_name="南门 老吴",
        role=Role.GUARD,
        password=random_password(),
        actor=actor,
        at=at,
    )
    close_account(session, former, actor=actor, at=at)


def _jobs(office: User) -> None:
    kept = SqliteHuey("parking", filename=str(context.settings().home.jobs))
    kept.put(f"progress:{RUNNING_JOB}", asdict(Progress("running", office.id, "print", 212, 600)))
    kept.put(
        f"progress:{FAILED_JOB}",
        asdict(Progress("failed", office.id, "print", words="没有待打印的出入证。")),
    )


def _handover(community: Community, now: datetime) -> None:
    """Leave a file where the page looks for one; what such a file holds is tested elsewhere."""
    folder = context.settings().home.handovers
    folder.mkdir()
    (folder / name_of_next(community, now, with_people=True)).write_bytes(bytes(1_800_000))
