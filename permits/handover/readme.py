"""What the receiver of a handover reads first, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from records.ledger import Head

_PEOPLE = {
    ("zh-CN", True): "包含车主姓名、电话和提交的原始文件。整个压缩包已加密；口令请与文件分开传递。",
    ("zh-CN", False): "不含车主姓名、电话和提交的原始文件；相应的列不在表中。",
    ("en", True): "Owners' names, phone numbers and handed-in files are in it. The whole zip is"
    " encrypted; send the passphrase by another way than the file.",
    ("en", False): "Owners' names, phone numbers and handed-in files are not in it; the tables lack"
    " those columns.",
}


def readmes(
    community: str, made_at: datetime, head: Head, with_people: bool
) -> Iterator[tuple[str, str]]:
    """Yield name and text of each file."""
    for language in ("zh-CN", "en"):
        name = f"README.{language}.md"
        text = (Path(__file__).parent / name).read_text("utf-8")
        yield (
            name,
            text.format(
                community=community,
                made_at=f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
                people=_PEOPLE[language, with_people],
                number=head.number,
                hash=head.hash,
            ),
        )
