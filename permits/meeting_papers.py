"""Drawing a joint meeting's papers into memory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from permits.printing.meeting import Invitation, print_meeting_papers
from permits.proposals import Proposal
from permits.public_facts import PublicFacts


def draw_meeting_papers(
    facts: PublicFacts,
    proposals: Sequence[Proposal],
    invitation: Invitation,
    *,
    fonts: Path,
    address: str,
) -> bytes:
    """Return the papers' PDF; no transaction is needed meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "papers.pdf"
        print_meeting_papers(facts, proposals, invitation, out=out, fonts=fonts, address=address)
        return out.read_bytes()
