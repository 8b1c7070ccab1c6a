"""The ledger's signed head on paper, with the way to check it."""

from __future__ import annotations

from permits.printing.drawing import Pen
from permits.printing.inks import LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.typefaces import BOLD, MEDIUM
from permits.public_facts import PublicHead

STEPS = (
    (
        "扫码，或抄下码旁的文字，自己留存。",
        "Scan the code, or copy the text beside it, and keep it.",
    ),
    (
        "登录后在“台账”页下载全部记录；没有账号的，可向本小区业主代表索取。",
        "Download the ledger after signing in, or ask your compound's representative for it.",
    ),
    (
        "运行 verify-ledger 并输入这段文字：记录少一条、改一字，都会指出是哪一条。",
        "Run verify-ledger with this text: it names every entry changed or taken out.",
    ),
)
"""How to check the ledger, in three steps."""


def block_title(pen: Pen, box: Box, chinese: str, english: str) -> float:
    """Set the title of a block at its top; return the height below which it is free."""
    width = pen.text(box.x, box.top - 5.6, chinese, 15, font=BOLD)
    x = box.x + width + 2.5
    pen.text(x, box.top - 5.6, english, 9, ink=LABEL_GREY, room=box.width - width - 3)
    return box.top - 13


def draw_ledger_head(pen: Pen, head: PublicHead | None, box: Box) -> None:
    """Draw the head with its symbol and the three steps; the symbol needs 53 mm of height."""
    y = block_title(pen, box, "台账表头，人人可核对", "The ledger's signed head, for everybody")
    if head is None:
        pen.text(box.x, y - 1, "尚未签名。 Not signed yet.", 9, ink=LABEL_GREY)
        return
    side = 53.0
    pen.symbol(head.text, Box(box.right - side + 3, box.y - 1, side, side))
    room = box.width - side - 1
    y = pen.paragraph(box.x, y + 1, head.text, 7.8, room, font=MEDIUM, line_em=1.32)
    y = pen.paragraph(
        box.x,
        y - 0.6,
        f"密钥 {head.key_id} 指纹 fingerprint {_in_fours(head.fingerprint)}",
        6.2,
        room,
        ink=LABEL_GREY,
        line_em=1.32,
    )
    y -= 1.8
    for number, (chinese, english) in enumerate(STEPS, start=1):
        pen.text(box.x, y, f"{number}", 11, font=BOLD)
        y = pen.paragraph(box.x + 5, y, chinese, 9.6, room - 5, font=MEDIUM, line_em=1.3)
        y = pen.paragraph(box.x + 5, y + 0.3, english, 7.2, room - 5, ink=LABEL_GREY) - 1.0


def _in_fours(digits: str) -> str:
    """Return digits in groups of four, to be compared by eye."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
