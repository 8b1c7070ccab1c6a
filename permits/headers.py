"""Which column of a list is what: by its header's name, or by what stands in it."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from permits.households_text import fold
from permits.plate_cells import split_cell
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
        "牌号",
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
        "楼栋号",
        "幢号",
        "楼座",
        "楼宇",
        "BUILDING",
        "BLOCK",
        "TOWER",
    ),
    Column.UNIT: ("单元", "单元号", "梯", "UNIT", "ENTRANCE"),
    Column.ROOM: ("室", "房", "房间", "房间号码", "房间号", "室号", "ROOM", "ROOMNO", "FLATNO"),
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
        "房屋号",
        "栋房号",
        "HOUSEHOLD",
        "ADDRESS",
        "FLAT",
        "APARTMENT",
    ),
}
"""The names by which each column is known, folded as `_header_key` folds them.

A plate column may also have any name that ends in one of the `PLATE_ENDINGS`.
"""

PLATE_ENDINGS = ("车牌", "车牌号", "车牌号码", "号牌", "号牌号码", "牌照", "牌照号码")

_BY_NAME = {name: column for column, names in NAMES.items() for name in names}
_BRACKETS = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
_NOISE = re.compile(r"[\s:：*＊#.。、,，/\\_\-]+")
_TRAILING_NUMBER = re.compile(r"[0-9一二三四]+$")
_NOT_LATIN = re.compile(r"[^A-Z]+")
_LATIN = re.compile(r"[A-Z]+")
_LONGEST_NAME = 30
# Every name of a plate column has one of these in it.
_PLATE_WORD = re.compile("牌|车号|车辆号|plate|licen[cs]e", re.IGNORECASE)

# Loose on purpose: it only says which column holds plates, the plate rules come later.
_PLATE_LIKE = re.compile(
    rf"[{PROVINCES}][A-Z0-9][0-9A-Z警学挂领港澳临]{{4,7}}|使[0-9]{{6}}|WJ.{{5,6}}"
)


@dataclass(frozen=True)
class Group:
    """Columns that belong together: plates, and whose they are.

    Attributes:
        plates: indexes of the plate columns.
        others: which index holds what else, columns shared with other groups included.
        own: the columns of `others` that no other group shares.
    """

    plates: tuple[int, ...]
    others: Mapping[Column, int]
    own: frozenset[Column]


Layout = tuple[Group, ...]
"""A list's columns. It has several groups where two lists stand side by side."""


def _header_key(cell: str) -> str:
    return _NOISE.sub("", _BRACKETS.sub("", fold(cell)))


def column_named(cell: str) -> Column | None:
    """Return which column a header cell names, None when it names none."""
    if not cell or len(cell) > _LONGEST_NAME:
        return None
    key = _header_key(cell)
    bare = _TRAILING_NUMBER.sub("", key)
    # `车牌号 Plate No.` is one name in two languages.
    for name in (key, bare, _LATIN.sub("", bare), _NOT_LATIN.sub("", bare)):
        if name in _BY_NAME:
            return _BY_NAME[name]
    return Column.PLATE if bare.endswith(PLATE_ENDINGS) else None


def looks_like_plate(text: str) -> bool:
    """Return whether a text is likely meant as a plate, right or wrong."""
    return _PLATE_LIKE.fullmatch(normalise(text)) is not None


def read_header(row: Row, below: Row = ()) -> Layout | None:
    """Return the columns that a header names, None for a row that is no header.

    Args:
        below: a second header row, whose names go before those of the first.
    """
    width = max(len(row), len(below))
    cells = [(_at(below, index), _at(row, index)) for index in range(width)]
    named = ((column_named(lower) or column_named(upper)) for lower, upper in cells)
    return _layout([(index, column) for index, column in enumerate(named) if column])


