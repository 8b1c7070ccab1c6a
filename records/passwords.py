"""Passwords: kept as argon2id hashes, and one made by us where somebody has none yet."""

from __future__ import annotations

import secrets
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from records.errors import DomainError

MIN_PASSWORD_LENGTH = 10
"""NIST SP 800-63B-4, 3.1.1.2 asks for at least 8 behind a second factor, which not all have."""

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits of which none is taken for another on paper."""

hasher = PasswordHasher()
"""Its settings say what one try costs; a hash of other settings is renewed at the next sign-in."""

# Verified when the name is unknown, so that an answer takes as long as for a known one.
_NOBODYS_HASH = hasher.hash(secrets.token_urlsafe())


class PasswordTooShort(DomainError):
    """A new password is shorter than `minimum` characters."""

    code: ClassVar[str] = "password_too_short"


def hash_password(password: str) -> str:
    """Return the argon2id hash of a new password.

    Raises:
        PasswordTooShort: below `MIN_PASSWORD_LENGTH` characters.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        raise PasswordTooShort(minimum=MIN_PASSWORD_LENGTH)
    return hasher.hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """Return whether a password is the one of a hash; it takes as long where there is none."""
    try:
        return hasher.verify(password_hash or _NOBODYS_HASH, password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def renewed_hash(password_hash: str, password: str) -> str:
    """Return the hash, or one by the present settings where it was made by others."""
    return hasher.hash(password) if hasher.check_needs_rehash(password_hash) else password_hash


def random_password() -> str:
    """Return a password to be written down and typed: three groups of five characters, 74 bits."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(3))
    return "-".join(groups)
