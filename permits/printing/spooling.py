"""A reportlab canvas that keeps no page in memory.

reportlab holds every page's operators until the end and then the whole file once more. Here a
page is packed and put aside on disk as soon as it is drawn, and each object of the file is
written out as soon as it is formatted: memory stays level however many permits a run has.
"""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path
from typing import IO, Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

PACKING = 5
"""zlib's level: level 6 takes twice as long and saves 3 %, level 9 fifteen times and 6 %."""


class _Spooled(pdfdoc.PDFObject):  # type: ignore[misc]
    """An object of the file that is formatted already, read back when the file is written."""

    __RefOnly__ = 1

    def __init__(self, spool: IO[bytes], formatted: bytes) -> None:
        self._spool = spool
        self._start = spool.seek(0, 2)
        self._length = spool.write(formatted)

    def format(self, _document: Any) -> bytes:
        self._spool.seek(self._start)
        return self._spool.read(self._length)


class _Document(pdfdoc.PDFDocument):  # type: ignore[misc]
    """A document whose file collector, once reportlab sets it, writes through to disk."""

    out: IO[bytes]

    @property
    def __accum__(self) -> Any:
        return self._collector

    @__accum__.setter
    def __accum__(self, collector: Any) -> None:
        for part in collector.strings:
            self.out.write(part)
        collector.strings.clear()
        collector.write = self.out.write
        self._collector = collector

    @__accum__.deleter
    def __accum__(self) -> None:
        del self._collector


class SpoolingCanvas(Canvas):  # type: ignore[misc]
    """A canvas of one page size that writes to a file and depends on no clock.

    Args:
        page: width and height in points.
    """

    def __init__(self, path: Path, page: tuple[float, float], *, language: str) -> None:
        super().__init__(str(path), pagesize=page, invariant=1, pageCompression=1, lang=language)
        self._path = path
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed by write
        # The canvas makes its document itself; only how that one is written out differs.
        self._doc.__class__ = _Document

    def describe(self, title: str, author: str) -> None:
        """Say in the file's metadata what it is, so that readers show the title."""
        self.setTitle(title)
        self.setAuthor(author)
        self.setCreator("parking-permits")
        self.setViewerPreference("DisplayDocTitle", "true")

    def showPage(self) -> None:  # noqa: N802 - the name is reportlab's
        """End the page and put it aside."""
        super().showPage()
        document = self._doc
        pages = document.Pages.pages
        page = pages[-1]
        content = zlib.compress(page.stream.encode("latin-1"), PACKING)
        stream = pdfdoc.PDFStream(content=content, filters=[])
        stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
        page.Contents = _Spooled(self._spool, stream.format(document))
        # reportlab's own page object takes 3 kB; what refers to it finds the small one.
        name = page.__InternalName__
        pages[-1] = _Spooled(self._spool, pdfdoc.format(page, document, toplevel=1))
        pages[-1].__InternalName__ = name
        document.idToObject[name] = pages[-1]

    def write(self) -> None:
        """Write the file and put the spool away."""
        with self._path.open("wb") as out:
            self._doc.out = out
            self._doc.GetPDFData(self)
        self._spool.close()