def is_second_header(row: Row) -> bool:
    """Return whether a row below a header goes on with it: every cell of it is a name."""
    filled = [cell for cell in row if cell]
    return bool(filled) and all(column_named(cell) for cell in filled)


def repeats_header(row: Row) -> bool:
    """Return whether a row among the plates is a header again, as on a new page."""
    return _PLATE_WORD.search(" ".join(row)) is not None and read_header(row) is not None


def _at(row: Row, index: int) -> str:
    return row[index] if index < len(row) else ""


def _layout(named: Sequence[tuple[int, Column]]) -> Layout | None:
    """Return the groups of columns; where only one has plates, the first of each name counts."""
    blocks = [block for block in _blocks(named) if any(c is Column.PLATE for _, c in block)]
    if not blocks:
        return None
    if len(blocks) == 1:
        blocks = [list(named)]
    maps = [_first_of_each(block) for block in blocks]
    outside = _first_of_each([pair for pair in named if not any(pair in b for b in blocks)])
    owners = Counter(column for others in maps for column in others)
    groups = []
    for block, others in zip(blocks, maps, strict=True):
        shared = {
            column: index
            for one in [outside, *maps]
            for column, index in one.items()
            if column not in others and owners[column] <= 1
        }
        plates = tuple(index for index, column in block if column is Column.PLATE)
        groups.append(_group(plates, others, shared))
    return tuple(groups)


def _blocks(named: Sequence[tuple[int, Column]]) -> list[list[tuple[int, Column]]]:
    """Cut where a name comes again: there begins a second list beside the first."""
    blocks: list[list[tuple[int, Column]]] = [[]]
    for index, column in named:
        block = blocks[-1]
        if column is not Column.PLATE and column in (kind for _, kind in block):
            plates = sum(1 for _, kind in block if kind is Column.PLATE)
            begun_by_plate = plates > 1 and block[-1][1] is Column.PLATE
            blocks.append([block.pop()] if begun_by_plate else [])
        blocks[-1].append((index, column))
    return blocks


def _first_of_each(block: Sequence[tuple[int, Column]]) -> dict[Column, int]:
    return {column: index for index, column in reversed(block) if column is not Column.PLATE}


def _group(plates: tuple[int, ...], others: dict[Column, int], shared: dict[Column, int]) -> Group:
    """房号 beside a building column holds the room only; alone it holds the whole household."""
    columns = {**shared, **others}
    own = frozenset(others)
    if Column.BUILDING in columns and Column.HOUSEHOLD in columns and Column.ROOM not in columns:
        columns[Column.ROOM] = columns.pop(Column.HOUSEHOLD)
        own = frozenset(Column.ROOM if one is Column.HOUSEHOLD else one for one in own)
    return Group(plates, columns, own)


def guess_columns(rows: Sequence[Row]) -> Layout | None:
    """Return the columns of a list without a header, by what stands in them.

    Returns:
        None when no column looks like plates.
    """
    return _layout(list(_guesses(rows[:200])))


def _guesses(sample: Sequence[Row]) -> Iterator[tuple[int, Column]]:
    for index in range(max((len(row) for row in sample), default=0)):
        cells = [row[index] for row in sample if index < len(row) and row[index]]
        column = _guess(cells) if cells else None
        if column is not None:
            yield index, column


_MOBILE = re.compile(r"(\+?86)?1[3-9][0-9]{9}")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(先生|女士|小姐)?")
_HOUSEHOLD_LIKE = re.compile(
    r".*[0-9].*(栋|幢|座|单元|房|室|号楼).*|[0-9A-Z]+-[0-9A-Z]+(-[0-9A-Z]+)?"
)


def _guess(cells: Sequence[str]) -> Column | None:
    def share(test: re.Pattern[str]) -> float:
        return sum(1 for cell in cells if test.fullmatch(fold(cell).replace(" ", ""))) / len(cells)

    plates = sum(1 for cell in cells if any(map(looks_like_plate, [cell, *split_cell(cell)])))
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
