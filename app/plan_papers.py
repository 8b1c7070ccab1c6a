"""Papers of the joint meeting: attached to a plan by the office, read by everybody who votes."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import abort, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db, limiter
from app.pages import done
from app.plan_forms import PaperForm
from app.plans_shown import show_plan
from app.rights import Right, needs, own
from app.words import error_words
from records.errors import DomainError
from zones.meeting_papers import MeetingPaper, PaperKind, attach_paper
from zones.plans import ZonePlan


@needs(Right.DRAFT_PLAN)
@limiter.limit("60 per minute")
def attach(plan_id: int) -> Response | tuple[str, int]:
    """Attach minutes or a photo to a plan."""
    one, form = own(ZonePlan, plan_id), PaperForm()
    if not form.validate_on_submit():
        return show_plan(one, form), 422
    sent = form.paper.data
    try:
        attach_paper(
            db.session,
            one,
            content=sent.read(),
            name=sent.filename or "",
            files=context.files(),
            actor=current_user.actor,
            at=context.now(),
        )
    except DomainError as error:
        form.paper.errors = [error_words(error)]
        return show_plan(one, form), error.status
    db.session.commit()
    done(_("The paper is attached. Its fingerprint is in the ledger."))
    return redirect(url_for("plans.plan", plan_id=one.id, _anchor="papers"))


@needs(Right.SEE_PLANS)
def paper(paper_id: int) -> FileResponse:
    """Give a paper: a photo to look at, minutes to keep."""
    one = own(MeetingPaper, paper_id)
    try:
        content = context.files().read(one.sha256)
    except FileNotFoundError:
        abort(404)
    if one.kind == PaperKind.PHOTO:
        return FileResponse(content, mimetype="image/jpeg")
    # A PDF is not ours to trust: it is never opened inside a page of this site.
    response = FileResponse(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{one.sha256[:12]}.pdf")
    return response
