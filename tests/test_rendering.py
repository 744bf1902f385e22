"""What people said, as a page shows it: Markdown, safe, without addresses."""

import re
import time

import pytest

from minutes.masking import mask
from minutes.rendering import plain, render


def test_markdown_is_rendered():
    assert render("*Yes*, see\n\n- one\n- two") == "<p><em>Yes</em>, see</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"


def test_link_that_lost_its_target_is_marked_words():
    assert render("see [the *notes*](#) now") == '<p>see <span class="lost">the <em>notes</em></span> now</p>'
    assert plain("see [the notes](#) now") == "see the notes now"


def test_bare_address_becomes_a_link():
    link = '<a href="https://example.org/a" rel="nofollow noopener">https://example.org/a</a>'
    assert render("at https://example.org/a.") == f"<p>at {link}.</p>"


def test_picture_becomes_a_link_with_its_words():
    assert render("![the plan](https://example.org/a.png)") == (
        '<p><a href="https://example.org/a.png" rel="nofollow noopener">the plan</a></p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        '<img src=x onerror="alert(1)">',
        "[x](<http://a/[y](#)z>)",
        "\ue000x\ue001",
        '[x](http://a/"onmouseover="alert(1))',
    ],
)
def test_nothing_runs(text):
    html = render(text)
    assert not re.search(r"<(?!/?(?:p|a|span|em|strong)\b)", html)
    assert not re.search(r"<[^>]*(?:javascript|data:|onerror|<)", html)


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "<ada@example.org>",
        "mailto:ada@example.org",
        "[write](mailto:ada@example.org)",
        "[write](mailto:ada%40example.org)",
        "_ada@example.org_",
        "__ada@example.org__",
        r"ada\@example.org",
        r"ada@example\.org",
        r"ada\_b@example.org",
        "ada&#64;example.org",
        "ada@example&#46;org",
        "ada@[example.org](http://example.org)",
        "ada@`example.org`",
        "ada*@*example.org",
        "ada (at) example.org",
        "ada [AT] example [dot] org",
        "ada at example dot org",
        "ada@exämple.org",
        "é.b@example.org",
        "ada\u200b@example.org",
        "+ada@example.org",
        "[x](http://example.org/?to=ada@example.org)",
    ],
)
def test_no_address_reaches_a_visitor(text):
    shown = render(f"Write to {text} soon")
    assert "soon" in shown
    assert not re.search(r"@(?:\s|<[^>]*>|&#?\w+;)*ex|%40|&#64;|\"mailto|dot org|\[AT\] ex", shown)
    assert "…" in shown or "href" not in shown


def test_mask_leaves_what_is_no_address():
    for text in ("met at ten, dot matrix", "@ada said", "a@b", "look at that. Not this", "3 @ 5.0 TeV"):
        assert mask(text) == text


@pytest.mark.parametrize("piece", ["[", "[(", "![", "[x](", "[x][", "**[", "[a](b) ["])
def test_many_brackets_take_no_time(piece):
    started = time.monotonic()
    shown = render(piece * 10_000)
    assert time.monotonic() - started < 2
    assert shown.count("[") == piece.count("[") * 10_000


def test_brackets_that_stay_open_stand_as_typed_beside_links():
    shown = render("[0, 1) " * 20 + "see [this](https://example.org/)")
    assert shown.count("[0, 1)") == 20
    assert '<a href="https://example.org/"' in shown


def test_plain_is_one_line_without_marks():
    assert plain("**Yes**,\nsee [this](https://example.org) and `that`") == "Yes, see this and that"


def test_long_words_take_no_time():
    for text in ("a" * 50_000 + " @", "x@" + "a." * 25_000, "a" * 50_000 + " at x dot "):
        started = time.monotonic()
        assert mask(text) == text
        assert time.monotonic() - started < 1
