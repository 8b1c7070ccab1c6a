"""Who calls: the device whose token the request carries, in a header and never in the address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ClassVar

import limits
from flask import current_app, g, request
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import TooManyRequests, UnsupportedMediaType

from app.extensions import db, limiter
from app.rights import Right
from permits.devices import KnownDevice, device_of_token
from records.errors import DomainError

View = Callable[..., Any]

LONGEST_TOKEN = 100
"""Characters that are looked at."""


class TokenMissing(DomainError):
    """The request carries no token."""

    code: ClassVar[str] = "token_missing"
    status: ClassVar[int] = 401


class TokenUnknown(DomainError):
    """No device has this token, or it is closed."""

    code: ClassVar[str] = "token_unknown"
    status: ClassVar[int] = 401


def _token() -> str:
    """Return the token of `Authorization: Bearer`, or the password of HTTP Basic; else nothing."""
    given = request.authorization
    if given is None:
        return ""
    token = given.token if given.type == "bearer" else given.password
    return (token or "")[:LONGEST_TOKEN] if given.type in ("bearer", "basic") else ""


def this_device() -> KnownDevice:
    """Return the device that calls."""
    device: KnownDevice = g.device
    return device


def for_devices(*, most_bytes: int, json: bool = True) -> Callable[[View], View]:
    """Let a view be reached with a device's token only.

    Args:
        most_bytes: of the request's content.
        json: whether the content must be JSON.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            _count_call()
            g.device = _identified()
            request.max_content_length = most_bytes
            if json and request.method == "POST" and not request.is_json:
                raise UnsupportedMediaType
            return view(*args, **kwargs)

        checked.needed_right = Right.ACT_AS_DEVICE  # type: ignore[attr-defined]
        return checked

    return decorate


def _count_call() -> None:
    """Count a call, by its token or else by where it comes from.

    Flask-Limiter's own way round a blueprint takes a tenth of the time of a whole decision.

    Raises:
        TooManyRequests: there were more than `API_LIMIT` allows.
    """
    if not limiter.enabled:
        return
    token = _token()
    # Counts may be kept outside of this process, so the token itself is not their key.
    who = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest() if token else None
    limit = _parsed(current_app.config["API_LIMIT"])
    if not limiter.limiter.hit(limit, "api", who or get_remote_address()):
        raise TooManyRequests


_parsed = lru_cache(maxsize=1)(limits.parse)


def _identified() -> KnownDevice:
    token = _token()
    if not token:
        raise TokenMissing
    try:
        device = device_of_token(db.session, token)
    except UnicodeEncodeError:
        device = None
    if device is None:
        raise TokenUnknown
    return device
