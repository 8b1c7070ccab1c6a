import logging
import re

import pytest
from sqlalchemy import select

from records.invitations import Invitation
from records.ledger import LedgerEntry
from records.people import Role, User
from records.signing_keys import SigningKey
from tests.app.pages import fields_of, words_of
from tests.factories import (
    PASSWORD,
    make_community,
    make_gate,
    make_permit,
    make_user,
    make_vehicle,
    make_zone,
)
from zones.areas import Zone
from zones.colours import PALETTE
from zones.communities import Community, Compound, Gate, GateGuard

NEW_COMPOUND = {"code": "c", "name": "C小区", "name_en": "Compound C", "colour_key": "green"}
NEW_USER = {"shown_name": "老吴", "role": "guard", "compound": "0"}
CHOSEN = {"name": "wu", "new": PASSWORD, "again": PASSWORD}


@pytest.fixture
def admin(sign_in):
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def acts(kept):
    return lambda act: kept(
        select(LedgerEntry).where(LedgerEntry.act == act).order_by(LedgerEntry.number)
    )


def shown_link(response):
    return re.search(r'class="link"[^>]*>[a-z]+://[^/]+(/[^<]+)<', response.text)[1]


def test_home_shows_compounds_zones_and_gates_with_their_guards(admin, town, session):
    guard = make_user(session, town.community, Role.GUARD, name="zhou")
    session.add(GateGuard(gate_id=town.community.gates[0].id, user_id=guard.id))
    session.commit()
    page = words_of(admin.get("/set-up/"))
    assert "Compound A" in page
    assert "S1" in page
    assert f"east gate east {guard.shown_name}" in page


def test_a_gate_without_guards_says_so(admin):
    assert "nobody yet" in words_of(admin.get("/set-up/"))


def test_the_community_can_be_changed(admin, kept, acts):
    changed = {
        "name": "新社区",
        "name_en": "New",
        "province": "桂",
        "time_zone": "Asia/Urumqi",
        "permit_days": "180",
        "temporary_days": "10",
    }
    assert admin.post("/set-up/community", data=changed).status_code == 302
    community = kept(select(Community))[0]
    assert {key: str(getattr(community, key)) for key in changed} == changed
    assert acts("community.changed")[0].details["permit_days"] == 180


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Olympus"), ("province", "X"), ("permit_days", "0")]
)
def test_a_community_field_that_makes_no_sense_changes_nothing(admin, kept, field, value):
    as_shown = fields_of(admin.get("/set-up/community"))
    assert admin.post("/set-up/community", data=as_shown | {field: value}).status_code == 422
    assert str(getattr(kept(select(Community))[0], field)) == as_shown[field]


def test_a_new_compound_gets_its_colours_letter_and_the_next_number(admin, kept, acts):
    assert admin.post("/set-up/compounds/new", data=NEW_COMPOUND).status_code == 302
    compound = kept(select(Compound).where(Compound.code == "c"))[0]
    assert (compound.letter, compound.number, compound.vehicles_per_household) == ("C", 3, None)
    assert acts("compound.added")[0].subject == "compound:3"


def test_only_free_colours_are_offered_each_as_letter_and_shape(admin, town):
    page = admin.get("/set-up/compounds/new").text
    taken = {compound.colour_key for compound in town.community.compounds}
    for colour in PALETTE:
        is_offered = f'type="radio" value="{colour.key}"' in page
        assert is_offered == (colour.key not in taken)
        if is_offered:
            assert re.search(rf'class="sign permit-{colour.key} "[^>]*>{colour.letter}<svg', page)


def test_a_taken_colour_is_refused(admin, kept, town):
    taken = town.compound("A").colour_key
    answer = admin.post("/set-up/compounds/new", data=NEW_COMPOUND | {"colour_key": taken})
    assert answer.status_code == 422
    assert len(kept(select(Compound))) == 2


