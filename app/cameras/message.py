"""What a camera sends: the part with the data, bare or among pictures, within bounds."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, tzinfo

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from app.cameras.reading import FieldWrong, MessageUnreadable
from records.errors import DomainError

LARGEST_MESSAGE = 8 * 1024 * 1024
"""Bytes with pictures, which are not kept: a 4K picture of a car and its plate take 2 MB."""

LARGEST_DATA = 256 * 1024
"""Bytes of the part with the data, which takes about 3 KB."""

MOST_PARTS = 20
"""Parts of a message: data and some pictures."""


class MessageTooLarge(DomainError):
    """A message is larger than `limit_kb` KB, or has too many parts."""

    code = "message_too_large"
    status = 413


def data_of(body: bytes, content_type: str, is_data: Callable[[str, bytes], bool]) -> bytes:
    """Return the bytes of a message that hold its data.

    Args:
        is_data: tells by a part's name and bytes whether it is the one; the first is taken.

    Raises:
        MessageTooLarge: the message or its data are too large.
        MessageUnreadable: it is no multipart message, or has no such part.
    """
    if len(body) > LARGEST_MESSAGE:
        raise MessageTooLarge(limit_kb=LARGEST_MESSAGE // 1024)
    mimetype, options = parse_options_header(content_type)
    if not mimetype.startswith("multipart/"):
        return _bounded(body)
    parser = FormDataParser(
        stream_factory=lambda *_args, **_kwargs: io.BytesIO(),
        max_form_memory_size=LARGEST_DATA,
        max_form_parts=MOST_PARTS,
        silent=False,
    )
    try:
        # Cameras also call it mixed or related; the parts are the same.
        _, fields, files = parser.parse(
            io.BytesIO(body), "multipart/form-data", len(body), dict(options)
        )
    except RequestEntityTooLarge:
        raise MessageTooLarge(limit_kb=LARGEST_DATA // 1024) from None
    except ValueError:
        raise MessageUnreadable(why="form") from None
    parts = [(name, text.encode()) for name, text in fields.items(multi=True)]
    parts += [(name, file.stream.read()) for name, file in files.items(multi=True)]
    for name, content in parts:
        # A part need not have a name.
        if is_data(name or "", content):
            return _bounded(content)
    raise MessageUnreadable(why="form")


def _bounded(data: bytes) -> bytes:
    if len(data) > LARGEST_DATA:
        raise MessageTooLarge(limit_kb=LARGEST_DATA // 1024)
    return data


def moment(text: str, zone: tzinfo, field: str) -> datetime:
    """Return an ISO 8601 moment; one without an offset is meant in the community's time zone.

    Raises:
        FieldWrong: it is none.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise FieldWrong(field=field) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
