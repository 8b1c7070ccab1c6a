import dataclasses
import itertools
import random
from fractions import Fraction

import pytest

from tests.zones.layouts import COURTYARDS, LAYOUTS
from zones.fair_proposal import Need, NoFairProposal, Why, propose_fairly

pytestmark = pytest.mark.anywhere


def figures(need, share):
    """What a share is judged by, in this order: worst ratio, metres, spaces that move."""
    got = {one: need.held.get(one, 0) for one in need.demand}
    for (compound, _zone), spaces in share.items():
        got[compound] += spaces
    if not all(got.values()):
        return None
    worst = max(Fraction(cars, got[one]) for one, cars in need.demand.items())
    metres = sum(spaces * need.metres[pair] for pair, spaces in share.items())
    stay = sum(min(spaces, need.present.get(pair, 0)) for pair, spaces in share.items())
    return worst, metres, -stay


def splits(spaces, parts):
    """Every way to give out some spaces to some compounds."""
    bars = itertools.combinations(range(spaces + parts - 1), parts - 1)
    for places in bars:
        ends = (-1, *places, spaces + parts - 1)
        yield [after - before - 1 for before, after in itertools.pairwise(ends)]


def best_by_trying_all(need):
    zones = [list(splits(spaces, len(need.demand))) for spaces in need.capacity.values()]
    found = []
    for choice in itertools.product(*zones):
        share = {
            (compound, zone): spaces
            for zone, parts in zip(need.capacity, choice, strict=True)
            for compound, spaces in zip(need.demand, parts, strict=True)
            if spaces
        }
        within = need.longest_metres is None or all(
            need.metres[pair] <= need.longest_metres for pair in share
        )
        if within and (judged := figures(need, share)):
            found.append(judged)
    return min(found, default=None)


def small_need(seed):
    chance = random.Random(seed)
    compounds, zones = range(chance.choice((2, 3))), range(3)
    capacity = {zone: chance.randint(1, 4) for zone in zones}
    return Need(
        demand={one: chance.randint(1, 9) for one in compounds},
        capacity=capacity,
        metres={(one, zone): chance.randint(1, 5) * 50 for one in compounds for zone in zones},
        longest_metres=chance.choice((None, None, 200)),
        present={(chance.choice(compounds), zone): spaces for zone, spaces in capacity.items()},
        held={0: chance.choice((0, 0, 2))},
    )


@pytest.mark.parametrize("seed", range(30))
def test_nothing_is_better_among_all_that_there_is(seed):
    need = small_need(seed)
    best = best_by_trying_all(need)
    reached = {
        zone for (_, zone), way in need.metres.items() if way <= (need.longest_metres or way)
    }
    if best is None or reached != set(need.capacity):
        # Where a zone is in nobody's reach, no way to give out all of them is within the limit.
        need = dataclasses.replace(need, longest_metres=None)
        best = best_by_trying_all(need)
    assert figures(need, propose_fairly(need).share) == best


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_no_plan_made_by_hand_is_better(layout):
    need = layout.need
    by_hand, computed = figures(need, layout.hand_made), propose_fairly(need)
    for zone, spaces in need.capacity.items():
        assert sum(layout.by_hand[zone].values()) == spaces
    assert figures(need, computed.share) <= by_hand
    assert computed.worst == figures(need, computed.share)[0]


def test_the_same_need_gets_the_same_plan_every_time():
    need = dataclasses.replace(COURTYARDS.need, present=COURTYARDS.hand_made)
    assert propose_fairly(need) == propose_fairly(need)


def test_every_space_is_given_out_once():
    need = COURTYARDS.need
    share = propose_fairly(need).share
    for zone, spaces in need.capacity.items():
        assert sum(part for (_, there), part in share.items() if there == zone) == spaces


def test_a_share_says_why():
    # Zone 1 is at A's door, and all of A's cars fit there; B needs zone 2 as well as its own.
    need = Need(
        demand={1: 10, 2: 30},
        capacity={1: 10, 2: 10, 3: 20},
        metres={(1, 1): 20, (2, 1): 90, (1, 2): 40, (2, 2): 60, (1, 3): 300, (2, 3): 30},
        longest_metres=200,
        present={(1, 1): 10},
    )
    told = {(one.compound, one.zone): one for one in propose_fairly(need).reasons}
    assert {pair: one.why for pair, one in told.items()} == {
        (1, 1): Why.NEAREST,
        (2, 2): Why.NEEDED,
        (2, 3): Why.ONLY_IN_REACH,
    }
    needed = told[2, 2]
    assert (needed.nearest, needed.nearest_metres, needed.metres) == (1, 40, 60)
    assert (needed.without, told[1, 1].without, told[1, 1].had) == (Fraction(30, 20), None, 10)


def test_the_compounds_that_hold_the_worst_ratio_are_named():
    need = Need(
        demand={1: 4, 2: 1},
        capacity={1: 1, 2: 3},
        metres=dict.fromkeys(itertools.product((1, 2), (1, 2)), 100),
        longest_metres=None,
    )
    found = propose_fairly(need)
    assert (found.worst, list(found.bound)) == (Fraction(4, 3), [1])


def test_a_compound_without_cars_still_gets_a_space():
    ways = dict.fromkeys(itertools.product((1, 2), (1,)), 100)
    found = propose_fairly(Need(demand={1: 9, 2: 0}, capacity={1: 5}, metres=ways))
    assert found.share == {(1, 1): 4, (2, 1): 1}


@pytest.mark.parametrize(
    ("demand", "capacity", "metres", "reason"),
    [
        ({1: 3}, {}, 100, "no_zones"),
        ({1: 3}, {1: 0}, 100, "no_zones"),
        ({1: 0}, {1: 3}, 100, "no_demand"),
        ({1: 3}, {1: 3}, 500, "out_of_reach"),
        ({1: 3, 2: 3}, {1: 1}, 100, "out_of_reach"),
    ],
)
def test_where_there_is_no_plan_it_says_why(demand, capacity, metres, reason):
    ways = dict.fromkeys(itertools.product(demand, capacity), metres)
    with pytest.raises(NoFairProposal) as refused:
        propose_fairly(Need(demand, capacity, ways, longest_metres=400))
    assert refused.value.facts == {"reason": reason}
