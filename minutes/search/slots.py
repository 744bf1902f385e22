"""The plain words of a query in; what each of them (or some together) stands for, and the query for it, out.

A slot is one thing that was asked for: a word in its forms, a topic under any of its labels, a person who spoke.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tantivy import Occur, Query

from . import schema, sentences, thesaurus
from .book import Known, near_words
from .lexicon import Lexicon
from .schema import SCHEMA
from .sentences import Asked, bare, is_weak
from .store import any_term, term
from .weighing import FIELDS, IMPERSONAL, OWN, TIE, TITLED, all_of, any_query, everywhere, in_fields, side_by_side

TOPIC, AROUND_TOPIC = 1.0, 0.35  # a topic under another label
SYNONYM = 0.4
LITTLE, LONG, LIKE = 3, 6, 1.5  # a word of so many letters that fewer turns have; what another with one slip counts
CORRECTED = 0.8  # a word in place of a misspelt one
WEAK = 0.15  # words that hold a question together
LIGHT = 0.4  # words that say little in a sentence
#: A turn of the kind that the sentence asks for; what nobody answered is asked for more plainly than a question.
WANTED = {"kind": 3.0, "is": 8.0}
SHORT = 1.0  # what words side by side are short for, shared among them
#: A person named among the words: what he or she said comes before what others said around it.
SPOKE, BESIDE, AS_ASKED, ADDRESSED = 20.0, 2.0, 2.5, 3.0
LONGEST_RUN = 5  # words of a name or a label


@dataclass(slots=True)
class Slot:
    """One thing that was asked for."""

    query: Query
    own: Query  # the part of it that a turn fulfils by itself, not by where it stands
    words: tuple[str, ...]  # as typed
    weak: bool = False  # adds to the score where it is; need not be there
    known: bool = True  # something on the site has it
    topics: tuple[Known, ...] = ()
    people: tuple[Known, ...] = ()
    asks: bool = False  # says of which kind the turn should be
    corrected: tuple[str, ...] = ()  # what was taken in place of a word that nothing has


MOST_GUESSES = 8  # in one query: a page of an unknown language is no slip of the finger


@dataclass(slots=True)
class _Sentence:
    """Words that stand side by side, and what is known of them as a sentence, by their places."""

    typed: Sequence[str]
    runs: list[tuple[str, ...]]
    wanted: dict[int, Asked | None]
    titled: set[int]
    light: bool  # words that say little in a sentence need not be there
    instead: dict[int, list[Query]] = field(default_factory=lambda: defaultdict(list))

    def fields(self, at: int) -> Mapping[str, float]:
        return TITLED if at in self.titled else FIELDS


def slots_of(typed: Sequence[str], lexicon: Lexicon) -> list[Slot]:
    """The slots of words that stand side by side, in their order."""
    runs = [tuple(schema.words(bare(word))) for word in typed]
    is_sentence = sentences.is_sentence(typed)
    line = _Sentence(typed, runs, sentences.wanted(typed), sentences.titled(typed), is_sentence)
    _find_instead(line, lexicon)
    found: list[Slot] = []
    at = 0
    while at < len(typed):
        size, slot = _longest(line, at, lexicon)
        found.append(slot)
        at += size
    return _strong([slot for slot in found if slot.words])


def _strong(found: list[Slot]) -> list[Slot]:
    """Where all words are weak, they are what is looked for: what the sentence asks for first of all."""
    if all(slot.weak for slot in found):
        asking = [slot for slot in found if slot.asks]
        for slot in asking or found:
            slot.weak = False
    return found


def _find_instead(line: _Sentence, lexicon: Lexicon) -> None:
    """What several words together may be called, for each of them: initials, words of the thesaurus."""
    for places, short in sentences.shorts(line.typed):
        if lexicon.has(side_by_side("text", schema.stems(short))):
            topics = lexicon.book.named([short])
            query = Query.disjunction_max_query([everywhere(short), *map(_about, topics)], TIE)
            for at in places:
                line.instead[at].append(Query.boost_query(query, SHORT / len(places)))
    for at in range(len(line.typed)):
        for size in range(2, min(thesaurus.longest(), len(line.typed) - at) + 1):
            stems = tuple(stem for run in line.runs[at : at + size] for stem in schema.stems(" ".join(run)))
            for near in thesaurus.near(stems):
                for place in range(at, at + size):
                    line.instead[place].append(Query.boost_query(in_fields(near, (), FIELDS), SYNONYM / size))


def _longest(line: _Sentence, at: int, lexicon: Lexicon) -> tuple[int, Slot]:
    """How many words the next slot takes, and the slot."""
    typed, runs = line.typed, line.runs
    if at in line.wanted:
        return 1, _asking_slot(typed[at : at + 1], line.wanted[at])
    for size in range(min(LONGEST_RUN, len(typed) - at), 0, -1):
        words = tuple(word for run in runs[at : at + size] for word in run)
        if not words or (size == 1 and is_weak(words)):
            continue
        topics = lexicon.book.named(words)
        people = lexicon.book.called(words) if size > 1 or not topics else []
        if size == 1 and not people and not topics:
            people = _misspelt(typed, at, words, lexicon)
        if people and size == 1 and not _means_a_person(typed, at, words, lexicon):
            return size, _word_slot(typed[at : at + size], words, [], lexicon, IMPERSONAL)
        if people:
            return size, _person_slot(typed[at : at + size], words, people, sentences.cue(typed, at, size))
        if topics:
            return size, _word_slot(typed[at : at + size], words, topics, lexicon, line.fields(at))
    light = line.light and sentences.is_light(runs[at])
    return 1, _word_slot(typed[at : at + 1], runs[at], [], lexicon, line.fields(at), line.instead[at], light=light)


def _asking_slot(typed: Sequence[str], asked: Asked | None) -> Slot:
    """A word that says which kind of turn is meant, or helps to say so."""
    if asked is None:
        return Slot(Query.empty_query(), Query.empty_query(), tuple(typed), weak=True)
    query = Query.const_score_query(term(*asked), WANTED[asked[0]])
    return Slot(query, query, tuple(typed), weak=True, asks=True)


# People


def _means_a_person(typed: Sequence[str], at: int, words: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether one word that is part of a name is meant as one: "grant", "may" and "price" are more often words."""
    if sentences.speaks_near(typed, at):
        return True
    capital = typed[at][:1].isupper() and at > 0 and any(word[:1].islower() for word in typed)
    return capital or lexicon.count(term("exact", words[-1])) <= lexicon.count(term("names", words[-1]))


