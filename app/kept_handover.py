"""The handover that was made last: one file, kept until the next one or until it is removed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app import context
from app.extensions import db
from permits.handover.writing import Source, write_handover
from zones.communities import Community

_NAMES = re.compile(
    r"handover-(?P<community>[0-9]+)-(?P<at>[0-9]{8}-[0-9]{6})(?P<people>-people)?\.zip"
)
_MOMENT = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class KeptHandover:
    """A file that was made.

    Attributes:
        at: when it was begun.
        with_people: whether it is encrypted and has names and phone numbers.
    """

    path: Path
    at: datetime
    with_people: bool

    @property
    def size_bytes(self) -> int:
        """How large it is."""
        return self.path.stat().st_size


def name_of_next(community: Community, at: datetime, *, with_people: bool) -> str:
    """Return what a handover that is made now is called."""
    people = "-people" if with_people else ""
    return f"handover-{community.number}-{at.astimezone(UTC):{_MOMENT}}{people}.zip"


def kept_handover(community: Community) -> KeptHandover | None:
    """Return the handover that was made last for a community, None where there is none."""
    folder = context.settings().home.handovers
    found = [_kept(path, community) for path in folder.glob("*.zip")] if folder.is_dir() else []
    return max(filter(None, found), key=lambda one: one.at, default=None)


def _kept(path: Path, community: Community) -> KeptHandover | None:
    name = _NAMES.fullmatch(path.name)
    if name is None or int(name["community"]) != community.number:
        return None
    at = datetime.strptime(name["at"], _MOMENT).replace(tzinfo=UTC)
    return KeptHandover(path, at, name["people"] is not None)


def keep_handover(
    name: str,
    *,
    passphrase: str | None,
    at: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Make a handover and keep it in place of the one before."""
    folder = context.settings().home.handovers
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    write_handover(source(), path, at=at, passphrase=passphrase, progress=progress)
    for other in folder.glob("*.zip"):
        if other != path:
            other.unlink(missing_ok=True)


def remove_kept_handover(community: Community) -> None:
    """Remove the handover that was made last for a community."""
    one = kept_handover(community)
    if one is not None:
        one.path.unlink(missing_ok=True)


def source() -> Source:
    """Return where handovers of this installation are taken from."""
    return Source(db.engine, context.sealer(), context.files(), context.print_settings())
