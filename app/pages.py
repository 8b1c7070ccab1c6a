"""What all pages share: notices after an act, ways back, and lists cut into pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import current_app, flash, request
from sqlalchemy import Select, func, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.extensions import db

_Item = TypeVar("_Item")

PAGE_SIZE = 50

_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f\\]")


def done(words: str) -> None:
    """Say on the next page that an act was done."""
    flash(words, "done")


def local_path(target: str | None) -> str | None:
    """Return a way back if it stays on this site, else None.

    Browsers drop control characters from an address and take `\\` for `/`, so that
    `/<tab>/elsewhere.example` leads away: an address with either is none of ours.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    return None if _NOT_IN_ADDRESSES.search(target) else target


def readable_path(target: str | None) -> str | None:
    """Return the way back, or the page above it where its address only takes posts."""
    path = local_path(target)
    addresses = current_app.url_map.bind("")
    while path:
        try:
            addresses.match(path.partition("?")[0], method="GET")
        except RequestRedirect:
            return path
        except HTTPException:
            path = path.partition("?")[0].rstrip("/").rpartition("/")[0]
        else:
            return path
    return None


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
    """Return the page of the results that a posted search or the address asks for (`page=2`)."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    number = asked_page(total or 0, size)
    items = db.session.scalars(query.limit(size).offset((number - 1) * size)).all()
    return Page(items, number, total or 0, size)


def asked_page(total: int, size: int = PAGE_SIZE) -> int:
    """Return the number of the page that is asked for, of those that there are."""
    last = max((total + size - 1) // size, 1)
    # A search posts to its address, which names a page too: what is posted counts.
    asked = request.form.get("page", type=int) or request.args.get("page", 1, type=int)
    return min(max(asked, 1), last)
