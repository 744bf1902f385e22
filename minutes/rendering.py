"""Text of a turn or a note in, what is derived from it out: safe HTML with addresses masked, folded text."""

import html
import re
from functools import cache
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.inlinepatterns import InlineProcessor

from themes.vocabulary import plain_text

from .masking import disclose, holds_address, mask

#: Raised when the same text gives something else: `manage.py derive` then makes what older rules made anew.
VERSION = 1

TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "span"}
LOST_LINK = re.compile(r"\[(?P<label>[^\[\]\n]*)\]\(#\)")
BARE_ADDRESS = re.compile(r"(?<![\w<(\[\"'/=])(https?://[^\s<>\"]+[^\s<>\".,;:!?')\]])")
PICTURE = re.compile(r"!(?=\[[^\[\]\n]*\]\()")
# What Markdown does for each bracket that stays open grows with the square of the text, or worse.
SQUARE = re.compile(r"\\.|(?P<open>\[)|(?P<close>\])", re.DOTALL)
ROUND = re.compile(r"\\.|(?P<link>(?<=\])\()|(?P<open>\()|(?P<close>\))", re.DOTALL)
OPEN_AT_ONCE = 15
NO_MARKDOWN = 1000  # stray brackets: no person marked that up


class LostLink(InlineProcessor):
    """A link that lost its target is words, marked as such."""

    def handleMatch(self, m, data):
        element = Element("span", {"class": "lost"})
        element.text = m["label"]
        return element, m.start(0), m.end(0)


@cache
def _engine() -> markdown.Markdown:
    """Raw HTML in the text is shown as it was typed, and pictures are links: a page loads nothing from elsewhere."""
    engine = markdown.Markdown(extensions=["sane_lists"], output_format="html")
    for registry, name in ((engine.preprocessors, "html_block"), (engine.inlinePatterns, "html")):
        registry.deregister(name)
    engine.inlinePatterns.register(LostLink(LOST_LINK.pattern, engine), "lost_link", 165)
    return engine


def _stray(text: str, pattern: re.Pattern[str]) -> list[int]:
    """Where brackets stand that are never closed, or that stand too deep in others."""
    waiting: list[re.Match[str]] = []
    stray: list[re.Match[str]] = []
    for found in pattern.finditer(text):
        if found.lastgroup == "close" and waiting:
            waiting.pop()
        elif found.lastgroup in ("open", "link"):
            waiting.append(found)
            if len(waiting) > OPEN_AT_ONCE:
                stray.append(waiting.pop(0))
    both = [*stray, *waiting]
    matter = both if pattern is SQUARE else [found for found in both if found.lastgroup == "link"]
    return sorted(found.start() for found in matter)


def _convert(text: str) -> str:
    """Markdown to HTML in a time that follows the length of the text."""
    stray = sorted(_stray(text, SQUARE) + _stray(text, ROUND))
    if len(stray) > NO_MARKDOWN:
        return "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n\s*\n", text))
    if len(stray) >= OPEN_AT_ONCE:
        ends = [*stray, len(text)]
        text = "\\".join(text[start:end] for start, end in zip([0, *stray], ends, strict=True))
    return _engine().reset().convert(BARE_ADDRESS.sub(r"<\1>", text))


def _attribute(tag: str, name: str, value: str) -> str | None:
    return None if holds_address(unquote(value)) else value


def render(text: str) -> str:
    """Lets no address through: where Markdown would piece one together from parts, the text stands plain."""
    text = PICTURE.sub("", mask(disclose(text)))
    safe = nh3.clean(
        _convert(text),
        tags=TAGS,
        attributes={"a": {"href"}, "span": {"class"}},
        attribute_filter=_attribute,
        url_schemes={"http", "https"},
        link_rel="nofollow noopener",
    )
    words = nh3.clean(safe, tags=set())
    if holds_address(words):
        return f"<p>{html.escape(mask(html.unescape(words)))}</p>"
    return safe


def fold_text(text: str) -> str:
    """Small letters without accents, of the same length: what a search for words compares."""
    return plain_text(text).lower()


def plain(text: str) -> str:
    """One line without marks, for titles and quotes."""
    text = LOST_LINK.sub(r"\g<label>", mask(disclose(text)))
    text = re.sub(r"\[([^\[\]\n]*)\]\([^)\s]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_`]{1,3}(\S.*?\S|\S)[*_`]{1,3}", r"\1", text).split())