@pytest.mark.parametrize(
    ("address", "form", "model"),
    [
        ("/set-up/compounds/new", NEW_COMPOUND | {"code": "A"}, Compound),
        ("/set-up/zones/new", {"code": "s1", "name": "一", "spaces": "3"}, Zone),
        ("/set-up/gates/new", {"code": "East", "name": "东门"}, Gate),
    ],
)
def test_a_taken_code_is_refused_at_its_field(admin, kept, address, form, model):
    before = len(kept(select(model)))
    answer = admin.post(address, data=form)
    assert answer.status_code == 409
    assert 'id="code-error"' in answer.text
    assert len(kept(select(model))) == before


def test_a_compound_can_change_its_colour_and_keeps_its_number(admin, kept, town, acts):
    one = town.compound("A")
    form = {"name": "甲", "name_en": "Jia", "colour_key": "sky", "visits_per_month": "6"}
    assert admin.post(f"/set-up/compounds/{one.id}", data=form).status_code == 302
    changed = kept(select(Compound).where(Compound.id == one.id))[0]
    assert (changed.letter, changed.number) == ("E", one.number)
    assert changed.visits_per_month == 6
    assert acts("compound.changed")[0].details["colour"] == "sky"


def test_a_compounds_limits_are_set_and_everybody_reads_them_on_the_board(
    admin, client, town, acts
):
    address = f"/set-up/compounds/{town.compound('A').id}/limits"
    wanted = {"cars": "2", "counts_by": "resident", "places": "300", "first_cars_first": "y"}
    without_places = admin.post(address, data=wanted | {"places": ""})
    assert without_places.status_code == 422
    assert 'id="places-error"' in without_places.text
    assert admin.post(address, data=wanted).status_code == 302
    assert len(acts("limits.changed")) == 1
    in_english = "At most 2 cars per resident · 300 places in all · First cars before second cars"
    assert in_english in words_of(admin.get("/set-up/"))
    in_chinese = "每位业主最多 2 辆 · 全小区共 300 个名额 · 首辆车优先于第二辆车"
    assert in_chinese in words_of(client.get("/"))


def test_a_zone_is_added_and_a_change_of_its_spaces_names_the_number_before(admin, kept, acts):
    admin.post("/set-up/zones/new", data={"code": "t1", "name": "新区", "spaces": "12"})
    zone = kept(select(Zone).where(Zone.code == "T1"))[0]
    admin.post(f"/set-up/zones/{zone.id}", data={"name": "新区", "spaces": "9"})
    assert acts("zone.changed")[0].details == {"spaces": 9, "spaces_before": 12}


def test_a_zone_cannot_have_fewer_than_no_spaces(admin, kept):
    form = {"code": "t1", "name": "新区", "spaces": "-1"}
    assert admin.post("/set-up/zones/new", data=form).status_code == 422
    assert kept(select(Zone).where(Zone.code == "T1")) == []


def test_a_new_gate_asks_for_its_guards_next(admin, kept, acts):
    answer = admin.post("/set-up/gates/new", data={"code": "south", "name": "南门"})
    gate = kept(select(Gate).where(Gate.code == "south"))[0]
    assert answer.location == f"/set-up/gates/{gate.id}"
    admin.post(answer.location, data={"name": "南大门", "name_en": "South"})
    assert acts("gate.changed")[0].subject == "gate:south"


def test_guards_are_posted_and_taken_off_again(admin, town, session, kept, acts):
    guard, gate = make_user(session, town.community, Role.GUARD), town.community.gates[0]
    session.commit()
    address = f"/set-up/gates/{gate.id}/guards"
    posted = select(GateGuard.user_id).where(GateGuard.gate_id == gate.id)
    admin.post(address, data={"guards": [guard.id]})
    assert kept(posted) == [guard.id]
    # A browser with no box ticked still sends the token.
    admin.post(address, data={"csrf_token": ""})
    assert kept(posted) == []
    assert [entry.details["users"] for entry in acts("gate.guards_posted")] == [[guard.id], []]


def test_nobody_but_guards_of_the_community_is_posted(admin, town, session, kept):
    other = make_community(session, "A", number=2)
    strangers = [
        make_user(session, town.community, Role.STAFF),
        make_user(session, other, Role.GUARD),
    ]
    session.commit()
    for one in strangers:
        address = f"/set-up/gates/{town.community.gates[0].id}/guards"
        assert admin.post(address, data={"guards": [one.id]}).status_code == 422
    assert kept(select(GateGuard)) == []


