"""Site plans made safe: a PNG, JPEG, SVG or PDF page becomes a plain PNG of bounded size.

Whatever comes in, only pixels come out: no metadata, script, link or font of a handed-in file is
kept or served.
"""

from __future__ import annotations

import io
import struct
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import ClassVar

import pypdfium2
import resvg_py
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageOps

from records.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000
"""More unpacks to more memory than a plan is worth; A0 at 150 dpi has 35 million."""
LONGEST_SIDE_PX = 3000
LEAST_SIDE_PX = 200
MAX_ASPECT = 4.0
"""A plan longer than this has one side left out."""
MAX_SVG_ELEMENTS = 50_000
MAX_PDF_PAGES = 200

_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_SVG_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "style",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "symbol",
        "use",
        "switch",
    ]
)
"""What a drawing is made of. Others are left out: pictures, scripts, patterns, masks, filters."""


class SitePictureError(DomainError):
    """A file cannot be used as a site plan."""


class NoSitePicture(SitePictureError):
    """The file is no PNG, JPEG, SVG or PDF, or a broken one."""

    code: ClassVar[str] = "no_site_picture"


class SitePictureTooLarge(SitePictureError):
    """The file has more than `limit_mb` MB, or would unpack to more than `limit_mp` Mpixels."""

    code: ClassVar[str] = "site_picture_too_large"
    status: ClassVar[int] = 413


class SitePictureTooSmall(SitePictureError):
    """The picture has fewer than `least` pixels a side, or is longer than wide by `aspect`."""

    code: ClassVar[str] = "site_picture_too_small"


class NoSuchPage(SitePictureError):
    """The PDF has only `pages` pages."""

    code: ClassVar[str] = "no_such_page"


@dataclass(frozen=True)
class SitePicture:
    """A picture made safe: `png`, and its size in pixels."""

    png: bytes
    width: int
    height: int


def site_picture(file: bytes, *, page: int = 1) -> SitePicture:
    """Return a file's picture as a PNG of at most `LONGEST_SIDE_PX` a side, without metadata.

    Args:
        page: of a PDF, counted from 1.

    Raises:
        NoSitePicture, SitePictureTooLarge, SitePictureTooSmall, NoSuchPage: see there.
    """
    if len(file) > MAX_BYTES:
        raise _too_large()
    if file.startswith(b"%PDF-"):
        return _plain(_pdf_page(file, page))
    if file.startswith((b"\x89PNG", b"\xff\xd8")):
        return _plain(_opened(file, ("PNG", "JPEG")))
    return _plain(_opened(_svg_as_png(file), ("PNG",)))


def _too_large() -> SitePictureTooLarge:
    return SitePictureTooLarge(
        limit_mb=MAX_BYTES // (1024 * 1024), limit_mp=MAX_PIXELS // 1_000_000
    )


def _opened(file: bytes, formats: tuple[str, ...]) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(file), formats=formats)
        if image.width * image.height > MAX_PIXELS:
            raise _too_large()
        image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        return ImageOps.exif_transpose(image)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, ZeroDivisionError, KeyError):
        # What Pillow's readers raise on broken files; `UnidentifiedImageError` is an `OSError`.
        raise NoSitePicture from None


def _plain(image: Image.Image) -> SitePicture:
    _require_size(image.width, image.height)
    image.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    # Drawn on a fresh canvas: an image carries comments and profiles along into what is saved.
    plain = Image.new("RGB", image.size, "white")
    layered = image.convert("RGBA")
    plain.paste(layered, mask=layered)
    target = io.BytesIO()
    plain.save(target, "PNG")
    return SitePicture(target.getvalue(), *plain.size)


def _require_size(width: float, height: float) -> None:
    short, long = sorted((width, height))
    if short < LEAST_SIDE_PX or long > short * MAX_ASPECT:
        raise SitePictureTooSmall(least=LEAST_SIDE_PX, aspect=int(MAX_ASPECT))


