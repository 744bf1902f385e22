"""The links of a page to itself: signs of footnotes and comments, tables of contents, marks that only link back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

from minutes.reading.page import Element

_WORDY = re.compile(r"\w")
_SIGN = re.compile(r"^(?P<open>[\[(]?)(?P<sign>\w{1,12}|[*†‡§]{1,3})[\])]?$")
_NEAR = 4  # elements up from a mark to what it links to


def _own(element: Element) -> tuple[str, ...]:
    return tuple(name for name in (element.get("id"), element.get("name")) if name)


def _sign(anchor: Element) -> str:
    """What is printed as the sign of a note: raised, in brackets, or a number; empty where it is none."""
    match = _SIGN.match("".join(anchor.itertext()).strip())
    if match is None:
        return ""
    parent = anchor.getparent()
    raised = anchor.find("sup") is not None or (parent is not None and parent.tag == "sup")
    return match["sign"] if raised or match["open"] or match["sign"].isdecimal() else ""


@dataclass(frozen=True, slots=True)
class Anchors:
    targets: Collection[str]  # every place on the page that a link can lead to
    signs: Mapping[str, str]  # name of an anchor in the text → its sign, where a note links back to it
    notes: Mapping[str, str]  # name of the note's own place → that sign

    def leads_within(self, href: str) -> bool:
        return href[1:] in self.targets

    def sign_of(self, element: Element) -> str:
        """The sign of a note that this anchor in the text prints."""
        return next((self.signs[name] for name in _own(element) if name in self.signs), "") if self.signs else ""

    def note_of(self, element: Element) -> str:
        """The sign of the note that begins with this element."""
        return next((self.notes[name] for name in _own(element) if name in self.notes), "") if self.notes else ""

    def is_silent(self, anchor: Element) -> bool:
        """A note's way back to the text, and a mark without words that links to where it stands."""
        href = anchor.get("href", "")
        if not href.startswith("#") or len(href) < 2:
            return False
        if href[1:] in self.signs:
            return True
        if _WORDY.search("".join(anchor.itertext())):
            return False
        around: Element = anchor
        for _ in range(_NEAR):
            if around is None:
                return False
            if href[1:] in _own(around):
                return True
            around = around.getparent()
        return False


def find_anchors(root: Element) -> Anchors:
    """A sign and its note are known by linking to each other; the sign comes first."""
    targets: set[str] = set()
    printed: dict[str, tuple[str, str]] = {}  # name of a possible sign → where it leads, what it prints
    signs: dict[str, str] = {}
    notes: dict[str, str] = {}
    for element in root.iter(etree.Element):
        own = _own(element)
        targets.update(own)
        href = element.get("href", "") if element.tag == "a" else ""
        if not href.startswith("#") or len(href) < 2:
            continue
        if href[1:] in printed:
            leads_to, sign = printed[href[1:]]
            signs[href[1:]] = sign
            notes[leads_to] = sign
        elif own and (sign := _sign(element)):
            printed.update((name, (href[1:], sign)) for name in own)
    return Anchors(targets, signs, notes)
