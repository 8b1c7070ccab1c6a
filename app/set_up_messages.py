"""The administrator's pages for messages: their texts, and what could not be delivered."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import context
from app.channels import channels_of
from app.extensions import db
from app.languages import LANGUAGES
from app.message_words import FACT_NAMES, KIND_NAMES, in_words, usual
from app.pages import done
from app.rights import Right, needs, own_community
from app.words import error_words
from records.delivery import failing
from records.message import KINDS, MessageKind
from records.message_text import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    UnknownPlace,
    Written,
    set_texts,
    texts_of,
)
from zones.communities import Community

SHOWN = 50


class TextForm(FlaskForm):
    """A message's words in both languages; fields are named by part and language."""

    subject_zh = StringField(
        _l("Subject in Chinese"), validators=[InputRequired(), Length(max=LONGEST_SUBJECT)]
    )
    body_zh = TextAreaField(
        _l("Text in Chinese"), validators=[InputRequired(), Length(max=LONGEST_BODY)]
    )
    subject_en = StringField(
        _l("Subject in English"), validators=[InputRequired(), Length(max=LONGEST_SUBJECT)]
    )
    body_en = TextAreaField(
        _l("Text in English"), validators=[InputRequired(), Length(max=LONGEST_BODY)]
    )

    def written(self) -> dict[str, Written]:
        """Return what is in the fields, by language; a subject is one line."""
        return {
            language: Written(
                " ".join((self[f"subject_{language}"].data or "").split()),
                "\n".join((self[f"body_{language}"].data or "").strip().splitlines()),
            )
            for language in LANGUAGES
        }


@needs(Right.SET_UP_COMMUNITY)
def messages() -> str:
    """Show every kind of message, and the latest deliveries that failed."""
    community = own_community()
    return render_template(
        "set_up/messages.html",
        kinds=KINDS,
        kind_names=KIND_NAMES,
        changed={kind for kind, _language in texts_of(db.session, community.id)},
        failing=failing(db.session, community.id, SHOWN),
        sends_outside=bool(channels_of(context.settings())),
    )


class ResetForm(FlaskForm):
    """Whose usual words come back."""

    kind = SelectField(choices=list(MessageKind))


def _asked_kind() -> MessageKind:
    """Return the kind that the address names; without one it is the first."""
    try:
        return MessageKind(request.args.get("kind", next(iter(MessageKind))))
    except ValueError:
        abort(404)


def _present(community: Community, kind: MessageKind) -> dict[str, Written]:
    own = texts_of(db.session, community.id)
    return {language: own.get((kind, language)) or usual(kind, language) for language in LANGUAGES}


@needs(Right.SET_UP_COMMUNITY)
def message_text() -> str | Response | tuple[str, int]:
    """Change the words of a kind of message, or see first how they would read."""
    community, kind = own_community(), _asked_kind()
    present = _present(community, kind)
    form = TextForm(
        **{
            f"{part}_{language}": text
            for language, written in present.items()
            for part, text in written._asdict().items()
        }
    )
    if not form.validate_on_submit():
        return _text_page(form, community, kind, present), 422 if form.is_submitted() else 200
    texts = form.written()
    own = {language: one for language, one in texts.items() if one != usual(kind, language)}
    try:
        set_texts(db.session, community.id, kind, own, actor=current_user.actor, at=context.now())
    except UnknownPlace as error:
        form[f"{error.facts['part']}_{error.facts['language']}"].errors = [error_words(error)]
        return _text_page(form, community, kind, texts), error.status
    if request.form.get("act") == "preview":
        db.session.rollback()
        return _text_page(form, own_community(), kind, texts)
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".messages"))


@needs(Right.SET_UP_COMMUNITY)
def reset_message_text() -> Response:
    """Let a kind of message have the usual words again."""
    form = ResetForm()
    if not form.validate_on_submit():
        abort(400)
    kind = MessageKind(form.kind.data)
    set_texts(db.session, own_community().id, kind, {}, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The usual words are back."))
    return redirect(url_for(".message_text", kind=kind))


def _text_page(
    form: TextForm, community: Community, kind: MessageKind, texts: dict[str, Written]
) -> str:
    facts = _sample(community)
    return render_template(
        "set_up/message_text.html",
        form=form,
        kind=kind,
        kind_names=KIND_NAMES,
        facts=[(name, FACT_NAMES[name]) for name in KINDS[kind].facts],
        is_changed=any(one != usual(kind, language) for language, one in texts.items()),
        previews={
            language: in_words(written, facts, community, language)
            for language, written in texts.items()
        },
    )


def _sample(community: Community) -> dict[str, str | int]:
    """Return facts as a message might have them."""
    letter = community.compounds[0].letter if community.compounds else "A"
    day = (community.local_day(context.now()) + timedelta(days=30)).isoformat()
    numbers = {"list": 12, "row": 7, "request": 5, "plan": 3, "count": 24}
    changes = {"added": 18, "moved": 1, "updated": 4, "removed": 2, "waiting": 3}
    named = {"compound": letter, "serial": f"{letter}-0042", "first_day": day, "last_day": day}
    return {**numbers, **changes, **named}
