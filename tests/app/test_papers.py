"""Notices and joint meetings as the office and the representatives meet them."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.extensions import db
from app.head_signing import sign_where_grown
from permits.heads import sign_head
from permits.notice import PublicNotice
from records import ledger
from records.checkpoints import SignedHead
from records.file_store import FileStore
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT, OFFICE, TODAY, make_meeting, make_plan, photo_file
from zones.joint_meetings import JointMeeting, PaperState, PaperVote
from zones.plans import PlanVote
from zones.responsibility import Responsibility


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def proposed(session, town):
    plan = make_plan(session, town.community, voted=False)
    session.commit()
    return plan


@pytest.fixture
def meeting(session, town, tmp_path, proposed):
    meeting = make_meeting(session, town.community, FileStore(tmp_path / "files"), "A", proposed)
    session.commit()
    return meeting


def pages_of(answer):
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]


def test_the_office_prints_a_notice_under_a_fresh_head_and_downloads_it(office, kept):
    assert office.post("/papers/notices").status_code == 302
    [notice] = kept(select(PublicNotice))
    [head] = kept(select(SignedHead))
    assert notice.head_number == head.number
    answer = office.get(f"/papers/notices/{notice.id}/notice.pdf")
    [words] = pages_of(answer)
    assert "".join(head.checkpoint.text.split()) in "".join(words.split())
    assert f"Notice {notice.id}" in words_of(office.get("/papers/"))


def test_the_meetings_papers_hold_the_plans_that_were_chosen(office, proposed):
    sent = {"held_on": TODAY.isoformat(), "place": "二楼会议室", "plan": proposed.id}
    pages = pages_of(office.post("/papers/meeting.pdf", data=sent))
    assert "二楼会议室" in pages[0]
    assert any(f"提案：停车分区方案第 {proposed.number} 号" in page for page in pages)
    assert not any("提案：" in page for page in pages_of(office.post("/papers/meeting.pdf")))
    assert office.post("/papers/meeting.pdf", data={"held_on": "soon"}).status_code == 422


def meeting_form(town, **changes):
    compound = town.compound("A").id
    return {
        "held_on": TODAY.isoformat(),
        "first_day": TODAY.isoformat(),
        "attended": "12",
        f"vote-{compound}": "yes",
        f"reason-{compound}": "会上议定",
        f"sheet-{compound}": (io.BytesIO(photo_file()), "sheet.jpg"),
        **{key.replace("A", str(compound)): value for key, value in changes.items()},
    }


def test_the_office_records_a_meeting_and_the_representative_makes_its_vote_count(
    office, sign_in, town, proposed, kept
):
    address = f"/papers/plans/{proposed.id}/meetings/new"
    page = office.post(address, data=meeting_form(town), follow_redirects=True)
    assert "Waits for the representative" in words_of(page)
    [vote] = kept(select(PaperVote))
    representative = sign_in(Role.REPRESENTATIVE)
    home = words_of(representative.get("/compound/"))
    assert "The office has entered your compound's vote of joint meeting 1." in home
    sheet = representative.get(f"/papers/votes/{vote.id}/sheet")
    assert (sheet.status_code, sheet.mimetype) == (200, "image/jpeg")
    representative.post(f"/papers/votes/{vote.id}/confirm")
    [counted] = kept(select(PlanVote).where(PlanVote.plan_id == proposed.id))
    assert (counted.compound_id, counted.consents) == (town.compound("A").id, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sheet-A": (io.BytesIO(b""), "")}, "Add a photo of the signed sheet."),
        ({"sheet-A": (io.BytesIO(b"x"), "x.jpg")}, "This is no photo"),
        ({"reason-A": " "}, "Write the reason as it stands on the sheet."),
        ({"vote-A": ""}, "Say whether the compound consents or refuses."),
        ({"attended": "0"}, "Number must be between"),
    ],
    ids=["no sheet", "no photo", "no reason", "no vote", "nobody came"],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(
    office, town, proposed, kept, changes, words
):
    address = f"/papers/plans/{proposed.id}/meetings/new"
    page = office.post(address, data=meeting_form(town, **changes))
    assert page.status_code == 422
    assert words in words_of(page)
    assert kept(select(JointMeeting)) == []


def test_another_compounds_representative_reads_the_vote_and_not_the_sheet(sign_in, meeting, kept):
    other = sign_in(Role.REPRESENTATIVE, "B")
    page = other.get(f"/papers/meetings/{meeting.id}")
    assert "Compound A consents" in words_of(page)
    assert "/sheet" not in page.text
    [vote] = kept(select(PaperVote))
    for act in ("confirm", "deny"):
        assert other.post(f"/papers/votes/{vote.id}/{act}").status_code == 404
    assert vote.state == PaperState.WAITING


def test_a_representative_denies_a_sheet_and_then_votes_freely(sign_in, meeting, kept):
    representative = sign_in(Role.REPRESENTATIVE)
    [vote] = kept(select(PaperVote))
    page = representative.post(f"/papers/votes/{vote.id}/deny", follow_redirects=True)
    assert "Denied: this vote does not count." in words_of(page)
    again = representative.post(f"/papers/votes/{vote.id}/confirm")
    assert again.status_code == 409


def test_the_administrator_names_who_answers_and_no_mobile_number(sign_in, town, kept):
    administrator, key = sign_in(Role.ADMINISTRATOR), f"compound-{town.compound('A').id}"
    named = {f"name-{key}": "物业", f"phone-{key}": "0757-86660001"}
    assert administrator.post("/set-up/responsible", data=named).status_code == 302
    page = administrator.post("/set-up/responsible", data={**named, f"phone-{key}": "13800138000"})
    assert page.status_code == 422
    assert "13800138000 is a mobile number" in words_of(page)
    assert [one.phone for one in kept(select(Responsibility))] == ["0757-86660001"]


def test_the_schedule_signs_only_where_the_ledger_has_grown(app, session, town, kept):
    with app.app_context():
        sign_where_grown(db.session, AT)
        sign_where_grown(db.session, AT)
    assert len(kept(select(SignedHead))) == 1
    ledger.append(session, OFFICE, [ledger.Act("zone.added", "zone:X", {})], AT)
    session.commit()
    with app.app_context():
        sign_where_grown(db.session, AT)
    assert len(kept(select(SignedHead))) == 2


def test_the_schedule_signs_no_chain_that_does_not_hold(app, session, town, kept, caplog):
    head = ledger.head(session)
    sign_head(session, town.community, town.keys, at=AT)
    session.add(
        ledger.LedgerEntry(
            number=head.number + 1,
            at=AT,
            actor="me",
            act="permit.issued",
            subject="permit:A-1",
            details={},
            previous=head.hash,
            hash="0" * 64,
        )
    )
    session.commit()
    with app.app_context():
        sign_where_grown(db.session, AT)
    assert len(kept(select(SignedHead))) == 1
    assert "LedgerBroken" in caplog.text
