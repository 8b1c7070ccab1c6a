"""Channels: ways to somebody outside of the pages, each one class, chosen by the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from app.config import Settings
from app.letter import Letter
from app.smtp_channel import SmtpChannel
from records.contact import EMAIL


class Channel(Protocol):
    """One way to somebody's address."""

    def send(self, letter: Letter) -> None:
        """Send a letter, and return once it is taken.

        Raises:
            NotSent: it was not.
        """


def channels_of(settings: Settings) -> Mapping[str, Channel]:
    """Return the channels for which the installation is set up, by their names."""
    return {EMAIL: SmtpChannel(settings.smtp)} if settings.smtp else {}
