import logging

import pytest
from sqlalchemy import select, text

from app import jobs
from permits.plate_list import ListState, PlateList
from permits.vehicles import Vehicle
from records.people import Role
from tests.app.pages import words_of
from tests.factories import list_csv, make_user, submit_list


@pytest.fixture
def user(session, town):
    user = make_user(session, town.community, Role.STAFF)
    session.commit()
    return user


@pytest.fixture
def keep(app, user):
    """Keep how far the job `x` of the user is."""

    def keep(state, **facts):
        with app.app_context():
            jobs.report("x", jobs.Progress(state, user.id, "print", **facts))

    return keep


@pytest.fixture
def submitted(session, town):
    one = submit_list(session, town.compound("A"), list_csv("粤E00002"), files=town.files)
    session.commit()
    return one


@pytest.mark.parametrize(
    ("state", "facts", "words"),
    [
        ("waiting", {}, "Waiting for its turn"),
        ("running", {}, "Working"),
        ("running", {"amount": 1500, "total": 3000}, "1,500 of 3,000"),
        ("done", {"result": {"run_id": 1}}, "Done."),
        ("failed", {"words": "Why it failed."}, "Why it failed."),
        ("failed", {}, "Something went wrong on our side. Nothing changed."),
    ],
)
def test_the_page_says_how_far_a_job_is(sign_in, user, keep, state, facts, words):
    keep(state, **facts)
    client = sign_in(user)
    for address in ("/jobs/x", "/jobs/x/state"):
        assert words in words_of(client.get(address))


def test_the_page_leads_on_only_when_the_job_is_done(sign_in, user, keep):
    client = sign_in(user)
    keep("running")
    assert "HX-Redirect" not in client.get("/jobs/x/state").headers
    keep("done", result={"run_id": 7})
    assert client.get("/jobs/x/state").headers["HX-Redirect"] == "/office/permits/print-runs/7"


def test_somebody_elses_job_and_one_that_never_was_are_not_there(sign_in, keep):
    keep("running")
    for role in Role:
        client = sign_in(role)
        for address in ("/jobs/x", "/jobs/x/state", "/jobs/never", "/jobs/" + "5" * 32):
            assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("en", "has been decided or taken back already"), ("zh", "清单")]
)
def test_a_failed_job_says_why_in_the_language_of_its_user(
    sign_in, user, submitted, language, words
):
    client = sign_in(user)
    client.post(f"/language/{language}")
    client.post(f"/office/lists/{submitted.id}/return", data={"reason": "Mend row 3."})
    job = client.post(f"/office/lists/{submitted.id}/approve").location
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    failed = client.get(job)
    assert words in words_of(failed)


def test_an_unexpected_error_changes_nothing_and_is_logged_without_what_it_was_about(
    sign_in, user, submitted, engine, kept, caplog
):
    caplog.set_level(logging.INFO)
    # The ledger's entry is the last of an approval: by then the vehicles are written.
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger RENAME TO gone"))
    client = sign_in(user)
    job = client.post(f"/office/lists/{submitted.id}/approve").location
    assert "Something went wrong on our side. Nothing changed." in words_of(client.get(job))
    assert kept(select(PlateList.state)) == [ListState.SUBMITTED]
    assert kept(select(Vehicle)) == []
    assert "unexpected error" in caplog.text
    assert "00002" not in caplog.text


def test_what_a_job_is_told_of_its_progress_is_kept(app, user, session, town):
    told = []
    with app.app_context():
        job = jobs.start(
            "issue",
            user.id,
            "en",
            community_id=town.community.id,
            compound_id=None,
            actor=user.actor,
        )
        told.append(jobs.progress_of(job))
    assert [(one.state, one.owner, one.result) for one in told] == [
        ("done", user.id, {"issued": 0})
    ]
