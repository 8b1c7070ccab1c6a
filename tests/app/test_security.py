"""What holds for every page: headers, forms, sessions, sizes, and what may be told where."""

from __future__ import annotations

import io
import logging
import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import text

from app.config import Home, Settings
from app.extensions import db, limiter
from app.factory import create_app
from app.pages import local_path
from permits.reading import MAX_FILE_BYTES
from records.database import Base
from records.people import Role
from records.sign_ins import begin_sign_in
from tests.app.world import OWNER, PHONE, PLATE, give_job, make_world, post_at_gate
from tests.factories import AT, PASSWORD, list_csv, make_user

FORM = {"name": "nobody", "password": "a wrong password"}


@pytest.fixture
def world(session, town):
    return make_world(session, town)


@pytest.fixture
def other_app(database_url, town):
    """Return an application of the town with other settings."""
    made = []

    def other_app(*, limited=False, **changes):
        flask = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": limited}
        app = create_app(Settings(Home(town.folder), database_url, flask=flask, **changes))
        app.extensions["clock"] = lambda: AT
        made.append(app)
        return app

    yield other_app
    for app in made:
        with app.app_context():
            db.engine.dispose()
            if app.config["RATELIMIT_ENABLED"]:
                limiter.reset()


@pytest.fixture
def pages(app, world, sign_in, session, town):
    """Every page of every role, and a page for each kind of refusal."""
    guard = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, guard)
    found = {}
    for who in (*(role for role in Role if role is not Role.GUARD), guard):
        client = sign_in(who)
        give_job(app, guard)
        for _rule, address, _method in world.addresses(app, "GET"):
            found[who, address] = client.get(address, buffered=True)
    assert {200, 302, 403, 404} <= {one.status_code for one in found.values()}
    return found


class _Page(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.inline, self.elsewhere = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        is_data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action", "formaction", "srcset", "data-worker"):
            if not re.match(r"/(?!/)|#|$", given.get(name) or ""):
                self.elsewhere.append(given[name])


def test_no_page_runs_or_loads_what_is_not_ours_and_every_answer_has_its_headers(pages):
    for key, response in pages.items():
        if response.mimetype == "text/html":
            page = _Page(response.text)
            assert (page.inline, page.elsewhere) == ([], []), key
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy, key
        assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", ""), key
        assert "frame-ancestors 'none'" in policy, key
        assert response.headers["X-Content-Type-Options"] == "nosniff", key
        assert response.headers["Cache-Control"] == "no-store", key
        assert response.headers["Referrer-Policy"] == "same-origin", key


def test_assets_may_be_kept_by_browsers(client):
    assert "max-age" in client.get("/static/css/look.css").headers["Cache-Control"]


def test_downloads_are_kept_as_files_and_by_no_cache(world, sign_in):
    run, one = world.arguments["run_id"], world.arguments["list_id"]
    representative = sign_in(Role.REPRESENTATIVE)
    for response in (
        sign_in(Role.STAFF).get(f"/office/permits/print-runs/{run}/permits.pdf"),
        representative.post(f"/compound/lists/{one}/refused.xlsx"),
        representative.get("/ledger/ledger.jsonl"),
    ):
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"


def test_every_form_needs_the_proof_that_this_site_made_it(app, world, sign_in):
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(Role.STAFF)
    for rule, address, _method in world.addresses(app, "POST"):
        response = client.post(address, headers={"Accept": "application/json"})
        refused = (response.status_code, response.json["code"])
        # To a machine a signed-in browser is nobody, whoever made it ask.
        is_api = rule.endpoint.startswith("api.")
        assert refused == ((401, "token_missing") if is_api else (400, "form_expired")), address


def test_a_form_that_this_site_made_is_taken(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)[1]
    assert client.post("/language/en", data={"csrf_token": token}).status_code == 302


def test_a_signed_in_cookie_is_out_of_reach_of_scripts_and_other_sites(client, session, town):
    user = make_user(session, town.community, Role.GUARD)
    session.commit()
    response = client.post("/sign-in", data={"name": user.name, "password": PASSWORD})
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_behind_https_cookies_are_secure_and_browsers_keep_to_it(other_app):
    client = other_app(public_url="https://permits.example").test_client()
    response = client.post("/language/en", base_url="https://permits.example")
    assert "Secure" in response.headers["Set-Cookie"]
    assert "max-age" in response.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\t\\evil.example",
        "/\r\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
    ],
)
def test_no_form_leads_to_another_site(client, session, town, elsewhere):
    user = make_user(session, town.community, Role.GUARD)
    session.commit()
    form = {"name": user.name, "password": PASSWORD}
    assert local_path(elsewhere) is None
    switched = client.post("/language/en", data={"next": elsewhere})
    signed_in = client.post("/sign-in", query_string={"next": elsewhere}, data=form)
    assert (switched.location, signed_in.location) == ("/", "/gate/")


def test_the_eleventh_try_to_sign_in_within_a_minute_is_refused_in_words(other_app):
    client = other_app(limited=True).test_client()
    client.post("/language/en")
    tries = [client.post("/sign-in", data=FORM) for _ in range(11)]
    assert [one.status_code for one in tries] == [403] * 10 + [429]
    assert "Too many tries. Wait a minute, then try again." in tries[-1].text


