"""A tree in; the query that it stands for, how it was understood, and what of it makes no sense here, out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tantivy import Occur, Query

from . import schema
from .book import Known
from .operators import Condition, Surroundings, condition, nothing_but
from .schema import SCHEMA
from .slots import Slot, slots_of
from .store import any_term, term
from .tree import NOTHING, And, Field, Node, Not, Or, Phrase, Start, Word, conditions, leaves, show, without
from .weighing import any_query, everywhere
from .words import fold, terms

LITTLE = 3  # with fewer turns than this that have all words, those with most of them are found as well
TOGETHER = 1000.0  # what having all words adds to the score where most are enough
#: Of so many words one may be remembered wrongly: what has the others comes among what has all, unless that is plenty.
MANY, PLENTY, AMONG = 4, 10, 3.0
PHRASE = 1.5
#: A question that was answered, and what answers it, weigh more than a passing word.
ANSWERED, ANSWER = 0.4, 0.2


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition as it was understood, and the query without it."""

    words: str  # as typed, in the canonical form
    meaning: str  # what it was taken for, where that is more than the words
    rest: str
    kind: str  # "word", "person", "topic", "operator"


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A wider query, and with how few hits of the narrower ones it is taken."""

    query: Query
    little: int
    partly: bool  # has not all of the words


@dataclass(slots=True)
class Meaning:
    """A query, understood."""

    tree: Node
    query: Query = field(default_factory=Query.empty_query)  # what has all of it
    relaxed: list[Relaxed] = field(default_factory=list)  # what has less and less of it
    words: Query | None = None  # all words without the operators, where there are several
    anywhere: Query = field(default_factory=Query.empty_query)  # what `query` finds, among documents of all kinds
    #: Where one thing is asked for: what finds just what `query` does, ranked by the turns' own words, in less time.
    quick: Query | None = None
    whats: list[str] = field(default_factory=list)  # the kinds of documents that are asked for by `in:`
    implied: bool = False  # not by `in:`, but by what only action items have
    slots: list[Slot] = field(default_factory=list)
    conditions: list[tuple[Field, Condition]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Words that nothing has, whatever they may be a slip for."""
        return [" ".join(slot.words) for slot in self.slots if not slot.known]

    @property
    def corrected(self) -> list[tuple[str, str]]:
        return [(" ".join(slot.words), " ".join(slot.corrected)) for slot in self.slots if slot.corrected]

    @property
    def little(self) -> int:
        """With how few hits a wider query is looked at."""
        return max((one.little for one in self.relaxed), default=0)

    @property
    def topics(self) -> list[Known]:
        found = [topic for slot in self.slots for topic in slot.topics]
        found += [topic for _, condition in self.conditions for topic in condition.topics]
        return list({topic.pk: topic for topic in found}.values())

    @property
    def people(self) -> list[Known]:
        return list({person.pk: person for slot in self.slots for person in slot.people}.values())

    @property
    def worded(self) -> bool:
        """Whether words or topics are looked for, so that some hits are better than others."""
        return any(not isinstance(leaf, Field) for leaf, wanted in leaves(self.tree) if wanted) or any(
            condition.topics for _, condition in self.conditions
        )

    def patterns(self) -> list[re.Pattern[str]]:
        """Where the words stand in a text, in their forms."""
        found = []
        for leaf, wanted in leaves(self.tree):
            if wanted and isinstance(leaf, Phrase):
                found += [one.pattern for one in terms(f'"{leaf.text}"')]
            elif wanted and isinstance(leaf, Start):
                found.append(re.compile(rf"(?<![^\W_]){re.escape(fold(leaf.text))}\w*"))
        for slot in self.slots:
            if not slot.weak:
                found += [one.pattern for one in terms(" ".join(slot.corrected or slot.words))]
        return found

    def chips(self) -> list[Chip]:
        meanings = {field: condition.shown for field, condition in self.conditions}
        by_word = {word: slot for slot in self.slots for word in slot.words}
        made = []
        for part in conditions(self.tree) if self.tree != NOTHING else ():
            words, meaning, kind = show(part), "", "word"
            if isinstance(part, Field):
                kind = "operator"
                meaning = meanings.get(part, "")
                meaning = "" if meaning.lower() == part.value.lower() else meaning
            elif isinstance(part, Word) and part.text in by_word:
                slot = by_word[part.text]
                kind = "person" if slot.people else "topic" if slot.topics else "word"
                if slot.weak:
                    continue
                named = [one.name for one in (*slot.people, *slot.topics)]
                meaning = " or ".join(named[:3]) if named else " ".join(slot.corrected)
            made.append(Chip(words, meaning, show(without(self.tree, part)), kind))
        return made


