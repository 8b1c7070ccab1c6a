"""The office's printers, and by how much each of them moves what it prints.

The clerk measures the cross of a calibration page from the paper's left and upper edge, on each
side and for each way the paper is printed. What is kept is how far the cross was off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits.printing.calibration import CROSS_MM
from permits.printing.layouts import Layout
from permits.printing.options import NOWHERE, Offset, PrintOptions
from records.database import Base
from records.errors import DomainError

LONGEST_NAME = 40
FARTHEST_MM = 10.0
"""A cross that is off by more was measured wrongly, or the page was scaled."""

SIDES = ("portrait_front", "portrait_back", "landscape_front", "landscape_back")
"""The four pages of the calibration: which way the paper is printed, and which side."""


class Printer(Base):
    """A printer by the name that the office gave it."""

    __tablename__ = "printers"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))

    shifts: Mapped[list[PrinterShift]] = relationship(
        back_populates="printer", cascade="all, delete-orphan", lazy="selectin"
    )

    def measured(self) -> dict[str, Measured]:
        """Return by side where the cross was measured."""
        found = {one.side: one for one in self.shifts}
        return {side: Measured.of(found.get(side)) for side in SIDES}

    def adjust(self, options: PrintOptions, layout: Layout) -> PrintOptions:
        """Return options by which sheets of a layout come out where they belong."""
        way = "landscape" if layout.is_landscape else "portrait"
        found = {one.side: one.correction for one in self.shifts}
        return replace(
            options,
            front=found.get(f"{way}_front", NOWHERE),
            back=found.get(f"{way}_back", NOWHERE),
        )


class PrinterShift(Base):
    """How far a printer moves one side, in tenths of a millimetre to the right and down."""

    __tablename__ = "printer_shifts"
    __table_args__ = (
        CheckConstraint(
            "side IN ('" + "', '".join(SIDES) + "')",
            name="side_known",
        ),
    )

    printer_id: Mapped[int] = mapped_column(ForeignKey("printers.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(16), primary_key=True)
    right_tenths: Mapped[int]
    down_tenths: Mapped[int]

    printer: Mapped[Printer] = relationship(back_populates="shifts")

    @property
    def correction(self) -> Offset:
        """What makes up for it."""
        return Offset(-self.right_tenths / 10, self.down_tenths / 10)


@dataclass(frozen=True)
class Measured:
    """Where the cross of a side was found: millimetres from the left and the upper edge."""

    left_mm: float = CROSS_MM
    top_mm: float = CROSS_MM

    @classmethod
    def of(cls, shift: PrinterShift | None) -> Measured:
        """Return what was measured when a shift was entered."""
        if shift is None:
            return cls()
        return cls(CROSS_MM + shift.right_tenths / 10, CROSS_MM + shift.down_tenths / 10)


class PrinterNameTaken(DomainError):
    """The community has another printer of this `name`."""

    code: ClassVar[str] = "printer_name_taken"
    status: ClassVar[int] = 409


class UnknownPrinter(DomainError):
    """There is no `printer` of this name; `known` lists the names there are."""

    code: ClassVar[str] = "unknown_printer"
    status: ClassVar[int] = 404


class CrossTooFarOff(DomainError):
    """The cross of a `side` is off by more than `limit_mm`."""

    code: ClassVar[str] = "cross_too_far_off"


def printers_of(session: Session, community_id: int) -> list[Printer]:
    """Return the community's printers by name."""
    query = select(Printer).where(Printer.community_id == community_id)
    return list(session.scalars(query.order_by(Printer.name)))


def printer_named(session: Session, community_id: int, name: str) -> Printer:
    """Return the community's printer of a name.

    Raises:
        UnknownPrinter: there is none.
    """
    printers = printers_of(session, community_id)
    for printer in printers:
        if printer.name == name:
            return printer
    raise UnknownPrinter(printer=name, known=[one.name for one in printers])


def save_printer(
    session: Session,
    community_id: int,
    name: str,
    measured: Mapping[str, Measured],
    changed: Printer | None = None,
) -> Printer:
    """Add a printer, or change one, with what was measured on its calibration pages.

    Args:
        measured: by a name in `SIDES`; sides that are not named are taken to be right.

    Raises:
        PrinterNameTaken: another printer has the name.
        CrossTooFarOff: a measure cannot be.
    """
    if name in {one.name for one in printers_of(session, community_id) if one is not changed}:
        raise PrinterNameTaken(name=name)
    shifts = []
    for side, one in measured.items():
        off = (one.left_mm - CROSS_MM, one.top_mm - CROSS_MM)
        if max(map(abs, off)) > FARTHEST_MM:
            raise CrossTooFarOff(side=side, limit_mm=f"{FARTHEST_MM:g}")
        right, down = (round(10 * length) for length in off)
        if right or down:
            shifts.append(PrinterShift(side=side, right_tenths=right, down_tenths=down))
    printer = changed or Printer(community_id=community_id)
    printer.name, printer.shifts = name, []
    session.add(printer)
    # The old rows go before new ones with their key come.
    session.flush()
    printer.shifts = shifts
    session.flush()
    return printer


def remove_printer(session: Session, printer: Printer) -> None:
    """Take a printer away."""
    session.delete(printer)
    session.flush()
