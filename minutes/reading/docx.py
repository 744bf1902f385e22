"""A Word file to blocks and the lines of text they stand on: mammoth makes a page of it, read as every page is."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from zipfile import BadZipFile, LargeZipFile, ZipFile

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml import sax as safe_sax

from minutes.reading.blocks import Block
from minutes.reading.html import read_html
from minutes.reading.unreadable import Unreadable

PART_LIMIT = 16 * 1024 * 1024  # bytes of text in the parts that are read, unpacked
ELEMENT_LIMIT = 80_000  # in all parts together; a day of minutes has some 20,000
ATTRIBUTE_LIMIT = 1_000  # of one element
NESTING_LIMIT = 100  # elements within elements; a table in a table in a text box stays below 40
ENTRY_LIMIT = 10_000  # files in the archive

_MAIN = "word/document.xml"
_TEXT = (".xml", ".rels")
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
comment-reference => sup
"""
#: What the libraries raise on a file whose parts do not hold together.
_BROKEN = (
    BadZipFile, LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, TypeError,
    LookupError, AttributeError, AssertionError, SAXException, ExpatError,
)  # fmt: skip


class _Gauge(ContentHandler):
    """Measures XML as it streams by, before anybody makes a tree of it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._depth = self._elements = 0

    def startElement(self, name: str, attrs: Any) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > NESTING_LIMIT:
            raise Unreadable(f"{self._name} is nested more than {NESTING_LIMIT} deep; save the minutes as plain text.")
        if self._elements > ELEMENT_LIMIT:
            raise Unreadable(f"{self._name} holds more than {ELEMENT_LIMIT:,} elements; split it into several files.")
        if len(attrs) > ATTRIBUTE_LIMIT:
            raise Unreadable(f"{self._name} has an element with more than {ATTRIBUTE_LIMIT:,} attributes.")

    def endElement(self, name: str) -> None:
        self._depth -= 1


def _check(name: str, archive: ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > ENTRY_LIMIT:
        raise Unreadable(f"{name} is an archive of more than {ENTRY_LIMIT:,} files; give the minutes alone.")
    if _MAIN not in archive.namelist():
        raise Unreadable(f"{name} is a zip archive, not a Word file; unpack it and give the files in it.")
    texts = [part for part in parts if part.filename.lower().endswith(_TEXT)]
    if sum(part.file_size for part in texts) > PART_LIMIT:
        limit = PART_LIMIT // 1048576
        raise Unreadable(f"{name} holds more than {limit} MB of text when unpacked; split it into several files.")
    gauge = _Gauge(name)
    for part in texts:
        with archive.open(part) as stream:
            safe_sax.parse(stream, gauge, forbid_dtd=True, forbid_external=True)


def _no_picture(image: Any) -> dict[str, str]:
    return {}


def _page(name: str, content: bytes) -> str:
    try:
        import mammoth  # type: ignore[import-untyped]  # an extra: a site that never gets a Word file does without
    except ImportError:
        raise Unreadable(
            f"{name} is a Word file, which this installation does not read; install requirements/docx.txt, "
            "or save the minutes as plain text."
        ) from None
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check(name, archive)
        result = mammoth.convert_to_html(
            BytesIO(content),
            style_map=_STYLES,
            ignore_empty_paragraphs=False,
            convert_image=mammoth.images.img_element(_no_picture),
            external_file_access=False,
        )
    except DefusedXmlException:
        raise Unreadable(f"{name} declares entities of its own, which no word processor does; save it anew.") from None
    except _BROKEN:
        raise Unreadable(f"{name} is a damaged Word file; open it, save it again and give that file.") from None
    return str(result.value)


def read_docx(name: str, content: bytes) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """Lines and blocks. A Word file has no lines: a line is a paragraph, item or table row, or what a line break in
    one begins, counted from 1 in the order of the document."""
    return read_html(name, _page(name, content), by_source=False)