def understand(tree: Node, around: Surroundings) -> Meaning:
    meaning = Meaning(tree)
    reader = _Compiler(around, meaning)
    whats = [leaf for leaf, wanted in leaves(tree) if wanted and isinstance(leaf, Field) and leaf.name == "in"]
    meaning.implied = not whats and _asks_for_actions(tree)
    meaning.whats = ["actions"] if meaning.implied else [leaf.value for leaf in whats]
    usual = term("what", schema.ACTION if meaning.implied else schema.TURN)
    filters = [around.lexicon.readable] + ([] if whats else [usual])
    strict = reader.compile(tree, relax=True)
    meaning.query, meaning.anywhere = _narrowed(strict, filters), _filtered(reader.own or strict, filters[:1])
    if reader.own and not whats:
        meaning.quick = _filtered(reader.own, filters)
    meaning.relaxed = [replace(one, query=_narrowed(one.query, filters)) for one in reader.relaxed]
    meaning.words = _narrowed(reader.words, filters) if reader.words else None
    meaning.complaints = list(dict.fromkeys(meaning.complaints))
    return meaning


_OF_ACTIONS = frozenset({"owner", "owed-to", "due"})
_OF_TURNS = frozenset({"asked-by", "answered-by", "said-by", "to", "speaker", "kind"})
_STATES = frozenset({"proposed", "open", "waiting", "done", "dropped", "overdue"})


def _asks_for_actions(tree: Node) -> bool:
    """What only action items have is asked for, and nothing that only turns have."""
    fields = [leaf for leaf, _ in leaves(tree) if isinstance(leaf, Field)]
    if any(leaf.name in _OF_TURNS or (leaf.name == "is" and not _is_state(leaf)) for leaf in fields):
        return False
    return any(isinstance(one, Field) and (one.name in _OF_ACTIONS or _is_state(one)) for one in conditions(tree))


def _is_state(node: Field) -> bool:
    return node.name == "is" and {value.strip().lower() for value in node.value.split("|")} <= _STATES


def _narrowed(query: Query, filters: Sequence[Query]) -> Query:
    weighed = (term("is", "answered"), ANSWERED), (term("kind", "answer"), ANSWER)
    return Query.boolean_query(
        [
            (Occur.Must, query),
            *((Occur.Must, nothing_but(one)) for one in filters),
            *((Occur.Should, Query.const_score_query(one, score)) for one, score in weighed),
        ]
    )


def _filtered(query: Query, filters: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query), *((Occur.Must, nothing_but(one)) for one in filters)])


