"""A curated vocabulary and texts in; the topics that the texts name out, each with the words that name it."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from minutes.document import Document, Entity, Mention, Session, Talk
from themes.vocabulary import GAP, WORD, Form, Topic, forms_of, load_vocabulary, plain_text

__all__ = ["Found", "Recogniser", "Topic", "load_vocabulary", "pieces_of", "recognise", "recogniser_of"]

# "C++" and "C#" are other names than "C"; "A+B" is two names.
_TAIL = re.compile(r"(?:\+\+|#)(?!\w)")
_OPAQUE = re.compile(
    r"(?<=\])\((?P<target>(?:[^()\n]|\([^()\n]*\))*)\)"
    r"|(?P<url>\b(?:https?|ftp)://[^\s<>\[\]()\"']+)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    key: str
    label: str  # as it stands in the text
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text made ready: `plain` is as long as the text, without accents and opaque parts."""

    plain: str
    words: list[str]  # in small letters
    spans: list[tuple[int, int]]  # of the words
    starts: list[int]  # of the words, those with which some label begins
    parts: list[tuple[int, _Text]]  # of addresses, with where each starts


def _read(text: str, first_words: Container[str]) -> _Text:
    """E-mail addresses and link targets are set aside, and web addresses too, to be compared part by part."""
    plain, parts = plain_text(text), list[tuple[int, _Text]]()
    if "@" in plain or "://" in plain or "](" in plain:
        kept, end = list[str](), 0
        for opaque in _OPAQUE.finditer(plain):
            kept += [plain[end : opaque.start()], "\0" * len(opaque[0])]
            end = opaque.end()
            if opaque["url"]:
                address = _address_parts(opaque["url"], opaque.start())
                parts += [(start, _read(part, first_words)) for start, part in address]
        plain = "".join([*kept, plain[end:]])
    words = WORD.findall(plain.lower()) if plain.isascii() else [word.lower() for word in WORD.findall(plain)]
    starts = [index for index, word in enumerate(words) if word in first_words]
    spans = [word.span() for word in WORD.finditer(plain)] if starts else []  # most texts name nothing
    return _Text(plain, words, spans, starts, parts)


def _address_parts(url: str, at: int) -> Iterator[tuple[int, str]]:
    """The parts of the host between dots and of the path between slashes, with where each starts in the text."""
    address = re.split(r"[?#]", url)[0].rstrip(".,;:!")
    host_start = address.index("://") + 3
    host_end = address.find("/", host_start) if "/" in address[host_start:] else len(address)
    for pattern, start, end in ((r"[^.:@]+", host_start, host_end), (r"[^/]+", host_end, len(address))):
        for part in re.finditer(pattern, address[start:end]):
            yield at + start + part.start(), part[0]


class Recogniser:
    """Finds the topics of a vocabulary in texts: at each place the longest label, none inside another unless declared.

    Where two topics claim the same words the earlier one has them; `load_vocabulary` refuses such a vocabulary.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = {topic.key: topic for topic in topics}
        self._hesitant = [topic for topic in self.topics.values() if topic.weak]
        self._forms: dict[tuple[str, ...], list[Form]] = {}
        lengths: dict[str, set[int]] = {}
        for topic in self.topics.values():
            for label in topic.labels + topic.weak:
                for form in forms_of(topic, label):
                    self._forms.setdefault(form.words, []).append(form)
                    lengths.setdefault(form.words[0], set()).add(len(form.words))
        self._lengths = {word: sorted(counts, reverse=True) for word, counts in lengths.items()}

    def find(self, text: str, named: Collection[str] = ()) -> tuple[Found, ...]:
        """The topics in their order in the text. `named`: topics that the rest of the document names, for weak labels.

        Places in a text are those of its characters as given, so that a page can mark them.
        """
        ready = _read(text, self._lengths)
        strong = self._scan(text, ready, frozenset())
        supported = self._supported({*named, *(found.key for found in strong)})
        return self._scan(text, ready, supported) if supported else strong

    def find_all(self, texts: Sequence[str]) -> tuple[tuple[Found, ...], ...]:
        """The same for all texts of one document, which are each other's context."""
        ready = [_read(text, self._lengths) for text in texts]
        strong = [self._scan(text, made, frozenset()) for text, made in zip(texts, ready, strict=True)]
        supported = self._supported({found.key for each in strong for found in each})
        if not supported:
            return tuple(strong)
        weak = {
            form.words[0]
            for forms in self._forms.values()
            for form in forms
            if form.weak and form.topic.key in supported
        }
        return tuple(
            self._scan(text, made, supported)
            if made.parts or any(made.words[index] in weak for index in made.starts)
            else found
            for text, made, found in zip(texts, ready, strong, strict=True)
        )

    def _supported(self, named: set[str]) -> frozenset[str]:
        """Keys of the topics whose weak labels count."""
        return frozenset(
            topic.key for topic in self._hesitant if topic.key in named or not named.isdisjoint(topic.context)
        )

    def _scan(self, text: str, ready: _Text, supported: frozenset[str]) -> tuple[Found, ...]:
        found: list[Found] = []
        stop = 0
        if not ready.starts and not ready.parts:
            return ()
        for index in ready.starts:
            form = self._longest(ready, index, len(ready.words), supported) if index >= stop else None
            if form:
                stop = index + len(form.words)
                found.append(_found(text, ready, index, form))
                found += self._included(text, ready, index, form, supported)
        for start, part in ready.parts:
            form = self._longest(part, 0, len(part.words), supported) if part.starts[:1] == [0] else None
            if form and (made := _found(part.plain, part, 0, form)).label == part.plain:
                end = start + len(part.plain)
                found.append(Found(made.key, text[start:end], start, end))
        return tuple(sorted(found, key=lambda one: (one.start, -one.end)) if ready.parts else found)

    def _longest(
        self, ready: _Text, index: int, stop: int, supported: frozenset[str], among: Collection[str] | None = None
    ) -> Form | None:
        """The longest form that starts at this word and ends before the word `stop`, of the topics `among` if given."""
        for length in self._lengths.get(ready.words[index], ()):
            if index + length > stop:
                continue
            for form in self._forms.get(tuple(ready.words[index : index + length]), ()):
                counts = not form.weak or form.topic.key in supported
                if counts and (among is None or form.topic.key in among) and _stands(form, ready, index):
                    return form
        return None

    def _included(self, text: str, ready: _Text, index: int, outer: Form, supported: frozenset[str]) -> Iterator[Found]:
        stop = index + len(outer.words)
        for inner in range(index, stop) if outer.topic.includes else ():
            form = self._longest(ready, inner, stop, supported, outer.topic.includes)
            if form:
                yield _found(text, ready, inner, form)


