"""Bytes of a minutes file to format-free blocks with their source lines, or one sentence why that cannot be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from minutes.reading.archive import ZIP, is_word_file, unpack_page
from minutes.reading.blocks import Block, Reading
from minutes.reading.collecting import without_collecting
from minutes.reading.cues import is_cues, read_cues
from minutes.reading.decoding import DETECT_LIMIT, MARKS, decode
from minutes.reading.docx import read_docx
from minutes.reading.embedded import read_logs
from minutes.reading.html import read_html
from minutes.reading.limits import STANDARD, Limits
from minutes.reading.log import is_log, read_log
from minutes.reading.markdown import read_markdown
from minutes.reading.tables import read_tables
from minutes.reading.text import read_text
from minutes.reading.unreadable import Unreadable

__all__ = ["SIZE_LIMIT", "Block", "Limits", "Reading", "Unreadable", "read_source"]

SIZE_LIMIT = 20 * 1024 * 1024

_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HTML = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_BODY = re.compile(r"^\s*<(?:h[1-6]|p|div|ul|ol|section|article|main)\b[^<>]*>", re.I)
_STRETCH = re.compile(r"\n[ \t]*\n")
_MARKED = 0.9
_HASHED = re.compile(r"^#{1,6} +\S", re.M)
_HTML_HEAD = 2000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.01


def _check_bytes(name: str, content: bytes, limit: int) -> None:
    if len(content) > limit:
        raise Unreadable(f"{name} is larger than the limit of {limit / 1048576:.3g} MB; split it into several files.")
    if not content.strip():
        raise Unreadable(f"{name} is empty; save the minutes again and give that file.")
    for start, what in _BINARY:
        if content.startswith(start):
            raise Unreadable(f"{name} is {what}, not text; save it as plain text or Markdown and try again.")
    if b"\0" in content[:DETECT_LIMIT] and not content.startswith((ZIP, *(mark for mark, _ in MARKS))):
        raise Unreadable(f"{name} is a binary file, not text; save it as plain text or Markdown and try again.")


def _check_text(name: str, text: str) -> None:
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if controls > _CONTROL_SHARE * len(text):
        raise Unreadable(f"{name} is a binary file, not text; save it as plain text or Markdown and try again.")
    if not text.strip():
        raise Unreadable(f"{name} is empty; save the minutes again and give that file.")


def _reader(name: str, lines: Sequence[str], text: str) -> tuple[str, Callable[[Sequence[str]], tuple[Block, ...]]]:
    """By the file's ending; a text with several hashed headings is Markdown and a log is a log whatever its name."""
    if name.lower().endswith((".md", ".markdown", ".mkd")) or len(_HASHED.findall(text)) > 1:
        return "text/markdown", read_markdown
    if is_log(lines):
        return "text/x-irc-log", read_log
    return "text/plain", read_text


def _is_body(text: str) -> bool:
    """Begins with a part of a page, and nearly every line that begins a stretch of text begins with a mark, too."""
    if not _BODY.match(text[:_HTML_HEAD]):
        return False
    stretches = [part for part in _STRETCH.split(text) if part.strip()]
    marked = sum(1 for part in stretches if part.lstrip().startswith("<"))
    return marked >= _MARKED * len(stretches)


def _is_page(name: str, text: str) -> bool:
    """By what it begins with; by its ending only if it begins with a mark at all; or a page without its frame."""
    return bool(_HTML.match(text[:_HTML_HEAD]) or _is_body(text)) or (
        name.lower().endswith((".html", ".htm", ".xhtml")) and text.lstrip("\ufeff \t\n").startswith("<")
    )


@without_collecting()
def read_source(name: str, content: bytes, *, limit: int = SIZE_LIMIT, limits: Limits = STANDARD) -> Reading:
    """Raises Unreadable for what is empty, binary, larger than `limit` bytes, in an unknown encoding, or holds more
    than `limits` allow."""
    _check_bytes(name, content, limit)
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(ZIP):
        if is_word_file(name, content, limits):
            return _reading(name, digest, _DOCX, *read_docx(name, content, limits))
        page = _clean(name, unpack_page(name, content, limits))
        return _reading(name, digest, "application/zip", *read_html(name, page, limits=limits))
    text = _clean(name, decode(name, content))
    if _is_page(name, text):
        return _reading(name, digest, "text/html", *read_html(name, text, limits=limits))
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > limits.lines:
        raise Unreadable(f"{name} has more than {limits.lines:,} lines; split it into several files.")
    if is_cues(lines):
        if text.count("<") > limits.marks:
            raise Unreadable(f"{name} holds more than {limits.marks:,} marks; split it into several files.")
        blocks, speakers = read_cues(lines)
        kind = "text/vtt" if lines[0].startswith("WEBVTT") else "application/x-subrip"
        return Reading(name, digest, kind, tuple(lines), blocks, speakers)
    media_type, read = _reader(name, lines, text)
    return Reading(name, digest, media_type, tuple(lines), read_logs(read_tables(read(lines))))


def _clean(name: str, text: str) -> str:
    _check_text(name, text)
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\ufeff", "")


def _reading(name: str, digest: str, media_type: str, lines: tuple[str, ...], blocks: tuple[Block, ...]) -> Reading:
    """A file whose lines are those of its text; one without any text is as empty as an empty file."""
    if not any(lines):
        raise Unreadable(f"{name} holds no text; save the minutes again and give that file.")
    return Reading(name, digest, media_type, lines, blocks)
