"""Which column of a list is what: by its header's name, or by what stands in it."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence

from permits.households_text import fold
from permits.plates import PROVINCES, normalise

Row = Sequence[str]

HEADER_SEARCH_ROWS = 30
"""How far down a header is looked for: above it stand titles and notes."""


class Column(enum.StrEnum):
    """What a column of a plate list holds."""

    PLATE = "plate"
    OWNER = "owner"
    PHONE = "phone"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"
    HOUSEHOLD = "household"


NAMES: Mapping[Column, tuple[str, ...]] = {
    Column.PLATE: (
        "车牌",
        "车牌号",
        "车牌号码",
        "号牌",
        "号牌号码",
        "车号",
        "牌照",
        "牌照号",
        "车辆牌照",
        "车牌照",
        "车辆号牌",
        "机动车号牌",
        "车辆车牌",
        "车辆号码",
        "登记车牌",
        "住户车牌",
        "PLATE",
        "PLATENO",
        "PLATENUMBER",
        "LICENSEPLATE",
        "LICENCEPLATE",
        "NUMBERPLATE",
        "CARPLATE",
        "LICENSENO",
        "LICENSENUMBER",
        "VEHICLEPLATE",
    ),
    Column.OWNER: (
        "车主",
        "业主",
        "姓名",
        "业主姓名",
        "车主姓名",
        "户主",
        "户主姓名",
        "住户",
        "住户姓名",
        "登记人",
        "联系人",
        "名字",
        "OWNER",
        "NAME",
        "OWNERNAME",
        "FULLNAME",
        "RESIDENT",
    ),
    Column.PHONE: (
        "电话",
        "手机",
        "联系电话",
        "手机号",
        "手机号码",
        "电话号码",
        "联系方式",
        "业主电话",
        "车主电话",
        "PHONE",
        "MOBILE",
        "TEL",
        "TELEPHONE",
        "PHONENUMBER",
        "CONTACT",
    ),
    Column.BUILDING: (
        "楼栋",
        "栋",
        "幢",
        "座",
        "楼",
        "楼号",
        "栋号",
        "幢号",
        "楼座",
        "楼宇",
        "BUILDING",
        "BLOCK",
        "TOWER",
    ),
    Column.UNIT: ("单元", "单元号", "梯", "UNIT", "ENTRANCE"),
    Column.ROOM: ("室", "房间", "房间号", "室号", "ROOM", "ROOMNO", "FLATNO"),
    Column.HOUSEHOLD: (
        "房号",
        "住址",
        "地址",
        "门牌",
        "门牌号",
        "房屋",
        "房屋地址",
        "家庭住址",
        "楼栋房号",
        "楼房号",
        "户号",
        "房产",
        "单位",
        "房屋号",
        "栋房号",
        "HOUSEHOLD",
        "ADDRESS",
        "FLAT",
        "APARTMENT",
    ),
}
"""The names by which each column is known, folded as `_header_key` folds them."""

_BY_NAME = {name: column for column, names in NAMES.items() for name in names}
_BRACKETS = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
_NOISE = re.compile(r"[\s:：*＊#.。、,，/\\_\-]+")
_TRAILING_NUMBER = re.compile(r"[0-9一二三四]+$")

# Loose on purpose: it only says which column holds plates, the plate rules come later.
_PLATE_LIKE = re.compile(
    rf"[{PROVINCES}][A-Z0-9][0-9A-Z警学挂领港澳临]{{4,7}}|使[0-9]{{6}}|WJ.{{5,6}}"
)


def _header_key(cell: str) -> str:
    return _NOISE.sub("", _BRACKETS.sub("", fold(cell)))


def column_named(cell: str) -> Column | None:
    """Return which column a header cell names, None when it names none."""
    key = _header_key(cell)
    return _BY_NAME.get(key) or _BY_NAME.get(_TRAILING_NUMBER.sub("", key))


def looks_like_plate(text: str) -> bool:
    """Return whether a text is likely meant as a plate, right or wrong."""
    return _PLATE_LIKE.fullmatch(normalise(text)) is not None


def read_header(row: Row) -> dict[int, Column] | None:
    """Return which column index is what, None for a row that is no header.

    A header names a plate column; where two columns are both named as plates, both are.
    """
    found: dict[int, Column] = {}
    for index, cell in enumerate(row):
        column = column_named(cell) if cell and len(cell) <= 30 else None
        if column is not None and (column is Column.PLATE or column not in found.values()):
            found[index] = column
    if Column.PLATE not in found.values():
        return None
    if Column.ROOM in found.values() and Column.HOUSEHOLD in found.values():
        return found
    return _room_by_building(found)


def _room_by_building(found: dict[int, Column]) -> dict[int, Column]:
    """房号 beside a building column holds the room only; alone it holds the whole household."""
    if Column.BUILDING not in found.values() or Column.ROOM in found.values():
        return found
    return {
        index: Column.ROOM if column is Column.HOUSEHOLD else column
        for index, column in found.items()
    }


def guess_columns(rows: Sequence[Row]) -> dict[int, Column] | None:
    """Return the columns of a list without a header, by what stands in them.

    Returns:
        None when no column looks like plates.
    """
    width = max((len(row) for row in rows), default=0)
    sample = rows[:200]
    found: dict[int, Column] = {}
    for index in range(width):
        cells = [row[index] for row in sample if index < len(row) and row[index]]
        if not cells:
            continue
        column = _guess(cells)
        if column is not None and (column is Column.PLATE or column not in found.values()):
            found[index] = column
    return found if Column.PLATE in found.values() else None


_MOBILE = re.compile(r"(\+?86)?1[3-9][0-9]{9}")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(先生|女士|小姐)?")
_HOUSEHOLD_LIKE = re.compile(
    r".*[0-9].*(栋|幢|座|单元|房|室|号楼).*|[0-9A-Z]+-[0-9A-Z]+(-[0-9A-Z]+)?"
)


def _guess(cells: Sequence[str]) -> Column | None:
    def share(test: re.Pattern[str]) -> float:
        return sum(1 for cell in cells if test.fullmatch(fold(cell).replace(" ", ""))) / len(cells)

    plates = sum(1 for cell in cells if any(map(looks_like_plate, _words(cell))))
    if plates / len(cells) >= 0.3:
        return Column.PLATE
    for column, test in (
        (Column.PHONE, _MOBILE),
        (Column.HOUSEHOLD, _HOUSEHOLD_LIKE),
        (Column.OWNER, _HAN_NAME),
    ):
        if share(test) >= 0.5:
            return column
    return None


def _words(cell: str) -> list[str]:
    return [cell, *re.split(r"[、，,/;；\s]+", cell)]
