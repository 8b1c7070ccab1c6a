"""More life in the demo: what a community has after some weeks, so that no page is empty."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from huey import SqliteHuey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from app.jobs import Progress
from permits.approving import approve, return_list
from permits.deciding import decide_now
from permits.ending import revoke
from permits.issuing import hand_over, replace
from permits.passes import Direction
from permits.permit import Permit, PermitState
from permits.plate_list import ListMeaning, PlateList
from permits.print_batch import print_batch
from permits.recording import record_pass
from permits.submitting import draft_from_file, submit
from permits.vehicles import Vehicle, VehicleState
from records.managing_users import admit, close_account, random_password
from records.people import Role, User
from zones.communities import Community, Compound, Gate, compound_by_code
from zones.plans import (
    ProposedOpening,
    draft_plan,
    plan_in_force,
    propose_plan,
    vote_on_plan,
)

RUNNING_JOB = "0" * 32
FAILED_JOB = "f" * 32
"""Jobs of the office that stay as they are, to be looked at."""

UNKNOWN_PLATE = "粤E·99999"
"""A plate that no compound has handed in."""

WITHOUT_PERMIT = "粤E9K701"
"""A registered car for which no permit was issued yet."""


def bring_to_life(session: Session) -> None:
    """Give a fresh demo lists in every state, printed and ended permits, plans and passes."""
    now = context.now()
    community = session.scalars(select(Community)).one()
    users = {user.name: user for user in session.scalars(select(User))}
    # In the order of their times, as the ledger would have them.
    _decided_lists(session, users, now)
    _closed_account(session, community, users["admin"].actor, now - timedelta(hours=21))
    _prints(session, community, users["office"].actor, now - timedelta(hours=20))
    _waiting_lists(session, users, now)
    _ended_permits(session, community, users["office"].actor, now - timedelta(hours=2))
    _plans(session, community, users, now - timedelta(hours=2))
    _passes(session, community, users["guard"], now)
    _jobs(users["office"])
    session.commit()


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


def _compound(session: Session, code: str) -> Compound:
    community = session.scalars(select(Community)).one()
    return compound_by_code(session, community.id, code)


def _prints(session: Session, community: Community, actor: str, at: datetime) -> None:
    for compound, layout in zip(
        community.compounds, ("card", "sticker", "card", "sticker"), strict=True
    ):
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
    printed = select(Permit).where(Permit.state == PermitState.PRINTED).order_by(Permit.number)
    handed_out = [permit for permit in session.scalars(printed) if permit.number % 3]
    hand_over(session, handed_out, actor=actor, at=at + timedelta(hours=4))


def _ended_permits(session: Session, community: Community, actor: str, at: datetime) -> None:
    in_force = select(Permit).where(Permit.state == PermitState.HANDED_OVER).order_by(Permit.number)
    for compound in community.compounds:
        sold, lost = session.scalars(in_force.where(Permit.compound_id == compound.id).limit(2))
        revoke(session, sold, "车辆已转让，业主退回出入证。", actor=actor, at=at)
        keys = context.keys()
        replace(session, lost, "证件遗失，业主申请补办。", keys=keys, actor=actor, at=at)


def _plans(session: Session, community: Community, users: dict[str, User], at: datetime) -> None:
    current = plan_in_force(session, community.id, community.local_day(at))
    if current is None:
        raise LookupError("the demo has a plan in force")
    kept = [
        ProposedOpening(one.zone_id, one.compound_id, one.starts, one.ends)
        for one in current.openings
    ]
    square = next(one.zone_id for one in current.openings if one.zone.code == "S1")
    huanbao = compound_by_code(session, community.id, "huanbao")
    by_day = [one for one in kept if (one.zone_id, one.compound_id) != (square, huanbao.id)] + [
        ProposedOpening(square, huanbao.id)
    ]
    admin = users["admin"].actor
    proposed = draft_plan(
        session, community, by_day, "环保局宿舍白天也可停中心广场。", actor=admin, at=at
    )
    first_day = community.local_day(at) + timedelta(days=10)
    propose_plan(session, proposed, first_day, actor=admin, at=at)
    for name, consents, reason in (
        ("rep-huanbao", True, "宿舍车位不足，同意。"),
        ("rep-haixin", False, "白天广场要留给访客，不同意。"),
    ):
        vote_on_plan(
            session,
            proposed,
            compound_id=users[name].compound_id or 0,
            user_id=users[name].id,
            consents=consents,
            reason=reason,
            at=at + timedelta(hours=1),
        )
    draft_plan(session, community, kept, "春节期间的安排，待讨论。", actor=admin, at=at)


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
        decision = decide_now(session, community, at=at, plate=plate)
        record_pass(
            session,
            gate,
            decision,
            direction=Direction.OUT if place % 3 == 2 else Direction.IN,
            let_through=decision.verdict == "admit",
            guard_id=guard.id,
            at=at,
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
