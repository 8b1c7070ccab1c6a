"""Every route × every role, and every object × those whose it is not."""

import pytest
from sqlalchemy import select

from app.rights import RIGHTS, Right
from records.ledger import LedgerEntry
from records.managing_users import close_account
from records.people import Role
from tests.app.world import CONTACT, OWNER, PHONE, give_job, give_message, make_world, post_at_gate
from tests.factories import (
    AT,
    OFFICE,
    make_community,
    make_plan,
    make_user,
    representative_of,
)

REPRESENTATIVE, STAFF = {Role.REPRESENTATIVE}, {Role.STAFF}
GUARD, ADMINISTRATOR = {Role.GUARD}, {Role.ADMINISTRATOR}
SIGNED_IN = set(Role)
ALL_BUT_GUARDS = SIGNED_IN - GUARD
ALL_BUT_ADMINISTRATORS = SIGNED_IN - ADMINISTRATOR
DRAFTERS = STAFF | ADMINISTRATOR
OPEN = None
DEVICE: set[Role] = set()
"""No role reaches it, and nobody who signs in: all of the API needs a device's token."""

WHO = {
    "accounts.account": SIGNED_IN,
    "accounts.begin_own": SIGNED_IN,
    "accounts.code": OPEN,
    "accounts.end_others": SIGNED_IN,
    "accounts.end_sign_in": SIGNED_IN,
    "accounts.enrolment": SIGNED_IN,
    "accounts.first_enrolment": OPEN,
    "accounts.home": OPEN,
    "accounts.invitation": OPEN,
    "accounts.language": OPEN,
    "accounts.new_password": OPEN,
    "accounts.second_step": SIGNED_IN,
    "accounts.sign_in_page": OPEN,
    "accounts.sign_out": OPEN,
    "api.decide": DEVICE,
    "api.device": DEVICE,
    "api.from_hikvision": DEVICE,
    "api.from_plate_recognizer": DEVICE,
    "api.record_many": DEVICE,
    "api.record_one": DEVICE,
    "api_docs.openapi": OPEN,
    "api_docs.page": OPEN,
    "guard.decide": GUARD,
    "guard.gate": GUARD,
    "guard.passes": GUARD,
    "guard.patrol": GUARD,
    "inside.now": ALL_BUT_ADMINISTRATORS,
    "inside.write": GUARD,
    "jobs.progress": SIGNED_IN,
    "jobs.state": SIGNED_IN,
    "ledger.check": ALL_BUT_GUARDS,
    "ledger.download": ALL_BUT_GUARDS,
    "ledger.entries": ALL_BUT_GUARDS,
    "ledger.heads": ALL_BUT_GUARDS,
    "map.edit": DRAFTERS,
    "map.export": SIGNED_IN,
    "map.import_map": DRAFTERS,
    "map.lay_picture": DRAFTERS,
    "map.picture": SIGNED_IN,
    "map.save": DRAFTERS,
    "map.shown": SIGNED_IN,
    "office.add_evidence": STAFF,
    "messages.all_messages": ALL_BUT_GUARDS,
    "messages.by_mail": ALL_BUT_GUARDS,
    "messages.confirm": ALL_BUT_GUARDS,
    "messages.forget_mail": ALL_BUT_GUARDS,
    "messages.open": ALL_BUT_GUARDS,
    "messages.read_all": ALL_BUT_GUARDS,
    "numbers.all_numbers": ALL_BUT_GUARDS,
    "numbers.download": ALL_BUT_GUARDS,
    "moves.move": STAFF,
    "office.approve_list": STAFF,
    "office.bulk": STAFF,
    "office.bulk_act": STAFF,
    "office.ask_about_row": STAFF,
    "office.conflict": STAFF,
    "office.give_back": STAFF,
    "office.home": STAFF,
    "office.lists": STAFF,
    "office.owner": STAFF | REPRESENTATIVE,
    "office.plate_list": STAFF,
    "office.see_evidence": STAFF,
    "office.undo_bulk": STAFF,
    "office.vehicle": STAFF,
    "office.vehicles": STAFF,
    "own_spaces.end_space": STAFF,
    "own_spaces.space": STAFF,
    "papers.confirm": REPRESENTATIVE,
    "papers.deny": REPRESENTATIVE,
    "papers.home": STAFF,
    "papers.meeting": ALL_BUT_GUARDS,
    "papers.meeting_papers": STAFF,
    "papers.new_meeting": STAFF,
    "papers.notice": STAFF,
    "papers.print_notice": STAFF,
    "papers.print_zone_signs": STAFF,
    "papers.sheet": STAFF | REPRESENTATIVE,
    "permits.all_permits": STAFF,
    "permits.calibration": STAFF,
    "permits.hand_out_permits": STAFF,
    "permits.hand_over_permit": STAFF,
    "permits.issue_permits": STAFF,
    "permits.issue_temporary_permit": STAFF,
    "permits.layout": STAFF,
    "permits.new_layout": STAFF,
    "permits.new_printer": STAFF,
    "permits.permit": STAFF,
    "permits.preview": STAFF,
    "permits.preview_picture": STAFF,
    "permits.print_one": STAFF,
    "permits.print_permits": STAFF,
    "permits.print_run": STAFF,
    "permits.print_setup": STAFF,
    "permits.printed_file": STAFF,
    "permits.printer": STAFF,
    "permits.remove_layout": STAFF,
    "permits.remove_printer": STAFF,
    "permits.renewal": STAFF,
    "permits.replace_permit": STAFF,
    "permits.revoke_permit": STAFF,
    "permits.signatures": STAFF,
    "permits.take_permit_back": STAFF,
    "plans.all_plans": ALL_BUT_GUARDS,
    "plans.amend": DRAFTERS,
    "plans.answer": REPRESENTATIVE,
    "plans.attach": DRAFTERS,
    "plans.close": DRAFTERS,
    "plans.compare": ALL_BUT_GUARDS,
    "plans.draft_fair": DRAFTERS,
    "plans.edit_plan": DRAFTERS,
    "plans.fair": ALL_BUT_GUARDS,
    "plans.moves": STAFF | REPRESENTATIVE,
    "plans.new_plan": DRAFTERS,
    "plans.paper": ALL_BUT_GUARDS,
    "plans.plan": ALL_BUT_GUARDS,
    "plans.propose": DRAFTERS,
    "plans.rule": ALL_BUT_GUARDS,
    "plans.suggest": ADMINISTRATOR,
    "plans.vote": REPRESENTATIVE,
    "plans.ways": DRAFTERS,
    "plans.withdraw": DRAFTERS,
    "public.board": OPEN,
    "public.health": OPEN,
    "public.permit": OPEN,
    "reports.all_reports": ALL_BUT_ADMINISTRATORS,
    "reports.answer": STAFF | GUARD,
    "reports.confirm": STAFF,
    "reports.contact": STAFF,
    "reports.enter_look_back": STAFF | GUARD,
    "reports.look_back_photo": ALL_BUT_ADMINISTRATORS,
    "reports.new_report": GUARD,
    "reports.passes": STAFF,
    "reports.photo": ALL_BUT_ADMINISTRATORS,
    "reports.report": ALL_BUT_ADMINISTRATORS,
    "reports.seen": STAFF,
    "representative.conflict": REPRESENTATIVE,
    "representative.answer_row": REPRESENTATIVE,
    "representative.check_plates": REPRESENTATIVE,
    "representative.hand_in": REPRESENTATIVE,
    "representative.home": REPRESENTATIVE,
    "representative.keep_forgotten_car": REPRESENTATIVE,
    "representative.leave_row_out": REPRESENTATIVE,
    "representative.mend": REPRESENTATIVE,
    "representative.permits": REPRESENTATIVE,
    "representative.plate_list": REPRESENTATIVE,
    "representative.refused": REPRESENTATIVE,
    "representative.submit_list": REPRESENTATIVE,
    "representative.take_row_in": REPRESENTATIVE,
    "representative.template": REPRESENTATIVE,
    "representative.type_list": REPRESENTATIVE,
    "representative.withdraw_list": REPRESENTATIVE,
    "requests.all_requests": STAFF | REPRESENTATIVE,
    "requests.grant_request": STAFF,
    "requests.new_request": REPRESENTATIVE,
    "requests.one_request": STAFF | REPRESENTATIVE,
    "requests.refuse_request": STAFF,
    "requests.withdraw": REPRESENTATIVE,
    "service_worker.asset": OPEN,
    "service_worker.script": OPEN,
    "set_up.close": ADMINISTRATOR,
    "set_up.close_device": ADMINISTRATOR,
    "set_up.close_webhook": ADMINISTRATOR,
    "set_up.community": ADMINISTRATOR,
    "set_up.compound": ADMINISTRATOR,
    "set_up.gate": ADMINISTRATOR,
    "set_up.guards": ADMINISTRATOR,
    "set_up.handed_over": ADMINISTRATOR,
    "set_up.handover": ADMINISTRATOR,
    "set_up.home": ADMINISTRATOR,
    "set_up.keys": ADMINISTRATOR,
    "set_up.limits": ADMINISTRATOR,
    "set_up.machines": ADMINISTRATOR,
    "set_up.message_text": ADMINISTRATOR,
    "set_up.messages": ADMINISTRATOR,
    "set_up.new_compound": ADMINISTRATOR,
    "set_up.new_device": ADMINISTRATOR,
    "set_up.new_gate": ADMINISTRATOR,
    "set_up.new_user": ADMINISTRATOR,
    "set_up.new_webhook": ADMINISTRATOR,
    "set_up.new_zone": ADMINISTRATOR,
    "set_up.password_link": ADMINISTRATOR,
    "set_up.renew_invitation": ADMINISTRATOR,
    "set_up.withdraw_invitation": ADMINISTRATOR,
    "set_up.printing": ADMINISTRATOR,
    "set_up.remove_handover": ADMINISTRATOR,
    "set_up.reopen": ADMINISTRATOR,
    "set_up.reset_message_text": ADMINISTRATOR,
    "set_up.responsible": ADMINISTRATOR,
    "set_up.rotate": ADMINISTRATOR,
    "set_up.reset_factor": ADMINISTRATOR,
    "set_up.sign_out": ADMINISTRATOR,
    "set_up.term": ADMINISTRATOR,
    "set_up.user": ADMINISTRATOR,
    "set_up.users": ADMINISTRATOR,
    "set_up.watch": ADMINISTRATOR,
    "set_up.webhook": ADMINISTRATOR,
    "set_up.zone": ADMINISTRATOR,
    "sync.outbox": GUARD,
    "sync.sync": GUARD,
    "visits.all_visits": ALL_BUT_ADMINISTRATORS,
    "visits.cancel": ALL_BUT_ADMINISTRATORS,
    "visits.drop_off": GUARD,
    "visits.new_visit": REPRESENTATIVE | GUARD,
    "visits.slip": ALL_BUT_ADMINISTRATORS,
    "visits.visit": ALL_BUT_ADMINISTRATORS,
    "waiting.give": STAFF,
    "waiting.own_list": REPRESENTATIVE,
    "waiting.waiting_list": STAFF,
    "waiting.withdraw": STAFF | REPRESENTATIVE,
    "warnings.all_warnings": STAFF | REPRESENTATIVE,
    "warnings.contest_suspension": REPRESENTATIVE,
    "warnings.lift_suspension": STAFF,
    "warnings.suspend_permit": STAFF,
    "warnings.suspension": STAFF | REPRESENTATIVE,
    "warnings.uphold_suspension": STAFF,
    "warnings.warning": STAFF | REPRESENTATIVE,
    "warnings.withdraw": STAFF,
    "watch.follow": OPEN,
    "watch.followed_report": OPEN,
    "watch.look": OPEN,
    "watch.report": OPEN,
    "watch.reported": OPEN,
}
"""Who reaches each page, written out once more beside the code: a new page needs a row here."""

