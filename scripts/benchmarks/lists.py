"""List review: reading and reviewing a workbook, against openpyxl merely reading it."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.config import Home
from permits.plate_list import ListMeaning
from permits.reading import read_list
from permits.submitting import review_list
from records.database import open_engine
from records.keys import KeyStore
from records.sealed import Sealer
from scripts.benchmarks.register import make_register, plate_of
from scripts.benchmarks.sizes import Sizes
from scripts.benchmarks.timing import best_seconds
from zones.communities import Compound, compound_by_code

HEADER = ("序号", "房号", "车主", "联系电话", "车牌号码")


def list_plates(rows: int, registered: range) -> Iterator[str]:
    """Yield a list's plates: of ten, seven are known or new and three are troubles."""
    own, others = (_of_compound(number, registered) for number in (3, 4))
    for row in range(rows):
        match row % 10:
            case 0 | 1 | 2 | 3:
                yield plate_of(own[row % len(own)])
            case 4:
                yield plate_of(others[row % len(others)])
            case 5:
                # The letter O, which is refused.
                yield f"粤EO{row % 10_000:04d}"
            case 6 | 7 | 8:
                yield f"粤K·{row:05d}"
            case _:
                # The plate of the row before, again.
                yield f"粤K·{row - 1:05d}"


def _of_compound(number: int, registered: range) -> range:
    return registered[(number - 1 - registered[0]) % 4 :: 4]


def workbook(rows: int, registered: range) -> bytes:
    """Return a list as an Excel file."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("车辆")
    sheet.append(HEADER)
    for number, plate in enumerate(list_plates(rows, registered), start=1):
        flat = f"{number % 60 + 1}栋{number % 17 + 1}{number % 4 + 1:02d}"
        sheet.append((number, flat, "陈伟强", 13_800_000_000 + number, plate))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def openpyxl_reads(content: bytes) -> int:
    """Read every cell with openpyxl's read-only mode and return the number of rows."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))


def review(engine: Engine, content: bytes, sealer: Sealer) -> int:
    """Read and review a list and return the number of its rows."""
    with Session(engine) as session:
        compound: Compound = compound_by_code(session, 1, "huanbao")
        read = read_list(content, "list.xlsx")
        return len(review_list(session, compound, read.rows, ListMeaning.ADD, sealer).rows)


def list_figures(sizes: Sizes) -> dict[str, float]:
    """Return what is measured of list review."""
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        registered = make_register(home, sizes.list_register)
        content = workbook(sizes.list_rows, registered)
        engine = open_engine(f"sqlite:///{home.database}")
        sealer = Sealer(KeyStore(home.keys).sealing_key())
        seconds = best_seconds(
            {
                "ours": lambda: review(engine, content, sealer),
                "read": lambda: read_list(content, "list.xlsx"),
                "openpyxl": lambda: openpyxl_reads(content),
            },
            sizes.rounds,
        )
        engine.dispose()
    return {
        "times_openpyxl_read": seconds["ours"] / seconds["openpyxl"],
        "seconds": seconds["ours"],
        "seconds_reading": seconds["read"],
        "openpyxl_seconds": seconds["openpyxl"],
    }
