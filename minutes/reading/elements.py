"""An element of a page in; what it is out: a part of its own, navigation, hidden, a layout table, a list's depth."""

from __future__ import annotations

import re
from collections.abc import Sequence

from minutes.reading.page import Element

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TITLES = frozenset({"title", "msotitle"})  # classes of a paragraph that is the title
LISTS = frozenset({"ul", "ol", "menu", "dir"})
_PARTS = frozenset(
    """address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form
    header hgroup hr html legend li main nav p pre search section summary table tbody td tfoot th thead tr caption"""
    .split()
)  # fmt: skip
_SILENT = frozenset(
    """head script style template noscript svg audio video object embed iframe canvas map select button textarea
    datalist""".split()
)
_NAVIGATION = frozenset({"nav", "search"})
_NAVIGATION_ROLES = frozenset({"navigation", "search", "menu", "menubar", "doc-toc"})
_NAVIGATION_NAMES = frozenset({"nav", "navbar", "navigation", "breadcrumb", "breadcrumbs", "toc", "table-of-contents"})
_HIDDEN = re.compile(r"display\s*:\s*none|mso-list\s*:\s*ignore|mso-hide\s*:\s*all", re.IGNORECASE)
_GOOGLE_DEPTH = re.compile(r"\blst-kix_\w+-(?P<depth>\d)\b")
_WORD_DEPTH = re.compile(r"\bmso-list\s*:\s*l\d+\s+level(?P<depth>\d)", re.IGNORECASE)
_TYPED = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_LABELLED = re.compile(r"^(?:[-*•]\s+)?(?:\*\*|<)?[^\W\d_][^:<>]{0,40}(?::|>|:\*\*|\*\*:)\s+\S")
CELL_BREAK = "<br>"  # as Markdown's tables have it: between the lines of a cell in which several begin with a label


def _names(element: Element) -> set[str]:
    return {*element.get("class", "").lower().split(), element.get("id", "").lower()}


def has_sequel(entry: Element) -> bool:
    """Whether a second entry follows; the tree puts it inside the first where that is left open."""
    after = entry.getnext()
    return (after is not None and after.tag == "dd") or entry.find("dd") is not None


def is_typed(element: Element) -> bool:
    """Markdown that a script in the page was to make a page of."""
    text = element.text
    return (
        bool(text) and "\n#" in text and element.tag in ("div", "section", "article") and len(_TYPED.findall(text)) > 1
    )


def is_layout(table: Element) -> bool:
    """A table in which headings, lists or tables stand, or with one cell in each row, only places them."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    if next(table.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
        return True
    return all(sum(1 for cell in row if cell.tag in ("td", "th")) < 2 for row in table.iter("tr"))


def parts_text(element: Element) -> bool:
    """Text before it and text in it are not of one paragraph."""
    return element.tag in _PARTS or element.tag in HEADINGS or element.tag in LISTS


def is_hidden(element: Element) -> bool:
    """What no reader of the page sees: scripts, and what styles or attributes take away."""
    if element.tag in _SILENT:
        return True
    if not element.attrib:
        return False
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN.search(element.get("style", "")))


def is_navigation(element: Element) -> bool:
    if element.tag not in _PARTS and element.tag not in LISTS and element.tag not in _NAVIGATION:
        return False
    if element.tag in _NAVIGATION or not element.attrib:
        return element.tag in _NAVIGATION
    return element.get("role") in _NAVIGATION_ROLES or not _NAVIGATION_NAMES.isdisjoint(_names(element))


def is_title(element: Element) -> bool:
    return not _TITLES.isdisjoint(element.get("class", "").lower().split())


def google_depth(element: Element) -> int | None:
    """How deep a list of Google Docs is nested, which its export says by a class alone."""
    found = _GOOGLE_DEPTH.search(element.get("class", ""))
    return int(found["depth"]) if found else None


def word_depth(element: Element) -> int | None:
    """How deep a paragraph is as an item of a list of Word, which its export says by a style alone."""
    found = _WORD_DEPTH.search(element.get("style", ""))
    return int(found["depth"]) - 1 if found else None


def join_cell(rows: Sequence[str]) -> str:
    """The text of a table's cell. Its lines stay apart only where several of them begin with a label."""
    return (CELL_BREAK if sum(1 for row in rows if _LABELLED.match(row)) > 1 else " ").join(rows)