def _pdf_page(file: bytes, page: int) -> Image.Image:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        raise NoSitePicture from None
    try:
        pages = len(document)
        if not 1 <= page <= min(pages, MAX_PDF_PAGES):
            raise NoSuchPage(pages=pages)
        sheet = document[page - 1]
        width, height = sheet.get_size()
        if width <= 0 or height <= 0 or max(width, height) > min(width, height) * MAX_ASPECT:
            raise SitePictureTooSmall(least=LEAST_SIDE_PX, aspect=int(MAX_ASPECT))
        # Forms and notes of readers are not part of the drawing.
        bitmap = sheet.render(scale=LONGEST_SIDE_PX / max(width, height), may_draw_forms=False)
        image: Image.Image = bitmap.to_pil().convert("RGB")
        return image
    except pypdfium2.PdfiumError:
        raise NoSitePicture from None
    finally:
        document.close()


def _svg_as_png(file: bytes) -> bytes:
    try:
        root = fromstring(file, forbid_entities=True, forbid_external=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError):
        raise NoSitePicture from None
    if root.tag != f"{_SVG}svg":
        raise NoSitePicture
    width, height = _svg_size(root)
    _require_size(
        width * LONGEST_SIDE_PX / max(width, height), height * LONGEST_SIDE_PX / max(width, height)
    )
    _keep_drawing_only(root)
    if _copies(root) > MAX_SVG_ELEMENTS:
        raise _too_large()
    root.set("viewBox", root.get("viewBox") or f"0 0 {width:g} {height:g}")
    scale = LONGEST_SIDE_PX / max(width, height)
    for name, length in (("width", width), ("height", height)):
        root.set(name, f"{length * scale:g}")
    drawing = ElementTree.tostring(root, "unicode")
    # Reading the machine's typefaces takes longer than drawing.
    has_text = next(root.iter(f"{_SVG}text"), None) is not None
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=not has_text))
    except ValueError:
        raise NoSitePicture from None


def _svg_size(root: ElementTree.Element) -> tuple[float, float]:
    """Return a drawing's width and height in its own units; only their proportion counts."""
    try:
        parts = root.get("viewBox", "").replace(",", " ").split()
        if len(parts) == 4:
            width, height = float(parts[2]), float(parts[3])
        else:
            width, height = (
                float(root.get(name, "").strip().removesuffix("px").removesuffix("mm"))
                for name in ("width", "height")
            )
    except ValueError:
        raise NoSitePicture from None
    if not (0 < width < 1e7 and 0 < height < 1e7):
        raise NoSitePicture
    return width, height


def _keep_drawing_only(root: ElementTree.Element) -> None:
    """Take out of a drawing what is none, and every reference that leaves it."""
    for parent in list(root.iter()):
        for child in list(parent):
            name = child.tag if isinstance(child.tag, str) else ""
            if not name.startswith(_SVG) or name.removeprefix(_SVG) not in _SVG_ELEMENTS:
                parent.remove(child)
        for name, value in list(parent.attrib.items()):
            leaves = name in _HREFS and not value.startswith("#")
            fetches = "url(" in value.replace(" ", "").lower().replace("url(#", "")
            if leaves or fetches or name.lower().startswith("on"):
                del parent.attrib[name]


def _copies(root: ElementTree.Element) -> int:
    """Return how many elements a drawing has once every `use` stands for what it copies.

    A copy of copies of copies would unpack a small file without end: a `use` in what is copied
    is taken out.
    """
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    copied = set()
    for use in root.iter(f"{_SVG}use"):
        copied.add(next((use.get(name, "") for name in _HREFS if use.get(name)), "")[1:])
    for name in copied & named.keys():
        for parent in list(named[name].iter()):
            for child in parent.findall(f"{_SVG}use"):
                parent.remove(child)
    sizes = {name: sum(1 for _one in named[name].iter()) for name in copied & named.keys()}
    total = sum(1 for _element in root.iter())
    for use in root.iter(f"{_SVG}use"):
        target = next((use.get(name, "") for name in _HREFS if use.get(name)), "")[1:]
        total += sizes.get(target, 0)
    return total