def test_another_communitys_things_do_not_exist_here(admin, session):
    other = make_community(session, "A", number=2)
    zone, gate = make_zone(session, other, "Z9"), make_gate(session, other)
    user = make_user(session, other, Role.GUARD)
    session.commit()
    paths = [
        f"compounds/{other.compounds[0].id}",
        f"zones/{zone.id}",
        f"gates/{gate.id}",
        f"users/{user.id}",
    ]
    assert [admin.get(f"/set-up/{path}").status_code for path in paths] == [404] * 4
    assert admin.post(f"/set-up/users/{user.id}/password-link").status_code == 404


def test_users_are_listed_with_role_and_state(admin, town, session):
    gone = make_user(session, town.community, Role.GUARD, name="old-guard")
    gone.active = False
    session.commit()
    page = words_of(admin.get("/set-up/users"))
    assert "representative-" in page
    assert "Compound A" in page
    assert "old-guard Guard closed" in page


def test_who_is_invited_chooses_name_and_password_and_is_signed_in(admin, client, acts):
    link = shown_link(admin.post("/set-up/users/new", data=NEW_USER))
    assert "老吴" in admin.get("/set-up/users").text
    assert "老吴" in client.get(link).text
    assert client.post(link, data={}).status_code == 422
    assert client.post(link, data=CHOSEN).location == "/gate/"
    assert client.get("/account").status_code == 200
    assert acts("user.added")[-1].details["role"] == "guard"
    assert client.get(link).status_code == 404
    assert client.post(link, data=CHOSEN | {"name": "li"}).status_code == 404


def test_invited_staff_set_the_second_step_up_first(admin, client):
    link = shown_link(admin.post("/set-up/users/new", data=NEW_USER | {"role": "staff"}))
    assert client.post(link, data=CHOSEN).location == "/sign-in/phone"
    assert client.get("/account").status_code == 302


def test_a_link_is_shown_once_and_nowhere_else(admin, kept, caplog):
    caplog.set_level(logging.DEBUG)
    answer = admin.post("/set-up/users/new", data=NEW_USER)
    token = shown_link(answer).rpartition("/")[2]
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert token not in str(answer.headers)
    assert token not in admin.get("/set-up/users").text
    with admin.session_transaction() as cookie:
        assert token not in str(dict(cookie))
    assert token not in str([entry.details for entry in kept(select(LedgerEntry))])
    assert token not in str([one.token_digest for one in kept(select(Invitation))])
    assert token not in caplog.text


def test_an_invitation_gets_another_link_or_is_withdrawn(admin, client, kept):
    first = shown_link(admin.post("/set-up/users/new", data=NEW_USER))
    [one] = kept(select(Invitation))
    second = shown_link(admin.post(f"/set-up/invitations/{one.id}/link"))
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    admin.post(f"/set-up/invitations/{one.id}/withdraw")
    assert client.get(second).status_code == 404
    assert kept(select(Invitation)) == []


@pytest.mark.parametrize(("role", "in_compound"), [("representative", False), ("staff", True)])
def test_representatives_and_nobody_else_belong_to_a_compound(admin, town, kept, role, in_compound):
    compound = town.compound("A").id if in_compound else 0
    answer = admin.post("/set-up/users/new", data=NEW_USER | {"role": role, "compound": compound})
    assert answer.status_code == 422
    assert 'id="compound-error"' in answer.text
    assert kept(select(Invitation)) == []


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"name": "WU"}, 409, "name"),
        ({"name": "lao wu"}, 422, "name"),
        ({"new": "short", "again": "short"}, 422, "new"),
        ({"again": "another"}, 422, "again"),
    ],
)
def test_what_cannot_be_chosen_is_told_at_its_field(
    admin, client, town, session, change, status, field
):
    make_user(session, town.community, Role.GUARD, name="wu")
    session.commit()
    link = shown_link(admin.post("/set-up/users/new", data=NEW_USER))
    answer = client.post(link, data=CHOSEN | {"name": "laowu"} | change)
    assert answer.status_code == status
    assert f'id="{field}-error"' in answer.text
    assert client.post(link, data=CHOSEN | {"name": "laowu"}).status_code == 302


