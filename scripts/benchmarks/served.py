"""Servers of this bench, and requests to them over loopback."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

HOST = "127.0.0.1"
START_TIMEOUT_S = 60
WORKERS = 2


@dataclass(frozen=True)
class Server:
    """A running gunicorn with `WORKERS` workers."""

    port: int

    def ask(self, request: bytes) -> bytes:
        """Send one request and return the whole answer.

        gunicorn's sync worker closes the connection after each answer, so every request, to
        whichever server, opens one.
        """
        with socket.create_connection((HOST, self.port)) as connection:
            connection.sendall(request)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def ask_well(self, request: bytes) -> bytes:
        """Return the content of an answer.

        Raises:
            RuntimeError: the answer is a refusal.
        """
        head, _, content = self.ask(request).partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError((head + content)[:1000])
        return content


@contextlib.contextmanager
def served(application: str, environ: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve an application with the product's own gunicorn settings and `WORKERS` workers."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application]
    settings = {"BIND": f"{HOST}:{port}", "WEB_CONCURRENCY": str(WORKERS), **(environ or {})}
    process = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        _wait_for(process, port)
        yield Server(port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection((HOST, port)):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
