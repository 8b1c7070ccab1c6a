"""A fair plan, computed: first the worst shortage as small as it can be, then the least walking.

Whole numbers of spaces are given out by an integer program (HiGHS through scipy), in three stages,
each of which keeps what the one before has reached:

1. the largest number of cars for each space, over all compounds, is as small as possible;
2. the metres from the compounds to their spaces, added up over all spaces, are as few as possible;
3. as many spaces as possible stay with those who have them now.

Every space goes to one compound: a space that stood empty while cars look for one would help
nobody. Values in, values out: no session, no clock, and the same answer every time.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from records.errors import DomainError

Share = Mapping[tuple[int, int], int]
"""Spaces by the ids of compound and zone."""


class WhyNot(enum.StrEnum):
    """Why there is no fair plan."""

    NO_ZONES = "no_zones"
    """There are no spaces to give out."""

    NO_DEMAND = "no_demand"
    """No compound has a car."""

    OUT_OF_REACH = "out_of_reach"
    """A compound has no space within the longest way, or there is not one for each."""

    TOO_HARD = "too_hard"
    """The computation was given up."""


class NoFairProposal(DomainError):
    """The cars cannot be given spaces; `reason`, one of `WhyNot`, says why."""

    code: ClassVar[str] = "no_fair_proposal"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Need:
    """What the plan is to serve.

    Attributes:
        demand: cars of each compound that need a space, by its id.
        capacity: spaces of each zone, by its id.
        metres: the way from each compound to each zone.
        longest_metres: no compound gets a zone farther away, None for no limit.
        present: the spaces that each compound has now.
        held: spaces that each compound has in zones which are not given out.
    """

    demand: Mapping[int, int]
    capacity: Mapping[int, int]
    metres: Mapping[tuple[int, int], int]
    longest_metres: int | None = None
    present: Share = field(default_factory=dict)
    held: Mapping[int, int] = field(default_factory=dict)

    def spaces(self, share: Share, compound: int) -> int:
        """Return the spaces of a compound: those that it gets, and those that it has anyway."""
        got = sum(spaces for (owner, _zone), spaces in share.items() if owner == compound)
        return got + self.held.get(compound, 0)

    def worst(self, share: Share) -> Fraction:
        """Return the largest number of cars for each space over all compounds."""
        return max(
            Fraction(cars, self.spaces(share, compound))
            for compound, cars in self.demand.items()
            if cars
        )

    def walked(self, share: Share) -> int:
        """Return the metres to every space that is given out, added up."""
        return sum(spaces * self.metres[key] for key, spaces in share.items())


class Why(enum.StrEnum):
    """Why a compound gets spaces of a zone."""

    ONLY_IN_REACH = "only_in_reach"
    NEAREST = "nearest"
    NEEDED = "needed"


@dataclass(frozen=True)
class Reason:
    """Why a compound gets spaces of a zone, and the figures that show it.

    Attributes:
        spaces: how many of the zone's spaces.
        metres: the way.
        nearest: the compound to which the zone is nearest; the compound itself for `NEAREST`.
        nearest_metres: that compound's way.
        without: cars for each space that the compound would have without these spaces; None
            where it would have none at all.
        had: how many of these spaces it has now.
    """

    compound: int
    zone: int
    spaces: int
    metres: int
    why: Why
    nearest: int
    nearest_metres: int
    without: Fraction | None
    had: int


@dataclass(frozen=True)
class FairProposal:
    """What was computed.

    Attributes:
        share: the spaces of each compound in each zone, none of them 0.
        worst: the largest number of cars for each space over all compounds.
        bound: the compounds that have this number: no plan serves all of them better.
        total_metres: the metres to every space added up.
        reasons: one for each share, by zone and compound as they were given.
    """

    share: Share
    worst: Fraction
    bound: Sequence[int]
    total_metres: int
    reasons: Sequence[Reason]


def propose_fairly(need: Need) -> FairProposal:
    """Return the fair plan for a need.

    Raises:
        NoFairProposal: there is none; see there.
    """
    demand = {key: cars for key, cars in need.demand.items() if cars > 0}
    if not any(need.capacity.values()):
        raise NoFairProposal(reason=WhyNot.NO_ZONES)
    if not demand:
        raise NoFairProposal(reason=WhyNot.NO_DEMAND)
    # scipy takes 60 MB and half a second to load: only who computes pays for it.
    from zones.space_program import SpaceProgram

    program = SpaceProgram(need)
    share = program.fairest()
    least = {compound: math.ceil(cars / need.worst(share)) for compound, cars in demand.items()}
    share = program.nearest(least)
    walked = need.walked(share)
    if need.present:
        share = program.steadiest(least, walked)
    worst = need.worst(share)
    return FairProposal(
        share=share,
        worst=worst,
        bound=[
            one for one, cars in demand.items() if Fraction(cars, need.spaces(share, one)) == worst
        ],
        total_metres=walked,
        reasons=_reasons(need, share),
    )


def _reasons(need: Need, share: Share) -> list[Reason]:
    compounds = list(need.demand)
    reasons = []
    for zone in need.capacity:
        within = [
            one
            for one in compounds
            if need.longest_metres is None or need.metres[one, zone] <= need.longest_metres
        ]
        for compound in compounds:
            spaces = share.get((compound, zone), 0)
            if not spaces:
                continue
            metres = need.metres[compound, zone]
            nearest = _nearest(need, within, zone, compound)
            why = Why.NEAREST if nearest == compound else Why.NEEDED
            left = need.spaces(share, compound) - spaces
            reasons.append(
                Reason(
                    compound=compound,
                    zone=zone,
                    spaces=spaces,
                    metres=metres,
                    why=Why.ONLY_IN_REACH if within == [compound] else why,
                    nearest=nearest,
                    nearest_metres=need.metres[nearest, zone],
                    without=Fraction(need.demand[compound], left) if left else None,
                    had=min(spaces, need.present.get((compound, zone), 0)),
                )
            )
    return reasons


def _nearest(need: Need, compounds: Iterable[int], zone: int, first: int) -> int:
    """Return the compound to which a zone is nearest, of equals the first where it is one."""
    return min(compounds, key=lambda one: (need.metres[one, zone], one != first))
