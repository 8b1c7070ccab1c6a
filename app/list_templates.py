"""Empty lists to download, in the reader's language or the other one."""

from __future__ import annotations

import functools
import io

from flask import request, send_file
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.languages import LANGUAGES, chosen_language
from app.rights import Right, needs, own_community
from permits.list_template import TemplateWords, list_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def header() -> list[str]:
    """Return the names of a list's columns: plate, building, unit, room, owner, phone."""
    return [_("Plate"), _("Building"), _("Unit"), _("Room"), _("Owner"), _("Phone")]


@needs(Right.HAND_IN_LIST)
def template() -> Response:
    """Give an empty list to fill in, with a sheet of examples."""
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else chosen_language()
    with force_locale(language):
        name = _("plate list") + ".xlsx"
    content = _template(language, own_community().province)
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


@functools.lru_cache(maxsize=64)
def _template(language: str, province: str) -> bytes:
    with force_locale(language):
        return list_template(_words(province))


def _words(province: str) -> TemplateWords:
    part = _("At most 20 characters.")
    return TemplateWords(
        sheet=_("Plate list"),
        example_sheet=_("Example"),
        header=header(),
        hints=(
            _("One plate a row, such as %(plate)s.", plate=f"{province}A·12345"),
            _("Building, such as 3"),
            _("Unit, such as 2; empty where there is none"),
            _("Room, such as 501"),
            _("The owner's name; may be left empty"),
            _("Mobile number; may be left empty"),
        ),
        faults=(
            _("This does not look like a plate: province, letter, 5 or 6 places, no O and no I."),
            part,
            part,
            part,
            _("At most 60 characters."),
            _("This does not look like a telephone number."),
        ),
        examples=(
            (f"{province}A·12345", "3", "2", "501", _("Zhang San"), "13800138000"),
            (f"{province}AD12345", "3", "2", "501", _("Zhang San"), "13800138000"),
            (f"{province}A·6789Z", "5", "", "1203", _("Li Si"), ""),
        ),
        note=_("Examples only: this sheet is not read. Fill in the first sheet."),
    )