class _Compiler:
    def __init__(self, around: Surroundings, meaning: Meaning):
        self.around = around
        self.meaning = meaning
        self.relaxed: list[Relaxed] = []
        self.words: Query | None = None
        self.own: Query | None = None  # where one thing is asked for: what a turn must have of it by itself

    def compile(self, node: Node, *, relax: bool = False) -> Query:
        if isinstance(node, Or):
            return Query.boolean_query([(Occur.Should, self.compile(part)) for part in node.parts])
        return self._all(node.parts if isinstance(node, And) else (node,), relax)

    def _all(self, parts: Sequence[Node], relax: bool) -> Query:
        """Every part must hold; words side by side are taken together."""
        fields = [part for part in parts if isinstance(part, Field)]
        must: list[Query] = []
        kept_out: list[Query] = []
        slots: list[Slot] = []
        run: list[str] = []
        for part in (*parts, NOTHING):
            if isinstance(part, Word):
                run.append(part.text)
                continue
            if run:
                slots += slots_of(run, self.around.lexicon)
                run = []
            if isinstance(part, Not):
                kept_out.append(self.compile(part.part))
            elif isinstance(part, Field):
                must += self._field(part, [one for one in fields if one != part])
            elif part != NOTHING:
                must.append(self._other(part))
        must += self._both_roles(fields)
        self.meaning.slots += slots
        if relax:
            self._relax(slots, must, kept_out)
            strong = [slot for slot in slots if not slot.weak]
            if len(strong) == 1 and not strong[0].people:
                own = [strong[0].own, *must]
                parts = [(Occur.Must, one) for one in own] + [(Occur.MustNot, one) for one in kept_out]
                self.own = Query.boolean_query(parts)
        if fields and not (slots or must or kept_out):
            return Query.empty_query()  # nothing is left of it: everything would be no answer
        return _joined(slots, must, kept_out)

    def _field(self, node: Field, beside: Sequence[Field]) -> list[Query]:
        found = condition(node, self.around, beside)
        self.meaning.conditions.append((node, found))
        self.meaning.complaints += found.complaints
        if found.query is None:
            return []
        return [nothing_but(found.query) if not found.topics else found.query]

    def _both_roles(self, fields: Sequence[Field]) -> list[Query]:
        """Asked by one and answered by another: what is found is what either of them said."""
        names = {one.name for one in fields}
        if not {"asked-by", "answered-by"} <= names or names & {"kind", "said-by"}:
            return []
        own = []
        for node, found in self.meaning.conditions:
            if node in fields and node.name in ("asked-by", "answered-by") and found.people:
                keys = [person.pk for person in found.people]
                own.append(any_term(node.name.removesuffix("-by"), keys))
        return [nothing_but(Query.boolean_query([(Occur.Should, one) for one in own]))] if len(own) > 1 else []

    def _other(self, node: Node) -> Query:
        if isinstance(node, Phrase):
            return self._phrase(node)
        if isinstance(node, Start):
            return _beginning(node.text)
        return self.compile(node)

    def _phrase(self, node: Phrase) -> Query:
        words = schema.words(node.text)
        if not words:
            return nothing_but(Query.all_query())
        exact = Query.phrase_query(SCHEMA, "exact", words) if len(words) > 1 else term("exact", words[0])
        topics = self.around.book.named(words)
        self.meaning.slots.append(Slot(exact, exact, (), topics=tuple(topics)))
        about = [term("topic", topic.pk) for topic in topics]
        return Query.boost_query(Query.disjunction_max_query([exact, *about], 0.2), PHRASE)

    def _relax(self, slots: list[Slot], must: list[Query], kept_out: list[Query]) -> None:
        """First what has all words, be it by where it stands; then what has most of them, then any."""
        asked = [slot for slot in slots if not slot.weak]
        known = [slot for slot in asked if slot.known]
        if not known:
            return
        self.relaxed.append(Relaxed(_joined(slots, must, kept_out, own=False), 1, False))
        if len(asked) < 2:
            return
        self.words = _joined(slots, [], [])
        many = len(asked) >= MANY
        together = Query.const_score_query(self.words, AMONG if many else TOGETHER)
        weak = [(Occur.Should, slot.query) for slot in slots if slot.weak]
        own = nothing_but(any_query([slot.own for slot in known]))
        around = [(Occur.Must, one) for one in (*must, own)] + [(Occur.MustNot, one) for one in kept_out]
        few = LITTLE if len(asked) > 2 else 1
        steps = [(len(asked) // 2 + 1, few), (1, few if len(asked) < len(slots) else 1)]
        if many:
            steps = [(len(asked) - 1, PLENTY), (len(asked) // 2, PLENTY), (1, 1)]
        for least, little in steps:
            some = Query.boolean_query([(Occur.Should, slot.query) for slot in known], min(least, len(known)))
            parts = [(Occur.Must, some), *weak, (Occur.Should, together), *around]
            self.relaxed.append(Relaxed(Query.boolean_query(parts), little, True))


def _joined(slots: list[Slot], must: list[Query], kept_out: list[Query], *, own: bool = True) -> Query:
    """All of it; with `own`, a turn must have one of the words by itself, and not all by where it stands."""
    parts = [(Occur.Should if slot.weak else Occur.Must, slot.query) for slot in slots]
    parts += [(Occur.Must, one) for one in must] + [(Occur.MustNot, one) for one in kept_out]
    strong = [slot.own for slot in slots if not slot.weak]
    if own and strong:
        parts.append((Occur.Must, nothing_but(any_query(strong))))
    if not any(occur == Occur.Must for occur, _ in parts):
        parts.append((Occur.Must, nothing_but(Query.all_query())))
    return Query.boolean_query(parts)


def _beginning(text: str) -> Query:
    """Words that begin so; where several were written together, the last of them does."""
    *whole, last = schema.words(text) or [""]
    if not last:
        return Query.empty_query()
    prefix = Query.fuzzy_term_query(SCHEMA, "vocabulary", last, distance=0, prefix=True)
    parts = [(Occur.Must, everywhere(word)) for word in whole]
    return Query.boolean_query([*parts, (Occur.Must, prefix)])
