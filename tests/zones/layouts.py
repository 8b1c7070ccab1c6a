"""Three layouts with a plan made by hand for each.

None of them is surveyed: we found no published layout with cars, spaces and ways together. They
are made after typical forms, and published here, so that anybody can try a better hand at them.

* `NEIGHBOURHOOD`: the demo's four compounds around a square, after the story in the README.
* `COURTYARDS`: six blocks around three courtyards, one of them far poorer in spaces; the ways are
  along the lanes.
* `CAMPUS`: lots at the edge and departments in the middle, the usual form in the literature on
  campus parking (Joel, Sawyerr and Adewumi, "An Exact Solution for Allocating Car Parking Spaces
  on Campus", arXiv 2403.17597, describe it); more permits than spaces by half, which the
  University of New Mexico told of its lots (Daily Lobo, September 2003: 16,500 for 11,000).
"""

from __future__ import annotations

from dataclasses import dataclass

from zones.fair_proposal import Need, Share


@dataclass(frozen=True)
class Layout:
    """Cars by compound, spaces by zone, ways by both, and who gets which zone by hand.

    Attributes:
        by_hand: for each zone the compounds that get spaces of it; a number alone is all of them.
    """

    cars: tuple[int, ...]
    spaces: tuple[int, ...]
    metres: tuple[tuple[int, ...], ...]
    by_hand: tuple[dict[int, int], ...]

    @property
    def need(self) -> Need:
        """What the layout asks for."""
        return Need(
            demand=dict(enumerate(self.cars)),
            capacity=dict(enumerate(self.spaces)),
            metres={
                (compound, zone): way
                for compound, ways in enumerate(self.metres)
                for zone, way in enumerate(ways)
            },
        )

    @property
    def hand_made(self) -> Share:
        """The plan made by hand."""
        return {
            (compound, zone): spaces
            for zone, here in enumerate(self.by_hand)
            for compound, spaces in here.items()
        }


NEIGHBOURHOOD = Layout(
    cars=(236, 168, 64, 132),
    spaces=(92, 88, 74, 52, 38, 22, 66, 40),
    metres=(
        (60, 90, 240, 260, 210, 250, 320, 150),
        (230, 260, 50, 80, 270, 300, 190, 140),
        (220, 240, 280, 300, 40, 60, 210, 160),
        (330, 350, 200, 180, 220, 190, 30, 130),
    ),
    # Everybody keeps the zones at the own door; the square goes to the tower, which has least.
    by_hand=({0: 92}, {0: 88}, {1: 74}, {1: 52}, {2: 38}, {2: 22}, {3: 66}, {3: 40}),
)

COURTYARDS = Layout(
    cars=(80, 75, 60, 90, 110, 40),
    spaces=(70, 30, 55, 45, 80, 24, 36, 20),
    metres=(
        (40, 70, 150, 180, 260, 280, 120, 210),
        (70, 40, 120, 150, 230, 250, 90, 180),
        (150, 120, 40, 60, 160, 190, 80, 110),
        (180, 150, 60, 40, 120, 150, 110, 70),
        (260, 230, 160, 120, 40, 60, 170, 90),
        (280, 250, 190, 150, 60, 40, 200, 120),
    ),
    # Court by court; the two zones at the lane are split among those who are short.
    by_hand=(
        {0: 55, 1: 15},
        {1: 30},
        {2: 45, 3: 10},
        {3: 45},
        {4: 80},
        {5: 24},
        {0: 12, 1: 12, 2: 12},
        {3: 12, 5: 8},
    ),
)

CAMPUS = Layout(
    cars=(420, 310, 260, 180, 330),
    spaces=(220, 160, 140, 110, 190, 90, 60, 30),
    metres=(
        (120, 340, 420, 260, 510, 180, 90, 60),
        (380, 110, 300, 240, 460, 210, 150, 70),
        (450, 280, 130, 320, 260, 240, 170, 110),
        (300, 330, 350, 140, 390, 120, 160, 90),
        (540, 470, 250, 400, 100, 330, 260, 200),
    ),
    # The nearest lot each, the middle ones in equal parts.
    by_hand=(
        {0: 220},
        {1: 160},
        {2: 140},
        {3: 110},
        {4: 190},
        {0: 30, 1: 30, 2: 30},
        {0: 20, 1: 20, 3: 20},
        {4: 30},
    ),
)

LAYOUTS = {"neighbourhood": NEIGHBOURHOOD, "courtyards": COURTYARDS, "campus": CAMPUS}
