"""Text in, the same text without e-mail addresses out: what every visitor gets, on pages, in snippets and exports."""

import html
import re

_AT = r"\s{0,2}(?:@|[(\[{]\s?at\s?[)\]}])\s{0,2}"
_DOT = r"(?:\.|\s?[(\[{]\s?dot\s?[)\]}]\s?)"
# What looks like one even without its sign, as people write against harvesters: "ada at example dot org".
_SPELT = r"(?P<spelt>[\w.+-]) at (?:[\w-]+ dot )+[a-z]{2,}\b"
# Of what stands before the sign one letter is enough, as that stays: to try each letter of a long word as the first
# would take time by the square of its length.
ADDRESS = re.compile(
    rf"(?P<local>[^\s@<>()\[\]{{}},;:\"'`|]){_AT}(?:[^\W_](?:[\w-]*[^\W_])?{_DOT})+[^\W\d_]{{2,}}|{_SPELT}",
    re.IGNORECASE,
)
_SPELT_AT = re.compile(r"[(\[{]\s?at\s?[)\]}]| at \S+ dot ", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ESCAPED = re.compile(r"\\([@._-])")


def mask(text: str) -> str:
    """`ada@example.org` becomes `ada@…`: one still sees that an address stands there."""
    if not _may_hold_address(text):
        return text
    return ADDRESS.sub(lambda found: f"{found['local'] or found['spelt']}@…", text)


def holds_address(text: str) -> bool:
    """Whether an address can be read in a text as a browser shows it: entities, escapes and soft breaks undone."""
    shown = _INVISIBLE.sub("", html.unescape(text))
    return _may_hold_address(shown) and bool(ADDRESS.search(shown))


def disclose(text: str) -> str:
    """The text with what hides an address from `mask` undone: Markdown's escapes, entities, invisible characters.

    Only where there is one; everything else stays as it was typed.
    """
    shown = _INVISIBLE.sub("", _ESCAPED.sub(r"\1", html.unescape(text)))
    return shown if _may_hold_address(shown) and ADDRESS.search(shown) else text


def _may_hold_address(text: str) -> bool:
    """A cheap look before the careful one."""
    return "@" in text or bool(_SPELT_AT.search(text))