def _misspelt(typed: Sequence[str], at: int, words: tuple[str, ...], lexicon: Lexicon) -> list[Known]:
    """Whose name a word that nothing has is a slip for, where the sentence says that somebody spoke."""
    if not sentences.speaks_near(typed, at) or lexicon.has(any_query([term("vocabulary", word) for word in words])):
        return []
    return lexicon.book.nearly(words[0]) if len(words) == 1 else []


def _person_slot(typed: Sequence[str], words: tuple[str, ...], people: list[Known], cue: str) -> Slot:
    keys = [person.pk for person in people]
    weights = {"said": SPOKE, "around_said": BESIDE, "to": ADDRESSED, "speaker": 0.5}
    others: list[Query] = []
    if cue == "to":
        weights["said"] = 0.0
        others = [_said_to(keys)]
    elif cue == "gave":
        weights |= {"said": BESIDE, "speaker": SPOKE}
    elif cue in ("asked", "answered"):
        weights[cue] = AS_ASKED
    parts = [*others, *(_of_people(name, keys, score) for name, score in weights.items())]
    parts.append(Query.boost_query(all_of("text", words), 0.5))
    own = any_query([*others, _of_people("said", keys, 1.0), _of_people("to", keys, 1.0), all_of("text", words)])
    return Slot(any_query(parts), own, tuple(typed), people=tuple(people))


def _said_to(keys: list[int]) -> Query:
    """What others said in an exchange with these people."""
    them = (Occur.Must, any_term("around_said", keys)), (Occur.MustNot, any_term("said", keys))
    return Query.const_score_query(Query.boolean_query(list(them)), BESIDE * 3)


