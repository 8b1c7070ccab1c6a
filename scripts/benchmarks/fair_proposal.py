"""The fair proposal: a large community's plan, against a small one's and against HiGHS alone."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from scripts.benchmarks.sizes import Sizes
from scripts.benchmarks.timing import best_seconds
from zones.fair_proposal import FairProposal, Need, propose_fairly

SMALL, LARGE = (4, 12), (12, 60)
"""Compounds and zones."""
CARS_PER_SPACE = Fraction(13, 10)


def town(compounds: int, zones: int, seed: int = 1) -> Need:
    """Return a community on a square of 600 m, short of spaces by three cars in ten."""
    chance = random.Random(seed)  # noqa: S311 - the same town in every run
    capacity = {zone: chance.randint(5, 90) for zone in range(zones)}
    weights = [chance.uniform(0.2, 1.2) for _ in range(compounds)]
    cars = sum(capacity.values()) * CARS_PER_SPACE / Fraction(sum(weights))
    homes, places = (
        [(chance.uniform(0, 600), chance.uniform(0, 600)) for _ in range(count)]
        for count in (compounds, zones)
    )
    return Need(
        demand={one: int(cars * Fraction(weights[one])) + 1 for one in range(compounds)},
        capacity=capacity,
        metres={
            (one, zone): round(
                sum(abs(a - b) for a, b in zip(homes[one], places[zone], strict=True))
            )
            for one in range(compounds)
            for zone in range(zones)
        },
        present={(chance.randrange(compounds), zone): spaces for zone, spaces in capacity.items()},
    )


def highs_alone(need: Need, found: FairProposal) -> None:
    """Solve the stage of the walking, its numbers ready, as scipy's own documentation does."""
    compounds, zones = list(need.demand), list(need.capacity)
    pairs = [(one, zone) for one in compounds for zone in zones]
    rows = [compounds.index(one) for one, _ in pairs]
    columns = [len(compounds) + zones.index(zone) for _, zone in pairs]
    places = numpy.arange(len(pairs))
    limits = csr_array(
        (numpy.ones(2 * len(pairs)), (rows + columns, numpy.concatenate([places, places])))
    )
    least = [need.spaces(found.share, one) for one in compounds]
    spaces = list(need.capacity.values())
    milp(
        c=[need.metres[pair] for pair in pairs],
        integrality=numpy.ones(len(pairs)),
        bounds=Bounds(0, numpy.inf),
        constraints=LinearConstraint(limits, least + spaces, [numpy.inf] * len(least) + spaces),
    )


def fair_figures(sizes: Sizes) -> dict[str, float]:
    """Return what is measured of the fair proposal."""
    small, large = town(*SMALL), town(*LARGE)
    found = propose_fairly(large)
    seconds = best_seconds(
        {
            "small": lambda: propose_fairly(small),
            "large": lambda: propose_fairly(large),
            "highs": lambda: highs_alone(large, found),
        },
        sizes.rounds,
    )
    return {
        "times_one_stage_of_highs": seconds["large"] / seconds["highs"],
        "times_small": seconds["large"] / seconds["small"],
        "seconds": seconds["large"],
        "zones_divided": sum(
            1 for zone in large.capacity if sum(there == zone for _, there in found.share) > 1
        ),
    }
