"""A TOML file of curated topics in; the topics, and the forms in which their labels may stand in a text, out."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any, cast, get_args

from minutes.document import TopicKind

WORD = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")
# What may stand between two words of a label: one sign of these, or spaces with at most one line break.
GAP = re.compile(r"[-\u2010-\u2013.'\u2019]|[ \t\u00a0]*+(?:\n[ \t\u00a0]*+)?")
_ACCENTED = re.compile(r"[^\x00-\x7f]+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TEXTS = ("key", "name", "kind", "description", "url")
_LISTS = ("labels", "weak", "context", "includes")
_FIELDS = frozenset({*_TEXTS, *_LISTS})
_MOST_WORDS = 8  # of a label: its words may also be written together, which doubles the forms with each word


@dataclass(frozen=True, slots=True)
class Topic:
    """One entry of the vocabulary. The top of `seeds/topics.toml` tells how labels are compared with a text."""

    key: str
    name: str
    kind: TopicKind
    labels: tuple[str, ...]
    description: str = ""
    url: str = ""
    weak: tuple[str, ...] = ()  # labels that count only where the document names this topic or one of `context`
    context: tuple[str, ...] = ()  # keys of topics
    includes: tuple[str, ...] = ()  # keys of topics that count too where their labels are part of this one's


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a label may stand in a text, as the folded words that must follow each other."""

    topic: Topic
    words: tuple[str, ...]
    written: str  # the words together, with their capitals
    exact: bool
    weak: bool
    tail: str

    def fits_case(self, surface: str) -> bool:
        return not self.exact or surface == self.written


def load_vocabulary(path: Path) -> tuple[Topic, ...]:
    """The topics of a file like `seeds/topics.toml`. ValueError names the file, the entry and what is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a TOML file in UTF-8: {error}") from error
    entries = tables.get("topic", [])
    if set(tables) - {"topic"} or not isinstance(entries, list):
        raise ValueError(f"{path.name}: expected [[topic]] tables and nothing else, found {sorted(tables)}")
    topics = []
    for number, entry in enumerate(entries, start=1):
        key = entry.get("key") if isinstance(entry, dict) else None
        try:
            topics.append(_topic(entry))
        except ValueError as error:
            raise ValueError(f"{path.name}: topic {number} ({key or 'without key'}): {error}") from None
    for number, complaint in _clashes(topics):
        raise ValueError(f"{path.name}: topic {number} ({topics[number - 1].key}): {complaint}")
    return tuple(topics)


def _topic(entry: object) -> Topic:
    if not isinstance(entry, dict):
        raise ValueError("not a table")
    if unknown := sorted(set(entry) - _FIELDS):
        raise ValueError(f"unknown field {unknown[0]!r}")
    key, name, kind, description, url = (_line(entry, field) for field in _TEXTS)
    if not _SLUG.fullmatch(key):
        raise ValueError("key must be small letters, digits and hyphens")
    if kind not in get_args(TopicKind):
        raise ValueError(f"kind {kind!r} is none of {', '.join(get_args(TopicKind))}")
    if url and not url.startswith(("https://", "http://")):
        raise ValueError(f"url {url!r} is not a web address")
    labels, weak, context, includes = (_list(entry, field) for field in _LISTS)
    if not labels + weak:
        raise ValueError("has no labels")
    for label in labels + weak:
        spans = [word.span() for word in WORD.finditer(label)]
        if not 1 <= len(spans) <= _MOST_WORDS:
            raise ValueError(f"label {label!r} must have 1 to {_MOST_WORDS} words")
        if not all(GAP.fullmatch(label, before[1], after[0]) for before, after in pairwise(spans)):
            raise ValueError(f"label {label!r} can match nothing: only a space, hyphen, dot or apostrophe joins words")
    return Topic(key, name, cast(TopicKind, kind), labels, description, url, weak, context, includes)


def _line(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field, "")
    if not isinstance(value, str) or (field in ("key", "name", "kind") and not value.strip()):
        raise ValueError(f"{field} must be a text")
    return value


def _list(entry: Mapping[str, Any], field: str) -> tuple[str, ...]:
    values = entry.get(field, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{field} must be a list of texts")
    return tuple(values)


def _clashes(topics: Sequence[Topic]) -> Iterator[tuple[int, str]]:
    """What makes a vocabulary ambiguous, with the number of the entry that does: the first is enough to stop at."""
    keys = {topic.key for topic in topics}
    seen: set[str] = set()
    owners: dict[tuple[str, str], list[tuple[Form, str]]] = {}
    for number, topic in enumerate(topics, start=1):
        if topic.key in seen:
            yield number, f"the key {topic.key!r} is taken by an earlier topic"
        seen.add(topic.key)
        for name, others in (("context", topic.context), ("includes", topic.includes)):
            for key in others:
                if key not in keys:
                    yield number, f"{name} names {key!r}, which is no topic"
        for label in topic.labels + topic.weak:
            form = _as_written(topic, label)
            same = owners.setdefault((form.written.lower(), form.tail), [])
            for other, printed in same:
                if _alike(form, other):
                    yield number, f"label {label!r} matches the same words as {printed!r} of {other.topic.key!r}"
            same.append((form, label))


def _alike(form: Form, other: Form) -> bool:
    """Whether two labels match the same words; labels that differ in capitals alone may be told apart by them."""
    if (form.written.lower(), form.tail) != (other.written.lower(), other.tail):
        return False
    return not (form.exact and other.exact) or form.written == other.written


def owner_of(label: str, topics: Sequence[Topic]) -> tuple[Topic, str] | None:
    """The first of the topics with a label that matches the same words as this one, and that label."""
    form = None
    for topic in topics:
        for own in topic.labels + topic.weak:
            form = form or _as_written(topic, label)
            if _alike(form, _as_written(topic, own)):
                return topic, own
    return None


def plain_text(text: str) -> str:
    """Without accents, and of the same length, so that places in one are places in the other."""
    if text.isascii():
        return text
    return _ACCENTED.sub(lambda found: "".join(map(_base, found[0])), text)


@lru_cache(maxsize=4096)
def _base(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0] if char.isalpha() else char


def _as_written(topic: Topic, label: str) -> Form:
    """The label as it is written. Capitals count in a single word, hyphenated or not, and not in several words."""
    plain = plain_text(label.strip())
    words = WORD.findall(plain)
    tail = re.search(r"(?:\+\+|#)$", plain)
    return Form(
        topic=topic,
        words=tuple(word.lower() for word in words),
        written="".join(words),
        exact=plain != plain.lower() and " " not in plain,
        weak=label in topic.weak,
        tail=tail[0] if tail else "",
    )


def forms_of(topic: Topic, label: str) -> Iterator[Form]:
    """All forms of a label: its words apart or together in every way, and the plural of each.

    A label without words has none, and one of very many words only that with its words apart.
    """
    form = _as_written(topic, label)
    if not form.words:
        return
    plural = not form.tail and form.words[-1][-1].isalpha() and not form.words[-1].endswith("s")
    gaps = (" ", "") if len(form.words) <= _MOST_WORDS else (" ",)
    for breaks in product(gaps, repeat=len(form.words) - 1):
        together = form.words[0] + "".join(gap + word for gap, word in zip(breaks, form.words[1:], strict=True))
        for ending in ("", "s") if plural else ("",):
            yield replace(form, words=tuple((together + ending).split()), written=form.written + ending)


SPELT_OUT = re.compile(r"\s+\([^()]+\)$")


def short(name: str) -> str:
    """A topic's name without the brackets that spell it out: what fits a margin."""
    return SPELT_OUT.sub("", name) or name
