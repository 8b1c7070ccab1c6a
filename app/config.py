"""Settings, read from the environment once, and the folders of one installation."""

from __future__ import annotations

import enum
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

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
    def handovers(self) -> Path:
        """The handover that was made last."""
        return self.folder / "handovers"

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
        if path.exists():
            return path.read_text()
        self.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self.keys)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            # Complete from the first moment it has its name; of two processes one is first.
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
        return path.read_text()


class SmtpSafety(enum.StrEnum):
    """How a connection to the mail server is encrypted; the scheme of `SMTP_URL`."""

    TLS = "smtps"
    STARTTLS = "smtp"
    NONE = "smtp+plain"


SMTP_PORTS = {SmtpSafety.TLS: 465, SmtpSafety.STARTTLS: 587, SmtpSafety.NONE: 25}


@dataclass(frozen=True)
class Smtp:
    """The mail server to which e-mail is handed; `sender` is the address in its From."""

    host: str
    port: int
    safety: SmtpSafety
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations; `docs/settings.md` lists the variables.

    Attributes:
        home: the installation's folder (`PARKING_HOME`, default `instance`).
        database_url: SQLAlchemy URL (`DATABASE_URL`, default SQLite in the home folder).
        public_url: what the QR carries (`PUBLIC_URL`).
        redis_url: Redis for jobs and limits (`REDIS_URL`), empty for SQLite and memory.
        trusted_proxies: how many proxies in front set X-Forwarded-* (`TRUSTED_PROXIES`).
        webhooks_to_private_addresses: whether webhooks may call private networks and this
            machine (`WEBHOOKS_TO_PRIVATE_ADDRESSES`).
        smtp: where e-mail goes (`SMTP_URL`, `SMTP_FROM`), None for no e-mail.
    """

    home: Home
    database_url: str
    public_url: str = "http://127.0.0.1:8000"
    redis_url: str = ""
    trusted_proxies: int = 0
    webhooks_to_private_addresses: bool = False
    smtp: Smtp | None = None
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


class WrongSetting(ValueError):
    """An environment variable holds what it cannot."""


def _count(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name) or "0"
    if not text.isdecimal():
        raise WrongSetting(f"{name} must be a whole number, not “{text}”")
    return int(text)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = (environ.get(name) or "off").lower()
    if text not in ("on", "off"):
        raise WrongSetting(f"{name} must be on or off, not “{text}”")
    return text == "on"


def _smtp(url: str, sender: str) -> Smtp | None:
    if not url:
        return None
    try:
        parts = urlsplit(url)
        safety, port = SmtpSafety(parts.scheme), parts.port
    except ValueError:
        raise WrongSetting("SMTP_URL must be smtps://…, smtp://… or smtp+plain://…") from None
    if not parts.hostname:
        raise WrongSetting("SMTP_URL names no host")
    if not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", sender):
        raise WrongSetting("SMTP_FROM must be the e-mail address that letters come from")
    return Smtp(
        host=parts.hostname,
        port=port or SMTP_PORTS[safety],
        safety=safety,
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment gives.

    Raises:
        WrongSetting: a variable holds what it cannot.
    """
    home = Home(Path(environ.get("PARKING_HOME") or ROOT / "instance").resolve())
    port = environ.get("PORT") or "8000"
    return Settings(
        home=home,
        database_url=_database_url(environ.get("DATABASE_URL", ""), home),
        public_url=(environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        redis_url=environ.get("REDIS_URL", ""),
        trusted_proxies=_count(environ, "TRUSTED_PROXIES"),
        webhooks_to_private_addresses=_switch(environ, "WEBHOOKS_TO_PRIVATE_ADDRESSES"),
        smtp=_smtp(environ.get("SMTP_URL", ""), environ.get("SMTP_FROM", "")),
    )
