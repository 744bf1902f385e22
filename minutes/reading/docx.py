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
from minutes.reading.limits import Limits
from minutes.reading.unreadable import Unreadable

ATTRIBUTE_LIMIT = 1_000  # of one element
NESTING_LIMIT = 100  # elements within elements; a table in a table in a text box stays below 40

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

    def __init__(self, name: str, limit: int) -> None:
        super().__init__()
        self._name, self._limit = name, limit
        self._depth = self._elements = 0

    def startElement(self, name: str, attrs: Any) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > NESTING_LIMIT:
            raise Unreadable(f"{self._name} is nested more than {NESTING_LIMIT} deep; save the minutes as plain text.")
        if self._elements > self._limit:
            raise Unreadable(f"{self._name} holds more than {self._limit:,} elements; split it into several files.")
        if len(attrs) > ATTRIBUTE_LIMIT:
            raise Unreadable(f"{self._name} has an element with more than {ATTRIBUTE_LIMIT:,} attributes.")

    def endElement(self, name: str) -> None:
        self._depth -= 1


def _check(name: str, archive: ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    texts = [part for part in parts if part.filename.lower().endswith(_TEXT)]
    if sum(part.file_size for part in texts) > limits.unpacked:
        megabytes = f"{limits.unpacked / 1048576:.3g}"
        raise Unreadable(f"{name} holds more than {megabytes} MB of text when unpacked; split it into several files.")
    gauge = _Gauge(name, limits.elements)
    for part in texts:
        with archive.open(part) as stream:
            safe_sax.parse(stream, gauge, forbid_dtd=True, forbid_external=True)


def _no_picture(image: Any) -> dict[str, str]:
    return {}


def _page(name: str, content: bytes, limits: Limits) -> str:
    try:
        import mammoth  # type: ignore[import-untyped]  # an extra: a site that never gets a Word file does without
    except ImportError:
        raise Unreadable(
            f"{name} is a Word file, which this installation does not read; install requirements/docx.txt, "
            "or save the minutes as plain text."
        ) from None
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check(name, archive, limits)
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


def read_docx(name: str, content: bytes, limits: Limits) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """Lines and blocks. A Word file has no lines: a line is a paragraph, item or table row, or what a line break in
    one begins, counted from 1 in the order of the document."""
    return read_html(name, _page(name, content, limits), by_source=False, limits=limits)
