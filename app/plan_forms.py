"""The forms of zone plans; the matrix of a draft is read by `app.plan_form.PlanMatrix`."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.words import VOTING_RULES
from zones.plans import PlanVote

DAYS_TO_VOTE = timedelta(days=7)
"""How far ahead a proposal's first day is suggested."""

LONGEST_NOTE = 8000
"""Characters of a plan's words: room for the reasons of a large computed plan."""


class DraftForm(FlaskForm):
    """What a draft changes and why."""

    note = TextAreaField(
        _l("What changes, and why"),
        description=_l("Every representative reads it before the vote."),
        validators=[InputRequired(), Length(max=LONGEST_NOTE)],
    )


class ProposeForm(FlaskForm):
    """From when on the plan is to be in force."""

    first_day = DateField(
        _l("First day"),
        description=_l("Until then the compounds have time to vote."),
        validators=[InputRequired()],
    )

    @classmethod
    def for_days_ahead(cls, today: date) -> ProposeForm:
        """Return the form with a first day that leaves time to vote."""
        return cls(formdata=None, first_day=today + DAYS_TO_VOTE)


class VoteForm(FlaskForm):
    """One compound's say."""

    consents = RadioField(
        _l("Our vote"),
        choices=[("yes", _l("We consent")), ("no", _l("We refuse"))],
        validators=[InputRequired()],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The other compounds and the office will read it."),
        validators=[InputRequired(), Length(max=500)],
    )

    @classmethod
    def of_vote(cls, vote: PlanVote | None) -> VoteForm:
        """Return the form that shows the vote as it stands."""
        if vote is None:
            return cls(formdata=None)
        return cls(formdata=None, consents="yes" if vote.consents else "no", reason=vote.reason)


class PaperForm(FlaskForm):
    """Minutes or a photo of the joint meeting."""

    paper = FileField(
        _l("Minutes or photo"),
        description=_l("PDF, JPEG or PNG, 8 MB at most. It stays with the plan for good."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class RuleForm(FlaskForm):
    """How plans are to be decided from now on."""

    rule = RadioField(
        _l("The rule"), choices=list(VOTING_RULES.items()), validators=[InputRequired()]
    )