def test_the_present_password_cannot_be_tried_out_without_end(other_app, session, town):
    user = make_user(session, town.community, Role.GUARD)
    session.commit()
    client = other_app(limited=True).test_client()
    client.post("/sign-in", data={"name": user.name, "password": PASSWORD})
    form = {"old": "a wrong password", "new": "a new password", "again": "a new password"}
    tries = [client.post("/account", data=form).status_code for _ in range(11)]
    assert tries == [403] * 10 + [429]


def test_behind_a_proxy_each_visitor_has_tries_of_his_own(other_app):
    client = other_app(limited=True, trusted_proxies=1).test_client()

    def try_from(address):
        return client.post("/sign-in", data=FORM, headers={"X-Forwarded-For": address}).status_code

    assert [try_from("203.0.113.1") for _ in range(11)][-1] == 429
    assert try_from("203.0.113.2") == 403


def test_without_a_proxy_nobody_gets_more_tries_by_naming_another_address(other_app):
    client = other_app(limited=True).test_client()
    tries = [
        client.post("/sign-in", data=FORM, headers={"X-Forwarded-For": f"203.0.113.{one}"})
        for one in range(11)
    ]
    assert tries[-1].status_code == 429


def test_signing_in_leaves_nothing_of_the_session_before(client, session, town):
    user = make_user(session, town.community, Role.GUARD)
    session.commit()
    with client.session_transaction() as cookie:
        cookie["planted"], cookie["language"] = "by another", "en"
    before = client.get_cookie("session").value
    client.post("/sign-in", data={"name": user.name, "password": PASSWORD})
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["language"] == "en"
    assert client.get_cookie("session").value != before


def test_a_new_password_ends_all_other_sessions(app, session, town):
    user = make_user(session, town.community, Role.GUARD)
    session.commit()
    here, elsewhere = app.test_client(), app.test_client()
    for client in (here, elsewhere):
        client.post("/sign-in", data={"name": user.name, "password": PASSWORD})
    form = {"old": PASSWORD, "new": "another long one", "again": "another long one"}
    assert here.post("/account", data=form).status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_session_of_another_installation_is_none(app, client, session, town):
    user = make_user(session, town.community, Role.GUARD)
    begin_sign_in(session, user, "", AT)
    session.commit()
    stranger = create_app(Settings(Home(town.folder / "elsewhere"), "sqlite://"))
    signed = stranger.session_interface.get_signing_serializer(stranger)
    client.set_cookie("session", signed.dumps({"_user_id": user.get_id()}))
    assert client.get("/account").status_code == 302


def test_passwords_are_kept_as_argon2id_only(session, town):
    assert make_user(session, town.community).password_hash.startswith("$argon2id$")


def test_a_file_over_the_limit_is_refused_in_words(sign_in):
    file = (io.BytesIO(b"x" * (MAX_FILE_BYTES + 1024 * 1024)), "list.csv")
    response = sign_in(Role.REPRESENTATIVE).post("/compound/lists/new", data={"file": file})
    assert response.status_code == 413
    assert "The file is too large: 10 MB at most." in response.text


def test_a_form_without_end_is_refused_in_words(app, sign_in):
    endless = {"reason": "x" * (app.config["MAX_FORM_MEMORY_SIZE"] + 1)}
    response = sign_in(Role.REPRESENTATIVE).post(
        "/compound/lists/new", data=endless, content_type="multipart/form-data"
    )
    assert response.status_code == 413


def test_logs_tell_nothing_of_anybody(app, world, sign_in, session, engine, town, caplog):
    caplog.set_level(logging.INFO)
    user = make_user(session, town.community, name="wang.wu")
    session.commit()
    app.test_client().post("/sign-in", data={"name": "wang.wu", "password": PASSWORD})
    staff, vehicle = sign_in(user), world.arguments["vehicle_id"]
    staff.post("/office/vehicles", data={"text": PLATE})
    staff.post(f"/office/vehicles/{vehicle}/owner")
    upload = {"file": (io.BytesIO(list_csv((PLATE, "3-501", OWNER, PHONE))), "list.csv")}
    sign_in(Role.REPRESENTATIVE).post("/compound/lists/new", data={**upload, "meaning": "add"})
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE vehicles RENAME TO gone"))
    assert staff.post("/office/vehicles", data={"text": PLATE}).status_code == 500
    assert "Error" in caplog.text
    for secret in (OWNER, PHONE, PLATE, "86661", "wang.wu", PASSWORD):
        assert secret not in caplog.text


def test_no_address_holds_what_was_searched_for(app, world, sign_in):
    staff = sign_in(Role.STAFF)
    for address in ("/office/vehicles", "/office/permits/"):
        page = staff.post(address, data={"text": PLATE}).text
        assert PLATE in page
        addresses = re.findall(r'(?:href|action)="([^"]*)"', page)
        assert not [one for one in addresses if "86661" in one]


def test_what_stands_in_an_address_is_not_searched_for(world, sign_in):
    page = sign_in(Role.STAFF).get("/office/vehicles", query_string={"text": "川A00000"}).text
    assert "86661" in page


def test_names_and_numbers_are_kept_sealed_only(world, session, town):
    kept = [
        repr(row)
        for table in Base.metadata.sorted_tables
        for row in session.execute(table.select()).all()
    ]
    session.commit()
    assert any(PLATE in row for row in kept)
    on_disk = b"".join(path.read_bytes() for path in town.folder.glob("parking.db*"))
    for secret in (OWNER, PHONE):
        assert not [row for row in kept if secret in row]
        assert secret.encode() not in on_disk
