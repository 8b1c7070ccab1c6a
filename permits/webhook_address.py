"""Addresses that webhooks call: which are understood, and which are not for strangers to name."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from records.errors import DomainError

LONGEST = 300
"""Characters of an address."""

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as IPv6 ones (RFC 6052)."""

_PORTS = {"http": 80, "https": 443}


class WebhookAddressWrong(DomainError):
    """The address `address` is no http or https address that can be called."""

    code: ClassVar[str] = "webhook_address_wrong"


class PrivateAddress(DomainError):
    """The host `host` lies in a network that webhooks must not reach."""

    code: ClassVar[str] = "private_address"


@dataclass(frozen=True)
class WebhookAddress:
    """Where a call goes.

    Attributes:
        host: a name, or an IP address without brackets.
        path: with its query, as the request line has it.
    """

    is_https: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def scheme(self) -> str:
        """`https` or `http`."""
        return "https" if self.is_https else "http"


def webhook_address(text: str) -> WebhookAddress:
    """Return a typed address in its parts.

    Raises:
        WebhookAddressWrong: it is none of http or https, holds a name and password, or is broken.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise WebhookAddressWrong(address=text[:LONGEST]) from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if (
        parts.scheme not in _PORTS
        or not host
        or port == 0
        or parts.username is not None
        or parts.fragment
        or len(text) > LONGEST
        or not is_plain
    ):
        raise WebhookAddressWrong(address=text[:LONGEST])
    return WebhookAddress(parts.scheme == "https", host, port or _PORTS[parts.scheme], path)


def is_private(ip: str) -> bool:
    """Return whether an IP address is none of the public internet's.

    A webhook is named by a person at a web page, but called from inside the office's network:
    the router, the cameras and this very server must not be reachable through it.
    """
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inside = ipaddress.IPv4Address(address.packed[-4:])
        if inside is not None:
            return is_private(str(inside))
    return not address.is_global or address.is_multicast


def refuse_private(host: str) -> None:
    """Raise where a host is plainly private: a private IP address, or this machine's own name.

    What a name leads to is looked at when it is called.

    Raises:
        PrivateAddress: it is.
    """
    try:
        private = is_private(host)
    except ValueError:
        private = host.rstrip(".").lower().rpartition(".")[2] == "localhost"
    if private:
        raise PrivateAddress(host=host)
