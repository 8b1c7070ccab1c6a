"""The newcomer's walk, from the Excel list to the guard's phone, with nothing left out."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from playwright.sync_api import Dialog, Page, Playwright, expect

from app.demo import COMPOUNDS
from app.words import OUTCOMES, PERMIT_STATES, VERDICTS
from permits.gate import Verdict
from permits.permit import PermitState
from permits.plate_list import Outcome
from permits.plates import canonical
from tests.browser import camera, gate_page, phone
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.list_page import hand_in, outcomes, submit
from tests.browser.readers import PHONE_PX, launched
from zones.colours import BY_KEY

STORY = next(one for one in COMPOUNDS if one.code == "haixin")
COLOUR = BY_KEY[STORY.colour]
REPRESENTATIVE = f"rep-{STORY.code}"

IN_THE_CSV = ("粤E8N101", "粤E8N102")
IN_THE_WORKBOOK = ("粤EDN8201", "粤E8N202")
OUTCOMES_OF_THE_CSV = (
    Outcome.ACCEPTED,
    Outcome.ACCEPTED,
    Outcome.INVALID_PLATE,
    Outcome.DUPLICATE_IN_LIST,
)


def the_csv() -> bytes:
    """A list as Excel saves it in China: two new cars, a letter O for a zero, a car twice."""
    first, second = IN_THE_CSV
    lines = (
        "房号,车主,联系电话,车牌号码",
        f"21栋101,林志明,13900139001,{first}",
        f"21栋102,吴秀英,13900139002,{second}",
        "21栋103,曾俊杰,13900139003,粤EO8N12",
        f"21栋104,郑嘉怡,13900139004,{first}",
    )
    return "\r\n".join(lines).encode("gb18030")


def the_workbook() -> bytes:
    """A list as a representative keeps it: a merged title above the header."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"{STORY.name}车辆登记表"])
    sheet.merge_cells("A1:D1")
    sheet.append(["房号", "车主", "联系电话", "车牌号码"])
    for flat, plate in zip(("22栋101", "22栋102"), IN_THE_WORKBOOK, strict=True):
        sheet.append([flat, "罗文浩", "13900139005", plate])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def in_chinese(installation: Installation, *words: object) -> list[str]:
    """Words as a reader of Chinese finds them."""
    return installation.within(lambda session: [str(one) for one in words])


def list_id(page: Page) -> str:
    return page.url.rsplit("/", 1)[1]


def pages_on_the_way(page: Page) -> list[str]:
    """A list that grows with every page that is opened."""
    opened: list[str] = []
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    return opened


def approve(office: Page, number: str) -> None:
    office.goto(f"/office/lists/{number}")
    on_the_way = pages_on_the_way(office)
    office.locator("form[action$='/approve'] button").click()
    office.locator("a[href*='/office/permits/print?compound=']").first.wait_for()
    assert any("/jobs/" in address for address in on_the_way)


def issue_and_print(office: Page, folder: Path) -> Path:
    """Issue the compound's new permits, make their PDF, and return it."""
    on_the_way = pages_on_the_way(office)
    office.goto(f"/office/permits/print?compound={STORY.number}")
    own_row = office.locator("tr", has_text=STORY.name)
    own_row.locator("form[action$='/issue'] button").click()
    office.wait_for_url("**/office/permits/?state=issued")
    office.goto(f"/office/permits/print?compound={STORY.number}")
    office.locator("form.sheet .btn-main").click()
    office.wait_for_url("**/print-runs/*")
    assert len([address for address in on_the_way if "/jobs/" in address]) >= 2
    link = office.locator("a[href$='permits.pdf']").get_attribute("href")
    answer = office.request.get(link or "")
    assert answer.headers["content-type"] == "application/pdf"
    path = folder / "permits.pdf"
    path.write_bytes(answer.body())
    return path


def revoke(office: Page, plate: str) -> None:
    """Find a plate's permit and revoke it; the page asks first."""
    questions: list[str] = []

    def say_yes(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept()

    office.on("dialog", say_yes)
    office.goto("/office/permits/")
    office.locator("input[type=search]").fill(plate)
    office.locator("form.search button").click()
    office.locator("tbody td a").first.click()
    office.locator("#reason").fill("车已卖掉")
    office.locator("button[formaction$='/revoke']").click()
    office.locator("main .notice").wait_for()
    assert len(questions) == 1


def test_a_list_becomes_a_card_and_the_gate_decides_by_it(
    open_page: OpenPage, installation: Installation, playwright: Playwright, tmp_path: Path
) -> None:
    representative, office = open_page(REPRESENTATIVE), open_page("office")

    hand_in(representative, "海欣阁.csv", the_csv())
    expected = in_chinese(installation, *(OUTCOMES[one] for one in OUTCOMES_OF_THE_CSV))
    assert outcomes(representative) == expected
    for name, content in (("海欣阁.csv", the_csv()), ("海欣阁.xlsx", the_workbook())):
        hand_in(representative, name, content)
        submit(representative)
        approve(office, list_id(representative))

    pdf = issue_and_print(office, tmp_path)
    plate = canonical(IN_THE_WORKBOOK[0])
    card, printed_text = camera.card_of(pdf, plate.text)
    film = camera.film(card, tmp_path / "card.mjpeg")
    admit, refuse, revoked = in_chinese(
        installation,
        VERDICTS[Verdict.ADMIT],
        VERDICTS[Verdict.REFUSE],
        PERMIT_STATES[PermitState.REVOKED],
    )
    with launched(playwright, film) as with_camera:
        guard = open_page("guard", width=PHONE_PX, browser=with_camera)

        shown = gate_page.scan(guard)
        assert (shown.verdict, shown.word) == ("admit", admit)
        assert (shown.key, shown.letter) == (COLOUR.key, COLOUR.letter)
        assert shown.colour == COLOUR.hex.lower()
        assert shown.plate == plate.shown
        gate_page.press_the_likeliest(guard)
        phone.all_sent(guard)
        guard.goto("/gate/passes")
        expect(guard.locator("tbody tr").first).to_contain_text(plate.shown)

        revoke(office, plate.text)
        expect(office.locator("main")).to_contain_text(revoked)
        shown = gate_page.scan(guard)
        assert (shown.verdict, shown.word) == ("refuse", refuse)
        assert shown.is_struck
        guard.context.close()
    visitor = open_page("visitor", width=PHONE_PX)
    visitor.goto(printed_text)
    expect(visitor.locator("[data-verdict=refuse]")).to_contain_text(plate.masked)
