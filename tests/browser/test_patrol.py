"""The patrol's vectors hold in a real browser too."""

import pytest

from permits.patrol import Finding
from tests.browser.test_vectors import origin  # noqa: F401 - a fixture
from tests.vectors import reading

FOUND = """async () => {
  const { find, FINDINGS } = await import("/static/js/patrol.js");
  const { cases } = await (await fetch("/vectors/patrol.json")).json();
  const found = cases.map((one) => [one.name, find(one, one.zone, one.time)]);
  return { findings: FINDINGS, found: Object.fromEntries(found) };
}"""


@pytest.fixture(scope="module")
def answers(browser, origin):  # noqa: F811
    page = browser.new_page()
    page.goto(origin)
    answers = page.evaluate(FOUND)
    page.close()
    return answers


def test_the_browser_finds_what_every_case_expects(answers):
    cases = reading.document("patrol")["cases"]
    assert answers["found"] == {case["name"]: case["expected"] for case in cases}


def test_the_browsers_findings_are_the_products(answers):
    assert answers["findings"] == list(Finding)
