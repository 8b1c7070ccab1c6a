"""Pictures of what is printed: each print run's first sheets, the notice and a meeting's papers."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from app.hand_out import row_of
from app.wall_papers import sign_of
from permits.handing_out import to_sign_for
from permits.meeting_papers import draw_meeting_papers
from permits.notice import PublicNotice
from permits.print_run import PrintRun
from permits.printing import LAYOUTS
from permits.printing.calibration import calibration_pages
from permits.printing.meeting import Invitation
from permits.printing.signature_sheet import signature_sheet
from permits.printing.zone_sign import zone_signs
from permits.proposals import proposal_of
from permits.public_facts import facts_under_head
from scripts.screenshots_parts.picture import Picture
from tests.browser.installation import Installation
from zones.areas import zones_of
from zones.communities import Community
from zones.plans import PlanState, plan_in_force, plans_of

_DPI = 100
_PAGES = {True: {"cover": 1, "front": 3, "back": 4}, False: {"cover": 1, "front": 2}}
"""Pages by whether a layout has a back; then the cover's own back is page 2, and empty."""

_PAPERS = {"cover": 1, "zones": 2, "proposal": 3, "sheet": 5}
"""Pages of the meeting's papers with one proposal."""


def _runs(session: Session) -> list[tuple[int, str, str]]:
    runs = session.scalars(select(PrintRun).order_by(PrintRun.id))
    return [(run.id, run.layout, run.file_name) for run in runs]


def picture_paper(installation: Installation, folder: Path) -> Iterator[Picture]:
    """Take the pictures and yield each."""
    yield from _picture_public(installation, folder)
    for number, layout, file_name in installation.within(_runs):
        for side, page in _PAGES[LAYOUTS[layout].has_back].items():
            picture = Picture(folder, "paper", f"{layout}-{number}", side)
            _rasterise(installation.home.prints / file_name, page, picture.path)
            yield picture


def _notices(session: Session) -> list[Path]:
    notices = session.scalars(select(PublicNotice.file_sha256).order_by(PublicNotice.id))
    return [context.files().path(sha256) for sha256 in notices]


def _meeting_papers(session: Session) -> bytes:
    community = session.scalars(select(Community)).one()
    at, printing = context.now(), context.print_settings()
    facts = facts_under_head(session, community, context.keys(), at=at)
    base = plan_in_force(session, community.id, facts.day)
    proposals = [
        proposal_of(session, plan, base, community, zones_of(session, community.id))
        for plan in plans_of(session, community.id)
        if plan.state == PlanState.PROPOSED
    ]
    return draw_meeting_papers(
        facts, proposals, Invitation(), fonts=printing.fonts, address=printing.public_url
    )


def _other_papers(session: Session) -> dict[str, bytes]:
    """Return what is drawn when it is asked for and kept nowhere, by name."""
    community = session.scalars(select(Community)).one()
    plan = plan_in_force(session, community.id, community.local_day(context.now()))
    fonts = context.print_settings().fonts
    names = {"community": community.name, "community_en": community.name_en}
    if plan is None:
        raise LookupError("the demo has a plan in force")
    signs = [
        sign_of(zone, plan, "https://permits.example.cn")
        for zone in zones_of(session, community.id)
    ]
    return {
        "signatures": signature_sheet(
            [row_of(one) for one in to_sign_for(session, community)],
            day=community.local_day(context.now()),
            fonts=fonts,
            **names,
        ),
        "zone-sign": zone_signs(signs, plan_number=plan.number, fonts=fonts, **names),
        "calibration": calibration_pages(),
    }


def _picture_public(installation: Installation, folder: Path) -> Iterator[Picture]:
    for number, file in enumerate(installation.within(_notices), start=1):
        picture = Picture(folder, "paper", f"notice-{number}", "a3")
        _rasterise(file, 1, picture.path)
        yield picture
    for name, content in installation.within(_other_papers).items():
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(content)
            file.flush()
            picture = Picture(folder, "paper", name, "1")
            _rasterise(Path(file.name), 1, picture.path)
            yield picture
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(installation.within(_meeting_papers))
        file.flush()
        for side, page in _PAPERS.items():
            picture = Picture(folder, "paper", "meeting", side)
            _rasterise(Path(file.name), page, picture.path)
            yield picture


def _rasterise(pdf: Path, page: int, path: Path) -> None:
    chosen = ["-f", str(page), "-l", str(page), "-singlefile"]
    command = ["pdftoppm", "-r", str(_DPI), "-png", *chosen, str(pdf), str(path.with_suffix(""))]
    subprocess.run(command, check=True)
