"""The command line: `flask demo`, `plates`, `lists`, `permits`, `gate`, `keys`, `ledger`."""

from flask import Flask

from app.commands import gate, installation, keys, ledger, lists, permits, plates

GROUPS = (
    installation.demo,
    plates.group,
    lists.group,
    permits.group,
    gate.group,
    keys.group,
    ledger.group,
)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(installation.set_up)
    for group in GROUPS:
        app.cli.add_command(group)
