"""Typing a list in a table in the page, its plates checked as they are written."""

from __future__ import annotations

from flask import abort, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import words
from app.extensions import limiter
from app.rights import Right, needs, own_community
from permits.headers import NAMES, Column
from permits.plates import Plate, canonical, parse

MOST_CHECKED = 200
"""Texts that are checked in one go."""

LONGEST_CHECKED = 200
"""Characters of each."""


def typing_page(form: FlaskForm) -> str:
    """Return the page with the table, and with what is wrong with a form that was sent."""
    return render_template(
        "representative/type_list.html",
        form=form,
        given={
            "names": {column: list(names) for column, names in NAMES.items()},
            "check": url_for(".check_plates"),
            "words": {
                "header": [NAMES[one][0] for one in _COLUMNS],
                "no_plate": _("This is no plate."),
                "missing": _("The plate is missing."),
                "twice": _("The same plate as in row %(row)s.", row="%s"),
                "take": _("Take %(plate)s", plate="%s"),
                "good": _("Plates: %(count)s", count="%s"),
                "bad": _("to mend: %(count)s", count="%s"),
                "twice_count": _("twice: %(count)s", count="%s"),
            },
        },
    )


_COLUMNS = (Column.PLATE, Column.HOUSEHOLD, Column.OWNER, Column.PHONE)


@needs(Right.HAND_IN_LIST)
@limiter.limit("120 per minute")
def check_plates() -> Response:
    """Answer why texts are no plates, and which plates were likely meant."""
    asked = request.get_json(silent=True)
    texts = asked.get("texts") if isinstance(asked, dict) else None
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        abort(400)
    province = own_community().province
    faults = {}
    for text in texts[:MOST_CHECKED]:
        found = parse(text[:LONGEST_CHECKED], province=province)
        if isinstance(found, Plate):
            continue
        meant = canonical(found.suggestion).shown if found.suggestion else None
        faults[text] = {
            "words": words.plate_refusal(
                found.reason, {"position": found.position, "character": found.character}
            ),
            "suggestion": meant,
        }
    return jsonify(faults=faults)
