"""Settings, read from the environment once, and the folders of one installation."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENDOR = Path(__file__).parent / "static" / "vendor"
"""What set-up fetches: browser parts and fonts, not in version control."""


@dataclass(frozen=True)
class Home:
    """The folder that holds everything of one installation."""

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite database, where no other database is set."""
        return self.folder / "parking.db"

    @property
    def keys(self) -> Path:
        """Private keys, mode 0600 each."""
        return self.folder / "keys"

    @property
    def files(self) -> Path:
        """Handed-in lists, by SHA-256."""
        return self.folder / "files"

    @property
    def prints(self) -> Path:
        """Printed PDFs."""
        return self.folder / "prints"

    @property
    def jobs(self) -> Path:
        """Huey's queue, where no Redis is set."""
        return self.folder / "jobs.db"

    @property
    def demo_sign_ins(self) -> Path:
        """The demo's names and passwords, mode 0600."""
        return self.folder / "demo-sign-ins.txt"

    @property
    def sample_list(self) -> Path:
        """A plate list to try the demo with."""
        return self.folder / "sample-list.xlsx"

    def session_secret(self) -> str:
        """Return the secret that signs session cookies, made on first use with mode 0600."""
        path = self.keys / "session.key"
        self.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            secret = secrets.token_hex(32)
            file.write(secret)
        return secret


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations; `docs/settings.md` lists the variables.

    Attributes:
        home: the installation's folder (`PARKING_HOME`, default `instance`).
        database_url: SQLAlchemy URL (`DATABASE_URL`, default SQLite in the home folder).
        public_url: what the QR carries (`PUBLIC_URL`).
        redis_url: Redis for jobs and limits (`REDIS_URL`), empty for SQLite and memory.
        trusted_proxies: how many proxies in front set X-Forwarded-* (`TRUSTED_PROXIES`).
    """

    home: Home
    database_url: str
    public_url: str = "http://127.0.0.1:8000"
    redis_url: str = ""
    trusted_proxies: int = 0
    flask: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_https(self) -> bool:
        """Whether people reach this installation by HTTPS."""
        return self.public_url.lower().startswith("https://")


def _database_url(url: str, home: Home) -> str:
    if not url:
        return f"sqlite:///{home.database}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment gives."""
    home = Home(Path(environ.get("PARKING_HOME") or ROOT / "instance").resolve())
    port = environ.get("PORT") or "8000"
    return Settings(
        home=home,
        database_url=_database_url(environ.get("DATABASE_URL", ""), home),
        public_url=(environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        redis_url=environ.get("REDIS_URL", ""),
        trusted_proxies=int(environ.get("TRUSTED_PROXIES") or 0),
    )
