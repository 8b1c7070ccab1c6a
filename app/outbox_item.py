"""One item of a device's outbox: its fields as values, or a refusal that names the field."""

from __future__ import annotations

import base64
import binascii
import enum
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

from permits.verdicts import Reason
from records.errors import DomainError

LONGEST_TEXT = 2000
"""Characters of a text that are looked at."""

LONGEST_HOURS = 24 * 31
"""Of a visit; how long one may last is for the register to say."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_YEARS = range(2000, 2200)
"""In which a device's clock is taken at its word; others overflow in other time zones."""

# Going through an enumeration takes its time, and a phone may send a thousand passes.
_REASONS = {str(reason): reason for reason in Reason}
_RANKS = {reason: rank for rank, reason in enumerate(Reason)}

_Choice = TypeVar("_Choice", bound=enum.StrEnum)


class ItemUnreadable(DomainError):
    """An item's `field` is missing or holds what it cannot."""

    code: ClassVar[str] = "item_unreadable"


@dataclass(frozen=True)
class Item:
    """One item as it was sent; each method returns one field, or refuses the item by its name."""

    content: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What it is, empty where it does not say."""
        value = self.content.get("kind")
        return value if isinstance(value, str) else ""

    @property
    def uuid(self) -> str:
        """The UUID that the device gave it."""
        text = self.content.get("uuid")
        if not isinstance(text, str) or not _UUID.fullmatch(text):
            raise ItemUnreadable(field="uuid")
        return text

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """Return a text, empty where there is none; what no database keeps is replaced."""
        value = self.content.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise ItemUnreadable(field=name)
        clean = value[:longest].replace("\0", "\ufffd")
        return clean.encode("utf-8", "replace").decode()

    def choice(
        self, name: str, choices: type[_Choice], otherwise: _Choice | None = None
    ) -> _Choice:
        """Return one of an enumeration's values."""
        value = self.content.get(name)
        if value is None and otherwise is not None:
            return otherwise
        try:
            return choices(value)
        except ValueError:
            raise ItemUnreadable(field=name) from None

    def moment(self) -> datetime:
        """Return the moment by the device's clock."""
        try:
            at = datetime.fromisoformat(self.text("at", 40))
        except ValueError:
            raise ItemUnreadable(field="at") from None
        if at.tzinfo is None or at.year not in _YEARS:
            raise ItemUnreadable(field="at")
        return at

    def flag(self, name: str, otherwise: bool | None = None) -> bool:
        """Return a yes or no."""
        value = self.content.get(name, otherwise)
        if not isinstance(value, bool):
            raise ItemUnreadable(field=name)
        return value

    def whole(self, name: str, otherwise: int | None = None) -> int:
        """Return a whole number."""
        value = self.content.get(name, otherwise)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ItemUnreadable(field=name)
        return value

    def hours(self, otherwise: timedelta | None = None) -> timedelta:
        """Return how long a visit lasts."""
        value = self.content.get("hours")
        if value is None and otherwise is not None:
            return otherwise
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not math.isfinite(value)
            or not 0 < value <= LONGEST_HOURS
        ):
            raise ItemUnreadable(field="hours")
        return timedelta(hours=value)

    def photo(self) -> bytes | None:
        """Return the photo's file."""
        text = self.content.get("photo")
        if not text:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise ItemUnreadable(field="photo") from None

    def reasons(self) -> tuple[Reason, ...]:
        """Return the reasons that were shown, without those that only the device knows."""
        given = self.content.get("reasons")
        if not isinstance(given, list):
            raise ItemUnreadable(field="reasons")
        shown = {_REASONS[one] for one in given if isinstance(one, str) and one in _REASONS}
        return tuple(sorted(shown, key=_RANKS.__getitem__))