@lru_cache(maxsize=4)
def recogniser_of(topics: tuple[Topic, ...]) -> Recogniser:
    """The recogniser of a vocabulary, made once for all documents that are read with equal topics."""
    return Recogniser(topics)


def _stands(form: Form, ready: _Text, index: int) -> bool:
    """Whether these words are the form: nothing but gaps between them, its capitals, its tail."""
    spans = ready.spans[index : index + len(form.words)]
    if not all(GAP.fullmatch(ready.plain, before[1], after[0]) for before, after in pairwise(spans)):
        return False
    tail = _TAIL.match(ready.plain, spans[-1][1])
    if (tail[0] if tail else "") != form.tail:
        return False
    return form.fits_case("".join(ready.plain[start:end] for start, end in spans))


def _found(text: str, ready: _Text, index: int, form: Form) -> Found:
    start = ready.spans[index][0]
    end = ready.spans[index + len(form.words) - 1][1] + len(form.tail)
    return Found(form.topic.key, text[start:end], start, end)


def recognise(
    pieces: Sequence[tuple[str | None, str]], recogniser: Recogniser
) -> tuple[tuple[Entity, ...], tuple[Mention, ...]]:
    """What the pieces of one document name, in order of first appearance; one mention per record and topic.

    A piece is the id of a record and a text of it; None for words that belong to no record: their topics are entities
    of the document without a mention.
    """
    labels: dict[str, dict[str, None]] = {}
    mentions: dict[tuple[str, str], Mention] = {}
    everything = recogniser.find_all([text for _, text in pieces])
    for (where, _), all_found in zip(pieces, everything, strict=True):
        for found in all_found:
            labels.setdefault(found.key, {})[found.label] = None
            if where is not None:
                mentions.setdefault((where, found.key), Mention(where, found.key, found.label))
    topics = recogniser.topics
    entities = tuple(Entity(key, topics[key].name, topics[key].kind, tuple(forms)) for key, forms in labels.items())
    return entities, tuple(mentions.values())


def pieces_of(document: Document) -> list[tuple[str | None, str]]:
    """The texts of a document in which topics are looked for, in its order: all that it says but people's names."""
    placed: list[tuple[int, str | None, str]] = [(0, None, document.title)]
    affiliations: list[tuple[Session | Talk, tuple[tuple[str, str], ...]]]
    affiliations = [(s, s.convener_affiliations) for s in document.sessions]
    affiliations += [(t, t.speaker_affiliations) for t in document.talks]
    for record, printed in affiliations:
        start = record.lines[0]
        placed.append((start, record.id, record.title))
        placed += [(start, record.id, affiliation) for _, affiliation in printed]
        placed += [(link.lines[0], record.id, link.label) for link in record.links]
        placed += [(note.lines[0], record.id, note.text) for note in record.notes]
    placed += [(turn.lines[0], turn.id, turn.text) for turn in document.turns]
    placed += [(theme.lines[0], theme.id, theme.text) for theme in document.themes]
    placed += [(link.lines[0], None, link.label) for link in document.links]
    placed += [(note.lines[0], None, note.text) for note in document.notes]
    placed += [(contact.lines[0], None, contact.institute) for contact in document.contacts if contact.institute]
    spoken = {turn.where for turn in document.turns}
    placed += [(s.lines[0], s.id, s.opening) for s in document.sessions if s.opening and s.id not in spoken]
    return [(where, text) for _, where, text in sorted(placed, key=lambda piece: piece[0])]
