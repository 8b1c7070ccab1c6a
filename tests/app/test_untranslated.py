"""No page has a word that its reader's language lacks: every reader walks every page in both.

Everything from the catalogue is marked on its way. What stands unmarked has to be somebody's
data, `translate="no"`, or one of the few words that both languages share.
"""

import re

import pytest
from sqlalchemy import String, select

from records.database import Base
from records.people import Role
from tests.app.spoken import mark_translations, read_aloud
from tests.app.test_rights import may
from tests.app.world import give_job, make_world, post_at_gate
from tests.factories import make_user, representative_of

FOREIGN = {"zh": re.compile(r"[A-Za-z]{2,}"), "en": re.compile(r"[\u3400-\u9fff]")}
"""What a text in each language must not have."""

SHARED = {
    "SHA-256": "the name of a method",
    "QR": "so called on every shop door",
    "PDF, CSV, JSON, GeoJSON, SVG, xls, xlsx, ods, zip": "endings of files",
    "Excel": "a program",
    "mm": "on every ruler",
    "中文, English": "the switch names a language in that language",
}
"""Words that stand in both languages, and why."""

SHARED_WORDS = re.compile(
    "|".join(rf"(?<!\w){word}(?!\w)" for words in SHARED for word in words.split(", ")), re.I
)

CODES = re.compile(
    r"https?://\S+|\b([A-Z]{4}-){3}[A-Z]{4}\b|[\u4e00-\u9fff][A-Z][A-Z0-9·]{5,7}", re.IGNORECASE
)
"""Addresses, codes of reports and plates, wherever they stand in a sentence."""

OF_THE_WORLD = ("list.csv", "hooks.example", "east", "camera", "Is it yours?")
"""Words in the world that look like codes, or that the database has sealed only."""

LOOKS_LIKE_A_CODE = re.compile(r"[a-z]+([._:][a-z]+)*")
"""What the database holds in this shape may be a state that somebody forgot to put in words."""


@pytest.fixture
def readers(app, session, town, sign_in, client, monkeypatch):
    """For each role, and for nobody, a browser with everything on its pages."""
    world = make_world(session, town)
    given = {None: client}
    for role in Role:
        user = (
            representative_of(session, town.compound("A"))
            if role is Role.REPRESENTATIVE
            else make_user(session, town.community, role)
        )
        if role is Role.GUARD:
            post_at_gate(session, town, user)
        given[role] = sign_in(user)
        give_job(app, user)
    mark_translations(monkeypatch)
    return world, given


def known_data(session):
    """Every text in the database that is no code, the longest first."""
    found = {
        text
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String)
        for text in session.scalars(select(column).distinct())
        if text and len(text) > 1 and not LOOKS_LIKE_A_CODE.fullmatch(text)
    }
    # The pages are to write.
    session.rollback()
    return sorted({*found, *OF_THE_WORLD}, key=len, reverse=True)


def untranslated(said, language, data):
    """What of a text its reader cannot be expected to read."""
    other = {"zh": "en", "en": "zh"}[language]
    if said.language == other:
        return ""
    if said.is_marked_as(other) and not said.is_marked_as(language):
        return said.text
    rest, foreign = CODES.sub(" ", said.unmarked), FOREIGN[language]
    for one in data:
        if not foreign.search(rest):
            return ""
        rest = rest.replace(one, " ")
    rest = SHARED_WORDS.sub(" ", rest)
    return rest.strip() if foreign.search(rest) else ""


def speak(clients, language):
    """Let every reader read a language."""
    for client in clients.values():
        with client.session_transaction() as cookie:
            cookie["language"] = language


def addresses_of(world, app, role, *methods):
    """What a role may ask for; the public board for nobody."""
    for rule, address, _ in world.addresses(app, methods[0]):
        if rule.methods >= set(methods) and (
            may(rule.endpoint, role) if role else rule.endpoint == "public.board"
        ):
            yield rule.endpoint, address


def faults_of(response, endpoint, language, known):
    """The texts of a page that its reader cannot be expected to read, with the page's name."""
    return {
        (endpoint, rest)
        for said in read_aloud(response.text)
        if (rest := untranslated(said, language, known))
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_has_an_untranslated_word(app, session, readers, language):
    world, clients = readers
    speak(clients, language)
    known = known_data(session)
    faults, pages = set(), 0
    for role, client in clients.items():
        for endpoint, address in addresses_of(world, app, role, "GET"):
            response = client.get(address)
            if response.mimetype == "text/html" and response.status_code == 200:
                pages += 1
                faults |= faults_of(response, endpoint, language, known)
    assert pages > 100
    assert faults == set()


def test_no_form_that_is_sent_empty_has_an_untranslated_word(app, session, readers):
    world, clients = readers
    speak(clients, "zh")
    known = known_data(session)
    faults, sent = set(), set()
    for role, client in clients.items():
        for endpoint, address in addresses_of(world, app, role, "POST", "GET"):
            if endpoint not in sent:
                sent.add(endpoint)
                faults |= faults_of(client.post(address), endpoint, "zh", known)
    assert len(sent) > 30
    assert faults == set()
