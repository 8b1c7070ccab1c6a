"""The forms that more than one page uses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from permits.row_talk import LONGEST_MESSAGE

AS_WRITTEN = {"translate": "no"}
"""For fields whose choices are the same in every language, so that browsers leave them alone."""


def trimmed(text: str | None) -> str | None:
    """Return what was written without the white space around it."""
    return text.strip() if text else text


class ActForm(FlaskForm):
    """A button: nothing to fill in, only the proof that this site sent the form."""


class ReasonForm(FlaskForm):
    """A reason that those whom the act touches will read."""

    reason = TextAreaField(
        _l("Reason"), filters=[trimmed], validators=[DataRequired(), Length(max=500)]
    )


class MessageForm(FlaskForm):
    """What one side says about a row of a list."""

    text = TextAreaField(
        _l("Message"), filters=[trimmed], validators=[DataRequired(), Length(max=LONGEST_MESSAGE)]
    )


class SearchForm(FlaskForm):
    """One search box. It is posted, so that no plate or flat stands in an address."""

    text = StringField(_l("Search"), validators=[Length(max=60)])
