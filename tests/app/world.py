"""A town in which every page has something to show, and every page's address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app import jobs
from app.config import Home
from permits.answering import answer_report, look_back
from permits.bulk import remove_many
from permits.conflicts import conflicts_query
from permits.infringement import InfringementKind, StepKind
from permits.notice import PublicNotice
from permits.own_layout import LayoutDescription, save_layout
from permits.permit import PermitState
from permits.print_run import PrintRun
from permits.printer import save_printer
from permits.request import WhyLost
from permits.requesting import ask_for_new_card
from permits.row_talk import ask
from permits.suspending import suspend
from permits.verdicts import Verdict
from permits.watching import report_as_resident
from records.file_store import FileStore
from records.invitations import invite
from records.message import Message, MessageKind
from records.password_links import make_password_link
from records.people import Role, User
from records.telling import tell
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    Town,
    list_csv,
    make_device,
    make_meeting,
    make_pass,
    make_permit,
    make_report,
    make_user,
    make_vehicle,
    make_visit,
    make_waiting_car,
    make_warning,
    make_webhook,
    photo_file,
    submit_list,
)
from zones.areas import Zone
from zones.communities import GateGuard
from zones.drawing_maps import lay_site_plan
from zones.meeting_papers import attach_paper

OWNER = "欧阳测试"
PHONE = "13866661234"
CONTACT = "13577771234"
"""Of a resident who reported a car."""

PLATE = "粤E86661"
"""Compound A's car: what must not be told to those who may not know it."""

JOB = "5" * 32

HANDOVER = "handover-1-20261201-083000.zip"


@dataclass(frozen=True)
class World:
    """What is in the town.

    Attributes:
        arguments: for each name in a route the key of a thing of compound A.
    """

    town: Town
    arguments: dict[str, Any]

    def addresses(self, app: Flask, *methods: str) -> list[tuple[Rule, str, str]]:
        """Return every route with its address and one of the methods it takes."""
        with app.test_request_context():
            return [
                (rule, url_for(rule.endpoint, **self._arguments_of(rule)), method)
                for rule in app.url_map.iter_rules()
                if rule.endpoint != "static"
                for method in sorted((rule.methods or set()) & set(methods))
            ]

    def _arguments_of(self, rule: Rule) -> dict[str, Any]:
        return {name: self.arguments[name] for name in rule.arguments}