OF_A_COMPOUND = {
    "messages.open",
    "office.owner",
    "plans.moves",
    "papers.confirm",
    "papers.deny",
    "papers.sheet",
    "reports.look_back_photo",
    "reports.photo",
    "reports.report",
    "representative.answer_row",
    "representative.keep_forgotten_car",
    "representative.leave_row_out",
    "representative.mend",
    "representative.plate_list",
    "representative.refused",
    "representative.submit_list",
    "representative.take_row_in",
    "representative.withdraw_list",
    "requests.one_request",
    "requests.withdraw",
    "visits.cancel",
    "visits.slip",
    "visits.visit",
    "waiting.withdraw",
    "warnings.contest_suspension",
    "warnings.suspension",
    "warnings.warning",
}
"""Pages of a representative that name a thing of one compound."""

METHODS = ("GET", "POST")


@pytest.fixture
def world(session, town):
    return make_world(session, town)


@pytest.fixture
def user_of(session, town):
    def user_of(role, community=None):
        community = community or town.community
        if role is Role.REPRESENTATIVE:
            return representative_of(session, community.compounds[0])
        return make_user(session, community, role)

    return user_of


def may(endpoint, role):
    return WHO[endpoint] is OPEN or role in WHO[endpoint]


def test_every_route_has_a_row_and_every_row_a_route(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == {*WHO, "static"}


def test_every_view_says_which_right_it_needs_and_the_table_gives_it_to_those_in_the_row(app):
    for endpoint, roles in WHO.items():
        right = app.view_functions[endpoint].needed_right
        given = None if right is None else {role for role in Role if right in RIGHTS[role]}
        assert given == roles, endpoint


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_its_own_pages(app, world, sign_in, user_of, session, role):
    user = user_of(role)
    if role is Role.GUARD:
        post_at_gate(session, world.town, user)
    give_job(app, user)
    session.commit()
    for rule, address, _method in world.addresses(app, "GET"):
        if may(rule.endpoint, role) and rule.endpoint not in ("public.permit", "plans.edit_plan"):
            status = sign_in(user).get(address, follow_redirects=True).status_code
            assert status == 200, address


@pytest.mark.parametrize("role", Role)
def test_a_role_may_send_its_own_forms(app, world, sign_in, user_of, session, role):
    user = user_of(role)
    give_message(session, world, user)
    for rule, address, _method in world.addresses(app, "POST"):
        if may(rule.endpoint, role):
            status = sign_in(user).post(address).status_code
            assert status < 500, address
            assert status not in (401, 403, 404), address


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_no_other_page_and_changes_nothing(app, world, sign_in, role, kept):
    client = sign_in(role)
    before = kept(select(LedgerEntry.hash).order_by(LedgerEntry.number))
    refused = {
        (client.open(address, method=method).status_code, WHO[rule.endpoint] is DEVICE)
        for rule, address, method in world.addresses(app, *METHODS)
        if not may(rule.endpoint, role)
    }
    # To the API everybody who signs in is nobody.
    assert refused == {(403, False), (401, True)}
    assert kept(select(LedgerEntry.hash).order_by(LedgerEntry.number)) == before


@pytest.mark.parametrize("who", ["nobody", "a closed account"])
def test_who_is_not_signed_in_is_asked_to(app, world, client, sign_in, session, user_of, who):
    if who == "a closed account":
        user = user_of(Role.STAFF)
        client = sign_in(user)
        close_account(session, user, actor=OFFICE, at=AT)
        session.commit()
    for rule, address, method in world.addresses(app, *METHODS):
        response = client.open(address, method=method)
        if WHO[rule.endpoint] is OPEN:
            assert response.status_code not in (401, 403), address
        elif method == "GET" and WHO[rule.endpoint] is not DEVICE:
            assert response.status_code == 302, address
            assert response.location.startswith("/sign-in?next="), address
        else:
            assert response.status_code == 401, address


def test_programs_that_are_not_signed_in_get_401(app, world, client):
    for rule, address, method in world.addresses(app, *METHODS):
        if WHO[rule.endpoint] is not OPEN:
            response = client.open(address, method=method, headers={"Accept": "application/json"})
            assert (response.status_code, response.json["status"]) == (401, 401), address


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.GUARD])
def test_things_of_another_community_are_not_there(app, world, sign_in, session, user_of, role):
    elsewhere = make_community(session, "A", number=2)
    client = sign_in(user_of(role, elsewhere))
    named = 0
    for rule, address, method in world.addresses(app, *METHODS):
        if WHO[rule.endpoint] is not OPEN and may(rule.endpoint, role) and rule.arguments:
            assert client.open(address, method=method).status_code == 404, address
            named += 1
    assert named


