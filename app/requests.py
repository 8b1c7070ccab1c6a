"""Requests as the doors take them: no text holds a NUL."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items


class CleanTexts(ImmutableMultiDict[str, Any]):
    """Arguments or fields in which a replacement character stands for each NUL.

    No name or plate has a NUL and PostgreSQL keeps none, but a hostile form or a damaged symbol
    may hold one.
    """

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(
            (key, text.replace("\0", "\ufffd") if isinstance(text, str) else text)
            for key, text in iter_multi_items(mapping or ())
        )


class CleanRequest(Request):
    """A request whose arguments and fields can be kept in every database."""

    parameter_storage_class = CleanTexts
