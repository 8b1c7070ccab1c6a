"""Putting a server under load: by wrk where there is one, else by threads of our own."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from scripts.benchmarks.served import HOST, Server, percentile

CONNECTIONS = 8
UUID = "00000000-0000-4000-8000-000000000000"
"""Stands in a request where each one sent gets a UUID of its own."""

_SCRIPT = Path(__file__).with_name("requests.lua")
_END = b"\n---\n"
_FEW_ERRORS = 0.001


@dataclass(frozen=True)
class Load:
    """What a server bore: requests a second, and the time that 99 of 100 answers stay below."""

    rate: float
    p99_s: float


def load(server: Server, requests: Sequence[bytes], seconds: float) -> Load:
    """Return what a server bears of requests that are sent in turns over some connections.

    Raises:
        RuntimeError: it refuses some.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        return _by_threads(server, requests, seconds)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(request + _END for request in requests))
        file.flush()
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
        command += ["-s", str(_SCRIPT), f"http://{HOST}:{server.port}/"]
        command += ["--", file.name, secrets.token_hex(4)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    answered, taken_us, p99_us, errors = output.split()[-4:]
    if int(errors) > _FEW_ERRORS * int(answered):
        raise RuntimeError(output)
    # Where nothing was answered there is no p99, and the round counts for nothing.
    p99_s = float(p99_us) / 1e6 if int(answered) else float("inf")
    return Load(int(answered) / (int(taken_us) / 1e6), p99_s)


def _by_threads(server: Server, requests: Sequence[bytes], seconds: float) -> Load:
    latencies: list[float] = []
    end = time.perf_counter() + seconds

    def ask(first: int) -> None:
        for request in cycle([*requests[first:], *requests[:first]]):
            start = time.perf_counter()
            if start >= end:
                return
            server.ask_well(request.replace(UUID.encode(), str(uuid.uuid4()).encode()))
            latencies.append(time.perf_counter() - start)

    threads = [
        threading.Thread(target=ask, args=(place * len(requests) // CONNECTIONS,))
        for place in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not latencies:
        raise RuntimeError("nothing was answered")
    return Load(len(latencies) / seconds, percentile(latencies, 0.99))
