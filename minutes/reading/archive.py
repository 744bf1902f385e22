"""A zip of one web page and its pictures, as Google Docs exports it: the source of that page."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from minutes.reading.decoding import decode
from minutes.reading.limits import Limits
from minutes.reading.unreadable import Unreadable

ZIP = b"PK\x03\x04"
WORD_PART = "word/document.xml"
_PAGES = (".html", ".htm", ".xhtml")
_BROKEN = (BadZipFile, LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def is_word_file(name: str, content: bytes, limits: Limits) -> bool:
    """By what is in the archive, whatever its name. Raises Unreadable for an archive that cannot be opened."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            if len(archive.infolist()) > limits.entries:
                raise Unreadable(f"{name} is an archive of more than {limits.entries:,} files; give the minutes alone.")
            return WORD_PART in archive.NameToInfo
    except _BROKEN:
        kind = "Word file; open it, save it again" if name.lower().endswith(".docx") else "zip archive; pack it again"
        raise Unreadable(f"{name} is a damaged {kind} and give that file.") from None


def unpack_page(name: str, content: bytes, limits: Limits) -> str:
    """The one web page in the archive; its pictures, and archives in it, are never unpacked."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            page = _only_page(name, archive)
            with archive.open(page) as stream:
                # The size that the archive states may be a lie; what comes out is not.
                unpacked = stream.read(limits.unpacked + 1)
    except _BROKEN:
        raise Unreadable(f"{name} is a damaged or locked zip archive; unpack it and give the page in it.") from None
    if len(unpacked) > limits.unpacked:
        megabytes = f"{limits.unpacked / 1048576:.3g}"
        raise Unreadable(f"{name} holds more than {megabytes} MB of text when unpacked; split it into several files.")
    return decode(name, unpacked)


def _only_page(name: str, archive: ZipFile) -> ZipInfo:
    pages = [part for part in archive.infolist() if _is_page(part)]
    if not pages:
        raise Unreadable(
            f"{name} is a zip archive without a web page or a Word file in it; unpack it and give the files in it."
        )
    if len(pages) > 1:
        raise Unreadable(f"{name} is a zip archive of {len(pages)} web pages; unpack it and give each for itself.")
    return pages[0]


def _is_page(part: ZipInfo) -> bool:
    """Not what packers hide beside it: "__MACOSX/._minutes.html"."""
    rooms = part.filename.replace("\\", "/").split("/")
    return rooms[-1].lower().endswith(_PAGES) and not any(room.startswith((".", "__MACOSX")) for room in rooms)
