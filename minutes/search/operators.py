"""An operator with its value in; the filter it stands for, its words for a chip, and what is wrong with it, out."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz, process
from tantivy import FieldType, Occur, Query

from accounts.people import person_of
from minutes.rendering import plain
from records.ids import ALPHABET, LENGTH

from . import places, schema
from .book import Book, Known
from .lexicon import Lexicon
from .schema import SCHEMA
from .store import any_term, term
from .tree import VALUES, Field

_DID = {
    "asked-by": ("asked", "asked a question here"),
    "answered-by": ("answered", "answered a question here"),
    "said-by": ("said", "said something here"),
    "to": ("to", "was spoken to here"),
    "speaker": ("speaker", "gave a talk here"),
    "owner": ("owner", "has something to do here"),
    "owed-to": ("owed", "waits for something here"),
}
#: Values of `owner:` that name nobody.
_OWNED = {"none": "ownerless", "nobody": "ownerless", "everybody": "everybody", "everyone": "everybody"}
_WORDS_OF = {"talk": "talk_words", "session": "session_words", "workshop": "workshop_words", "theme": "theme_words"}
_KINDS = {"topic": "", "experiment": "experiment", "technology": "technology", "project": "project"} | {
    "org": "organisation"
}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_COMPARED = re.compile(r"(?P<sign>[<>]=?)(?P<day>.+)")
_ID = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
#: What a topic is: in what is found, its own words come before those around them.
OWN_TOPIC = 3.0


@dataclass(slots=True)
class Condition:
    """What an operator asks for."""

    query: Query | None  # None where it is left out, with a complaint
    shown: str = ""  # how a chip names its value
    complaints: list[str] = field(default_factory=list)
    people: tuple[Known, ...] = ()
    topics: tuple[Known, ...] = ()


@dataclass(slots=True)
class Surroundings:
    """What the operators of one query share."""

    lexicon: Lexicon
    book: Book
    today: date
    scopes: Sequence[str]  # of which a document must have one
    user: Any

    def has(self, query: Query) -> bool:
        return self.lexicon.has(query)


def condition(node: Field, around: Surroundings, beside: Sequence[Field] = ()) -> Condition:
    """What the operator asks for, among the others that must hold with it."""
    if node.name in _DID:
        return _person(node, around, beside)
    if node.name in _KINDS:
        return _topic(node, around)
    if node.name in _WORDS_OF:
        return _words(node, around)
    if node.name == "day":
        return _day(node, around)
    return _date(node, around) if node.name in ("date", "due") else _choice(node, around)


def _left_out(node: Field, why: str) -> Condition:
    return Condition(None, node.value, [f"{why}; the rest was searched without it."])


def nothing_but(query: Query) -> Query:
    """A filter: it decides what is found and adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def any_of(name: str, keys: Iterable[int]) -> Query:
    return any_term(name, sorted(keys))


# People


def _person(node: Field, around: Surroundings, beside: Sequence[Field]) -> Condition:
    name, did = _DID[node.name]
    value = node.value.lower()
    if node.name == "owner" and value in _OWNED:
        return Condition(nothing_but(term("is", _OWNED[value])), value)
    if value == "me":
        return _me(node, around, beside)
    people = around.book.find_people(node.value)
    fitting = [person for person in people if around.has(any_of(name, [person.pk]))]
    complaints = []
    if not fitting:
        like = [] if people else around.book.like_people(node.value)
        fitting = [person for person in like if around.has(any_of(name, [person.pk]))]
        said = f"Nobody of the name “{plain(node.value)[:60]}” {did}"
        if not fitting:
            hint = f" (did you mean {_names(like)}?)" if like else ""
            return _left_out(node, f"{said}{hint}")
        complaints.append(f"{said}; this was searched for {_names(fitting)}.")
    elif len(fitting) > 1:
        complaints.append(f"“{plain(node.value)[:60]}” may be {_names(fitting, 'or')}; all of them were searched for.")
    keys = [person.pk for person in fitting]
    shown = _names(fitting, "or")
    return Condition(_role(node.name, name, keys, beside), shown, complaints, people=tuple(fitting))


def _me(node: Field, around: Surroundings, beside: Sequence[Field]) -> Condition:
    """Whoever signed in, if the site knows whom the minutes mean by that."""
    person = person_of(around.user)
    if person is None:
        return _left_out(node, "“me” is somebody who signed in and whom the site knows as a person of the minutes")
    return Condition(_role(node.name, _DID[node.name][0], [person.pk], beside), person.shown_name)


def _role(operator: str, name: str, keys: list[int], beside: Sequence[Field]) -> Query:
    """Who asked and who answered are questions about the exchange where what is looked for is another turn of it."""
    if operator not in ("asked-by", "answered-by"):
        return any_of(name, keys)
    other = "answered-by" if operator == "asked-by" else "asked-by"
    own = "question" if operator == "asked-by" else "answer"
    elsewhere = any(
        one.name in (other, "said-by") or (one.name == "kind" and own not in one.value.lower()) for one in beside
    )
    return any_of(f"around_{name}" if elsewhere else name, keys)


def _names(people: Sequence[Known], joined: str = "and") -> str:
    shown = [person.name for person in people[:4]] + ([f"{len(people) - 4} more"] if len(people) > 4 else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joined} {shown[-1]}"


# Topics and places


