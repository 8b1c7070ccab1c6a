"""What a plan changes for one compound, in sentences that its people would say."""

from __future__ import annotations

from flask_babel import gettext as _

from permits.moving import CompoundMove
from zones.effects import Hours, Shift


def hours_words(hours: Hours) -> str:
    """Return `07:00–20:00`, or that it is the whole day."""
    if hours.starts is None or hours.ends is None:
        return _("all day")
    return f"{hours.starts:%H:%M}–{hours.ends:%H:%M}"


def shift_words(shift: Shift) -> str:
    """Return how many spaces more or fewer there are."""
    if shift.gain > 0:
        return _("%(count)s more", count=shift.gain)
    if shift.gain < 0:
        return _("%(count)s fewer", count=-shift.gain)
    return _("as many")


def sentences(move: CompoundMove) -> list[str]:
    """Return what changes for a compound, the weightiest first; one sentence where nothing does."""
    effect = move.effect
    if not effect.changes:
        return [_("Nothing changes.")]
    said = [_sentence(one) for one in effect.shifts if one.gain]
    shared = max(one.before.alone - one.after.alone - max(0, -one.gain) for one in effect.shifts)
    comma = _(", ")
    if shared > 0:
        said.append(_("%(count)s spaces will be shared with other compounds.", count=shared))
    if effect.zones_removed:
        said.append(_("No longer open: %(zones)s.", zones=comma.join(effect.zones_removed)))
    if effect.zones_added:
        said.append(_("Newly open: %(zones)s.", zones=comma.join(effect.zones_added)))
    if effect.zones_changed:
        said.append(_("Other hours or spaces: %(zones)s.", zones=comma.join(effect.zones_changed)))
    if move.at_most:
        said.append(_("At most %(count)s cars have to look for another space.", count=move.at_most))
    else:
        said.append(_("No car has to move."))
    return said


def _sentence(shift: Shift) -> str:
    facts = {
        "hours": hours_words(shift.hours),
        "count": abs(shift.gain),
        # Kept on one line.
        "change": f"{shift.before.spaces}\u00a0→\u00a0{shift.after.spaces}",
    }
    if shift.gain > 0:
        return _("%(hours)s: %(count)s spaces more, %(change)s.", **facts)
    return _("%(hours)s: %(count)s spaces fewer, %(change)s.", **facts)
