"""A plate list as a representative's Excel really holds it, to try the product with."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from app.demo import COMPOUNDS, plate_list_csv

HEADER = ("序号", "房号", "车主", "联系电话", "车牌号码")


def write_sample_list(path: Path) -> None:
    """Write an xlsx for the first compound with one row of nearly every outcome.

    A title above the header, a flat merged over two cars, two plates in one cell, a phone kept as
    a number, a car that another compound has, and slips that people make.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "新增车辆"
    sheet.append([f"{COMPOUNDS[0].name} 新增车辆登记表（2026 年第二批）"])
    sheet.merge_cells("A1:E1")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(list(HEADER))
    known, rival = _first_row(0), _first_row(1)
    rows = (
        (1, "10栋301", "黄晓明", 13800138001, "粤E·8K210"),
        (2, None, None, 13800138001, "粤ED86218"),
        (3, "10栋502", "陈静", "13800138003", "粤E8P306、粤E8P307"),
        (4, "10栋603", "李国华", "13800138004", "粤EO8123"),
        (5, "10栋101", "张伟", "13800138005", "粤e 8m455"),
        (6, "10栋102", "吴丽", "13800138006", "粤E·8K210"),
        (7, "10栋204", "罗敏", "", rival[4]),
        (8, "10栋305", "周强", "13800138008", ""),
        (9, "7栋301", "何芳", "1380013", "粤B·8T901"),
        tuple(known),
    )
    for row in rows:
        sheet.append(list(row))
    for column in "BC":
        sheet.merge_cells(f"{column}3:{column}4")
    for column, width in zip("ABCDE", (6, 12, 12, 16, 24), strict=True):
        sheet.column_dimensions[column].width = width
    book.save(path)


def _first_row(compound: int) -> list[str]:
    return plate_list_csv(COMPOUNDS[compound]).splitlines()[2].split(",")
