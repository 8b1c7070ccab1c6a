"""`flask gate decide`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from app import context, words
from app.commands.answers import CommandGroup, answers, the_community
from app.decision_facts import decision_facts
from app.extensions import db
from permits.deciding import decide_now
from zones.communities import gate_by_code

group = CommandGroup("gate", help="The gate decision.")

_YEARS = range(2000, 2200)
"""In which a token can be valid; others overflow in other time zones."""


def _moment(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Any:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write a time as 2026-12-01T08:30 or with +08:00") from None
    if at.year not in _YEARS:
        raise click.BadParameter(f"the year must be {_YEARS.start} to {_YEARS.stop - 1}")
    return at


@group.command("decide", help="Decide on a token or a plate as the gate would.")
@click.option("--token", "scanned", metavar="URL", help="What the symbol holds.")
@click.option("--plate", help="A plate as typed.")
@click.option("--gate", "gate_code", metavar="CODE", help="At which gate; default any.")
@click.option("--at", callback=_moment, metavar="TIME", help="ISO 8601; local without a zone.")
@answers
def decide_command(
    scanned: str | None, plate: str | None, gate_code: str | None, at: datetime | None
) -> tuple[dict[str, Any], str]:
    """Answer with verdict, reasons, colour, letter, zones and plate."""
    if scanned is None and plate is None:
        raise click.UsageError("give --token or --plate")
    community = the_community()
    if gate_code:
        gate_by_code(db.session, community.id, gate_code)
    if at is None:
        at = context.now()
    elif at.tzinfo is None:
        at = at.replace(tzinfo=community.zone_info)
    decision = decide_now(
        db.session, community, at=at, scanned=scanned, plate=plate, known_at=context.now()
    )
    reasons = " ".join(str(words.GATE_REASONS[reason]) for reason in decision.reasons)
    line = f"{words.VERDICTS[decision.verdict]}  {decision.plate or ''}  {reasons}"
    return decision_facts(decision), line
