from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.permit import Permit, PermitState, counted
from records.people import Role
from tests.app.pages import words_of
from tests.factories import TODAY, make_permit, make_vehicle


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def ending(session, town):
    """A permit of compound A that ends in ten days."""
    vehicle = make_vehicle(session, town.compound("A"))
    permit = make_permit(session, vehicle, PermitState.HANDED_OVER, days=11)
    make_permit(session, make_vehicle(session, town.compound("A")), PermitState.HANDED_OVER)
    session.commit()
    return permit


def test_what_ends_soon_is_told_on_both_first_pages_and_listed(sign_in, office, ending):
    told = f"1 permit ends by {ending.valid_to:%-d %b %Y}."
    representative = sign_in(Role.REPRESENTATIVE)
    assert told in words_of(representative.get("/compound/"))
    assert told in words_of(office.get("/office/"))
    listed = words_of(representative.get("/compound/permits?state=ending"))
    assert "1 permits of your compound" in listed
    assert ending.serial in listed
    assert told not in words_of(sign_in(Role.REPRESENTATIVE, "B").get("/compound/"))


def test_a_compound_is_renewed_and_only_the_new_permit_waits_to_be_printed(
    office, ending, town, kept
):
    page = words_of(office.get("/office/permits/renewal"))
    assert f"1 {ending.valid_to:%-d %b %Y} 1 0 Renew 1" in page
    sent = {"compound": town.compound("A").id, "until": "2027-12-31"}
    page = words_of(office.post("/office/permits/renewal", data=sent, follow_redirects=True))
    [new] = kept(select(Permit).where(counted(), Permit.state == PermitState.ISSUED))
    assert (new.vehicle_id, str(new.valid_to)) == (ending.vehicle_id, "2027-12-31")
    assert "Renew 1" not in words_of(office.get("/office/permits/renewal"))


@pytest.mark.parametrize("until", ["", str(TODAY + timedelta(days=10))])
def test_a_last_day_that_renews_nothing_is_refused_beside_its_field(
    office, ending, town, kept, until
):
    sent = {"compound": town.compound("A").id, "until": until}
    response = office.post("/office/permits/renewal", data=sent)
    assert (response.status_code, 'id="until-error"' in response.text) == (422, True)
    assert len(kept(select(Permit.id))) == 2
