"""The command line: one module for each group of commands."""

from flask import Flask

from app.commands import (
    community,
    daily,
    gate,
    handover,
    installation,
    keys,
    ledger,
    lists,
    maps,
    permits,
    plates,
    users,
)

GROUPS = (
    installation.demo,
    community.group,
    plates.group,
    lists.group,
    maps.group,
    permits.group,
    gate.group,
    keys.group,
    ledger.group,
    users.group,
    handover.group,
    daily.group,
)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(installation.set_up)
    for group in GROUPS:
        app.cli.add_command(group)
