import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.browsers import browser_words
from app.pages import readable_path
from records.ledger import LedgerEntry
from records.managing_users import close_account
from records.people import Role, User
from records.sign_ins import SignIn
from tests.app.pages import words_of
from tests.factories import AT, OFFICE, PASSWORD, make_user

NEW = "another long one"


@pytest.fixture
def user(session, town):
    user = make_user(session, town.community, Role.GUARD, name="li.min")
    session.commit()
    return user


def test_each_role_begins_at_its_own_page(sign_in):
    begins = {role: sign_in(role).get("/home").location for role in Role}
    assert begins == {
        Role.REPRESENTATIVE: "/compound/",
        Role.STAFF: "/office/",
        Role.GUARD: "/gate/",
        Role.ADMINISTRATOR: "/set-up/",
    }


def test_who_is_not_signed_in_begins_at_the_board(client):
    assert client.get("/home").location == "/"


@pytest.mark.parametrize("name", ["li.min", " LI.Min ", "li.min\n"])
def test_a_name_is_known_whatever_its_case(client, user, name):
    assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 302


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client, user):
    asked = client.get("/visits/?when=over").location
    response = client.post(asked, data={"name": "li.min", "password": PASSWORD})
    assert response.location == "/visits/?when=over"


@pytest.mark.parametrize(
    ("name", "password"),
    [("li.min", "a wild guess"), ("nobody", PASSWORD), ("li\0min", PASSWORD), ("李敏", "密码")],
)
def test_a_refusal_does_not_tell_whether_the_name_is_known(client, user, name, password):
    client.post("/language/en")
    response = client.post("/sign-in", data={"name": name, "password": password})
    assert response.status_code == 403
    assert "The name or the password is wrong." in words_of(response)
    assert password not in response.text


@pytest.mark.parametrize("form", [{}, {"name": "li.min"}, {"name": "x" * 41, "password": "x"}])
def test_an_unfilled_form_is_shown_again(client, form):
    assert client.post("/sign-in", data=form).status_code == 422


def test_a_closed_account_cannot_sign_in(client, session, user):
    close_account(session, user, actor=OFFICE, at=AT)
    session.commit()
    form = {"name": "li.min", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 403


def test_signing_out_ends_the_session(sign_in):
    client = sign_in(Role.STAFF)
    assert client.post("/sign-out").location == "/"
    assert client.get("/account").status_code == 302


PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0"


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "WeChat · Android"),
        (DESK, "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8.5", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(user_agent, words):
    assert browser_words(user_agent) == words


def test_sign_ins_are_listed_and_ended_one_by_one_or_all_others(app, session, town):
    make_user(session, town.community, Role.GUARD, name="li.min")
    session.commit()
    form = {"name": "li.min", "password": PASSWORD}
    desk, phone, third = (app.test_client() for _ in range(3))
    desk.post("/language/en")
    for client, agent in ((phone, PHONE), (third, PHONE), (desk, DESK)):
        client.post("/sign-in", data=form, headers={"User-Agent": agent})
    page = desk.get("/account")
    assert words_of(page).count("WeChat · Android") == 2
    assert words_of(page).count("this device") == 1
    ids = re.findall(r'name="sign_in" value="(\d+)"', page.text)
    assert desk.post("/account/sign-ins/end", data={"sign_in": ids[-1]}).status_code == 302
    here = [client.get("/account").status_code for client in (desk, phone, third)]
    assert here == [200, 302, 200]
    desk.post("/account/sign-ins/end-others")
    assert [client.get("/account").status_code for client in (desk, third)] == [200, 302]
    assert "Sign out all other devices" not in desk.get("/account").text


def test_when_a_session_was_last_used_is_kept_to_the_hour(app, sign_in, user, kept):
    client = sign_in(user)
    for minutes in (59, 60, 90):
        app.extensions["clock"] = lambda later=minutes: AT + timedelta(minutes=later)
        client.get("/account")
    assert kept(select(SignIn.seen_at)) == [AT + timedelta(minutes=60)]


def test_a_new_password_is_entered_in_the_ledger_without_itself(sign_in, user, kept):
    form = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert sign_in(user).post("/account", data=form).status_code == 302
    [entry] = kept(select(LedgerEntry).where(LedgerEntry.act == "user.password_changed"))
    assert (entry.actor, entry.subject, entry.details) == (user.actor, f"user:{user.id}", {})


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, 403, "This is not your present password."),
        ({"old": PASSWORD, "new": "short", "again": "short"}, 422, "at least 10 characters"),
        ({"old": PASSWORD, "new": NEW, "again": "else"}, 422, "The two new passwords differ."),
        ({"old": PASSWORD, "new": NEW}, 422, "The two new passwords differ."),
        ({}, 422, "This field is required."),
    ],
)
def test_a_password_that_cannot_be_is_told_at_its_field(sign_in, user, kept, form, status, words):
    before = user.password_hash
    response = sign_in(user).post("/account", data=form)
    assert response.status_code == status
    assert words in words_of(response)
    assert kept(select(User.password_hash).where(User.id == user.id)) == [before]


def test_the_language_switch_holds_for_the_pages_that_follow(client):
    assert 'lang="zh-CN"' in client.get("/").text
    assert client.post("/language/en", data={"next": "/sign-in"}).location == "/sign-in"
    assert '<html lang="en">' in client.get("/").text


def test_an_unknown_language_is_not_found(client):
    assert client.post("/language/xx").status_code == 404


@pytest.mark.parametrize(
    ("here", "leads_to"),
    [
        ("/office/permits/?state=issued&page=2", "/office/permits/?state=issued&page=2"),
        ("/office/permits/7/revoke", "/office/permits/7"),
        ("/office/vehicles/7/owner", "/office/vehicles/7"),
        ("/set-up/users/7/password?x=1", "/set-up/users/7"),
        ("/gate/decide", "/gate"),
        ("/no/such/page", None),
        ("https://evil.example/", None),
        (None, None),
    ],
)
def test_after_a_post_the_way_back_is_the_page_above(app, here, leads_to):
    with app.test_request_context():
        assert readable_path(here) == leads_to
