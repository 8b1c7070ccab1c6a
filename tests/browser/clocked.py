"""The same installation, served with a clock that the test sets."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

from werkzeug.serving import make_server

from app.config import read_settings
from app.factory import create_app
from tests.browser.installation import Installation


@contextlib.contextmanager
def clocked(installation: Installation, clock: Callable[[], datetime]) -> Iterator[Installation]:
    """Give the installation at a further address, where `clock` says what time it is."""
    app = create_app(read_settings(installation.environment))
    app.extensions["clock"] = clock
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield dataclasses.replace(installation, address=f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