def _of_people(name: str, keys: list[int], score: float) -> Query:
    return Query.const_score_query(any_term(name, keys), score)


# Words


def _word_slot(
    typed: Sequence[str],
    words: tuple[str, ...],
    topics: list[Known],
    lexicon: Lexicon,
    fields: Mapping[str, float] = FIELDS,
    instead: Sequence[Query] = (),
    *,
    light: bool = False,
) -> Slot:
    if not words:
        return Slot(Query.empty_query(), Query.empty_query(), ())
    text = " ".join(words)
    parts = [everywhere(text, fields)]
    if light or is_weak(words):
        # Almost everything has the weak ones: where they stand beside the turn itself tells nothing and takes long.
        query = parts[0] if light else side_by_side("text", schema.stems(text))
        weak = Query.boost_query(query, LIGHT if light else WEAK)
        return Slot(weak, everywhere(text, OWN), tuple(typed), weak=True)
    parts += instead
    parts += [_about(topic) for topic in topics]
    own = [everywhere(text, OWN), *(term("topic", topic.pk) for topic in topics)]
    synonyms = thesaurus.near(tuple(schema.stems(text)))
    parts += [Query.boost_query(in_fields(near, (), FIELDS), SYNONYM) for near in synonyms]
    own += [Query.boost_query(in_fields(near, (), OWN), SYNONYM) for near in synonyms] + list(instead)
    stems = schema.stems(text)
    plainly = side_by_side("text", stems)  # most words are somewhere, and this is the quickest to see
    having = lexicon.some(plainly, LITTLE)
    if len(stems) == 1 and len(stems[0]) >= LONG and 0 < having < LITTLE:
        # What hardly anybody wrote so, somebody may have written with a slip.
        like = Query.fuzzy_term_query(SCHEMA, "text", stems[0], distance=1)
        parts.append(Query.boost_query(like, LIKE))
        own.append(like)
    slot = Slot(Query.disjunction_max_query(parts, TIE), any_query(own), tuple(typed), topics=tuple(topics))
    return slot if having or lexicon.has(slot.query) else _corrected(slot, words, lexicon)


def _about(topic: Known) -> Query:
    return Query.disjunction_max_query(
        [
            Query.boost_query(term("topic", topic.pk), TOPIC),
            Query.boost_query(term("around_topic", topic.pk), AROUND_TOPIC),
        ]
    )


def _near(word: str, vocabulary: Sequence[str]) -> list[str]:
    """Words of the same root before those that differ by a slip: “writers” where somebody said “writing”."""
    root = sentences.root(word)
    kin = [one for one in vocabulary if one.startswith(root) and sentences.root(one) == root] if root else []
    return list(dict.fromkeys([*kin, *near_words(word, vocabulary)]))


def _corrected(slot: Slot, words: tuple[str, ...], lexicon: Lexicon) -> Slot:
    """A word that nothing has: what it may be a slip for."""
    lexicon.guesses += 1
    guess = lexicon.guesses <= MOST_GUESSES
    near = [_near(word, lexicon.vocabulary())[:3] if guess and word.isalpha() else [] for word in words]
    if not any(near):
        slot.known = False
        return slot
    if len(words) == 1:
        if is_weak(near[0][:1]):
            return replace(slot, weak=True)
        people = lexicon.book.called(near[0][:1])
        if people:
            found = _person_slot(slot.words, (near[0][0],), people, "")
            found.corrected = (near[0][0],)
            return found
    parts, own = [], []
    for n in range(max(map(len, near))):
        text = " ".join(some[min(n, len(some) - 1)] if some else word for some, word in zip(near, words, strict=True))
        boost = CORRECTED / (n + 1)
        topics = lexicon.book.named(schema.words(text))
        parts += [Query.boost_query(part, boost) for part in (everywhere(text), *map(_about, topics))]
        own += [everywhere(text, OWN), *(term("topic", topic.pk) for topic in topics)]
    corrected = " ".join(some[0] if some else word for some, word in zip(near, words, strict=True))
    found = Slot(Query.disjunction_max_query(parts, TIE), any_query(own), slot.words, corrected=(corrected,))
    if not lexicon.has(found.query):
        slot.known = False
        return slot
    return found
