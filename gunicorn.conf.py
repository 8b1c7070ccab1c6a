"""gunicorn's settings; every one can be changed by its environment variable."""

import os
import socket
from typing import Any

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
graceful_timeout = 20
timeout = 60
# Addresses hold tokens and searches hold plates, so no line is written for each request.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning")


def when_ready(server: Any) -> None:
    """Have the kernel keep connections to itself until something is said on them.

    A browser opens connections in advance. A sync worker that accepts one waits for its first
    request, and does nothing else until `timeout`: one browser with two of them held up everybody.
    """
    for listener in server.LISTENERS:
        if listener.sock.family != socket.AF_UNIX:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, timeout)
