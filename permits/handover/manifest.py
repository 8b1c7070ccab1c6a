"""The manifest of a handover: what the zip holds, each file with its SHA-256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from records.errors import DomainError
from records.ledger import Head

NAME = "manifest.json"
"""The one file that the manifest does not list."""

FORMAT = 1
"""Of the zip: raised where a reader of before could not read it any more."""

LEDGER = "ledger.jsonl"


class HandoverUnreadable(DomainError):
    """The file is no zip of a handover."""

    code: ClassVar[str] = "handover_unreadable"


class HandoverDamaged(DomainError):
    """The part `file` is not as the manifest says; `fault` is missing, added, changed or wrong."""

    code: ClassVar[str] = "handover_damaged"


class HandoverTooLarge(DomainError):
    """It would unpack to more than such a file can."""

    code: ClassVar[str] = "handover_too_large"
    status: ClassVar[int] = 413


class HandoverOfOtherVersion(DomainError):
    """It was made by version `found` of the database, and this one has `expected`."""

    code: ClassVar[str] = "handover_of_other_version"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Part:
    """A file of the zip."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Manifest:
    """What the zip holds.

    Attributes:
        revision: the migration at which the database was.
        made_at: when, in UTC, ISO 8601.
        with_people: whether names, phone numbers and handed-in files are in it.
        head: the ledger's.
        rows: rows of each table.
        parts: the other files of the zip, by name.
    """

    revision: str
    made_at: str
    community: str
    with_people: bool
    head: Head
    rows: Mapping[str, int]
    parts: Mapping[str, Part]

    @property
    def content(self) -> bytes:
        """The manifest as its file."""
        document = {"format": FORMAT, **asdict(self)}
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_manifest(content: bytes) -> Manifest:
    """Return the manifest that a file holds.

    Raises:
        HandoverUnreadable: it holds none.
        HandoverOfOtherVersion: it is of another format.
    """
    try:
        document: dict[str, Any] = json.loads(content)
        if document.pop("format") != FORMAT:
            raise HandoverOfOtherVersion(found=document["revision"], expected=f"format {FORMAT}")
        document["head"] = Head(**document["head"])
        document["parts"] = {str(name): Part(**part) for name, part in document["parts"].items()}
        manifest = Manifest(**document)
        whole = [*manifest.rows.values(), *(part.size_bytes for part in manifest.parts.values())]
        if any(type(one) is not int or one < 0 for one in [manifest.head.number, *whole]):
            raise HandoverUnreadable
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HandoverUnreadable from None
    return manifest
