"""A compound's limits in sentences."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from permits.allotting import CountsBy, Limits
from permits.limits import limits_of
from zones.communities import Compound


def limit_lines(limits: Limits) -> list[str]:
    """Return what a compound has agreed on, one sentence for each rule; none without rules."""
    lines = []
    if limits.cars is not None and limits.counts_by is CountsBy.RESIDENT:
        lines.append(
            ngettext(
                "At most %(num)s car per resident",
                "At most %(num)s cars per resident",
                limits.cars,
            )
        )
    elif limits.cars is not None:
        lines.append(
            ngettext(
                "At most %(num)s car per household",
                "At most %(num)s cars per household",
                limits.cars,
            )
        )
    if limits.places is not None:
        lines.append(
            ngettext("%(num)s place in all", "%(num)s places in all", limits.places),
        )
    if limits.first_cars_first:
        lines.append(_("First cars before second cars"))
    return lines


def limit_words(limits: Limits) -> str:
    """Return the same as one line, empty without rules."""
    return " · ".join(limit_lines(limits))


def compound_limits(compound: Compound) -> str:
    """Return a compound's limits as one line, empty without rules."""
    return limit_words(limits_of(db.session, compound))
