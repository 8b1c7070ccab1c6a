"""An installation that really runs: the demo in its own folder, served as `scripts/run` does."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from app.config import ROOT, Home, read_settings
from app.extensions import db
from app.factory import create_app
from app.jobs import RUN_AT_ONCE
from records.people import User
from records.second_factor import present_code

_PROGRAMS = Path(sys.executable).parent
_Result = TypeVar("_Result")
_SOON_S = 60
"""Far longer than anything here takes; beyond it something hangs."""


@dataclass(frozen=True)
class Installation:
    """One installation and how to reach it.

    Attributes:
        environment: what its processes find in their environment.
        address: where a browser finds it, without a slash at the end.
    """

    environment: Mapping[str, str]
    address: str

    @property
    def home(self) -> Home:
        """Its folder."""
        return Home(Path(self.environment["PARKING_HOME"]))

    def within(self, act: Callable[[Session], _Result]) -> _Result:
        """Return what an act finds or does in an application on the same data, given its session.

        It runs in a thread of its own: Playwright leaves the caller's with a running event loop,
        beside which the database session's clean-up refuses to work.
        """

        def run() -> _Result:
            with self._app.test_request_context():
                return act(db.session)

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(run).result()

    @cached_property
    def _app(self) -> Flask:
        return create_app(read_settings(self.environment))

    def password(self, name: str) -> str:
        """Return a demo user's password, as the file that the first start wrote has it."""
        lines = self.home.demo_sign_ins.read_text().splitlines()
        return next(line.split()[1] for line in lines if line.split()[0] == name)

    def code(self, name: str) -> str:
        """Return the code of a demo user's second step, as `flask users code` prints it."""

        def find(session: Session) -> str:
            user = session.scalars(select(User).where(User.name == name)).one()
            code, _seconds = present_code(session, user, sealer=context.sealer(), at=context.now())
            return code

        return self.within(find)


def set_up(folder: Path) -> Installation:
    """Return a new installation with the demo, not served yet."""
    port = str(_free_port())
    inherited = {key: value for key, value in os.environ.items() if key not in _NOT_INHERITED}
    environment = {**inherited, "PARKING_HOME": str(folder), "PORT": port}
    subprocess.run(
        [_PROGRAMS / "flask", "setup"],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return Installation(environment, f"http://127.0.0.1:{port}")


_NOT_INHERITED = {
    RUN_AT_ONCE,
    "BIND",
    "DATABASE_URL",
    "PUBLIC_URL",
    "REDIS_URL",
    "TRUSTED_PROXIES",
    "COV_CORE_SOURCE",
    "COV_CORE_CONFIG",
    "COV_CORE_DATAFILE",
}
"""Settings of whoever runs the tests: this installation has the plain ones of a first start."""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def served(installation: Installation) -> Iterator[Installation]:
    """Serve an installation with gunicorn and the real consumer of jobs until the block ends."""
    commands = (
        ["gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"],
        ["huey_consumer", "app.jobs.huey", "--workers", "1", "--quiet"],
    )
    log_path = installation.home.folder / "served.log"
    with log_path.open("w") as log, contextlib.ExitStack() as running:
        processes = [
            running.enter_context(_process(command, installation, log)) for command in commands
        ]
        try:
            _wait_until_healthy(installation, processes)
        except TimeoutError as error:
            raise RuntimeError(f"{error}\n{log_path.read_text()}") from error
        yield installation


@contextlib.contextmanager
def _process(
    command: list[str], installation: Installation, log: object
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [_PROGRAMS / command[0], *command[1:]],
        env=installation.environment,
        cwd=ROOT,
        stdout=log,  # type: ignore[arg-type]
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        # The workers are in the same new session, so nothing outlives the tests.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_healthy(
    installation: Installation, processes: list[subprocess.Popen[bytes]]
) -> None:
    deadline = time.monotonic() + _SOON_S
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            raise TimeoutError("a process of the installation ended at once")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{installation.address}/health", timeout=5)
            return
        time.sleep(0.05)
    raise TimeoutError("the installation does not answer")
