"""Bytes of a minutes file to format-free blocks with their source lines, or one sentence why that cannot be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from charset_normalizer import from_bytes

from minutes.reading.blocks import Block, Reading
from minutes.reading.collecting import without_collecting
from minutes.reading.docx import read_docx
from minutes.reading.html import read_html
from minutes.reading.markdown import read_markdown
from minutes.reading.tables import read_tables
from minutes.reading.text import read_text
from minutes.reading.unreadable import Unreadable

__all__ = ["SIZE_LIMIT", "Block", "Reading", "Unreadable", "read_source"]

SIZE_LIMIT = 20 * 1024 * 1024

_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ZIP = b"PK\x03\x04"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HTML = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?((?:iso-8859|windows-125|koi8|gb|big5|shift_jis|euc)[\w-]*)""", re.I
)
_HASHED = re.compile(r"^#{1,6} +\S", re.M)
_HTML_HEAD = 2000
_DETECT_LIMIT = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.01


def _decode(name: str, content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(content[:_HTML_HEAD])
    guess = None if declared else from_bytes(content[:_DETECT_LIMIT]).best()
    encoding = declared[1].decode("ascii") if declared else guess.encoding if guess else ""
    if encoding:
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    raise Unreadable(f"{name} is in an encoding that cannot be told; save it as UTF-8 and try again.")


def _check_bytes(name: str, content: bytes, limit: int) -> None:
    if len(content) > limit:
        raise Unreadable(f"{name} is larger than the limit of {limit / 1048576:.3g} MB; split it into several files.")
    if not content.strip():
        raise Unreadable(f"{name} is empty; save the minutes again and give that file.")
    for start, what in _BINARY:
        if content.startswith(start):
            raise Unreadable(f"{name} is {what}, not text; save it as plain text or Markdown and try again.")
    if b"\0" in content[:_DETECT_LIMIT] and not content.startswith((_ZIP, *(mark for mark, _ in _MARKS))):
        raise Unreadable(f"{name} is a binary file, not text; save it as plain text or Markdown and try again.")


def _check_text(name: str, text: str) -> None:
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if controls > _CONTROL_SHARE * len(text):
        raise Unreadable(f"{name} is a binary file, not text; save it as plain text or Markdown and try again.")
    if not text.strip():
        raise Unreadable(f"{name} is empty; save the minutes again and give that file.")


def _reader(name: str, text: str) -> tuple[str, Callable[[Sequence[str]], tuple[Block, ...]]]:
    """By the file's ending; a text with several hashed headings is Markdown whatever its name."""
    if name.lower().endswith((".md", ".markdown", ".mkd")) or len(_HASHED.findall(text)) > 1:
        return "text/markdown", read_markdown
    return "text/plain", read_text


def _is_page(name: str, text: str) -> bool:
    """By what it begins with; by its ending only if it begins with a mark at all."""
    return bool(_HTML.match(text[:_HTML_HEAD])) or (
        name.lower().endswith((".html", ".htm", ".xhtml")) and text.lstrip("\ufeff \t\n").startswith("<")
    )


@without_collecting()
def read_source(name: str, content: bytes, *, limit: int = SIZE_LIMIT) -> Reading:
    """Raises Unreadable for what is empty, binary, larger than `limit` bytes, or in an unknown encoding."""
    _check_bytes(name, content, limit)
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(_ZIP):
        return _reading(name, digest, _DOCX, *read_docx(name, content))
    text = _decode(name, content)
    _check_text(name, text)
    text = _CONTROL.sub("�", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\ufeff", "")
    if _is_page(name, text):
        return _reading(name, digest, "text/html", *read_html(name, text))
    lines = text.removesuffix("\n").split("\n")
    media_type, read = _reader(name, text)
    return Reading(name, digest, media_type, tuple(lines), read_tables(read(lines)))


def _reading(name: str, digest: str, media_type: str, lines: tuple[str, ...], blocks: tuple[Block, ...]) -> Reading:
    """A file whose lines are those of its text; one without any text is as empty as an empty file."""
    if not any(lines):
        raise Unreadable(f"{name} holds no text; save the minutes again and give that file.")
    return Reading(name, digest, media_type, lines, blocks)
