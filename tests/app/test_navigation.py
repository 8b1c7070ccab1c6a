import re

import pytest

from app.navigation import TABS, UNDER
from records.people import Role
from tests.app.world import make_world


def here(page):
    return re.findall(r'<a href="([^"]+)" aria-current="page"', page)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GUARD])
def test_every_tab_of_a_role_opens_and_is_marked(sign_in, role):
    client = sign_in(role)
    home = client.get(client.get("/home").location).text
    tabs = re.findall(r'<nav class="tabs".*?</nav>', home, re.DOTALL)
    addresses = re.findall(r'href="([^"]+)"', tabs[0])
    assert len(addresses) == len(TABS[role])
    for address in addresses:
        assert here(client.get(address).text) == [address]


def test_pages_without_a_tab_are_under_the_one_of_their_kind(app, sign_in, session, town):
    world = make_world(session, town)
    clients = {role: sign_in(role) for role in Role}
    under = {}
    of_a_kind = [one for one in world.addresses(app, "GET") if one[0].endpoint in UNDER]
    for rule, address, _method in of_a_kind:
        for role, client in clients.items():
            response = client.get(address)
            if response.status_code == 200:
                under[rule.endpoint, role] = here(response.text)
    with app.test_request_context():
        assert {endpoint for endpoint, _ in under} == set(UNDER)
    assert all(len(marked) == 1 for marked in under.values()), under


def test_every_tab_and_page_named_is_one(app):
    named = {endpoint for tabs in TABS.values() for endpoint, _ in tabs}
    assert named | set(UNDER) | set(UNDER.values()) <= set(app.view_functions)


def test_nobody_has_no_tabs(client):
    assert 'class="tabs"' not in client.get("/").text
