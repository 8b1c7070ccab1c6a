import io
from datetime import timedelta

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from permits.approving import settle_conflict
from permits.conflicts import claims_of, conflicts_query
from permits.evidence import (
    KEPT_AFTER_DECISION,
    MAX_BYTES,
    MOST_EACH_SIDE,
    Evidence,
    EvidenceClosed,
    EvidenceTooLarge,
    NotASide,
    TooMuchEvidence,
    UnreadablePdf,
    erase_old_evidence,
    evidence_of,
    hand_in_evidence,
    show_evidence,
)
from permits.permit import PermitState
from permits.plate_list import ConflictDecision
from permits.submitting import withdraw
from records.ledger import LedgerEntry
from records.photo import NotAPhoto
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    list_csv,
    make_permit,
    make_town,
    make_vehicle,
    photo_file,
    submit_list,
)

LATER = AT + KEPT_AFTER_DECISION


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path, "ABC")


@pytest.fixture
def row(session, town):
    """A claims a car that B has."""
    car = make_vehicle(session, town.compound("B"), "粤E86661", "1-101")
    make_permit(session, car, PermitState.HANDED_OVER)
    submit_list(session, town.compound("A"), list_csv(("粤E86661", "3-501")), files=town.files)
    return session.scalars(conflicts_query(town.community)).one()


@pytest.fixture
def hand_in(session, town, row):
    def hand_in(letter, content=None):
        return hand_in_evidence(
            session,
            row,
            town.compound(letter),
            content or photo_file(),
            files=town.files,
            sealer=SEALER,
            actor=REPRESENTATIVE,
            at=AT,
        )

    return hand_in


@pytest.fixture
def show(session, town, row):
    return lambda: show_evidence(session, row, files=town.files, sealer=SEALER, actor=OFFICE, at=AT)


def acts(session, name):
    query = select(LedgerEntry).where(LedgerEntry.act == name).order_by(LedgerEntry.number)
    return [(one.actor, one.subject, one.details) for one in session.scalars(query)]


def pdf_file():
    document = pypdfium2.PdfDocument.new()
    document.new_page(400, 300)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_both_claims_stand_side_by_side(town, session, row):
    had, claimed = claims_of(session, row)
    assert (had.compound.letter, had.vehicle.plate, had.row) == ("B", "粤E86661", None)
    assert had.permit.vehicle is had.vehicle
    assert (claimed.compound.letter, claimed.vehicle, claimed.permit) == ("A", None, None)
    assert (claimed.handed_in_by, claimed.handed_in_at) == (REPRESENTATIVE, AT)
    assert (had.household.room, claimed.household.room) == ("101", "501")


def test_a_claim_that_is_not_decided_either_names_the_list_that_it_came_by(session, town):
    first = submit_list(session, town.compound("B"), list_csv("粤E1X234"), files=town.files)
    second = submit_list(session, town.compound("A"), list_csv("粤E1X234"), files=town.files)
    had, _claimed = claims_of(session, second.rows[0])
    assert (had.row, had.vehicle) == (first.rows[0], None)


def test_evidence_is_kept_sealed_and_without_what_the_camera_wrote(hand_in, town, show):
    exif = Image.Exif()
    exif[0x010E] = "粤E86661 at home"
    evidence = hand_in("B", photo_file(exif=exif))
    kept = town.files.path(evidence.sha256)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not kept.read_bytes().startswith(b"\xff\xd8")
    [seen] = show()
    assert Image.open(io.BytesIO(seen.jpeg)).format == "JPEG"
    assert b"at home" not in seen.jpeg


def test_of_a_pdf_the_first_page_is_kept_as_a_picture(hand_in, show):
    hand_in("A", pdf_file())
    [seen] = show()
    picture = Image.open(io.BytesIO(seen.jpeg))
    assert picture.width * 3 == picture.height * 4


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"GIF89a", NotAPhoto),
        (b"%PDF-1.7 cut off", UnreadablePdf),
        (b"\xff\xd8" + bytes(MAX_BYTES), EvidenceTooLarge),
    ],
)
def test_what_is_no_picture_is_refused(session, hand_in, row, content, refusal):
    with pytest.raises(refusal):
        hand_in("A", content)
    assert not evidence_of(session, row)


def test_only_the_two_sides_hand_in_and_only_so_much_each(hand_in):
    with pytest.raises(NotASide):
        hand_in("C")
    for _ in range(MOST_EACH_SIDE):
        hand_in("A")
    with pytest.raises(TooMuchEvidence):
        hand_in("A")
    assert hand_in("B")


def test_a_settled_conflict_takes_no_more(session, row, hand_in):
    settle_conflict(session, row, ConflictDecision.KEEP, "seen", actor=OFFICE, at=AT)
    with pytest.raises(EvidenceClosed):
        hand_in("A")


def test_each_look_is_in_the_ledger_and_what_was_handed_in_without_whose(
    session, row, hand_in, show
):
    hand_in("A")
    show()
    show()
    assert acts(session, "evidence.handed_in") == [
        (REPRESENTATIVE, f"conflict:{row.id}", {"letter": "A"})
    ]
    assert acts(session, "evidence.shown") == [(OFFICE, f"conflict:{row.id}", {"files": 1})] * 2


@pytest.mark.parametrize("ends", ["decided", "withdrawn"])
def test_evidence_is_erased_some_time_after_the_conflict_is_over(
    session, town, row, hand_in, show, ends
):
    paths = [town.files.path(hand_in(letter).sha256) for letter in "AB"]
    assert erase_old_evidence(session, town.files, actor="schedule", at=LATER) == 0
    if ends == "decided":
        settle_conflict(session, row, ConflictDecision.KEEP, "seen", actor=OFFICE, at=AT)
    else:
        withdraw(session, row.plate_list, actor=REPRESENTATIVE, at=AT)
    session.flush()
    early = LATER - timedelta(seconds=1)
    assert erase_old_evidence(session, town.files, actor="schedule", at=early) == 0
    assert erase_old_evidence(session, town.files, actor="schedule", at=LATER) == 2
    assert erase_old_evidence(session, town.files, actor="schedule", at=LATER) == 0
    assert not any(path.exists() for path in paths)
    assert [one.jpeg for one in show()] == [None, None]
    assert session.scalars(select(Evidence.handed_in_by)).all() == [REPRESENTATIVE] * 2
    assert acts(session, "evidence.erased") == [("schedule", f"conflict:{row.id}", {"files": 2})]
