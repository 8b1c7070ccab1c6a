"""The style sheets keep to the sizes, spaces and colours of look.css, as docs/look.md has them."""

import re

import pytest

from app.config import ROOT

SHEETS = ROOT / "app/static/css"
OF_ITS_OWN = {"gate.css": "read at arm's length", "permit-colours.css": "the permits' colours"}
"""Style sheets with values of their own, and why."""

DECLARATION = re.compile(r"([a-z0-9-]+)\s*:\s*([^;{}]+)")
LENGTH = re.compile(r"(?<![\w.-])-?\d*\.?\d+(?:rem|px|pt|mm)\b")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)
SPACES = re.compile(r"(?:padding|margin|gap|row-gap|column-gap)(?:-[a-z]+)*")


def declarations(name):
    text = re.sub(r"/\*.*?\*/", "", (SHEETS / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    # On paper lengths are those of paper, and the root says how large a letter is there.
    text = re.sub(r"@page\s*{[^}]*}", "", text)
    _, root, rest = text.partition(":root {")
    defined, _, after = rest.partition("}") if root else ("", "", text)
    return dict(DECLARATION.findall(defined)), DECLARATION.findall(after)


def strays(name):
    """Every declaration with a value that is none of look.css."""
    return [
        f"{prop}: {value.strip()}"
        for prop, value in declarations(name)[1]
        if (prop == "font-size" and LENGTH.search(value))
        or (SPACES.fullmatch(prop) and LENGTH.search(value))
        or (COLOUR.search(value) and not prop.startswith("-webkit"))
    ]


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "name", sorted({one.name for one in SHEETS.glob("*.css")} - OF_ITS_OWN.keys())
)
def test_a_style_sheet_has_no_size_space_or_colour_of_its_own(name):
    assert strays(name) == []


@pytest.mark.anywhere
def test_the_style_guide_names_every_size_and_colour_and_no_other():
    ours = {
        name
        for name in declarations("look.css")[0]
        if name.startswith("--") and not name.startswith("--bs-")
    }
    guide = (ROOT / "docs/look.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(--[a-z0-9-]+)`", guide))
    spaces = {one for one in ours if re.fullmatch(r"--s\d+", one)}
    assert named | spaces == ours


@pytest.mark.anywhere
def test_a_page_has_no_style_of_its_own():
    templates = (ROOT / "app/templates").rglob("*.html")
    styled = [one.name for one in templates if re.search(r"<style|\sstyle=", one.read_text())]
    assert styled == []
