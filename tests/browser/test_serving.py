"""How the installation is served: nobody waits for a browser that says nothing."""

from __future__ import annotations

import contextlib
import socket
import urllib.request
from urllib.parse import urlsplit

from tests.browser.installation import Installation

_SHORTER_THAN_A_WORKER_WAITS_S = 45


def test_connections_that_browsers_open_in_advance_hold_up_nobody(
    installation: Installation,
) -> None:
    address = urlsplit(installation.address)
    with contextlib.ExitStack() as silent:
        for _ in range(8):
            connection = socket.create_connection((address.hostname, address.port))
            silent.enter_context(connection)
        answer = urllib.request.urlopen(
            f"{installation.address}/health", timeout=_SHORTER_THAN_A_WORKER_WAITS_S
        )
        assert answer.status == 200
