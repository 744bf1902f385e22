"""HTML source to the tree of its body and the looks that its styles give; too much of it is Unreadable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from minutes.reading.limits import Limits
from minutes.reading.unreadable import Unreadable

Element = Any  # lxml has no types of its own

ATTRIBUTE_LIMIT = 2_000  # of one element: their cost grows with the square of their number
NESTING_LIMIT = 500  # elements within elements; what people write stays below 50
_RULE_LIMIT = 20_000  # style rules that are looked at

_BOLD_FROM = 600
_BOLD_TAGS = frozenset({"b", "strong"})
_ITALIC_TAGS = frozenset({"i", "em"})
_SELECTOR = re.compile(r"^(?P<tag>[a-z][a-z0-9]*)?(?:\.(?P<name>[\w-]+))?$", re.IGNORECASE)
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*+""")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_WORDS = {"bold": True, "bolder": True, "normal": False, "lighter": False}


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says; None where it says nothing and the element looks like what is around it."""

    bold: bool | None = None
    italic: bool | None = None

    def over(self, below: Look) -> Look:
        return Look(
            below.bold if self.bold is None else self.bold, below.italic if self.italic is None else self.italic
        )


@lru_cache(maxsize=4096)
def _declared(declarations: str) -> Look:
    bold = italic = None
    for declaration in declarations.lower().split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        value = value.removesuffix("!important").strip()
        if name == "font-weight":
            bold = int(value[:4]) >= _BOLD_FROM if value.isascii() and value.isdigit() else _WORDS.get(value, bold)
        elif name == "font-style":
            italic = value in ("italic", "oblique")
    return Look(bold, italic)


class Styles:
    """The style sheets of a page, as far as they make an element or a class bold or italic."""

    def __init__(self, sheets: str) -> None:
        self._rules: dict[tuple[str, str], Look] = {}
        self._known: dict[tuple[str, str, str], Look] = {}
        for rule in _COMMENT.sub("", sheets).split("}", _RULE_LIMIT)[:_RULE_LIMIT]:
            selectors, _, declarations = rule.rpartition("{")
            look = _declared(declarations.strip())
            for selector in selectors.rpartition("{")[2].split(",") if look != Look() else ():
                if match := _SELECTOR.match(selector.strip()):
                    key = ((match["tag"] or "").lower(), match["name"] or "")
                    self._rules[key] = look.over(self._rules.get(key, Look()))

    def look_of(self, element: Element) -> Look:
        key = (
            (element.tag, element.get("class", ""), element.get("style", ""))
            if element.attrib
            else (element.tag, "", "")
        )
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, tag: str, names: str, style: str) -> Look:
        look = Look(True if tag in _BOLD_TAGS else None, True if tag in _ITALIC_TAGS else None)
        for name in ("", *names.split()):
            for key in (("", name), (tag, name)):
                look = self._rules.get(key, Look()).over(look)
        return _declared(style).over(look) if style else look


@dataclass(frozen=True, slots=True)
class Page:
    body: Element
    styles: Styles


def _check(name: str, source: str, limits: Limits) -> None:
    """Before anything is made of the source: what would take too long or too much memory."""
    if source.count("<") > limits.marks:
        raise Unreadable(f"{name} holds more than {limits.marks:,} marks; save the minutes alone, as plain text.")
    if source.count("\n") > limits.lines:
        raise Unreadable(f"{name} has more than {limits.lines:,} lines; split it into several files.")
    for tag in _TAG.finditer(source):
        if tag.end() - tag.start() > ATTRIBUTE_LIMIT and max(tag[0].count("="), len(tag[0].split())) > ATTRIBUTE_LIMIT:
            raise Unreadable(f"{name} has an element with more than {ATTRIBUTE_LIMIT:,} attributes; save it as text.")


def _too_deep(root: Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > NESTING_LIMIT:
            return True
    return False


def open_page(name: str, source: str, limits: Limits) -> Page:
    """Never fetches anything; entities that the page declares itself stay as they are printed."""
    _check(name, source, limits)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    if root is None:
        raise Unreadable(f"{name} holds no text; save the minutes again and give that file.")
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log) or _too_deep(root):
        raise Unreadable(f"{name} is nested more than {NESTING_LIMIT} deep; save the minutes as plain text.")
    return Page(root, Styles("\n".join(_sheets(root))))


def _sheets(root: Element) -> Iterator[str]:
    for style in root.iter("style"):
        yield style.text or ""
