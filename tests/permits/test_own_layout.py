from dataclasses import replace

import pytest

from permits.own_layout import (
    LayoutDescription,
    LayoutNameTaken,
    LayoutTooHigh,
    LayoutTooWide,
    UnknownLayout,
    layout_named,
    own_layouts,
    remove_layout,
    save_layout,
)
from permits.printing import LAYOUTS
from tests.factories import make_community

LABELS = LayoutDescription("Labels", "sticker", "a4", False, 2, 4, 10, 20, 5, 4.5)


@pytest.fixture
def community(session):
    return make_community(session)


def test_a_layout_of_ones_own_is_found_by_its_name_and_by_its_code(session, community):
    one = save_layout(session, community.id, LABELS)
    assert one.description == LABELS
    layout = layout_named(session, community.id, "Labels")
    assert layout == layout_named(session, community.id, one.code)
    assert (layout.name, layout.per_sheet, layout.gap) == (one.code, 8, (5, 4.5))
    # The first permit's upper left corner is where it was measured.
    x, y = layout.cell_at(0)
    assert (x, layout.page[1] - y - layout.cell[1]) == (10, 20)


def test_another_communitys_layout_is_not_there(session, community):
    one = save_layout(session, make_community(session, number=2).id, LABELS)
    with pytest.raises(UnknownLayout) as refused:
        layout_named(session, community.id, one.code)
    assert refused.value.facts["known"] == sorted(LAYOUTS)


@pytest.mark.parametrize(
    ("changes", "error", "needed"),
    [
        ({"columns": 3}, LayoutTooWide, 10 + 3 * 90 + 2 * 5),
        ({"rows": 5}, LayoutTooHigh, 20 + 5 * 60 + 4 * 4.5),
        ({"is_landscape": True}, LayoutTooHigh, 20 + 4 * 60 + 3 * 4.5),
        ({"left_mm": 25.1}, LayoutTooWide, 25.1 + 2 * 90 + 5),
    ],
)
def test_permits_that_do_not_fit_the_paper_are_refused_with_what_they_need(
    session, community, changes, error, needed
):
    with pytest.raises(error) as refused:
        save_layout(session, community.id, replace(LABELS, **changes))
    assert refused.value.facts["needed_mm"] == f"{needed:g}"
    assert own_layouts(session, community.id) == []


def test_a_layout_that_just_fits_is_taken(session, community):
    save_layout(session, community.id, replace(LABELS, left_mm=25))


@pytest.mark.parametrize(
    "changes", [{"design": "poster"}, {"paper": "b5"}, {"rows": 0}, {"hidden": {"plate"}}]
)
def test_nothing_is_left_out_or_made_up_that_makes_a_permit(session, community, changes):
    with pytest.raises(ValueError, match="no such layout"):
        save_layout(session, community.id, replace(LABELS, **changes))


@pytest.mark.parametrize("name", ["Labels", "card"])
def test_a_name_is_given_once(session, community, name):
    save_layout(session, community.id, LABELS)
    with pytest.raises(LayoutNameTaken):
        save_layout(session, community.id, replace(LABELS, name=name))


def test_a_layout_is_changed_and_taken_away(session, community):
    one = save_layout(session, community.id, LABELS)
    save_layout(session, community.id, replace(LABELS, rows=3, hidden={"serial"}), one)
    assert (one.layout.per_sheet, one.layout.shows("serial")) == (6, False)
    remove_layout(session, one)
    assert own_layouts(session, community.id) == []
