"""The reasons of a computed plan, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from app.languages import is_english, name_of
from app.words import FAIR_REFUSALS
from zones.areas import Zone
from zones.communities import Compound
from zones.fair_proposal import FairProposal, NoFairProposal, Reason, Why


def refusal_words(error: NoFairProposal) -> str:
    """Return why there is no fair plan."""
    return str(FAIR_REFUSALS[error.facts["reason"]])


def ratio_words(ratio: Fraction | float | None) -> str:
    """Return a number of cars for each space, such as `1.31`."""
    return "–" if ratio is None else f"{float(ratio):.2f}"


@dataclass(frozen=True)
class Line:
    """One assignment in words."""

    zone: Zone
    compound: Compound
    spaces: int
    words: str


@dataclass(frozen=True)
class Explanation:
    """A computed plan in words."""

    found: FairProposal
    compounds: Mapping[int, Compound]
    zones: Mapping[int, Zone]
    longest_metres: int | None
    demand: Mapping[int, int]

    def summary(self) -> str:
        """Return what the worst shortage is, whom it binds, and that it cannot be less."""
        names = _(", ").join(name_of(self.compounds[one]) for one in self.found.bound)
        worst = ratio_words(self.found.worst)
        if self.found.worst <= 1:
            return _(
                "Every car has a space. Tightest: %(compounds)s with %(worst)s cars for each "
                "space; no way to give out these spaces is better for the tightest.",
                compounds=names,
                worst=worst,
            )
        return _(
            "The worst shortage is %(worst)s cars for each space, in %(compounds)s. No way to "
            "give out these spaces makes the worst shortage smaller.",
            compounds=names,
            worst=worst,
        )

    def lines(self) -> list[Line]:
        """Return every assignment with its reason, by zone."""
        return [
            Line(self.zones[one.zone], self.compounds[one.compound], one.spaces, self._why(one))
            for one in self.found.reasons
        ]

    def _why(self, one: Reason) -> str:
        compound = name_of(self.compounds[one.compound])
        words = {
            Why.ONLY_IN_REACH: lambda: _(
                "No other compound is within %(limit)s m.", limit=self.longest_metres
            ),
            Why.NEAREST: lambda: _("No compound is nearer: %(metres)s m.", metres=one.metres),
            Why.NEEDED: lambda: _(
                "%(nearest)s is nearer (%(nearest_metres)s m, %(compound)s %(metres)s m), but "
                "%(compound)s is short of spaces.",
                nearest=name_of(self.compounds[one.nearest]),
                nearest_metres=one.nearest_metres,
                compound=compound,
                metres=one.metres,
            ),
        }[one.why]()
        said = [words]
        if one.why is Why.NEEDED and one.without is None:
            said.append(_("Without it %(compound)s would have no space.", compound=compound))
        elif one.why is Why.NEEDED:
            said.append(
                _(
                    "Without it %(compound)s would have %(without)s cars for each space.",
                    compound=compound,
                    without=ratio_words(one.without),
                )
            )
        if one.had == one.spaces:
            said.append(_("It has them now."))
        elif one.had:
            said.append(_("It has %(had)s of them now.", had=one.had))
        return (" " if is_english() else "").join(said)

    def note(self) -> str:
        """Return all of it as the words of a draft."""
        head = _("Computed: the worst shortage first, then the walking.")
        lines = [
            _(
                "%(zone)s: %(spaces)s spaces to %(compound)s. %(why)s",
                zone=line.zone.code,
                spaces=line.spaces,
                compound=name_of(line.compound),
                why=line.words,
            )
            for line in self.lines()
        ]
        return "\n".join([head, self.summary(), *lines])
