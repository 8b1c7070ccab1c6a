"""`flask daily run`: what the clock does, by hand or from cron."""

from __future__ import annotations

from typing import Any, ClassVar

from app import context
from app.commands.answers import CommandGroup, answers
from app.daily import ACTS, run
from records.errors import DomainError

group = CommandGroup("daily", help="What is done every quarter of an hour, hour and night.")


class ActsFailed(DomainError):
    """Some `acts` failed, which the log describes; the others are done."""

    code: ClassVar[str] = "acts_failed"
    status: ClassVar[int] = 500


@group.command("run", help="Do every act of the clock now; twice does no harm.")
@answers
def run_command() -> tuple[dict[str, Any], str]:
    """Answer with the acts that were done.

    Raises:
        ActsFailed: one or more were not.
    """
    ran = run(ACTS, at=context.now())
    if failed := [one.name for one in ran if not one.is_done]:
        raise ActsFailed(acts=failed)
    names = [one.name for one in ran]
    return {"done": names}, "\n".join(names)
