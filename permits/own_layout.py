"""A community's own layouts: one of the product's designs on paper of its own choice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from permits.printing.layouts import HIDEABLE, LAYOUTS, PAPERS_MM, Layout
from records.database import Base
from records.errors import DomainError

LONGEST_NAME = 40
OWN = "own-"
"""How the names by which runs and commands call a community's own layouts begin."""


class OwnLayout(Base):
    """One own layout as it is kept; lengths are tenths of a millimetre."""

    __tablename__ = "print_layouts"
    __table_args__ = (
        UniqueConstraint("community_id", "name"),
        CheckConstraint('"columns" > 0 AND "rows" > 0', name="holds_a_permit"),
        CheckConstraint(
            "left_tenths >= 0 AND top_tenths >= 0 AND across_tenths >= 0 AND down_tenths >= 0",
            name="lengths_not_negative",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    design: Mapped[str] = mapped_column(String(20))
    paper: Mapped[str] = mapped_column(String(4))
    is_landscape: Mapped[bool]
    columns: Mapped[int]
    rows: Mapped[int]
    left_tenths: Mapped[int]
    top_tenths: Mapped[int]
    across_tenths: Mapped[int]
    down_tenths: Mapped[int]
    hidden: Mapped[list[Any]]

    @property
    def code(self) -> str:
        """What runs, file names and commands call it."""
        return f"{OWN}{self.id}"

    @property
    def description(self) -> LayoutDescription:
        """What it says, as it was given."""
        return LayoutDescription(
            name=self.name,
            design=self.design,
            paper=self.paper,
            is_landscape=self.is_landscape,
            columns=self.columns,
            rows=self.rows,
            left_mm=self.left_tenths / 10,
            top_mm=self.top_tenths / 10,
            across_mm=self.across_tenths / 10,
            down_mm=self.down_tenths / 10,
            hidden=frozenset(self.hidden),
        )

    @property
    def layout(self) -> Layout:
        """The layout to print with."""
        return self.description.layout(self.code)


class LayoutTooWide(DomainError):
    """The columns need `needed_mm`, the `paper` is `page_mm` wide."""

    code: ClassVar[str] = "layout_too_wide"


class LayoutTooHigh(DomainError):
    """The rows need `needed_mm`, the `paper` is `page_mm` high."""

    code: ClassVar[str] = "layout_too_high"


class LayoutNameTaken(DomainError):
    """The community has another layout of this `name`."""

    code: ClassVar[str] = "layout_name_taken"
    status: ClassVar[int] = 409


class UnknownLayout(DomainError):
    """There is no `layout` of this name; `known` lists the names there are."""

    code: ClassVar[str] = "unknown_layout"


@dataclass(frozen=True)
class LayoutDescription:
    """What a community says of a layout of its own.

    Attributes:
        design: name of the built-in layout whose permit it is.
        paper: a key of `PAPERS_MM`.
        left_mm, top_mm: from the paper's edges to the first permit.
        across_mm, down_mm: gaps between two columns and between two rows.
        hidden: which of `HIDEABLE` are left out.
    """

    name: str
    design: str
    paper: str
    is_landscape: bool
    columns: int
    rows: int
    left_mm: float
    top_mm: float
    across_mm: float
    down_mm: float
    hidden: Collection[str] = frozenset()

    def layout(self, code: str) -> Layout:
        """Return the layout under a code.

        Raises:
            LayoutTooWide, LayoutTooHigh: the permits do not fit the paper.
            ValueError: it names a design, paper or field that there is not, or a length below 0.
        """
        lengths = (self.left_mm, self.top_mm, self.across_mm, self.down_mm)
        if self.design not in LAYOUTS or self.paper not in PAPERS_MM or min(lengths) < 0:
            raise ValueError("no such layout")
        if min(self.columns, self.rows) < 1 or not set(self.hidden) <= set(HIDEABLE):
            raise ValueError("no such layout")
        width, height = PAPERS_MM[self.paper]
        layout = replace(
            LAYOUTS[self.design],
            name=code,
            page=(height, width) if self.is_landscape else (width, height),
            columns=self.columns,
            rows=self.rows,
            margin=(self.left_mm, self.top_mm),
            gap=(self.across_mm, self.down_mm),
            hidden=frozenset(self.hidden),
        )
        paper = self.paper.upper()
        wide, high = self.left_mm + layout.used[0], self.top_mm + layout.used[1]
        # A tenth is the finest that is measured; sums of tenths are not exact.
        if wide > layout.page[0] + 0.05:
            raise LayoutTooWide(needed_mm=f"{wide:g}", page_mm=f"{layout.page[0]:g}", paper=paper)
        if high > layout.page[1] + 0.05:
            raise LayoutTooHigh(needed_mm=f"{high:g}", page_mm=f"{layout.page[1]:g}", paper=paper)
        return layout


def own_layouts(session: Session, community_id: int) -> list[OwnLayout]:
    """Return the community's own layouts by name."""
    query = select(OwnLayout).where(OwnLayout.community_id == community_id)
    return list(session.scalars(query.order_by(OwnLayout.name)))


def layout_named(session: Session, community_id: int, name: str) -> Layout:
    """Return a built-in layout or one of the community's own.

    Args:
        name: of a built-in one, or an own one's code or the name that it was given.

    Raises:
        UnknownLayout: there is none.
    """
    if name in LAYOUTS:
        return LAYOUTS[name]
    own = own_layouts(session, community_id)
    for one in own:
        if name in (one.code, one.name):
            return one.layout
    raise UnknownLayout(layout=name, known=[*sorted(LAYOUTS), *(one.code for one in own)])


def save_layout(
    session: Session,
    community_id: int,
    description: LayoutDescription,
    changed: OwnLayout | None = None,
) -> OwnLayout:
    """Add an own layout, or change one; runs printed before stay as they are.

    Raises:
        LayoutTooWide, LayoutTooHigh, ValueError: see `LayoutDescription.layout`.
        LayoutNameTaken: another one, or one of the product's, has the name.
    """
    description.layout("")
    others = {one.name for one in own_layouts(session, community_id) if one is not changed}
    if description.name in others or description.name in LAYOUTS:
        raise LayoutNameTaken(name=description.name)
    one = changed or OwnLayout(community_id=community_id)
    for name in ("name", "design", "paper", "is_landscape", "columns", "rows"):
        setattr(one, name, getattr(description, name))
    one.left_tenths, one.top_tenths = _tenths(description.left_mm), _tenths(description.top_mm)
    one.across_tenths = _tenths(description.across_mm)
    one.down_tenths = _tenths(description.down_mm)
    one.hidden = sorted(description.hidden)
    session.add(one)
    session.flush()
    return one


def remove_layout(session: Session, layout: OwnLayout) -> None:
    """Take an own layout away; what was printed with it stays."""
    session.delete(layout)
    session.flush()


def _tenths(length_mm: float) -> int:
    return round(length_mm * 10)
