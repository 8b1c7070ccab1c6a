"""What one printed permit shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zones.colours import Colour


@dataclass(frozen=True, slots=True)
class PrintedPermit:
    """Everything on one card or sticker.

    Attributes:
        token_url: what the symbol holds, in QR alphanumeric characters.
        plate: as people read it, `粤E·12345`.
        letter: the compound's letter.
        zones: the zones in force, parts joined by ` · `.
        space: the car's own space, such as `B1-023`; it is printed in place of the zones.
        is_temporary: whether it stands in for a card.
        sort_key: the household's order within the compound; never printed.
    """

    token_url: str
    plate: str
    serial: str
    colour: Colour
    letter: str
    compound: str
    compound_en: str
    community: str
    community_en: str
    zones: str
    plan_number: int
    valid_from: date
    valid_to: date
    space: str | None = None
    is_temporary: bool = False
    sort_key: tuple[str, ...] = ()
