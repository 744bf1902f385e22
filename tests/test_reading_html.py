"""Web pages of several makers, invented and from the seed, and pages that must not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minutes.exporting.minutes_document import as_json
from minutes.parsing import parse
from minutes.reading import Reading, Unreadable, read_source
from minutes.reading.limits import STANDARD
from minutes.reading.page import ATTRIBUTE_LIMIT, NESTING_LIMIT
from tests.scored import SEED, curated, vocabulary

FILES = Path(__file__).parent / "files"


def read(html: str) -> Reading:
    return read_source("page.html", f"<html><body>{html}</body></html>".encode())


def texts(html: str) -> list[str]:
    return [block.text for block in read(html).blocks]


def without_lines(value: Any) -> Any:
    """Parsed records apart from where they stand in the source."""
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items() if key not in ("lines", "line")}
    return [without_lines(item) for item in value] if isinstance(value, list) else value


def parsed(path: Path) -> dict[str, Any]:
    reading = read_source(path.name, path.read_bytes())
    document = as_json(parse(reading, people=curated(), topics=vocabulary()))
    return {key: without_lines(value) for key, value in document.items() if key not in ("source", "places")}


def unclaimed(reading: Reading) -> list[int]:
    """Lines with text on which no block stands: none, or the accounting could not add up."""
    claimed = {start for block in reading.blocks for start in block.starts}
    return [number for number, line in enumerate(reading.lines, start=1) if line.strip() and number not in claimed]


@pytest.mark.parametrize("name", ["escape-2022.html", "escape-2022.docx"])
def test_seed_in_another_format_says_the_same(name: str) -> None:
    assert parsed(FILES / name) == parsed(SEED)


def test_google_docs_page_is_read_by_its_lines_of_text() -> None:
    reading = read_source("google-docs.html", (FILES / "google-docs.html").read_bytes())
    assert [(block.kind, block.level, block.marker, block.text) for block in reading.blocks] == [
        ("heading", 1, "", "Harbour sensors: second planning meeting"),
        ("paragraph", 0, "", "4 May 2021"),
        ("comment", 0, "navigation", "Calibration 1"),
        ("heading", 1, "", "Participants"),
        ("row", 0, "", "Name | Initials | Institute"),
        ("row", 0, "", "Odile Marchetti | OM | Tidewater Lab"),
        ("row", 0, "", "Bertil Quist | BQ | Port Authority"),
        ("heading", 1, "", "Calibration"),
        ("paragraph", 0, "", "Speaker: Odile Marchetti"),
        ("paragraph", 0, "", "[slides](https://example.org/buoys?part=2)"),
        ("paragraph", 0, "", "**Bertil**: How often do the buoys drift[1] in winter? [a]"),
        ("paragraph", 0, "", "**Odile**: Twice a week, and *never* on a calm day.\nThe log shows it."),
        ("item", 0, "-", "north pier"),
        ("item", 1, "-", "two anchors"),
        ("item", 0, "-", "south pier"),
        ("item", 0, "3.", "repaint"),
        ("rule", 0, "", "---"),
        ("paragraph", 0, "", "Note: [1] Drift is measured at the chain."),
        ("paragraph", 0, "", "Note: [a] Please check who asked."),
    ]
    assert reading.lines[11:13] == ("**Odile**: Twice a week, and *never* on a calm day.", "The log shows it.")
    assert reading.blocks[11].starts == (12, 13)
    assert unclaimed(reading) == []


def test_scribe_page_keeps_the_lines_of_its_source() -> None:
    source = (FILES / "scribe.html").read_bytes()
    reading = read_source("scribe.html", source)
    found = [(block.starts, block.kind, block.text) for block in reading.blocks if block.kind != "comment"]
    assert found == [
        ((14,), "heading", "Lantern Working Group Teleconference"),
        ((15,), "heading", "11 June 2020"),
        ((20,), "heading", "Attendees"),
        ((22,), "paragraph", "Present: Ines Falk, Tomas Reiter, Yuki Arden"),
        ((23,), "paragraph", "Regrets: Paolo Venn"),
        ((24,), "paragraph", "Chair: Ines Falk"),
        ((25,), "paragraph", "Scribe: Tomas Reiter"),
        ((37,), "heading", "Meeting minutes"),
        ((38,), "metadata", "<yuki> present+ Yuki Arden"),
        ((40,), "heading", "Wick length"),
        ((41, 44), "paragraph", "Ines: The draft says nine millimetres, and nobody has measured it.\n… so we should."),
        ((45,), "paragraph", "Yuki: I have, see [the table](https://example.org/wick)"),
        ((46,), "paragraph", "<paolo> nine is too long"),
        ((47,), "paragraph", "**RESOLUTION**: The wick is eight millimetres long."),
        ((48,), "paragraph", "**ACTION**: Yuki to publish the table."),
        ((52,), "heading", "Summary of resolutions"),
    ]
    assert [block.starts[0] for block in reading.blocks if block.marker == "navigation"] == [16, 29, 31, 32, 54]
    assert reading.line_count == source.decode().count("\n") + 1
    assert unclaimed(reading) == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p><b>Ada:</b> yes</p>", "**Ada**: yes"),
        ("<p><b>Ada</b>: yes</p>", "**Ada**: yes"),
        ("<p><b>Ada </b><b>King: </b>yes</p>", "**Ada King**: yes"),
        ('<p><span style="font-weight:700">Ada:&nbsp;</span>yes</p>', "**Ada**: yes"),
        ('<p style="font-weight:bold"><span style="font-weight:400">plain</span></p>', "plain"),
        ("<p><i>all</i> of <code>it</code></p>", "*all* of `it`"),
        ("<h2><b>Bold</b> title</h2>", "Bold title"),
        ("<p>2 * 3 <b>*</b></p>", "2 * 3 *"),
        ("<p>one\n   two</p>", "one two"),
        ("<p>one\ttwo</p>", "one\ttwo"),
        ("<p>one<br>two</p>", "one\ntwo"),
        (
            '<p><a href="https://www.google.com/url?q=https://a.example/x&amp;sa=D">x</a></p>',
            "[x](https://a.example/x)",
        ),
        ('<p><a href="https://a.example/b (c)">[x] y]</a></p>', "[(x) y)](https://a.example/b%20%28c%29)"),
        ('<p><a href="https://a.example/">a.example</a></p>', "a.example"),
        ('<p><a href="javascript:void(0)">x</a></p>', "[x](#)"),
        ('<p><a href="#">slides</a></p>', "[slides](#)"),
        ('<p id="q">Ada<a href="#q">¶</a>: yes</p>', "Ada: yes"),
        ('<p>Ada: yes<a style="display:none" href="#1">x</a></p>', "Ada: yes"),
    ],
)
def test_inline_marks_become_markdown(html: str, text: str) -> None:
    assert texts(html + "<h1>End</h1>")[0] == text


def test_stylesheet_class_makes_a_label_bold() -> None:
    style = "<style>body{margin:0} .name, b.x { font-weight: bold }</style>"
    assert texts(f'{style}<h1>T</h1><p><span class="name">Ada</span>: yes</p>')[1] == "**Ada**: yes"


def test_two_line_breaks_part_paragraphs() -> None:
    assert texts("<h1>T</h1><p>Ada: one<br><br>Bo: two</p>") == ["T", "Ada: one", "Bo: two"]


def test_continuation_in_its_own_part_goes_on_with_the_line_before() -> None:
    assert texts("<h1>T</h1><div>Ada: one</div><div>... and two</div><div>Bo: no</div>")[1:] == [
        "Ada: one\n... and two",
        "Bo: no",
    ]


def test_term_with_several_entries_heads_a_list() -> None:
    blocks = read("<dl><dt>Present<dd>Ada King<dd>Bo Lund<dt>Chair<dd>Ada King</dl>").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "Present:"),
        ("item", "Ada King"),
        ("item", "Bo Lund"),
        ("paragraph", "Chair: Ada King"),
    ]


def test_list_without_closing_marks_keeps_its_depth() -> None:
    blocks = read("<ul><li>one<ul><li>two<li>three</ul><li>four</ul><ol type=a start=2><li>five</ol>").blocks
    assert [(block.level, block.marker, block.text) for block in blocks] == [
        (0, "-", "one"),
        (1, "-", "two"),
        (1, "-", "three"),
        (0, "-", "four"),
        (0, "b.", "five"),
    ]


def test_word_paragraphs_of_a_list_are_items() -> None:
    item = "<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level{} lfo1'>"
    sign = "<![if !supportLists]><span style='mso-list:Ignore'>o<span>&nbsp;</span></span><![endif]>"
    blocks = read(f"{item.format(1)}{sign}one</p>{item.format(2)}{sign}two</p>").blocks
    assert [(block.kind, block.level, block.text) for block in blocks] == [("item", 0, "one"), ("item", 1, "two")]


def test_table_that_only_places_things_is_no_table() -> None:
    blocks = read("<table><tr><td><h1>Title</h1><p>Ada: yes</p></td><td>aside</td></tr></table>").blocks
    assert [block.kind for block in blocks] == ["heading", "paragraph", "paragraph"]


def test_markdown_that_a_script_was_to_show_is_read_as_markdown() -> None:
    page = '<div id="doc" class="markdown-body">\n# Tide tables\n\n## Spring\n\n**Ada**: high &amp; dry\n</div>'
    reading = read(page)
    assert [(block.kind, block.level, block.text, block.starts) for block in reading.blocks] == [
        ("heading", 1, "Tide tables", (2,)),
        ("heading", 2, "Spring", (4,)),
        ("paragraph", 0, "**Ada**: high & dry", (6,)),
    ]


def test_note_in_a_list_at_the_end_is_kept_as_a_note() -> None:
    page = (
        '<p>Ada<sup><a href="#fn1" id="ref1">[1]</a></sup>: yes</p>'
        '<ol><li id="fn1"><p>Only on Mondays. <a href="#ref1">↩</a></p></li></ol>'
    )
    assert texts(f"<h1>T</h1>{page}")[1:] == ["Ada: yes [1]", "Note: [1] Only on Mondays."]


def test_scripts_styles_and_controls_are_no_text() -> None:
    page = "<script>var a = 1</script><p>Ada: yes</p><button>Reply</button><svg><text>x</text></svg>"
    assert texts(page) == ["Ada: yes"]


@pytest.mark.parametrize(("blank", "lines"), [(60_000, (60_001, 60_002)), (70_000, (1, 2))])
def test_lines_of_the_text_count_where_the_source_has_too_many(blank: int, lines: tuple[int, int]) -> None:
    reading = read("\n" * blank + "<h1>Tides</h1>\n<p>Ada: yes</p>")
    assert tuple(block.starts[0] for block in reading.blocks) == lines


def test_page_in_a_declared_encoding_is_decoded() -> None:
    page = '<html><meta charset="iso-8859-2"><p>Jiří: ano</p></html>'
    assert read_source("a.html", page.encode("iso-8859-2")).blocks[0].text == "Jiří: ano"


@pytest.mark.parametrize(
    ("html", "sentence"),
    [
        ("<div>" * 10_000 + "x", f"is nested more than {NESTING_LIMIT} deep"),
        ("<ul><li>x" * (NESTING_LIMIT // 2 + 1), f"is nested more than {NESTING_LIMIT} deep"),
        ("<b>" * (STANDARD.marks + 1), f"holds more than {STANDARD.marks:,} marks"),
        ("\n" * (STANDARD.lines + 1), f"has more than {STANDARD.lines:,} lines"),
        ("<p " + " ".join(f"a{n}" for n in range(50_000)) + ">", f"more than {ATTRIBUTE_LIMIT:,} attributes"),
        ("<p " + "".join(f'a{n}="1"' for n in range(50_000)) + ">", f"more than {ATTRIBUTE_LIMIT:,} attributes"),
        ("<script>only()</script>", "holds no text"),
        ("<p>a\0b</p>", "is a binary file"),
    ],
)
def test_page_that_is_too_much_is_refused_in_one_sentence(html: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(html)
    assert sentence in str(refused.value)


def test_one_line_of_five_megabytes_is_read() -> None:
    reading = read("<p>Ada: " + "word " * 1_048_576 + "</p>")
    assert len(reading.blocks) == 1


def test_entities_of_the_page_are_not_resolved() -> None:
    page = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><p>Ada: &x;</p></html>'
    assert read_source("a.html", page).blocks[-1].text == "Ada: &x;"


MARKS = """<p> </p> <b> </b> <ul> <ol> <li> </ul> <table> <tr> <td> </table> <dl> <dt> <dd> </dl> <h2> </h2> <br> <hr>
<pre> </pre> <nav> </nav> <a> </a> <sup> <!-- --> <![if] Ada: yes. ... &amp; # -""".split()
LINKS = ['<a href="#x" id="y">[1]</a>', '<a href="#y" id="x">[1]</a>', "<p id='x'>", '<p class="title">', "\n", " "]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKS + LINKS), max_size=40))
def test_any_sequence_of_marks_is_read_and_every_line_has_its_block(parts: list[str]) -> None:
    try:
        reading = read("".join(parts))
    except Unreadable:
        return
    assert unclaimed(reading) == []
    for block in reading.blocks:
        assert list(block.starts) == sorted(block.starts)
        assert 1 <= block.starts[0] <= block.starts[-1] <= reading.line_count
        if block.kind in ("paragraph", "item"):
            assert len(block.starts) == block.text.count("\n") + 1
    parse(reading)
