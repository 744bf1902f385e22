"""Text of a turn or a note in, safe HTML out: Markdown, sanitised, addresses masked."""

import re

import markdown
import nh3

from .masking import mask

TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "span", "del", "sup", "sub"}
LOST_LINK = re.compile(r"\[(?P<label>[^\]\n]*)\]\(#\)")
BARE_ADDRESS = re.compile(r"(?<![\w<(\[\"'/=])(https?://[^\s<>\"]+[^\s<>\".,;:!?')\]])")


def render(text: str) -> str:
    """Raw HTML in the text is shown as it was typed; a link that lost its target is words, marked as such."""
    text = LOST_LINK.sub(lambda found: f"{LOST_OPEN}{found['label']}{LOST_CLOSE}", mask(text))
    text = BARE_ADDRESS.sub(r"<\1>", text)
    engine = markdown.Markdown(extensions=["sane_lists"], output_format="html")
    for registry, name in ((engine.preprocessors, "html_block"), (engine.inlinePatterns, "html")):
        registry.deregister(name)
    html = nh3.clean(
        engine.convert(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return html.replace(LOST_OPEN, '<span class="lost">').replace(LOST_CLOSE, "</span>")


# Private-use characters stand for the mark while Markdown and the sanitiser work; no keyboard types them.
LOST_OPEN, LOST_CLOSE = "\ue000", "\ue001"


def plain(text: str) -> str:
    """One line without marks, for titles and quotes."""
    text = LOST_LINK.sub(r"\g<label>", mask(text))
    text = re.sub(r"\[([^\]\n]*)\]\([^)\s]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_`]{1,3}(\S.*?\S|\S)[*_`]{1,3}", r"\1", text).split())