def _topic(node: Field, around: Surroundings) -> Condition:
    kind = _KINDS[node.name]
    topics = around.book.find_topics(node.value, kind)
    if not topics:
        like = around.book.like_topics(node.value, kind)
        hint = f" (did you mean {like.name}?)" if like else ""
        what = node.name if node.name != "org" else "organisation"
        return Condition(
            None,
            node.value,
            [f"No {what} “{plain(node.value)[:60]}” came up here{hint}; the rest was searched without it."],
        )
    keys = [topic.pk for topic in topics]
    query = Query.boolean_query(
        [
            (Occur.Should, nothing_but(any_of("around_topic", keys))),
            (Occur.Should, Query.const_score_query(any_of("topic", keys), OWN_TOPIC)),
        ]
    )
    complaints = []
    if len(topics) > 1:
        complaints.append(f"“{plain(node.value)[:60]}” may be {_names(topics, 'or')}; all of them were searched for.")
    return Condition(query, " or ".join(topic.name for topic in topics), complaints, topics=tuple(topics))


def _words(node: Field, around: Surroundings) -> Condition:
    """A talk, session, workshop or theme by words of its title, or by permanent id."""
    if _ID.fullmatch(node.value) or node.name == "workshop":
        by_id = places.by_id(node.name, node.value, around.user)
        if by_id is not None:
            query, title = by_id
            return Condition(nothing_but(query), title)
    stems = schema.stems(node.value)
    terms = [(Occur.Must, Query.term_query(SCHEMA, _WORDS_OF[node.name], one, index_option="freq")) for one in stems]
    query = Query.boolean_query(terms)
    if terms and around.has(query):
        return Condition(nothing_but(query), node.value)
    near = _nearest_title(node, around)
    hint = f" (did you mean “{near}”?)" if near else ""
    return Condition(
        None,
        node.value,
        [f"No {node.name} “{plain(node.value)[:60]}” is here{hint}; the rest was searched without it."],
    )


def _nearest_title(node: Field, around: Surroundings) -> str:
    known = places.titles(node.name, around.user)
    near = process.extractOne(node.value, known, scorer=fuzz.partial_ratio, score_cutoff=60)
    return near[0] if near else ""


# Numbers, dates and values


def _day(node: Field, around: Surroundings) -> Condition:
    found = re.fullmatch(r"(\d{1,3})(?:\.\.(\d{1,3}))?", node.value)
    if not found:
        return _left_out(node, f"“day:{node.value[:40]}” is no number of a day, as in “day:2”")
    first, last = int(found[1]), int(found[2] or found[1])
    query = Query.range_query(SCHEMA, "day_n", FieldType.Unsigned, first, max(first, last))
    if not around.has(query):
        return Condition(
            None, node.value, [f"No workshop here has a day {node.value}; the rest was searched without it."]
        )
    return Condition(nothing_but(query), node.value)


def _date(node: Field, around: Surroundings) -> Condition:
    if node.name == "due" and node.value.lower() == "none":
        return Condition(nothing_but(term("is", "undated")), "no date")
    span = dates_of(node.value)
    if span is None:
        name = node.name
        return _left_out(
            node, f"“{name}:{node.value[:40]}” is no date, as in “{name}:2024-05-01” or “{name}:2024-05..2024-06”"
        )
    first, last = span
    query = Query.range_query(SCHEMA, node.name, FieldType.Unsigned, first.toordinal(), last.toordinal())
    return Condition(nothing_but(query), node.value)


def dates_of(value: str) -> tuple[date, date] | None:
    """First and last day of a date, a month, a year, or a span of them; open at either end: "2024..", "<2024-05"."""
    compared = _COMPARED.fullmatch(value)
    if compared:
        return _beside(compared["sign"], _days(compared["day"]))
    first, dots, last = value.partition("..")
    begins = _days(first) if first else (date.min, date.min)
    ends = _days(last) if last else ((date.max, date.max) if dots else begins)
    if not begins or not ends or not value.strip("."):
        return None
    return min(begins[0], ends[0]), max(begins[1] if not dots else begins[0], ends[1])


def _beside(sign: str, days: tuple[date, date] | None) -> tuple[date, date] | None:
    """The days before or after these."""
    one = timedelta(days=1)
    if days is None or (sign == "<" and days[0] == date.min) or (sign == ">" and days[1] == date.max):
        return None
    spans = {"<": (date.min, days[0] - one), ">": (days[1] + one, date.max)} if len(sign) == 1 else {}
    return spans.get(sign) or ((date.min, days[1]) if sign == "<=" else (days[0], date.max))


def _days(text: str) -> tuple[date, date] | None:
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None


def _choice(node: Field, around: Surroundings) -> Condition:
    wanted = [part.strip().lower() for part in node.value.split("|")]
    known, parts = VALUES[node.name], []
    for value in wanted:
        singular = value if value in known else next((one for one in known if one.rstrip("s") == value.rstrip("s")), "")
        if not singular:
            near = process.extractOne(value, known, scorer=fuzz.ratio, score_cutoff=50)
            hint = f" (did you mean “{node.name}:{near[0]}”?)" if near else ""
            return _left_out(node, _unknown(node, hint))
        parts.append(_chosen(node.name, singular, around.today))
    return Condition(nothing_but(Query.boolean_query([(Occur.Should, part) for part in parts])), " or ".join(wanted))


def _unknown(node: Field, hint: str) -> str:
    value = plain(node.value)[:60]
    if node.name == "kind":
        return f"Nothing here is of the kind “{value}”{hint}"
    *others, last = VALUES[node.name]
    return f"“{node.name}:{value}” is none of {', '.join(others)} and {last}{hint}"


def _chosen(name: str, value: str, today: date) -> Query:
    if name == "in":
        return term("what", {"people": "person"}.get(value, value.rstrip("s")))
    if name == "is" and value == "overdue":
        late = Query.range_query(SCHEMA, "due", FieldType.Unsigned, 1, today.toordinal() - 1)
        return Query.boolean_query([(Occur.Must, late), (Occur.Must, term("is", "waiting"))])
    return term(name, value)
