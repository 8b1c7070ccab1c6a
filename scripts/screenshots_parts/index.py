"""A page that shows all pictures side by side."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from scripts.screenshots_parts.picture import Picture

_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Screenshots</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; background: #f3f4f6; }
h2 { margin-top: 3rem; }
div { display: flex; gap: 1rem; align-items: flex-start; overflow-x: auto; }
figure { margin: 0; flex: none; }
img { max-height: 30rem; max-width: 40rem; border: 1px solid #ccc; background: #fff; }
</style>
<h1>Screenshots</h1>
"""


def write_index(folder: Path, pictures: Iterable[Picture]) -> None:
    """Write `index.html`: a heading for each group, a row for each subject."""
    parts = [_HEAD]
    rows: dict[str, dict[str, list[Picture]]] = {}
    for one in pictures:
        rows.setdefault(one.group, {}).setdefault(one.subject, []).append(one)
    for group, subjects in rows.items():
        parts.append(f"<h2>{escape(group)}</h2>\n")
        for subject, variants in subjects.items():
            figures = "".join(map(_figure, variants))
            parts.append(f"<h3>{escape(subject)}</h3>\n<div>{figures}</div>\n")
    (folder / "index.html").write_text("".join(parts), encoding="utf-8")


def _figure(picture: Picture) -> str:
    name = escape(picture.file_name)
    return (
        f'<figure><a href="{name}"><img src="{name}" alt="" loading="lazy"></a>'
        f"<figcaption>{escape(picture.variant)}</figcaption></figure>\n"
    )
