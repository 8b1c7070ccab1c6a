"""The integer program behind a fair proposal, solved by HiGHS through scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

from zones.fair_proposal import Need, NoFairProposal, Share, WhyNot

MOST_SECONDS = 10.0
"""A stage that takes longer is given up: nobody should wait for a page that long."""

_Numbers = NDArray[numpy.float64]


class SpaceProgram:
    """The integer program: the spaces of each zone for each compound within whose reach it is."""

    def __init__(self, need: Need) -> None:
        """Set the program up.

        Raises:
            NoFairProposal: a compound has no zone within its reach.
        """
        self.need = need
        zones = [zone for zone, spaces in need.capacity.items() if spaces > 0]
        compounds = list(need.demand)
        limit = need.longest_metres
        self.pairs = [
            (compound, zone)
            for compound in compounds
            for zone in zones
            if limit is None or need.metres[compound, zone] <= limit
        ]
        reached = {zone for _compound, zone in self.pairs}
        zones = [zone for zone in zones if zone in reached]
        served = {compound for compound, _zone in self.pairs}
        if any(one not in served and not need.held.get(one) for one in compounds):
            raise NoFairProposal(reason=WhyNot.OUT_OF_REACH)
        self.most = numpy.array([need.capacity[zone] for _compound, zone in self.pairs])
        self.metres = numpy.array([float(need.metres[pair]) for pair in self.pairs])
        self.given = _rows(zones, [zone for _compound, zone in self.pairs])
        self.got = _rows(compounds, [compound for compound, _zone in self.pairs])
        self.capacity = numpy.array([need.capacity[zone] for zone in zones])
        self.cars = numpy.array([need.demand[compound] for compound in compounds])
        self.held = numpy.array([need.held.get(compound, 0) for compound in compounds])
        self.compounds = compounds

    def fairest(self) -> Share:
        """Return a share whose worst shortage is the least."""
        # One variable more: the spaces for each car of the worst served, in a scale in which two
        # different values lie far enough apart for the solver's tolerance.
        for_each_car = csr_array(-self.cars[:, None] / float(self.cars.max()))
        limits = [_widened(one, 1) for one in self._limits({})]
        limits.append(LinearConstraint(hstack([self.got, for_each_car]), -self.held, numpy.inf))
        aim = numpy.append(numpy.zeros(len(self.pairs)), -1)
        return self._solve(aim, limits, most=[numpy.inf])

    def nearest(self, least: Mapping[int, int]) -> Share:
        """Return the share with the least walking that gives each compound at least so many."""
        return self._solve(self.metres, self._limits(least))

    def steadiest(self, least: Mapping[int, int], walked: int) -> Share:
        """Return, of the shares with the least walking, the one that moves the fewest spaces."""
        # One variable more for each pair: how many of its spaces stay.
        count = len(self.pairs)
        present = numpy.array([self.need.present.get(pair, 0) for pair in self.pairs])
        none = numpy.zeros(count)
        limits = [_widened(one, count) for one in self._limits(least)]
        limits += [
            LinearConstraint(numpy.concatenate([self.metres, none])[None, :], 0, walked),
            LinearConstraint(hstack([eye_array(count), -eye_array(count)]), 0, numpy.inf),
        ]
        return self._solve(numpy.concatenate([none, none - 1]), limits, most=present)

    def _limits(self, least: Mapping[int, int]) -> list[LinearConstraint]:
        floor = numpy.array([max(1, least.get(one, 1)) for one in self.compounds])
        return [
            LinearConstraint(self.got, floor - self.held, numpy.inf),
            LinearConstraint(self.given, self.capacity, self.capacity),
        ]

    def _solve(
        self, aim: _Numbers, limits: Sequence[LinearConstraint], *, most: ArrayLike = ()
    ) -> Share:
        """Return the share that makes `aim` least.

        Args:
            most: the bounds of further variables, which need not be whole.
        """
        bounds = numpy.concatenate([self.most, numpy.asarray(most, dtype=float)])
        found = milp(
            c=aim,
            integrality=numpy.arange(len(bounds)) < len(self.pairs),
            bounds=Bounds(0, bounds),
            constraints=limits,
            options={"time_limit": MOST_SECONDS, "mip_rel_gap": 0},
        )
        if found.status != 0:
            # 1: stopped before the optimum was proven; 2: infeasible.
            raise NoFairProposal(
                reason=WhyNot.TOO_HARD if found.status == 1 else WhyNot.OUT_OF_REACH
            )
        spaces = numpy.rint(found.x[: len(self.pairs)]).astype(int).tolist()
        return {pair: count for pair, count in zip(self.pairs, spaces, strict=True) if count}


def _rows(keys: Sequence[int], of: Sequence[int]) -> csr_array:
    """Return a matrix with a row for each key, and a 1 in it for each of its variables."""
    place = {key: row for row, key in enumerate(keys)}
    rows = [place[key] for key in of]
    return csr_array(
        (numpy.ones(len(rows)), (rows, range(len(rows)))), shape=(len(keys), len(rows))
    )


def _widened(limit: LinearConstraint, columns: int) -> LinearConstraint:
    """Return a constraint that does not touch some further variables."""
    further = csr_array((limit.A.shape[0], columns))
    return LinearConstraint(hstack([limit.A, further]), limit.lb, limit.ub)
