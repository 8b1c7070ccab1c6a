"""Starting a job for the signed-in user, and the page that shows how far it is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import jobs
from app.extensions import db
from app.languages import chosen_language
from app.rights import Right, needs

STOP_POLLING = 286
"""The status by which htmx stops asking again."""

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


def run(kind: str, **arguments: Any) -> AnyResponse:
    """Start a job for the signed-in user and lead to its page.

    Nothing may be waiting to be written: the request's own transaction ends here, because the
    job opens one of its own.
    """
    owner, actor = current_user.id, current_user.actor
    db.session.rollback()
    job = jobs.start(kind, owner, chosen_language(), actor=actor, **arguments)
    return redirect(url_for("jobs.progress", job=job))


def _own_job(job: str) -> jobs.Progress:
    progress = jobs.progress_of(job)
    if progress is None or progress.owner != current_user.id:
        abort(404)
    return progress


def _next_page(progress: jobs.Progress) -> str | None:
    if progress.state != "done":
        return None
    match progress.kind:
        case "review":
            return url_for("representative.plate_list", list_id=progress.result["list_id"])
        case "approve":
            return url_for("office.plate_list", list_id=progress.result["list_id"])
        case "approve_many":
            return url_for("office.lists")
        case "print":
            return url_for("permits.print_run", run_id=progress.result["run_id"])
        case "renew":
            return url_for("permits.renewal")
        case "notice":
            return url_for("papers.home", _anchor="notices")
        case "handover":
            return url_for("set_up.handover")
        case _:
            return url_for("permits.all_permits", state="issued")


@blueprint.get("/<job>")
@needs(Right.SEE_OWN_ACCOUNT)
def progress(job: str) -> str:
    """Show how far a job is."""
    one = _own_job(job)
    return render_template("jobs/progress.html", job=job, progress=one, target=_next_page(one))


@blueprint.get("/<job>/state")
@needs(Right.SEE_OWN_ACCOUNT)
def state(job: str) -> Response:
    """Give the part of the page that changes, and lead on where the job is done."""
    one = _own_job(job)
    target = _next_page(one)
    response = make_response(
        render_template("jobs/_state.html", progress=one, target=target, is_fragment=True)
    )
    if target:
        response.headers["HX-Redirect"] = target
    if one.state == "failed":
        response.status_code = STOP_POLLING
    return response
