import pytest
from sqlalchemy import select

from permits.suspending import suspend
from permits.suspension import Suspension
from permits.warning import CarWarning
from permits.watch_rules import WatchRules, rules_of
from records.people import Role
from tests.app.pages import fields_of, words_of
from tests.factories import AT, OFFICE, make_permit, make_vehicle, make_warning

PLATE = "粤E12345"


@pytest.fixture
def proposal(session, town):
    vehicle = make_vehicle(session, town.compound("A"), PLATE)
    make_permit(session, vehicle)
    warning = make_warning(session, vehicle, WatchRules().suspension_at)
    session.commit()
    return warning


@pytest.fixture
def suspension(session, proposal):
    made = suspend(session, proposal, "three times", days=7, actor=OFFICE, at=AT)
    session.commit()
    return made


def test_staff_suspend_on_a_proposal_and_everybody_concerned_reads_until_when(
    proposal, sign_in, kept
):
    staff, address = sign_in(Role.STAFF), f"/warnings/{proposal.id}"
    assert "Suspensions to decide 1" in words_of(staff.get("/office/"))
    assert fields_of(staff.get(address))["days"] == str(WatchRules().suspension_days)
    assert staff.post(f"{address}/suspend", data={"days": 7}).status_code == 422
    staff.post(f"{address}/suspend", data={"days": 7, "reason": "three times"})
    [made] = kept(select(Suspension))
    assert "Suspensions to decide" not in words_of(staff.get("/office/"))
    for client, page in (
        (staff, f"/office/permits/{made.permit_id}"),
        (sign_in(Role.REPRESENTATIVE), "/compound/permits"),
    ):
        assert "Suspended until 8 Dec 2026, 00:00" in words_of(client.get(page))


def test_a_representative_contests_and_staff_decide_with_a_reason(suspension, sign_in):
    own, staff = sign_in(Role.REPRESENTATIVE), sign_in(Role.STAFF)
    address = f"/warnings/suspensions/{suspension.id}"
    assert own.post(f"{address}/contest", data={"reason": " "}).status_code == 422
    own.post(f"{address}/contest", data={"reason": "it was my guest"})
    assert "it was my guest" in words_of(staff.get(address))
    assert "Contests to decide 1" in words_of(staff.get("/office/"))
    staff.post(f"{address}/uphold", data={"reason": "the photo shows it"})
    words = words_of(own.get(address))
    assert "Contest rejected" in words
    assert "the photo shows it" in words
    assert own.post(f"{address}/contest", data={"reason": "again"}).status_code == 409
    staff.post(f"{address}/lift", data={"reason": "enough"})
    assert "Lifted" in words_of(own.get(address))


def test_staff_take_a_warning_back_with_a_reason(proposal, sign_in, kept):
    staff, address = sign_in(Role.STAFF), f"/warnings/{proposal.id}/withdraw"
    assert staff.post(address, data={}).status_code == 422
    staff.post(address, data={"reason": "the wrong car"})
    assert [one.withdrawn_reason for one in kept(select(CarWarning))] == ["the wrong car"]
    assert "Taken back" in words_of(staff.get("/warnings/"))


def test_the_administrator_sets_the_rules(session, town, sign_in):
    admin = sign_in(Role.ADMINISTRATOR)
    given = fields_of(admin.get("/set-up/watch"))
    assert given["look_back_hours"] == str(WatchRules().look_back_hours)
    wrong = admin.post("/set-up/watch", data={**given, "warning_at": 3, "suspension_at": 3})
    assert (wrong.status_code, "The warning comes after" in words_of(wrong)) == (422, True)
    admin.post("/set-up/watch", data={**given, "within_days": 30, "contest_pauses": "y"})
    session.expire_all()
    assert rules_of(session, town.community.id) == WatchRules(within_days=30, contest_pauses=True)
