"""The A3 notice and the meeting's papers: rasterised and read back."""

import subprocess
from dataclasses import replace
from datetime import date

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from permits.infringement import InfringementKind
from permits.printing.drawing import wrapped
from permits.printing.meeting import Invitation, print_meeting_papers
from permits.printing.notice import A3_LANDSCAPE_MM, print_notice
from permits.printing.report_table import AGE_WORDS, KINDS
from permits.printing.typefaces import REGULAR, register, width_mm
from permits.proposals import CompoundChange, OpeningChange, Proposal
from permits.public_facts import (
    AGES,
    Answerable,
    OpenReports,
    PublicCompound,
    PublicFacts,
    PublicHead,
    PublicOpening,
    PublicPlan,
    PublicVote,
    PublicZone,
)
from tests.permits.printing.conftest import COMPOUNDS
from tests.vectors.head_cases import GOOD
from zones.colours import PALETTE

pytestmark = pytest.mark.anywhere

DAY = date(2026, 12, 1)
ADDRESS = "https://parking.example.cn"


def facts(colours=4, zones_each=2):
    """Facts of a community in which every colour has zones, as `PublicFacts`."""
    palette = PALETTE[:colours]
    compounds = [
        PublicCompound(
            one.letter,
            one,
            COMPOUNDS[place % 4],
            one.name_en,
            90,
            236,
            230,
            180,
            Answerable("物业服务中心", "0757-86660001"),
        )
        for place, one in enumerate(palette)
    ]
    zones = [
        PublicZone(
            f"{one.letter}{number}",
            "百合路东侧",
            "Lily Road east",
            40 + number,
            [PublicOpening(one.letter, one, "", None)],
            None,
        )
        for one in palette
        for number in range(1, zones_each + 1)
    ]
    shared = [PublicOpening(one.letter, one, "20:00–07:00", None) for one in palette]
    zones.append(PublicZone("S1", "中心广场", "Central square", 40, shared, None))
    votes = [
        PublicVote(one.letter, one.colour, one.name, one.name_en, True, DAY) for one in compounds
    ]
    reports = [OpenReports(kind, [1, 0, 2, 11]) for kind in InfringementKind]
    head = PublicHead(214, GOOD, DAY, 1, "ab12" * 16)
    plan = PublicPlan(3, DAY, votes)
    return PublicFacts("百合村片区", "Lily Village", DAY, compounds, zones, plan, reports, head)


def proposal(of, number=4, changes=2):
    green = PALETTE[2]
    return Proposal(
        number,
        "环保局宿舍白天也可停中心广场。",
        DAY,
        [
            CompoundChange(
                one.letter, one.colour, one.name, one.name_en, 60, 100, 40, 0, 1.31, 0.79, 5
            )
            for one in of.compounds
        ],
        [OpeningChange("S1", "中心广场", "C", green, "", 20, True)] * changes,
        of.plan.votes[:2],
    )


def text_of(path):
    return [page.extract_text() for page in PdfReader(path).pages]


def symbols_of(path, page, dpi=110):
    picture = path.with_suffix("")
    command = ["pdftoppm", "-r", f"{dpi}", "-png", "-singlefile", "-f", f"{page}"]
    subprocess.run([*command, path, picture], check=True)
    with Image.open(picture.with_suffix(".png")) as image:
        found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return [one.text for one in found]


@pytest.fixture(scope="module")
def notice(tmp_path_factory, fonts):
    out = tmp_path_factory.mktemp("notice") / "notice.pdf"
    pages = print_notice(facts(), out=out, fonts=fonts, address=ADDRESS)
    return out, pages


@pytest.fixture(scope="module")
def papers(tmp_path_factory, fonts):
    out = tmp_path_factory.mktemp("papers") / "papers.pdf"
    one = facts()
    pages = print_meeting_papers(
        one, [proposal(one)], Invitation(DAY, "二楼会议室"), out=out, fonts=fonts, address=ADDRESS
    )
    return out, pages


def test_the_symbol_on_the_notice_is_the_signed_head(notice):
    assert symbols_of(notice[0], 1) == [GOOD]


def test_the_notice_is_one_a3_sheet_with_title_language_and_embedded_subsets(notice):
    reader = PdfReader(notice[0])
    [page] = reader.pages
    size = [round(float(one) * 25.4 / 72) for one in page.mediabox[2:]]
    assert size == [round(one) for one in A3_LANDSCAPE_MM]
    assert reader.metadata.title.startswith("百合村片区 停车公示")
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    fonts = [one.get_object()["/BaseFont"] for one in page["/Resources"]["/Font"].values()]
    assert all("+NotoSansSC" in one for one in fonts if "Noto" in one)
    assert "/XObject" not in page["/Resources"] or not page["/Resources"]["/XObject"]


def test_the_notice_says_the_whole_head_the_key_and_who_answers(notice):
    [words] = text_of(notice[0])
    dense = "".join(words.split())
    assert "".join(GOOD.split()) in dense
    assert "ab12" * 16 in dense
    assert ADDRESS in words
    assert notice[1] == 1


def test_the_same_facts_give_the_same_bytes(notice, tmp_path, fonts):
    print_notice(facts(), out=tmp_path / "again.pdf", fonts=fonts, address=ADDRESS)
    assert (tmp_path / "again.pdf").read_bytes() == notice[0].read_bytes()


def test_every_zone_of_a_large_community_is_on_some_page(tmp_path, fonts):
    out, one = tmp_path / "large.pdf", facts(colours=8, zones_each=8)
    pages = print_notice(one, out=out, fonts=fonts, address=ADDRESS)
    lines = {line for page in text_of(out) for line in page.splitlines()}
    assert {zone.code for zone in one.zones} <= lines
    assert pages == len(PdfReader(out).pages) > 1


def test_a_community_without_plan_and_head_still_has_a_notice(tmp_path, fonts):
    bare = replace(facts(), plan=None, head=None, compounds=[], zones=[])
    assert print_notice(bare, out=tmp_path / "n.pdf", fonts=fonts, address=ADDRESS) == 1


def test_the_papers_have_each_proposal_and_a_sheet_for_each_compound(papers):
    pages = text_of(papers[0])
    assert papers[1] == len(pages)
    sheets = [page for page in pages if "签到与表决" in page]
    assert [name in page for name, page in zip(COMPOUNDS, sheets, strict=True)] == [True] * 4
    assert all("方案第 4 号" in page and "不同意" in page for page in sheets)
    assert sum("提案：停车分区方案第 4 号" in page for page in pages) == 1
    assert symbols_of(papers[0], 1) == [GOOD]


def test_many_proposals_of_many_compounds_still_end(tmp_path, fonts):
    one = facts(colours=8)
    proposals = [proposal(one, number, changes=60) for number in range(4, 8)]
    out = tmp_path / "many.pdf"
    pages = print_meeting_papers(
        one, proposals, Invitation(), out=out, fonts=fonts, address=ADDRESS
    )
    words = text_of(out)
    assert pages == len(words)
    assert sum("项变动" in page for page in words) == len(proposals)


def test_every_kind_and_age_of_a_report_has_words_on_paper():
    assert set(KINDS) == set(InfringementKind)
    assert len(AGE_WORDS) == len(AGES) + 1


def test_lines_are_never_wider_than_their_room_and_lose_nothing(fonts):
    register(fonts)
    words = f"消防通道被堵的，应当场处理。 Say who does it. {'A' * 90} 完。"
    lines = list(wrapped(words, REGULAR, 10, 40))
    assert max(width_mm(line, REGULAR, 10) for line in lines) <= 40
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert not [line for line in lines if line[0] in "，。"]
