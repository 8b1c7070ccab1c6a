"""A letter to somebody outside of the pages, and that it was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """What is sent.

    Attributes:
        number, at: the delivery's number and moment; a letter sent again has the same.
        sender: what the community is called.
    """

    number: int
    at: datetime
    to: str
    sender: str
    subject: str
    text: str


class NotSent(Exception):
    """A letter was not taken, for the reason in `fault`: a word, or the receiver's status.

    Attributes:
        is_final: another try would be in vain.
        is_general: the channel itself fails, so that other letters would fail too.
    """

    def __init__(self, fault: str, *, is_final: bool = False, is_general: bool = False) -> None:
        super().__init__(fault)
        self.fault, self.is_final, self.is_general = fault, is_final, is_general
