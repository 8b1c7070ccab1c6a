"""The committed vectors hold in Python; `tests/browser/test_vectors.py` runs the same ones."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from permits import token
from permits.gate import VERDICT_OF, Reason, Verdict
from permits.plates import Plate, parse
from records.keys import load_public
from tests.vectors import reading
from tests.vectors.symbols import PHRASES, Symbol, private_key

pytestmark = pytest.mark.anywhere

ROOT = Path(__file__).parents[2]
TOKENS, GATE, PLATES = (reading.document(name) for name in ("token", "gate", "plates"))
PUBLIC_KEYS = {int(key_id): load_public(pem) for key_id, pem in TOKENS["public_keys"].items()}


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


def taken_for(text):
    try:
        fields = token.verify(token.from_url(text), PUBLIC_KEYS)
    except token.TokenError as error:
        return {"error": error.code}
    return {
        "fields": {
            "kind": fields.kind.name.lower(),
            "key_id": fields.key_id,
            "community": fields.community,
            "compound": fields.compound,
            "number": fields.number,
            "first_day": str(fields.first_day),
            "last_day": str(fields.last_day),
            "plate": fields.plate,
        }
    }


@pytest.mark.parametrize("case", named(TOKENS["cases"]))
def test_every_text_of_a_case_is_taken_for_the_same(case):
    taken = {text: taken_for(text) for text in case["texts"]}
    assert {text: one for text, one in taken.items() if one != case["expected"]} == {}


@pytest.mark.parametrize("case", named(GATE["cases"]))
def test_the_gate_decides_as_the_case_expects(case):
    decision = reading.summary(reading.decided(case, GATE["facts"]))
    assert {key: decision[key] for key in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", PLATES["cases"], ids=lambda case: ascii(case["typed"]))
def test_a_typed_plate_is_read_as_the_case_expects(case):
    plate = parse(case["typed"])
    read = (plate.text, str(plate.kind)) if isinstance(plate, Plate) else (None, None)
    assert read == (case["plate"], case["kind"])


def test_the_committed_vectors_are_what_the_script_writes(tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts" / "make-vectors", tmp_path], check=True)
    for made in tmp_path.iterdir():
        assert made.read_text("utf-8") == (reading.FOLDER / made.name).read_text("utf-8")
    assert {made.name for made in tmp_path.iterdir()} == {
        committed.name for committed in reading.FOLDER.glob("*.json")
    }


def test_every_reason_is_reached_by_a_case():
    reached = {reason for case in GATE["cases"] for reason in case["expected"]["reasons"]}
    # How surely a machine read a plate is judged by the server, after the decision.
    assert reached == {str(reason) for reason in Reason} - {Reason.LOW_CONFIDENCE}


def test_every_token_error_is_reached_by_a_case():
    reached = {case["expected"].get("error") for case in TOKENS["cases"]} - {None}
    assert reached == {error.code for error in token.TokenError.__subclasses__()}


def test_cases_have_names_of_their_own_and_say_why():
    cases = [*TOKENS["cases"], *GATE["cases"]]
    assert len({case["name"] for case in TOKENS["cases"]}) == len(TOKENS["cases"])
    assert len({case["name"] for case in GATE["cases"]}) == len(GATE["cases"])
    assert [case["name"] for case in cases if not case["why"]] == []


def test_the_gravest_reason_decides_in_every_case():
    order = [str(reason) for reason in Reason]
    for case in GATE["cases"]:
        reasons = case["expected"]["reasons"]
        assert reasons == sorted(reasons, key=order.index)
        assert case["expected"]["verdict"] == VERDICT_OF[Reason(reasons[0])]


def test_reasons_are_listed_from_refusals_over_checks_to_admits():
    order = [Verdict.REFUSE, Verdict.CHECK, Verdict.ADMIT]
    places = [order.index(VERDICT_OF[reason]) for reason in Reason]
    assert places == sorted(places)


def test_the_product_makes_the_same_token_as_the_vectors_own_maker():
    made = Symbol()
    fields = token.verify(made.token, PUBLIC_KEYS)
    assert token.sign(fields, private_key(PHRASES[1])) == made.token


@pytest.mark.parametrize("module", ["decide.js", "token.js", "plates.js"])
def test_the_browser_modules_import_nothing_but_each_other(module):
    source = (ROOT / "app" / "static" / "js" / module).read_text("utf-8")
    imported = re.findall(r'^import .* from "(.+)";', source, re.MULTILINE)
    assert set(imported) <= {"./token.js", "./plates.js"}