def make_world(session: Session, town: Town) -> World:
    """Make one of everything that a route can name, committed."""
    a, b = town.compound("A"), town.compound("B")
    vehicle = make_vehicle(session, a, PLATE, "3-501", owner=OWNER, phone=PHONE)
    permit = make_permit(session, vehicle, PermitState.PRINTED)
    rival = make_vehicle(session, b, household="1-101", owner=OWNER, phone=PHONE)
    content = list_csv((rival.plate, "3-502", OWNER, PHONE), "粤EO1234")
    plate_list = submit_list(session, a, content, files=town.files)
    conflict = session.scalars(conflicts_query(town.community)).first()
    assert conflict is not None
    ask(session, conflict, "3-501?", SEALER, actor=OFFICE, at=AT)
    run = PrintRun(
        community_id=town.community.id,
        layout="card",
        file_name="permits-card-A.pdf",
        sha256="0" * 64,
        permit_count=1,
        sheets=1,
        pages=2,
        created_by="user:1",
        created_at=AT,
    )
    session.add(run)
    (town.folder / "prints").mkdir()
    (town.folder / "prints" / run.file_name).write_bytes(b"%PDF-1.7\n")
    bystander = make_user(session, town.community, Role.GUARD)
    device, _token = make_device(session, town.community.gates[0])
    webhook, _secret = make_webhook(session, town.community)
    visit = make_visit(session, a, household="3-501")
    event = make_pass(session, town.community.gates[0], PLATE, known=Verdict.REFUSE)
    files = FileStore(Home(town.folder).files)
    report, code = report_as_resident(
        session,
        town.community,
        zone=None,
        plate=PLATE,
        kind=InfringementKind.FIRE_LANE,
        note="",
        photo=photo_file(),
        contact=CONTACT,
        form_key="one",
        files=files,
        sealer=SEALER,
        at=AT,
    )
    seen = make_report(session, town.community, PLATE, compound=a, at=AT - timedelta(days=2))
    due = answer_report(session, seen, "rung", actor=bystander.actor, at=seen.at)
    look_back(
        session,
        seen,
        StepKind.GONE,
        "",
        photo=photo_file(),
        files=files,
        actor=bystander.actor,
        at=due,
    )
    warning = make_warning(session, vehicle, count=3)
    suspended = make_vehicle(session, a, household="3-502")
    make_permit(session, suspended)
    proposal = make_warning(session, suspended, count=3)
    suspension = suspend(session, proposal, "three times", days=3, actor=OFFICE, at=AT)
    site_map = lay_site_plan(
        session,
        town.community,
        photo_file(400, 300),
        files=FileStore(Home(town.folder).files),
        actor="user:1",
        at=AT,
    )
    paper = attach_paper(
        session,
        town.plan,
        content=photo_file(),
        name="会场.jpg",
        files=FileStore(Home(town.folder).files),
        actor=OFFICE,
        at=AT,
    )
    zone = session.scalars(select(Zone).where(Zone.community_id == town.community.id)).first()
    assert zone is not None
    files = FileStore(Home(town.folder).files)
    notice = PublicNotice(
        community_id=town.community.id,
        head_number=1,
        file_sha256=files.keep(b"%PDF-1.7\n"),
        pages=1,
        created_by="user:1",
        created_at=AT,
    )
    session.add(notice)
    meeting = make_meeting(session, town.community, files, "A")
    own_layout = save_layout(
        session,
        town.community.id,
        LayoutDescription("Labels", "sticker", "a4", False, 2, 4, 10, 20, 5, 0),
    )
    waiting = make_waiting_car(session, a, household="3-501")
    printer = save_printer(session, town.community.id, "HP", {})
    asked = ask_for_new_card(session, vehicle, WhyLost.LOST, actor="user:1", at=AT)
    [message, *_] = tell(
        session,
        MessageKind.LIST_RETURNED,
        f"list:{plate_list.id}",
        {"list": plate_list.id},
        community_id=town.community.id,
        compound_id=a.id,
        actor=OFFICE,
        at=AT,
    )
    invitation, invitation_token = invite(
        session,
        community_id=town.community.id,
        shown_name="东门 老周",
        role=Role.GUARD,
        actor=OFFICE,
        at=AT,
    )
    password_token = make_password_link(session, bystander, actor=OFFICE, at=AT)
    bulk_act = remove_many(
        session, town.community, [make_vehicle(session, a)], "sold", actor=OFFICE, at=AT
    )
    handovers = Home(town.folder).handovers
    handovers.mkdir()
    (handovers / HANDOVER).write_bytes(b"PK")
    session.commit()
    return World(
        town,
        {
            "file_name": HANDOVER,
            "list_id": plate_list.id,
            "row_id": conflict.id,
            "vehicle_id": vehicle.id,
            "permit_id": permit.id,
            "run_id": run.id,
            "layout_id": own_layout.id,
            "printer_id": printer.id,
            "bulk_act_id": bulk_act.id,
            "request_id": asked.id,
            "plan_id": town.plan.id,
            "paper_id": paper.id,
            "compound_id": a.id,
            "zone_id": zone.id,
            "gate_id": town.community.gates[0].id,
            "device_id": device.id,
            "webhook_id": webhook.id,
            "user_id": bystander.id,
            "invitation_id": invitation.id,
            "invitation_token": invitation_token,
            "password_token": password_token,
            "visit_id": visit.id,
            "car_id": waiting.id,
            "event_id": event.id,
            "report_id": report.id,
            "notice_id": notice.id,
            "meeting_id": meeting.id,
            "vote_id": meeting.votes[0].id,
            "step_id": seen.steps[-1].id,
            "follow_code": code,
            "warning_id": warning.id,
            "suspension_id": suspension.id,
            "message_id": message.id,
            "site_plan_id": site_map.site_plan_id,
            "job": JOB,
            "token": "AAAA",
            "code": "zh",
            "wanted": "0" * 16,
            "path": "icon.svg",
        },
    )


def post_at_gate(session: Session, town: Town, guard: User) -> None:
    """Let a guard work at the town's gate."""
    session.add(GateGuard(gate_id=town.community.gates[0].id, user_id=guard.id))
    session.commit()


def give_job(app: Flask, owner: User) -> None:
    """Let the job of the world's address be this user's."""
    with app.app_context():
        jobs.report(JOB, jobs.Progress("running", owner.id, "print", 1, 2))


def give_message(session: Session, world: World, reader: User) -> None:
    """Let the message of the world's address be this user's."""
    session.get_one(Message, world.arguments["message_id"]).user_id = reader.id
    session.commit()
