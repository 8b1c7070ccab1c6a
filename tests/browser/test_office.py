"""The office decides a conflict on its evidence, and undoes what it did to many at once."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.permit import IN_FORCE, Permit, PermitState
from permits.plate_list import ListMeaning, PlateListRow
from permits.submitting import draft_from_file, submit
from records.people import User
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.readers import DESK_PX, PHONE_PX
from zones.communities import Compound

WIDTHS = pytest.mark.parametrize("width", [PHONE_PX, DESK_PX])
REASON = "以行驶证为准，车主住豪景街。"


def a_conflict(installation: Installation, place: int) -> int:
    """Let the representative of 百合村 claim a car of 豪景街, and return the row's id."""

    def claim(session: Session) -> int:
        user = session.scalars(select(User).where(User.name == "rep-baihe")).one()
        haojing = session.scalars(select(Compound).where(Compound.code == "haojing")).one()
        plates = session.scalars(
            select(Permit.plate)
            .where(Permit.compound_id == haojing.id, Permit.state.in_(IN_FORCE))
            .order_by(Permit.number.desc())
        ).all()
        made = draft_from_file(
            session,
            session.get_one(Compound, user.compound_id),
            content=f"车牌号码,房号\r\n{plates[place]},31栋1{place:02d}\r\n".encode(),
            file_name="争议车辆.csv",
            meaning=ListMeaning.ADD,
            files=context.files(),
            sealer=context.sealer(),
            actor=user.actor,
            at=context.now(),
        )
        submit(session, made, actor=user.actor, at=context.now())
        session.commit()
        return session.scalars(select(PlateListRow.id).where(PlateListRow.list_id == made.id)).one()

    return installation.within(claim)


def certificate() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (800, 550), "#e8efe4").save(file, "JPEG")
    return file.getvalue()


@WIDTHS
def test_a_conflict_is_decided_on_its_evidence_and_both_read_why(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    row = a_conflict(installation, [PHONE_PX, DESK_PX].index(width))
    own = open_page("rep-baihe", width=width)
    own.goto(f"/compound/conflicts/{row}")
    own.locator("#file").set_input_files(
        {"name": "行驶证.jpg", "mimeType": "image/jpeg", "buffer": certificate()}
    )
    own.get_by_role("button", name="交给社区办").click()
    expect(own.get_by_text("已收到，只有社区办能看。")).to_be_visible()

    office = open_page("office", width=width)
    office.goto("/office/?kind=conflict")
    office.locator(f"a[href$='/conflicts/{row}']").click()
    office.get_by_role("button", name="查看凭证").click()
    expect(office.locator("img.evidence")).to_have_count(1)
    office.locator("input[name=decision][value=keep]").check()
    office.locator("#reason").fill(REASON)
    office.get_by_role("button", name="确定").click()
    expect(office.locator("main")).to_contain_text(REASON)

    own.goto(f"/compound/conflicts/{row}")
    expect(own.locator("main")).to_contain_text(REASON)
    expect(own.locator("#file")).to_have_count(0)


@WIDTHS
def test_permits_that_are_revoked_together_are_given_back_together(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    def revoked(session: Session) -> int:
        states = session.scalars(select(Permit.state)).all()
        return states.count(PermitState.REVOKED)

    before = installation.within(revoked)
    page = open_page("office", width=width)
    page.goto("/office/permits/?state=handed_over")
    boxes = page.locator("input[name=item]")
    for place in range(3):
        boxes.nth(place).check()
    page.get_by_role("button", name="注销所选出入证").click()
    expect(page.locator("input[name=item]")).to_have_count(3)
    page.locator("#reason").fill("业主集体换证")
    page.get_by_role("button", name="注销", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3")
    assert installation.within(revoked) == before + 3
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("已撤销，一切恢复原样")).to_be_visible()
    assert installation.within(revoked) == before