def test_things_of_another_compound_are_not_there(app, world, sign_in):
    client = sign_in(Role.REPRESENTATIVE, "B")
    reached = set()
    for rule, address, method in world.addresses(app, *METHODS):
        if rule.endpoint in OF_A_COMPOUND:
            assert client.open(address, method=method).status_code == 404, address
            reached.add(rule.endpoint)
    assert reached == OF_A_COMPOUND


def test_a_representative_has_one_vote_and_it_is_his_compounds(world, sign_in, session, town):
    plan = make_plan(session, town.community, voted=False)
    session.commit()
    vote = {"consents": "yes", "reason": "agreed", "compound_id": town.compound("A").id}
    sign_in(Role.REPRESENTATIVE, "B").post(f"/plans/{plan.id}/vote", data=vote)
    session.refresh(plan)
    assert [one.compound_id for one in plan.votes] == [town.compound("B").id]


def test_a_guard_sees_no_name_and_no_number_on_any_page(
    app, world, session, sign_in, user_of, town
):
    guard = user_of(Role.GUARD)
    post_at_gate(session, town, guard)
    client = sign_in(guard)
    addresses = [address for _, address, _ in world.addresses(app, "GET")]
    seen = [client.get(address).data.decode(errors="replace") for address in addresses]
    for asked in ("86661", "粤E86661", "3-501"):
        seen.append(str(client.post("/gate/decide", data={"plate": asked}).json))
    assert any("粤E86661" in page for page in seen)
    secrets = (OWNER, PHONE, CONTACT)
    assert not [page for page in seen if any(one in page for one in secrets)]


@pytest.mark.parametrize("key", [0, 2**31, 2**63, 10**30])
def test_a_number_that_no_thing_has_is_not_found(app, town, sign_in, key):
    staff = sign_in(Role.STAFF)
    for address in (f"/office/permits/{key}", f"/office/vehicles?compound={key}"):
        assert staff.get(address).status_code == 404
    assert (
        staff.post("/office/bulk", data={"kind": "revoke", "item": [str(key)]}).status_code == 404
    )


def test_every_right_opens_something(app):
    needed = {getattr(view, "needed_right", None) for view in app.view_functions.values()}
    assert {right for right in Right if right not in needed} == set()
