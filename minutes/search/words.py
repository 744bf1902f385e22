"""What somebody typed into the search box in; the words to look for, and where they stand in a text, out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from themes.vocabulary import plain_text

MOST_WORDS = 24  # of a query; a pasted page is cut

_PIECE = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_TAG_OR_ENTITY = re.compile(r"(<[^>]*>|&(?:#\w+|\w+);)")

# They hold a sentence together and say nothing about what it is about; nor do the words for asking and answering.
_STOP_WORDS = """
a about all also am an and any anybody anyone are as ask asked asking asks at be because been but by can could did do
does doing done for from get gets got had has have he her here him his how i if in into is it its just let me more most
much my no nobody not of on or our out over said say saying says she should so some somebody someone than that the
their them then there these they this those to told us was we were what when where which who whom whose why will with
would you your answer answered answers reply replied talk talked talking discuss discussed
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_ENDINGS = "e|s|es|ed|er|ers|or|ors|ing|ings|ion|ions"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words that must stand side by side."""

    words: tuple[str, ...]  # folded, as typed
    quoted: bool
    needle: str  # a text with the term in it holds these letters
    pattern: re.Pattern[str]  # of folded text

    @property
    def shown(self) -> str:
        return " ".join(self.words)


def fold(text: str) -> str:
    """The letters that are compared: small, without accents, and as many as there were."""
    folded = plain_text(text).lower()
    return folded if len(folded) == len(text) else plain_text(text)


def terms(query: str) -> tuple[Term, ...]:
    """The query's words, each once. Words that say nothing count only where there are no others."""
    found: dict[str, Term] = {}
    for quoted, typed in _PIECE.findall(fold(query.translate(_QUOTES))):
        words = tuple(_WORD.findall(quoted or typed))
        if words:
            term = _term(words, bool(quoted))
            found.setdefault(term.pattern.pattern, term)
    telling = [term for term in found.values() if term.quoted or not STOP_WORDS.issuperset(term.words)]
    return tuple(telling or found.values())[:MOST_WORDS]


def _term(words: tuple[str, ...], quoted: bool) -> Term:
    if quoted or len(words) > 1:
        # "data-lake" is also DataLake; what was typed in quotes has its words apart.
        apart = r"[\W_]+" if quoted else r"[\W_]{0,3}"
        return Term(words, quoted, max(words, key=len), re.compile(_BEFORE + apart.join(words) + _AFTER))
    needle, endings = _forms(words[0])
    return Term(words, False, needle, re.compile(_BEFORE + re.escape(needle) + endings + _AFTER))


def _forms(word: str) -> tuple[str, str]:
    """The part of a word that its forms share, and what may follow it: retries and retry, transferring and transfer."""
    if len(word) < 4 or not word.isalpha():
        return word, "s?"
    for ending in ("ying", "ies", "ied", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)], "(?:y|ies|ied|ying)"
    for ending in ("ings", "ing", "ions", "ion", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word, f"(?:{word[-1]}?(?:{_ENDINGS}))?"


def whole(label: str) -> re.Pattern[str]:
    """Finds a label in folded text, as a word or words of its own."""
    return re.compile(_BEFORE + re.escape(fold(label)) + _AFTER)


def mark(html: str, patterns: Iterable[re.Pattern[str]]) -> str:
    """Safe HTML with `<mark>` around what the patterns find in its words; tags and entities stay as they are."""
    patterns = tuple(patterns)
    pieces = _TAG_OR_ENTITY.split(html)
    pieces[::2] = [_mark_words(piece, patterns) for piece in pieces[::2]]
    return "".join(pieces)


def _mark_words(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    folded = fold(text)
    spans = sorted(
        found.span() for pattern in patterns for found in pattern.finditer(folded) if found.end() > found.start()
    )
    marked, done = [], 0
    for start, end in spans:
        if end > done:
            start = max(start, done)
            marked += [text[done:start], "<mark>", text[start:end], "</mark>"]
            done = end
    return "".join([*marked, text[done:]]).replace("</mark><mark>", "")
