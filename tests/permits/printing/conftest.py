from datetime import date
from pathlib import Path

import pytest

from permits.printing import PrintedPermit
from permits.serials import serial
from zones.colours import PALETTE

ROOT = Path(__file__).parents[3]
COMPOUNDS = ("百合村北区", "豪景街小区", "环保局宿舍", "海欣阁")


def permit(number: int, colour_index: int, **changes) -> PrintedPermit:
    colour = PALETTE[colour_index]
    facts = {
        "token_url": f"HTTPS://PERMITS.EXAMPLE.CN/P/{'CAAQAAIDAAAABVQJ3YFUUCPHWK' * 5}{number:05d}",
        "plate": f"粤E·D{number:05d}",
        "serial": serial(colour.letter, number),
        "colour": colour,
        "letter": colour.letter,
        "compound": COMPOUNDS[colour_index % 4],
        "compound_en": "Lily Village North",
        "community": "百合村片区",
        "community_en": "Lily Village Neighbourhood",
        "zones": f"{colour.letter}1 {colour.letter}2 · S1 20:00–07:00",
        "plan_number": 3,
        "valid_from": date(2026, 12, 1),
        "valid_to": date(2027, 11, 30),
        "sort_key": (f"{number:06d}",),
    }
    return PrintedPermit(**{**facts, **changes})


FONTS = ROOT / "app" / "static" / "vendor" / "fonts"


@pytest.fixture(scope="session")
def fonts() -> Path:
    return FONTS
