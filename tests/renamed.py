"""The seed with every person, institute, topic and title replaced by invented ones, and its talks in another order.

A fixed random change of letters (vowels to vowels, consonants to consonants) makes the new words. It is one map for
all, so a misspelling stays the same misspelling of the new name, a short form its short form, initials its initials;
gold, vocabulary and curated people go the same way. Words that the map did not invent are left alone.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from people.names import slug
from people.resolve import Candidate
from themes.vocabulary import Topic

VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrtvwxyz"  # "s" stays: it makes the plural
KEPT = frozenset(
    # What language and web addresses need, the words by which minutes say what a line is, and names of the calendar.
    """a an and are as at be by for from how in into is it its no not of on or our the their they this to up use used
    via was we what who why will with you your http https www com org day monday tuesday wednesday march speaker
    speakers convener participants note link slides event q s t ll re ve don""".split()
)
_RUN = re.compile(r"[^\W\d_]+")


def _bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


class Renaming:
    """Invents words. `words` are replaced wherever they stand, `names` (with their single letters) as a whole."""

    def __init__(self, random_seed: int, words: Iterable[str], names: Iterable[str]) -> None:
        shuffled = random.Random(random_seed)
        self._letters: dict[str, str] = {}
        for letters in (VOWELS, CONSONANTS):
            self._letters |= dict(zip(letters, shuffled.sample(letters, len(letters)), strict=True))
        self.words = {_bare(word) for word in words} - KEPT
        longest_first = sorted(set(names), key=len, reverse=True)
        phrases = "|".join(re.escape(name) for name in longest_first)
        self._pattern = re.compile(rf"(?<![\w])(?:{phrases})(?![\w])|[^\W\d_]+")

    def letter(self, char: str) -> str:
        base, *marks = unicodedata.normalize("NFD", char)
        new = self._letters.get(base.lower(), base.lower())
        return unicodedata.normalize("NFC", (new.upper() if base.isupper() else new) + "".join(marks))

    def invent(self, text: str) -> str:
        """All words of the text replaced, but for those that language needs."""
        return _RUN.sub(lambda match: match[0] if _bare(match[0]) in KEPT else self._spell(match[0]), text)

    def rename(self, text: str) -> str:
        """The names and words to be replaced, replaced."""
        return self._pattern.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        text = match[0]
        if _RUN.fullmatch(text):
            return self._spell(text) if _bare(text) in self.words else text
        return _RUN.sub(lambda run: self._spell(run[0]), text)

    def _spell(self, word: str) -> str:
        return "".join(self.letter(char) for char in word)


def _runs(texts: Iterable[str]) -> set[str]:
    return {run for text in texts for run in _RUN.findall(text)}


def _letters(text: str) -> str:
    """The letters alone, without those of a plural."""
    return re.sub(r"[\W_]", "", text.casefold()).rstrip("s")


def _other_labels(found: set[str], topics: Sequence[Topic]) -> list[str]:
    """All labels of the topics that the document names under one of these."""
    named = [topic for topic in topics if found & {_letters(label) for label in (*topic.labels, *topic.weak)}]
    return [label for topic in named for label in (*topic.labels, *topic.weak)]


def make_renaming(text: str, gold: dict[str, Any], topics: Sequence[Topic]) -> Renaming:
    """The first map that invents no word which the document or the vocabulary has already."""
    names = [label for person in gold["people"] for label in person["labels"]]
    institutes = [org for person in gold["people"] for org in person["affiliations"]]
    institutes += [contact["institute"] or "" for contact in gold["contacts"]]
    institutes += [org for talk in gold["talks"] for org in talk["speaker_affiliations"].values()]
    labels = [form for entity in gold["entities"] for form in entity["labels"]]
    labels += _other_labels({_letters(label) for label in labels}, topics)
    names += ["".join(name.split()).lower() for name in names if " " in name]  # as in the address of a page of theirs
    titles = [record["title"] for record in chain(gold["talks"], gold["sessions"])] + [gold["workshop"]["title"]]
    joined = ["".join(_RUN.findall(label)) for label in labels]
    words = {word for word in _runs([*names, *institutes, *labels, *joined]) if len(word) > 1}
    told = _runs([text, *(label for topic in topics for label in (*topic.labels, *topic.weak))])
    kept = {_bare(word) for word in told} - {_bare(word) for word in words}
    for random_seed in range(10_000):
        renaming = Renaming(random_seed, words, [name for name in names if not _RUN.fullmatch(name)])
        invented = {_bare(renaming.invent(word)) for word in words | _runs(titles) if _bare(word) not in KEPT}
        if not {word for word in invented if len(word) > 2} & kept:
            return renaming
    raise AssertionError("every map invents a word that exists")


def rename_topics(topics: Sequence[Topic], renaming: Renaming) -> tuple[Topic, ...]:
    return tuple(
        replace(
            topic,
            name=renaming.rename(topic.name),
            labels=tuple(renaming.rename(label) for label in topic.labels),
            weak=tuple(renaming.rename(label) for label in topic.weak),
        )
        for topic in topics
    )


def rename_people(people: Sequence[Candidate], renaming: Renaming) -> tuple[Candidate, ...]:
    """A whole name is renamed only where all of it is; the vocabulary knows people whom the seed does not name."""
    renamed = []
    for person in people:
        name = renaming.rename(person.name)
        renamed.append(Candidate(slug(name), name, tuple(renaming.rename(form) for form in person.forms)))
    return tuple(renamed)


def rename_gold(gold: dict[str, Any], renaming: Renaming) -> dict[str, Any]:
    """Every text renamed; titles invented; ids, keys and numbers as they are."""
    titled = {id(record) for record in chain(gold["talks"], gold["sessions"], [gold["workshop"]])}
    fixed = {
        "id",
        "key",
        "in",
        "entity",
        "where",
        "talk",
        "session",
        "person",
        "people",
        "speakers",
        "conveners",
        "owner",
    }
    fixed |= {"addressed_to", "status", "kind", "kinds", "date", "start", "end", "n", "day"}

    def walk(value: Any, key: str = "", at: int = 0) -> Any:
        if isinstance(value, dict):
            return {name: walk(inner, name, id(value)) for name, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner, key, at) for inner in value] if key not in fixed else value
        if not isinstance(value, str) or key in fixed:
            return value
        return renaming.invent(value) if key == "title" and at in titled else renaming.rename(value)

    top = {"people": gold["people"]}  # a list of records here, of keys inside a turn
    new: dict[str, Any] = {name: walk(value, name) for name, value in gold.items() if name not in top}
    new["people"] = [walk(person) for person in gold["people"]]
    return new


def _blocks(lines: Sequence[str], gold: dict[str, Any]) -> list[tuple[str | None, list[str]]]:
    """The lines cut at every title: with the id of the talk whose they are, or None."""
    talks = iter(gold["talks"])
    talk = next(talks, None)
    others = {session["title"] for session in gold["sessions"]} | {day["label"] for day in gold["days"]}
    blocks: list[tuple[str | None, list[str]]] = [(None, [])]
    for line in lines:
        if talk is not None and line.startswith(talk["title"]) and line not in others:
            blocks.append((talk["id"], []))
            talk = next(talks, None)
        elif line in others or line.startswith("~~~"):
            blocks.append((None, []))
        blocks[-1][1].append(line)
    assert talk is None
    return blocks


def rename_text(text: str, gold: dict[str, Any], renaming: Renaming) -> tuple[str, list[str]]:
    """The document renamed with its talks shuffled within their sessions, and the new order of the talks' ids."""
    blocks = _blocks(text.split("\n"), gold)
    sessions = {talk["id"]: talk["session"] for talk in gold["talks"]}
    titles = {talk["id"]: talk["title"] for talk in gold["talks"]}
    new: list[tuple[str | None, list[str]]] = []
    waiting: list[tuple[str | None, list[str]]] = []
    shuffled = random.Random(7)

    def flush() -> None:
        shuffled.shuffle(waiting)
        new.extend(waiting)
        waiting.clear()

    for block in blocks:
        if block[0] is None or (waiting and sessions[block[0]] != sessions[waiting[0][0] or ""]):
            flush()
        (waiting if block[0] is not None else new).append(block)
    flush()
    whole = {session["title"] for session in gold["sessions"]} | {gold["workshop"]["title"]}
    rows = []
    for talk, lines in new:
        for place, line in enumerate(lines):
            if talk and place == 0:
                title = titles[talk]
                rows.append(renaming.invent(title) + renaming.rename(line[len(title) :]))
            else:
                rows.append(renaming.invent(line) if line in whole else renaming.rename(line))
    return "\n".join(rows), [talk for talk, _ in new if talk]


def reorder(gold: dict[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """Gold with its talks, and the turns of each, in the document's new order."""
    place = {talk: n for n, talk in enumerate(order)}
    first = {session["id"]: min(place[t["id"]] for t in gold["talks"] if t["session"] == session["id"]) - 0.5
             for session in gold["sessions"]}  # fmt: skip
    return gold | {
        "talks": sorted(gold["talks"], key=lambda talk: place[talk["id"]]),
        "turns": sorted(gold["turns"], key=lambda turn: (place | first)[turn["talk"]]),
    }
