"""The page of a job: how far it is, and on to its result."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from flask_login import current_user

from app import jobs
from app.rights import Right, needs

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


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
        case "print":
            return url_for("office.print_run", run_id=progress.result["run_id"])
        case _:
            return url_for("office.permits", state="issued")


@blueprint.get("/<job>")
@needs(Right.SEE_OWN_ACCOUNT)
def progress(job: str) -> str:
    """Show how far a job is."""
    one = _own_job(job)
    return render_template("jobs/progress.html", job=job, progress=one, target=_next_page(one))


@blueprint.get("/<job>/state")
@needs(Right.SEE_OWN_ACCOUNT)
def state(job: str) -> str:
    """Give the part of the page that changes, for htmx."""
    one = _own_job(job)
    return render_template("jobs/_state.html", job=job, progress=one, target=_next_page(one))
