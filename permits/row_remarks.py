"""What is missing or odd in a row of a plate list, but refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from permits.reading import ListRow

# Mobile numbers begin 13 to 19; fixed lines have an area code of 3 or 4 digits or none; 400 and
# 800 are service numbers (the national numbering plan, 电信网编号计划 2017).
_PHONE = re.compile(r"(\+?86)?1[3-9]\d{9}|(0\d{2,3})?[2-8]\d{6,7}|[48]00\d{7}")


def remarks_on(row: ListRow) -> Iterator[str]:
    """Yield the stable code of each thing that is missing or odd."""
    if not row.owner:
        yield "owner_missing"
    elif any(character.isdigit() for character in row.owner):
        yield "owner_odd"
    if not row.phone:
        yield "phone_missing"
    elif not _PHONE.fullmatch(re.sub(r"[\s\-()（）—－]", "", row.phone)):
        yield "phone_odd"
    if not (row.building or row.unit or row.room):
        yield "household_missing"
    elif not row.room:
        yield "room_missing"