def test_a_link_for_a_new_password_ends_the_sessions_begun_before(
    admin, client, sign_in, town, session, acts
):
    guard = make_user(session, town.community, Role.GUARD)
    at_the_gate = sign_in(guard)
    link = shown_link(admin.post(f"/set-up/users/{guard.id}/password-link"))
    assert at_the_gate.get("/gate/").status_code == 200
    chosen = {"new": "another long one", "again": "another long one"}
    assert guard.name in client.get(link).text
    assert client.post(link, data=chosen | {"again": ""}).status_code == 422
    assert client.post(link, data=chosen).location == "/gate/"
    assert at_the_gate.get("/gate/").status_code == 302
    assert acts("user.password_set")[0].actor == guard.actor
    assert client.post(link, data=chosen).status_code == 404


def test_a_closed_account_cannot_sign_in_until_it_is_opened_again(
    admin, sign_in, client, town, session, acts
):
    guard = make_user(session, town.community, Role.GUARD)
    at_the_gate = sign_in(guard)
    form = {"name": guard.name, "password": PASSWORD}
    admin.post(f"/set-up/users/{guard.id}/close")
    assert at_the_gate.get("/gate/").status_code == 302
    assert client.post("/sign-in", data=form).status_code == 403
    admin.post(f"/set-up/users/{guard.id}/reopen")
    assert client.post("/sign-in", data=form).status_code == 302
    assert len(acts("user.closed") + acts("user.reopened")) == 2


def test_a_user_whose_phone_is_lost_is_signed_out_everywhere(admin, sign_in, town, session, acts):
    guard = make_user(session, town.community, Role.GUARD)
    phone = sign_in(guard)
    assert "Sign out everywhere" in admin.get(f"/set-up/users/{guard.id}").text
    admin.post(f"/set-up/users/{guard.id}/sign-out")
    assert phone.get("/gate/").status_code == 302
    assert acts("user.signed_out")[0].details == {"sign_ins": 1}
    assert "Sign out everywhere" not in admin.get(f"/set-up/users/{guard.id}").text


@pytest.mark.parametrize("act", ["password-link", "close", "sign-out"])
def test_nobody_does_this_to_the_own_account(sign_in, town, session, kept, act):
    user = make_user(session, town.community, Role.ADMINISTRATOR)
    admin = sign_in(user)
    assert f"/set-up/users/{user.id}/{act}" not in admin.get(f"/set-up/users/{user.id}").text
    assert admin.post(f"/set-up/users/{user.id}/{act}").status_code == 409
    same = kept(select(User).where(User.id == user.id))[0]
    assert (same.active, same.password_hash) == (True, user.password_hash)


def test_rotating_makes_a_key_that_signs_and_retires_the_one_before(admin, kept, town, acts):
    assert "data-confirm" in admin.get("/set-up/keys").text
    admin.post("/set-up/keys/rotate")
    old, new = kept(select(SigningKey).order_by(SigningKey.id))
    assert (old.retired_at is None, new.retired_at is None) == (False, True)
    assert town.keys.private(new.id).public_key()
    assert [acts("key.made")[-1].subject, acts("key.retired")[0].subject] == ["key:2", "key:1"]


def test_the_keys_page_says_how_long_each_key_is_needed(admin, town, session):
    permit = make_permit(session, make_vehicle(session, town.compound("A")))
    session.commit()
    admin.post("/set-up/keys/rotate")
    answer = admin.get("/set-up/keys")
    assert (
        f"only checks 1 Dec 2026, 16:30 1 Dec 2026, 16:30 1 {permit.valid_to:%-d %b %Y}"
        in words_of(answer)
    )
    assert answer.text.count("BEGIN PUBLIC KEY") == 2
    assert "PRIVATE" not in answer.text
