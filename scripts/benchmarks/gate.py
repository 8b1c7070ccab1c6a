"""The gate: decisions over HTTP, against a bare Flask route in the same kind of server."""

from __future__ import annotations

import http.client
import json
import random
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from app.config import Home
from permits import token
from records.keys import KeyStore
from scripts.benchmarks.register import FIRST_DAY, LAST_DAY, make_register, plate_of
from scripts.benchmarks.served import HOST, Server, percentile, served
from scripts.benchmarks.sizes import Sizes

GUARD = "guard"
KEY_ID = COMMUNITY = 1
FORM = "application/x-www-form-urlencoded"
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class SignedIn:
    """A guard's session at one server, as a browser would hold it."""

    def __init__(self, server: Server, home: Home) -> None:
        self.server = server
        self.cookie = ""
        sign_ins = dict(line.split()[:2] for line in home.demo_sign_ins.read_text().splitlines())
        csrf = self._csrf_on("/sign-in")
        form = {"csrf_token": csrf, "name": GUARD, "password": sign_ins[GUARD]}
        self._request("POST", "/sign-in", urlencode(form))
        self.csrf = self._csrf_on("/gate/")

    def _csrf_on(self, path: str) -> str:
        found = _CSRF.search(self._request("GET", path))
        if found is None:
            raise RuntimeError(f"no form on {path}: is the guard signed in?")
        return found[1]

    def _request(self, method: str, path: str, body: str | None = None) -> str:
        connection = http.client.HTTPConnection(HOST, self.server.port)
        headers = {"Cookie": self.cookie, **({"Content-Type": FORM} if body else {})}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.partition(";")[0]
        connection.close()
        return text

    def decision_request(self, **form: str) -> bytes:
        """Return the bytes that ask for a decision."""
        body = urlencode(form)
        return (
            f"POST /gate/decide HTTP/1.1\r\nHost: {HOST}\r\nCookie: {self.cookie}\r\n"
            f"X-CSRFToken: {self.csrf}\r\nAccept: application/json\r\n"
            f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class BenchGate:
    """A served installation with many registered vehicles and a guard who asks about them."""

    def __init__(self, folder: Path, registered: int, stack: ExitStack) -> None:
        home = Home(folder)
        self.numbers = make_register(home, registered, permits=True)
        environ = {"PARKING_HOME": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
        self.server = stack.enter_context(served("app:create_app()", environ))
        self.guard = SignedIn(self.server, home)
        self.key = KeyStore(home.keys).private(KEY_ID)
        self._check()

    def requests(self, count: int, seed: int) -> list[bytes]:
        """Return requests about cars picked at random: every second one scanned, the rest typed."""
        chance = random.Random(seed)  # noqa: S311 - the same cars in every run
        return [
            self.guard.decision_request(
                **({"scanned": self._scan(number)} if place % 2 else {"plate": plate_of(number)})
            )
            for place, number in enumerate(chance.choices(self.numbers, k=count))
        ]

    def _scan(self, number: int) -> str:
        fields = token.TokenFields(
            token.TokenKind.PERMIT,
            KEY_ID,
            COMMUNITY,
            1 + number % 4,
            number,
            FIRST_DAY,
            LAST_DAY,
            plate_of(number),
        )
        return token.url("https://permits.example.cn", token.sign(fields, self.key))

    def _check(self) -> None:
        """Make sure that what is measured are good decisions and no errors."""
        for request in self.requests(2, seed=0):
            answer = json.loads(self.server.ask(request).partition(b"\r\n\r\n")[2])
            if answer["verdict"] != "admit":
                raise RuntimeError(f"the gate says {answer['verdict']}: {answer['reasons']}")


def gate_figures(sizes: Sizes) -> dict[str, float]:
    """Return what is measured of gate decisions."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        small, large = (
            BenchGate(Path(name) / str(registered), registered, stack)
            for registered in sizes.gate_registers
        )
        bare = stack.enter_context(served("scripts.benchmarks.bare:app"))
        return _measure(sizes, small, large, bare)


def _measure(sizes: Sizes, small: BenchGate, large: BenchGate, bare: Server) -> dict[str, float]:
    least = dict.fromkeys(("small", "large", "bare"), float("inf"))
    p99 = dict.fromkeys(("large", "bare"), float("inf"))
    bare_requests = [f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()] * sizes.decisions
    for seed in range(1, sizes.rounds + 1):
        contenders = {
            "small": (small.server, small.requests(sizes.decisions, seed)),
            "large": (large.server, large.requests(sizes.decisions, seed)),
            "bare": (bare, bare_requests),
        }
        for name, (server, requests) in contenders.items():
            least[name] = min(least[name], server.seconds_for(requests) / len(requests))
            if name in p99:
                p99[name] = min(p99[name], percentile(server.latencies(requests), 0.99))
    return {
        "share_of_bare_route": least["bare"] / least["large"],
        "p99_times_bare_route": p99["large"] / p99["bare"],
        "slowdown_3k_to_1m": least["large"] / least["small"],
        "registered": len(large.numbers) + large.numbers[0] - 1,
        "decisions_per_second": 1 / least["large"],
        "bare_per_second": 1 / least["bare"],
        "p99_ms": p99["large"] * 1000,
    }
