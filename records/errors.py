"""The one root of every error that the domain raises."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal with a stable code and its facts; the words for it are made at the edge.

    Attributes:
        code: stable, machine-readable, snake case; the key of its words in every language.
        status: the HTTP status and thereby the kind of refusal (400, 403, 404, 409, 413 or 422).
        facts: what the words name, such as the row, the field or the file.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts
