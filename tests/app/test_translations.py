"""Every word of the product has its Chinese, and every code that it can show has words."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from flask_babel import force_locale, gettext

import app as doors
import permits
import records
import zones
from app import ledger_words, words
from permits.allotting import CountsBy, Limits, Taken
from permits.headers import Column, column_named
from permits.infringement import InfringementKind, ReportState, StepKind
from permits.looking import MayPark
from permits.passes import Direction, PassKind
from permits.patrol import Finding
from permits.permit import PermitState
from permits.plate_list import ConflictDecision, ListMeaning, ListState, Outcome
from permits.plate_refusals import REFUSALS
from permits.plates import PlateKind
from permits.printing.layouts import LAYOUTS
from permits.reading import ListRow
from permits.request import RequestState
from permits.reviewing import Register, Registered, parse_rows, review
from permits.reviewing_removals import review_removals
from permits.suspension import SuspensionState
from permits.verdicts import Reason, Verdict
from permits.visitor_pass import VisitKind
from permits.visits import VisitTime
from permits.warning import WarningStep
from records.errors import DomainError
from records.people import Role
from zones.fair_proposal import WhyNot
from zones.joint_meetings import PaperState
from zones.meeting_papers import PaperKind
from zones.plans import PlanPhase, PlanState
from zones.voting_rule import VotingRule

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "app/translations/zh/LC_MESSAGES/messages.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **parse_keywords(["_l", "lazy_gettext", "lazy_pgettext:1c,2"]),
}
"""The functions whose arguments are words, as scripts/collect-words has them."""

SAME_IN_CHINESE = {"SHA-256", "%(size)s MB"}

OURS, RIVAL = 1, 2
"""The compound whose list is reviewed, and another one."""


def catalogue():
    with CATALOGUE.open("rb") as file:
        return [one for one in read_po(file, locale="zh") if one.id]


def words_in(message):
    """The English and the Chinese of a message, each as a list of its plural forms."""
    english, chinese = message.id, message.string
    return (
        [english] if isinstance(english, str) else list(english),
        [chinese] if isinstance(chinese, str) else list(chinese),
    )


def placeholders(text):
    return set(re.findall(r"%\((\w+)\)[sd]", text))


@pytest.fixture(scope="module")
def sources():
    """The syntax tree of every module, once it is imported."""
    trees = []
    for package in (records, zones, permits, doors):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            loaded = importlib.import_module(module.name)
            trees.append(ast.parse(Path(loaded.__file__).read_text(encoding="utf-8")))
    return trees


def calls_in(trees):
    """Every call as the name of what is called, and the call."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                yield getattr(node.func, "attr", None) or node.func.id, node


def kinds_of(error):
    for kind in error.__subclasses__():
        yield kind
        yield from kinds_of(kind)


@pytest.mark.anywhere
def test_the_catalogue_has_the_words_of_code_and_templates_and_no_others():
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = {
        (context, message)
        for _file, _line, message, _comments, context in extract_from_dir(
            ROOT, methods, options, keywords=KEYWORDS
        )
    }
    assert {(one.context, one.id) for one in catalogue()} == found


@pytest.mark.anywhere
def test_every_word_has_its_chinese_and_none_is_guessed():
    messages = catalogue()
    assert [one.id for one in messages if not all(words_in(one)[1])] == []
    assert [one.id for one in messages if one.fuzzy] == []


@pytest.mark.anywhere
def test_no_chinese_is_the_english():
    same = {one.id for one in catalogue() if set(words_in(one)[0]) & set(words_in(one)[1])}
    assert same == SAME_IN_CHINESE


@pytest.mark.anywhere
def test_chinese_names_the_same_facts_as_english():
    for message in catalogue():
        english, chinese = words_in(message)
        assert [placeholders(one) for one in chinese] == [placeholders(english[-1])], message.id


@pytest.mark.anywhere
def test_chinese_sentences_have_chinese_punctuation():
    """Half-width marks are for Latin text: beside a Chinese character they are slips."""
    beside = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]|[\u4e00-\u9fff]\.$")
    assert [text for one in catalogue() for text in words_in(one)[1] if beside.search(text)] == []


@pytest.mark.anywhere
def test_the_catalogue_names_no_invented_people():
    with CATALOGUE.open("rb") as file:
        header = "\n".join(f"{key}: {value}" for key, value in read_po(file).mime_headers)
    assert not re.search(r"FULL NAME|EMAIL@ADDRESS|LL@li\.org|ORGANIZATION|VERSION", header)


def test_a_page_is_chinese_until_it_is_switched_to_english(client):
    assert "公示栏" in client.get("/").text
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    page = client.get("/").text
    assert "Public board" in page
    assert "公示栏" not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workbook_of_refused_rows_has_headings_that_are_read_again(app, language):
    headings = ("Plate", "Building", "Unit", "Room", "Owner", "Phone")
    with app.test_request_context(), force_locale(language):
        read = [column_named(gettext(one)) for one in headings]
    assert read == [
        Column.PLATE,
        Column.BUILDING,
        Column.UNIT,
        Column.ROOM,
        Column.OWNER,
        Column.PHONE,
    ]


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("codes", "known"),
    [
        (Role, words.ROLES),
        (Outcome, words.OUTCOMES),
        (ListState, words.LIST_STATES),
        (ListMeaning, words.MEANINGS),
        (ConflictDecision, words.DECISIONS),
        (PermitState, words.PERMIT_STATES),
        (PlanPhase, words.PLAN_PHASES),
        (VotingRule, words.VOTING_RULES),
        (PaperKind, words.PAPER_KINDS),
        (WhyNot, words.FAIR_REFUSALS),
        (Direction, words.DIRECTIONS),
        (PassKind, words.PASS_KINDS),
        (VisitKind, words.VISIT_KINDS),
        (VisitTime, words.VISIT_TIMES),
        (Finding, words.FINDINGS),
        (InfringementKind, words.INFRINGEMENT_KINDS),
        (ReportState, words.REPORT_STATES),
        (ReportState, words.FOLLOWED_STATES),
        (StepKind, words.REPORT_STEPS),
        (WarningStep, words.WARNING_STEPS),
        (SuspensionState, words.SUSPENSION_STATES),
        (MayPark, words.MAY_PARK),
        (MayPark, words.MAY_PARK_BY_PLATE),
        (Verdict, words.VERDICTS),
        (Reason, words.GATE_REASONS),
        (PlateKind, words.PLATE_KINDS),
        (REFUSALS, words.PLATE_REFUSALS),
        (LAYOUTS, words.LAYOUTS),
        (LAYOUTS, words.LAYOUT_NAMES),
    ],
)
def test_every_code_has_words(codes, known):
    assert set(known) == set(codes)


@pytest.mark.anywhere
def test_every_refusal_has_words_and_no_words_are_left_over(sources):
    assert sources
    assert set(words.ERRORS) == {kind.code for kind in kinds_of(DomainError)} - {DomainError.code}


@pytest.mark.anywhere
def test_every_refusal_is_raised_with_the_facts_that_its_sentence_names(sources):
    needed = {
        kind.__name__: placeholders(str(words.ERRORS[kind.code]))
        for kind in kinds_of(DomainError)
        if kind.code in words.ERRORS
    }
    given = defaultdict(list)
    for name, call in calls_in(sources):
        if name in needed:
            given[name].append({keyword.arg for keyword in call.keywords})
    lacking = {
        name: facts - given_once
        for name, facts in needed.items()
        for given_once in (given[name] or [set()])
        if not facts <= given_once
    }
    assert lacking == {}


@pytest.mark.anywhere
def test_every_act_and_every_fault_of_the_ledger_has_words(sources):
    entered, faults = set(), set()
    for name, call in calls_in(sources):
        # `Act(code, …)` or a module's own `_enter(session, code, …)`.
        place = {"Act": 0, "_enter": 1}.get(name)
        if place is not None and isinstance(call.args[place], ast.Constant):
            entered.add(call.args[place].value)
        if name == "LedgerBroken":
            faults |= {one.value.value for one in call.keywords if one.arg == "fault"}
    entered |= {f"plan.{state}" for state in (PlanState.RATIFIED, PlanState.REJECTED)}
    entered |= {f"permit.{state}" for state in (PermitState.REVOKED, PermitState.EXPIRED)}
    decided = set(RequestState) - {RequestState.OPEN}
    entered |= {f"request.{state}" for state in decided}
    entered |= {f"paper_vote.{state}" for state in (PaperState.CONFIRMED, PaperState.DENIED)}
    assert set(ledger_words.ACTS) == entered
    assert set(ledger_words.FAULTS) == faults


def rows_of_every_reason():
    """Reviewed rows: each reason and each remark that there is comes up once or more."""
    ours = Registered(1, OURS, ("1", "", "101"), b"known")
    register = Register(
        compound_id=OURS,
        limits=Limits(1),
        vehicles={
            "粤E00001": ours,
            "粤E00002": ours,
            "粤E00003": ours,
            "粤E00004": Registered(2, RIVAL, ("2", "", "201"), None),
        },
        pending={"粤E00005": RIVAL},
        taken=Taken({("9", "", "901"): 1}),
    )
    flat = {"building": "1", "room": "101"}
    rows = [
        ("粤E00001", {**flat, "owner": "陈伟", "phone": "13800138000"}),
        ("粤E00002", flat),
        ("粤E00003", {"building": "3", "room": "301"}),
        ("粤E00004", {}),
        ("粤E00005", {}),
        ("粤E00006", {"building": "9", "room": "901"}),
        ("粤E00007", {"building": "4", "room": "401", "owner": "陈1", "phone": "12"}),
        ("粤E00008", {}),
        ("粤E00009", {"building": "5"}),
        ("粤E00007", {}),
        ("粤E0000临", {"building": "6", "room": "601"}),
        ("粤E0000警", {"building": "7", "room": "701"}),
        ("", {"owner": "陈伟"}),
        ("粤E0O001", {}),
    ]
    listed = [ListRow("", place, raw, **more) for place, (raw, more) in enumerate(rows, start=2)]
    by_resident = Register(OURS, Limits(1, CountsBy.RESIDENT), taken=Taken({b"other": 1}))
    places = Register(OURS, Limits(first_cars_first=True, places=1), taken=Taken(in_all=1))
    cars = [ListRow("", place, f"粤E1000{place}", room="101") for place in (2, 3)]
    added = [
        one
        for rows, against in ((listed[:1], by_resident), (cars, places), (listed, register))
        for one in review(parse_rows(rows), against, lambda owner, phone: b"other")
    ]
    left_out = review(parse_rows(cars), places, lambda owner, phone: b"", left_out={0, 1})
    return [*added, *left_out, *review_removals(parse_rows(listed), register)]


@pytest.mark.anywhere
def test_every_reason_and_remark_of_a_row_has_words():
    reviewed = rows_of_every_reason()
    assert {one.reason for one in reviewed} - set(REFUSALS) == set(words.ROW_REASONS)
    assert {remark for one in reviewed for remark in one.remarks} == set(words.REMARKS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_about_a_row_is_filled_with_its_facts(app, language):
    with app.test_request_context(), force_locale(language):
        for one in rows_of_every_reason():
            said = words.row_reason(one.reason, {**one.facts, "rival": "B"})
            assert said
            assert not placeholders(said)


def test_chinese_joins_sentences_and_lists_without_spaces(app):
    refused = rows_of_every_reason()[-1]
    unknown = next(kind for kind in kinds_of(DomainError) if kind.code == "unknown_gate")
    with app.test_request_context(), force_locale("zh"):
        assert "。是不是" in words.row_reason(refused.reason, refused.facts)
        assert "east、south" in words.error_words(unknown(gate="x", known=["east", "south"]))
