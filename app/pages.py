"""What all pages share: notices after an act, ways back, and lists cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from flask import flash, request
from sqlalchemy import Select, func, select

from app.extensions import db

_Item = TypeVar("_Item")

PAGE_SIZE = 50


def done(words: str) -> None:
    """Say on the next page that an act was done."""
    flash(words, "done")


def local_path(target: str | None) -> str | None:
    """Return a way back if it stays on this site, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


@dataclass(frozen=True)
class Page(Generic[_Item]):
    """A part of a long list: its items, its number from 1, and how many items there are."""

    items: Sequence[_Item]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max((self.total + self.size - 1) // self.size, 1)


def page_of(query: Select[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """Return the page of the results that the address or a posted search asks for (`page=2`)."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    last = max(((total or 0) + size - 1) // size, 1)
    number = min(max(request.values.get("page", 1, type=int), 1), last)
    items = db.session.scalars(query.limit(size).offset((number - 1) * size)).all()
    return Page(items, number, total or 0, size)
