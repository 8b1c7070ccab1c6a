"""The vectors hold in a real browser too, and there say exactly what Python says."""

import contextlib
import http.server
import threading
from pathlib import Path

import pytest

from permits.gate import STALE_AFTER, VERDICT_OF, Reason
from tests.vectors import reading

SCRIPTS = Path(__file__).parents[2] / "app" / "static"

TOKENS_READ = """async () => {
  const { tokenFrom, verify } = await import("/static/js/token.js");
  const { cases, public_keys } = await (await fetch("/vectors/token.json")).json();
  const take = async (text) => {
    const token = tokenFrom(text);
    if (token === null) return { error: "malformed_token" };
    try {
      return { fields: await verify(token, public_keys) };
    } catch (error) {
      return { error: error.code };
    }
  };
  const taken = {};
  for (const { name, texts } of cases) taken[name] = await Promise.all(texts.map(take));
  return taken;
}"""

DECISIONS = """async () => {
  const { decide } = await import("/static/js/decide.js");
  const { cases, facts } = await (await fetch("/vectors/gate.json")).json();
  const decided = {};
  for (const { name, at, as_of, but, scanned, plate } of cases) {
    const known = { ...facts, ...but, as_of };
    decided[name] = await decide({ at: new Date(at), known, scanned, plate });
  }
  return decided;
}"""

PLATES_READ = """async () => {
  const { parse } = await import("/static/js/plates.js");
  const { cases } = await (await fetch("/vectors/plates.json")).json();
  return cases.map(({ typed }) => parse(typed));
}"""

PLATE_TABLES = """async () => {
  const { FORMS, PROVINCES, SEPARATORS, SERVICE_KINDS } = await import("/static/js/plates.js");
  return { forms: FORMS, provinces: PROVINCES, separators: SEPARATORS, kinds: SERVICE_KINDS };
}"""

DECISION_TABLES = """async () => {
  const { STALE_AFTER_S, VERDICT_OF } = await import("/static/js/decide.js");
  return { stale_after_s: STALE_AFTER_S, verdicts: Object.entries(VERDICT_OF) };
}"""


QUESTIONS = {
    "tokens": TOKENS_READ,
    "decisions": DECISIONS,
    "plates": PLATES_READ,
    "plate tables": PLATE_TABLES,
    "decision tables": DECISION_TABLES,
}


class Files(http.server.SimpleHTTPRequestHandler):
    """Serves the product's scripts, the vectors and one empty page."""

    def translate_path(self, path):
        if path.startswith("/static/"):
            return str(SCRIPTS / path.removeprefix("/static/"))
        return str(reading.FOLDER / path.removeprefix("/vectors/"))

    def do_GET(self):
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>vectors</title>")
        return None

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serving():
    """Serve them, and give the address."""
    with http.server.ThreadingHTTPServer(("localhost", 0), Files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        # WebCrypto exists only in secure contexts, and localhost is one.
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def origin():
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def answers(browser, origin):
    """What the browser says to every vector, asked in one page."""
    # The phone's own time zone must not matter.
    page = browser.new_page(timezone_id="Pacific/Kiritimati")
    page.goto(origin)
    answers = {name: page.evaluate(question) for name, question in QUESTIONS.items()}
    page.close()
    return answers


def test_every_text_is_taken_for_what_its_case_expects(answers):
    cases = reading.document("token")["cases"]
    expected = {case["name"]: [case["expected"]] * len(case["texts"]) for case in cases}
    assert answers["tokens"] == expected


def test_every_gate_case_is_decided_as_it_expects(answers):
    for case in reading.document("gate")["cases"]:
        decision = reading.summary(answers["decisions"][case["name"]])
        assert {key: decision[key] for key in case["expected"]} == case["expected"], case["name"]


def test_the_browser_and_python_agree_on_everything_they_show(answers):
    document = reading.document("gate")
    assert answers["decisions"] == {
        case["name"]: reading.decided(case, document["facts"]) for case in document["cases"]
    }


def test_typed_plates_are_read_as_their_cases_expect(answers):
    cases = reading.document("plates")["cases"]
    expected = [
        {"text": case["plate"], "kind": case["kind"]} if case["plate"] else None for case in cases
    ]
    assert answers["plates"] == expected


def test_the_browsers_plate_tables_are_the_products(answers):
    document = reading.document("plates")
    tables = answers["plate tables"]
    assert list(tables["forms"].items()) == list(document["forms"].items())
    assert tables["provinces"] == document["provinces"]
    assert tables["kinds"] == document["service_kinds"]
    assert sorted(tables["separators"]) == sorted(document["separators"])


def test_the_browsers_reasons_verdicts_and_limit_are_the_products(answers):
    tables = answers["decision tables"]
    assert tables["verdicts"] == [[str(one), str(VERDICT_OF[one])] for one in Reason]
    assert tables["stale_after_s"] == STALE_AFTER.total_seconds()
