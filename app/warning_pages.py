"""Warnings and suspensions: proposed by the ladder, decided by staff, contested by the compound."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from app import context
from app.extensions import db
from app.forms import ReasonForm
from app.pages import done, page_of
from app.rights import Right, needs, own, own_community, own_scope
from permits.suspending import LONGEST_DAYS, contest, lift, suspend, uphold
from permits.suspension import Suspension, proposals_query, suspensions_query
from permits.warning import CarWarning, warnings_query
from permits.warning_ladder import withdraw_warning
from permits.watch_rules import rules_of

Act = Callable[..., object]
"""`contest`, `uphold` or `lift`."""

blueprint = Blueprint("warnings", __name__, url_prefix="/warnings")


class SuspendForm(ReasonForm):
    """For how long, and why."""

    days = IntegerField(
        _l("Days"),
        description=_l("Today is the first."),
        validators=[InputRequired(), NumberRange(1, LONGEST_DAYS)],
    )


@blueprint.get("/")
@needs(Right.SEE_WARNINGS)
def all_warnings() -> str:
    """Show what waits for a decision, the suspensions that go on, and every warning."""
    community, compound, at = own_community(), own_scope(), context.now()
    proposals = proposals_query(community, compound)
    suspensions = suspensions_query(community, compound, at=at)
    return render_template(
        "warnings/warnings.html",
        proposals=db.session.scalars(proposals.limit(50)).all(),
        suspensions=db.session.scalars(suspensions.limit(50)).all(),
        page=page_of(warnings_query(community, compound)),
        rules=rules_of(db.session, community.id),
        at=at,
    )


@blueprint.get("/<int:warning_id>")
@needs(Right.SEE_WARNINGS)
def warning(warning_id: int) -> str:
    """Show one warning with the report behind it."""
    one = own(CarWarning, warning_id)
    return _warning(one, _suspend_form(one))


def _suspend_form(one: CarWarning) -> SuspendForm:
    form = SuspendForm()
    if not form.is_submitted():
        form.days.data = rules_of(db.session, one.community_id).suspension_days
    return form


def _warning(one: CarWarning, form: SuspendForm) -> str:
    suspension = select(Suspension).where(Suspension.warning_id == one.id)
    return render_template(
        "warnings/warning.html",
        warning=one,
        suspension=db.session.scalar(suspension),
        form=form,
        rules=rules_of(db.session, one.community_id),
        at=context.now(),
    )


@blueprint.post("/<int:warning_id>/suspend")
@needs(Right.SUSPEND_PERMIT)
def suspend_permit(warning_id: int) -> Response | tuple[str, int]:
    """Suspend the permit of a car for which the ladder proposes it."""
    one, form = own(CarWarning, warning_id), SuspendForm()
    if not form.validate_on_submit():
        return _warning(one, form), 422
    made = suspend(
        db.session,
        one,
        form.reason.data or "",
        days=form.days.data or 0,
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The permit is suspended. Every gate refuses it from now on."))
    return redirect(url_for(".suspension", suspension_id=made.id))


@blueprint.post("/<int:warning_id>/withdraw")
@needs(Right.SUSPEND_PERMIT)
def withdraw(warning_id: int) -> Response | tuple[str, int]:
    """Take a warning back."""
    one, form = own(CarWarning, warning_id), ReasonForm()
    if not form.validate_on_submit():
        asked = _suspend_form(one)
        asked.reason.errors = form.reason.errors
        return _warning(one, asked), 422
    reason = form.reason.data or ""
    withdraw_warning(db.session, one, reason, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The warning is taken back and counts no longer."))
    return redirect(url_for(".all_warnings"))


@blueprint.get("/suspensions/<int:suspension_id>")
@needs(Right.SEE_WARNINGS)
def suspension(suspension_id: int) -> str:
    """Show one suspension, and what can be done about it."""
    return _suspension(own(Suspension, suspension_id), ReasonForm())


def _suspension(one: Suspension, form: ReasonForm) -> str:
    return render_template(
        "warnings/suspension.html",
        suspension=one,
        state=one.state(context.now()),
        rules=rules_of(db.session, one.community_id),
        form=form,
    )


def _act(suspension_id: int, act: Act, words: str) -> Response | tuple[str, int]:
    """Do something about a suspension for the reason that was sent, or show the form again."""
    one, form = own(Suspension, suspension_id), ReasonForm()
    if not form.validate_on_submit():
        return _suspension(one, form), 422
    act(db.session, one, form.reason.data or "", actor=current_user.actor, at=context.now())
    db.session.commit()
    done(words)
    return redirect(url_for(".suspension", suspension_id=suspension_id))


@blueprint.post("/suspensions/<int:suspension_id>/contest")
@needs(Right.CONTEST_SUSPENSION)
def contest_suspension(suspension_id: int) -> Response | tuple[str, int]:
    """Contest a suspension for the car's owner."""
    return _act(
        suspension_id, contest, _("The office has your contest, and decides with a reason.")
    )


@blueprint.post("/suspensions/<int:suspension_id>/uphold")
@needs(Right.SUSPEND_PERMIT)
def uphold_suspension(suspension_id: int) -> Response | tuple[str, int]:
    """Decide that a contested suspension stands."""
    return _act(
        suspension_id, uphold, _("The suspension stands. The representative reads your reason.")
    )


@blueprint.post("/suspensions/<int:suspension_id>/lift")
@needs(Right.SUSPEND_PERMIT)
def lift_suspension(suspension_id: int) -> Response | tuple[str, int]:
    """End a suspension before its time."""
    return _act(
        suspension_id, lift, _("The suspension is lifted. The permit is good again at every gate.")
    )
