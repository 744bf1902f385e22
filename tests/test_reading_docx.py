"""Word files made by LibreOffice, and archives that must not be read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minutes.reading import Unreadable, read_source
from minutes.reading.docx import ATTRIBUTE_LIMIT, NESTING_LIMIT
from minutes.reading.limits import STANDARD

FILES = Path(__file__).parent / "files"
WORDS = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
END = "</w:body></w:document>"
MANY = " ".join(f'a{number}="1"' for number in range(ATTRIBUTE_LIMIT + 1))
SAID = "<w:p><w:r><w:t>Ada: yes</w:t></w:r></w:p>"


def word_file(document: str | bytes, others: dict[str, bytes] | None = None) -> bytes:
    """A Word file of LibreOffice's with another text in it."""
    made = BytesIO()
    with ZipFile(FILES / "lighthouse.docx") as model, ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name in model.namelist():
            archive.writestr(name, document if name == "word/document.xml" else model.read(name))
        for name, content in (others or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def test_headings_lists_tables_labels_and_links_are_read() -> None:
    reading = read_source("lighthouse.docx", (FILES / "lighthouse.docx").read_bytes())
    assert [(block.kind, block.level, block.marker, block.text) for block in reading.blocks] == [
        ("heading", 1, "", "Lighthouse keepers: autumn meeting"),
        ("paragraph", 0, "", "9 October 2019"),
        ("heading", 2, "", "Participants"),
        ("row", 0, "", "Mara Lindqvist | ML | North Rock"),
        ("row", 0, "", "Joost Albarn | JA | Skerry Trust"),
        ("heading", 2, "", "Lamp oil"),
        ("paragraph", 0, "", "Speaker: Mara Lindqvist"),
        ("paragraph", 0, "", "[slides](https://example.org/oil)"),
        ("paragraph", 0, "", "**JA**: How much is left?"),
        ("paragraph", 0, "", "**ML**: Enough for *one* winter.\nPerhaps two."),
        ("item", 0, "-", "north store"),
        ("item", 1, "-", "forty tins"),
        ("item", 0, "-", "south store"),
        ("item", 0, "1.", "count again"),
        ("item", 0, "2.", "order more"),
        ("heading", 2, "", "Fog horn"),
        ("paragraph", 0, "", "**JA**: It sounds a semitone low."),
    ]


def test_lines_are_the_units_of_text_in_order() -> None:
    reading = read_source("lighthouse.docx", (FILES / "lighthouse.docx").read_bytes())
    assert [start for block in reading.blocks for start in block.starts] == list(range(1, 19))
    assert reading.lines[9:13] == (
        "**ML**: Enough for *one* winter.",
        "Perhaps two.",
        "- north store",
        "  - forty tins",
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (WORDS + " " * (STANDARD.unpacked + 1) + END, "MB of text when unpacked"),
        (WORDS + "<w:p/>" * (STANDARD.elements + 1) + END, f"holds more than {STANDARD.elements:,} elements"),
        (WORDS + "<w:tbl><w:tr><w:tc>" * 10_000, f"is nested more than {NESTING_LIMIT} deep"),
        (f"{WORDS}<w:p {MANY}/>{END}", f"more than {ATTRIBUTE_LIMIT:,} attributes"),
        ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>', "declares entities of its own"),
        ('<!DOCTYPE d [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><d>&y;</d>', "declares entities of its own"),
        (WORDS + SAID, "is a damaged Word file"),
        (WORDS + END, "holds no text"),
        (WORDS + SAID + '<w:p a="\0"/>' + END, "is a damaged Word file"),
    ],
    ids=["bomb", "elements", "deep", "attributes", "external entity", "entities", "cut", "empty", "null byte"],
)
def test_file_that_is_too_much_is_refused_in_one_sentence(document: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_source("a.docx", word_file(document))
    assert sentence in str(refused.value)


def test_table_nested_as_deep_as_allowed_is_read() -> None:
    depth = (NESTING_LIMIT - 6) // 3
    nested = "<w:tbl><w:tr><w:tc>" * depth + SAID + "</w:tc></w:tr></w:tbl>" * depth
    assert [block.text for block in read_source("a.docx", word_file(WORDS + nested + END)).blocks] == ["Ada: yes"]


def test_archive_that_is_no_word_file_is_refused() -> None:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("minutes.txt", "Ada: yes")
    with pytest.raises(Unreadable, match=r"a\.zip is a zip archive without a web page or a Word file in it; unpack it"):
        read_source("a.zip", made.getvalue())


def test_archive_of_very_many_files_is_refused() -> None:
    others = {f"f{number}": b"" for number in range(STANDARD.entries)}
    with pytest.raises(Unreadable, match=f"more than {STANDARD.entries:,} files"):
        read_source("a.docx", word_file(WORDS + SAID + END, others))


def test_picture_that_unpacks_to_much_is_never_unpacked() -> None:
    content = word_file(WORDS + SAID + END, {"word/media/sky.png": b"0" * 50_000_000})
    assert read_source("a.docx", content).blocks[0].text == "Ada: yes"


def is_read_or_refused(content: bytes) -> bool:
    """Either blocks that stand on lines that are there, or one sentence."""
    try:
        reading = read_source("a.docx", content)
    except Unreadable as refusal:
        return str(refusal).endswith((".", "\u201d"))
    return all(1 <= start <= len(reading.lines) for block in reading.blocks for start in block.starts)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray((FILES / "lighthouse.docx").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert is_read_or_refused(bytes(content[: data.draw(st.integers(100, len(content)))]))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_document_in_a_whole_file_is_read_or_refused(data: st.DataObject) -> None:
    with ZipFile(FILES / "lighthouse.docx") as model:
        document = bytearray(model.read("word/document.xml"))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(document) - 1))
        document[start : start + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    assert is_read_or_refused(word_file(bytes(document)))
