"""Bytes to text: by byte order mark, as UTF-8, as the page declares it, or by a guess that must be a good one."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from minutes.reading.unreadable import Unreadable

MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
DETECT_LIMIT = 200_000  # bytes that are looked at to tell an encoding
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?((?:iso-8859|windows-125|koi8|gb|big5|shift_jis|euc)[\w-]*)""", re.I
)
_HEAD = 2000


def decode(name: str, content: bytes) -> str:
    """Raises Unreadable where nobody can tell what the bytes say."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(content[:_HEAD])
    guess = None if declared else from_bytes(content[:DETECT_LIMIT]).best()
    encoding = declared[1].decode("ascii") if declared else guess.encoding if guess else ""
    if encoding:
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    raise Unreadable(f"{name} is in an encoding that cannot be told; save it as UTF-8 and try again.")
