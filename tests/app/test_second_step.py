import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from records.ledger import LedgerEntry
from records.people import Role
from records.second_factor import MOST_TRIES, secret_to_enrol
from tests.app.pages import words_of
from tests.factories import AT, PASSWORD, SEALER, code_of, give_second_factor, make_user

WRONG = "000000"


@pytest.fixture
def user(session, town):
    user = make_user(session, town.community, Role.STAFF, name="li.min")
    session.commit()
    return user


@pytest.fixture
def secret(session, user):
    secret = give_second_factor(session, user)
    session.commit()
    return secret


def after_password(client, user, address="/sign-in"):
    client.post("/language/en")
    return client.post(address, data={"name": user.name, "password": PASSWORD})


def is_signed_in(client):
    return client.get("/account").status_code == 200


def secret_on(page):
    return re.search(r'class="enrol-secret"[^>]*>([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def test_a_password_alone_signs_nobody_in_who_has_a_second_step(client, user, secret):
    assert after_password(client, user).location == "/sign-in/code"
    assert not is_signed_in(client)
    assert "Six-digit code" in words_of(client.get("/sign-in/code"))
    assert client.post("/sign-in/code", data={"code": code_of(secret)}).location == "/office/"
    assert is_signed_in(client)


def test_the_page_that_was_asked_for_is_reached_after_both_steps(client, user, secret):
    second = after_password(client, user, "/sign-in?next=/office/permits/").location
    assert client.post(second, data={"code": code_of(secret)}).location == "/office/permits/"


def test_a_wrong_code_is_told_at_its_field_and_counted(client, user, secret):
    after_password(client, user)
    tries = [client.post("/sign-in/code", data={"code": WRONG}) for _ in range(MOST_TRIES)]
    assert {one.status_code for one in tries} == {403}
    assert 'id="code-error"' in tries[0].text
    last = client.post("/sign-in/code", data={"code": code_of(secret)})
    assert "Try again in 60 minutes." in words_of(last)
    assert not is_signed_in(client)
    assert client.post("/sign-in/code", data={}).status_code == 422


@pytest.mark.parametrize("page", ["/sign-in/code", "/sign-in/phone"])
def test_without_a_right_password_there_is_no_second_step(app, client, user, secret, page):
    assert client.get(page).location == "/sign-in"
    assert client.post(page, data={"code": code_of(secret)}).location == "/sign-in"
    after_password(client, user)
    app.extensions["clock"] = lambda: AT + timedelta(minutes=10)
    assert client.get(page).location == "/sign-in"


def test_staff_without_a_second_step_set_it_up_before_they_are_let_in(client, user, kept):
    assert after_password(client, user).location == "/sign-in/phone"
    assert not is_signed_in(client)
    page = client.get("/sign-in/phone")
    assert "<svg" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    wrong = client.post("/sign-in/phone", data={"code": WRONG})
    assert (wrong.status_code, secret_on(wrong)) == (403, secret_on(page))
    done = client.post("/sign-in/phone", data={"code": code_of(secret_on(page))})
    codes = re.findall(r"<li>(\w{5}-\w{5})</li>", done.text)
    assert len(codes) == 10
    assert 'href="/office/"' in done.text
    assert is_signed_in(client)
    acts = kept(select(LedgerEntry.act).where(LedgerEntry.subject == f"user:{user.id}"))
    assert acts == ["user.second_factor_set"]
    client.post("/sign-out")
    assert after_password(client, user).location == "/sign-in/code"
    assert client.post("/sign-in/code", data={"code": codes[3]}).location == "/office/"


def test_a_known_app_cannot_be_replaced_with_the_password_alone(client, user, secret):
    after_password(client, user)
    assert client.get("/sign-in/phone").location == "/sign-in"
    assert client.post("/sign-in/phone", data={"code": code_of(secret)}).location == "/sign-in"


def test_a_representative_may_have_a_second_step_and_give_it_up(session, sign_in, town):
    client = sign_in(Role.REPRESENTATIVE)
    assert "Set up the second step" in words_of(client.get("/account/second-step"))
    page = client.post("/account/second-step/begin", follow_redirects=True)
    done = client.post("/account/second-step/phone", data={"code": code_of(secret_on(page))})
    assert "These codes are shown only now." in words_of(done)
    assert "Recovery codes left 10" in words_of(client.get("/account/second-step"))
    [code] = re.findall(r"<li>(\w{5}-\w{5})</li>", done.text)[:1]
    off = {"act": "remove", "code": WRONG}
    assert client.post("/account/second-step", data=off).status_code == 403
    assert client.post("/account/second-step", data=off | {"code": code}).location == "/account"
    assert "Set up the second step" in words_of(client.get("/account/second-step"))


def test_staff_change_the_phone_by_a_code_but_never_switch_it_off(session, sign_in, user, secret):
    client = sign_in(user)
    address = "/account/second-step"
    off = client.post(address, data={"act": "remove", "code": code_of(secret)})
    assert "Your role signs in with a second step only." in words_of(off)
    moved = client.post(
        address, data={"act": "move", "code": code_of(secret)}, follow_redirects=True
    )
    new = secret_on(moved)
    assert new != secret
    assert client.post(f"{address}/phone", data={"code": code_of(new)}).status_code == 200
    renewed = client.post(address, data={"act": "renew", "code": code_of(new, AT + STEP)})
    assert "These codes are shown only now." in words_of(renewed)


STEP = timedelta(seconds=30)


def test_an_administrator_resets_the_second_step_of_somebody_else(
    client, sign_in, user, secret, session, kept
):
    admin, office = sign_in(Role.ADMINISTRATOR), sign_in(user)
    address = f"/set-up/users/{user.id}"
    assert "Reset the second step" in admin.get(address).text
    assert admin.post(f"{address}/reset-second-step").status_code == 302
    assert not is_signed_in(office)
    assert "Reset the second step" not in admin.get(address).text
    assert after_password(client, user).location == "/sign-in/phone"
    session.expire_all()
    assert secret_to_enrol(session, user, SEALER) not in (None, secret)
