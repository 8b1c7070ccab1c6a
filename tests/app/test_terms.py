from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.plate_list import PlateList
from records.people import Role, User
from tests.app.pages import words_of
from tests.factories import TODAY, list_csv, make_plan, make_user

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def representative(session, town):
    compound = town.compound("A")
    return make_user(session, town.community, Role.REPRESENTATIVE, compound, name="huang")


def until(session, user, day):
    user.term_ends = day
    session.commit()


def hand_in(client):
    form = {"text": list_csv("粤E12345").decode(), "meaning": "add"}
    return client.post("/compound/lists/new", data=form)


def test_after_the_term_pages_are_read_but_nothing_is_handed_in_or_voted(
    session, town, representative, sign_in, kept
):
    plan = make_plan(session, town.community, voted=False)
    until(session, representative, YESTERDAY)
    client = sign_in(representative)
    page = client.get("/compound/")
    assert page.status_code == 200
    assert "Your term as a representative ended on 30 Nov 2026." in words_of(page)
    vote = client.post(f"/plans/{plan.id}/vote", data={"consents": "yes", "reason": "x"})
    for answer in (hand_in(client), vote):
        assert answer.status_code == 403
        assert "the administrator has to renew it" in words_of(answer)
    assert kept(select(PlateList)) == []
    assert client.post("/account/sign-ins/end-others").status_code == 302


def test_on_the_last_day_everything_works_and_the_page_warns(
    session, representative, sign_in, kept
):
    until(session, representative, TODAY)
    client = sign_in(representative)
    warning = "Your term as a representative ends on"
    assert warning in words_of(client.get("/compound/"))
    assert hand_in(client).status_code in (200, 302)
    until(session, representative, TODAY + timedelta(days=31))
    assert warning not in words_of(client.get("/compound/"))


def test_the_administrator_sets_and_renews_a_term(session, representative, sign_in, kept):
    until(session, representative, YESTERDAY)
    admin = sign_in(Role.ADMINISTRATOR)
    address = f"/set-up/users/{representative.id}"
    assert "term over" in words_of(admin.get("/set-up/users"))
    assert admin.post(f"{address}/term", data={"last_day": "soon"}).status_code == 422
    assert admin.post(f"{address}/term", data={"last_day": "2027-12-01"}).location == address
    assert "until 1 Dec 2027" in words_of(admin.get("/set-up/users"))
    assert admin.post(f"{address}/term", data={"last_day": ""}).location == address
    assert kept(select(User.term_ends).where(User.name == "huang")) == [None]


def test_only_representatives_have_a_term(session, town, sign_in):
    guard = make_user(session, town.community, Role.GUARD)
    session.commit()
    admin = sign_in(Role.ADMINISTRATOR)
    assert "Last day of the term" not in admin.get(f"/set-up/users/{guard.id}").text
    form = {"last_day": "2027-12-01"}
    assert admin.post(f"/set-up/users/{guard.id}/term", data=form).status_code == 409


def test_representatives_see_who_speaks_for_their_compound(session, town, representative, sign_in):
    other = make_user(session, town.community, Role.REPRESENTATIVE, town.compound("A"))
    stranger = make_user(session, town.community, Role.REPRESENTATIVE, town.compound("B"))
    other.shown_name, stranger.shown_name = "梁静", "苏婷"
    until(session, other, TODAY)
    page = words_of(sign_in(representative).get("/account"))
    assert "梁静 until 1 Dec 2026" in page
    assert "苏婷" not in page
