"""Bytes to blocks, per format; and what cannot be read, with its sentence."""

from __future__ import annotations

import hashlib

import pytest

from minutes.reading import Block, Unreadable, read_source
from minutes.reading.blocks import find_links, without_links

NOT_TEXT = "not text; save it as plain text or Markdown and try again."


def kinds(name: str, text: str) -> list[tuple[str, str, tuple[int, int], int]]:
    return [(block.kind, block.text, block.lines, block.level) for block in read_source(name, text.encode()).blocks]


def test_text_keeps_paragraphs_items_and_rules_with_their_lines():
    text = "A title\n\nfirst line\nsecond line\n\n1. one\n   more\n  - deeper\n2) two\n\n~~~~~  \n"
    assert kinds("a.txt", text) == [
        ("paragraph", "A title", (1, 1), 0),
        ("paragraph", "first line\nsecond line", (3, 4), 0),
        ("item", "one\nmore", (6, 7), 0),
        ("item", "deeper", (8, 8), 1),
        ("item", "two", (9, 9), 0),
        ("rule", "~~~~~", (11, 11), 0),
    ]


def test_text_takes_a_row_of_marks_below_a_line_of_its_length_for_a_heading():
    assert kinds("a.txt", "Harbour\n=======\nWharf\n-----\n") == [
        ("heading", "Harbour", (1, 2), 1),
        ("heading", "Wharf", (3, 4), 2),
    ]
    assert [kind for kind, *_ in kinds("a.txt", "Not all that follows is a heading\n---\n")] == ["paragraph", "rule"]


def test_text_keeps_tabs_of_columns():
    assert kinds("a.txt", "Ada\tBob\n\tCleo\n") == [("paragraph", "Ada\tBob\n\tCleo", (1, 2), 0)]


def test_markdown_keeps_nesting_tables_code_comments_and_front_matter():
    text = (
        "---\ntitle: Tides\n---\n# Tides\n\n- a\n    - b\n      c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n"
        "```\ncode: here\n```\n\n<!-- hidden -->\n\n> said elsewhere\n"
    )
    assert kinds("a.md", text) == [
        ("metadata", "---\ntitle: Tides\n---", (1, 3), 0),
        ("heading", "Tides", (4, 4), 1),
        ("item", "a", (6, 6), 0),
        ("item", "b\nc", (7, 8), 1),
        ("row", "x | y", (10, 10), 0),
        ("row", "1 | 2", (12, 12), 0),
        ("preformatted", "```\ncode: here\n```", (14, 16), 0),
        ("comment", "<!-- hidden -->", (18, 18), 0),
        ("preformatted", "> said elsewhere", (20, 20), 0),
    ]


def test_markdown_takes_dashes_below_several_lines_for_a_rule():
    assert [kind for kind, *_ in kinds("a.md", "Ada King,\nBob Roe\n-----\n")] == ["paragraph", "rule"]


def test_text_with_several_hashed_headings_is_markdown():
    assert read_source("notes.txt", b"# A\n\n## B\n").media_type == "text/markdown"
    assert read_source("notes.txt", b"# A\n\nB\n").media_type == "text/plain"


def test_source_is_named_hashed_and_counted():
    reading = read_source("a.txt", b"one\r\ntwo\r\n")
    assert (reading.name, reading.line_count, reading.lines) == ("a.txt", 2, ("one", "two"))
    assert reading.sha256 == hashlib.sha256(b"one\r\ntwo\r\n").hexdigest()
    assert reading.blocks == (Block("paragraph", "one\ntwo", (1, 2)),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encoding_is_told(encoding):
    text = "Jörg: Grüße an alle Fähren, sagte die Ärztin über das Öl. Schöne Wörter für müde Köpfe.\n" * 20
    assert read_source("a.txt", text.encode(encoding)).lines[0].startswith("Jörg: Grüße")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "notes.txt is empty; save the minutes again and give that file."),
        (b" \n\t\n", "notes.txt is empty; save the minutes again and give that file."),
        (b"%PDF-1.7 ...", f"notes.txt is a PDF, {NOT_TEXT}"),
        (b"abc\x00\x01def" * 9, f"notes.txt is a binary file, {NOT_TEXT}"),
        (b"x" * (2 * 1024 * 1024 + 1), "notes.txt is larger than the limit of 2 MB; split it into several files."),
    ],
)  # fmt: skip
def test_unreadable_says_what_is_wrong_and_what_to_do(content, says):
    with pytest.raises(Unreadable) as caught:
        read_source("notes.txt", content, limit=2 * 1024 * 1024)
    assert str(caught.value) == says


def test_links_whose_target_was_lost_have_no_address():
    found = [
        (link.label, link.url) for link in find_links("[Slides](#) and [a [b] c](https://x.org/a_(b)) ![no](p.png)", 3)
    ]
    assert found == [("Slides", None), ("a [b] c", "https://x.org/a_(b)")]


def test_links_are_taken_out_with_or_without_their_labels():
    text = "see [the page](https://x.org) twice"
    assert without_links(text, keep_labels=True) == "see the page twice"
    assert without_links(text, keep_labels=False) == "see  twice"
