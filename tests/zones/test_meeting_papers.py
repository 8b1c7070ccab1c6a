import io

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from records import ledger
from records.file_store import FileStore
from records.photo import NotAPhoto
from tests.factories import AT, OFFICE, make_community, make_plan, photo_file
from zones.meeting_papers import (
    MAX_PDF_BYTES,
    MOST_PAPERS,
    PaperKind,
    PaperThereAlready,
    PdfTooLarge,
    TooManyPapers,
    attach_paper,
    papers_of,
)

PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "files")


@pytest.fixture
def attach(session, files):
    plan = make_plan(session, make_community(session, "A"))

    def attach(content, name="纪要.pdf"):
        return attach_paper(
            session, plan, content=content, name=name, files=files, actor=OFFICE, at=AT
        )

    attach.plan = plan
    return attach


def test_minutes_are_kept_as_they_are_and_pinned_in_the_ledger(session, files, attach):
    paper = attach(PDF)
    assert (paper.kind, files.read(paper.sha256)) == (PaperKind.MINUTES, PDF)
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["details"]["sha256"]) == ("plan.paper_attached", paper.sha256)
    assert papers_of(session, attach.plan) == [paper]


def test_a_photo_is_drawn_anew_without_what_its_camera_wrote(files, attach):
    exif = Image.Exif()
    exif[0x010E] = "3-501"
    paper = attach(photo_file(exif=exif), "会场.jpg")
    assert paper.kind == PaperKind.PHOTO
    assert dict(Image.open(io.BytesIO(files.read(paper.sha256))).getexif()) == {}


def test_what_is_neither_is_not_kept(session, files, attach):
    for content in (b"", b"PK\x03\x04", b"<html>", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(NotAPhoto):
            attach(content)
    with pytest.raises(PdfTooLarge):
        attach(PDF + bytes(MAX_PDF_BYTES))
    assert (papers_of(session, attach.plan), files.folder.exists()) == ([], False)


def test_a_paper_is_there_once_and_a_plan_has_so_many_at_most(attach):
    for number in range(MOST_PAPERS - 1):
        attach(PDF + str(number).encode())
    with pytest.raises(PaperThereAlready):
        attach(PDF + b"0", "again.pdf")
    attach(PDF)
    with pytest.raises(TooManyPapers):
        attach(PDF + b"one more")


def test_no_paper_goes_away_again(session, attach):
    attach(PDF)
    with pytest.raises(DBAPIError, match="a paper stays"):
        session.execute(text("DELETE FROM meeting_papers"))
