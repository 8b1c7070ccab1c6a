"""Links that let somebody in once: their random tokens, and that one is over."""

from __future__ import annotations

import hashlib
import secrets
from typing import ClassVar

from records.errors import DomainError


class LinkOver(DomainError):
    """The link was used, withdrawn or renewed, or its days are over; which, is not told."""

    code: ClassVar[str] = "link_over"
    status: ClassVar[int] = 404


def new_token() -> str:
    """Return a random token of 256 bits for a link."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what the database keeps of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
