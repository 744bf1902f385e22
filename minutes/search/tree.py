"""The tree of a query: what may stand in it, how it is tidied, and the one text that it prints as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Operators by name, with what their value is.
PERSON, TOPIC, PLACE, CHOICE, DATE, NUMBER = "person", "topic", "place", "choice", "date", "number"
OPERATORS = {
    "asked-by": PERSON,
    "answered-by": PERSON,
    "said-by": PERSON,
    "to": PERSON,
    "speaker": PERSON,
    "owner": PERSON,
    "owed-to": PERSON,
    "topic": TOPIC,
    "experiment": TOPIC,
    "technology": TOPIC,
    "project": TOPIC,
    "org": TOPIC,
    "theme": PLACE,
    "workshop": PLACE,
    "session": PLACE,
    "talk": PLACE,
    "day": NUMBER,
    "date": DATE,
    "due": DATE,
    "kind": CHOICE,
    "is": CHOICE,
    "in": CHOICE,
}
#: What the operators of a few known values take.
VALUES = {
    "kind": ("question", "answer", "comment"),
    "is": (
        *("unanswered", "answered", "action", "decision"),
        *("proposed", "open", "waiting", "done", "dropped", "overdue"),
    ),
    "in": ("turns", "talks", "people", "topics", "themes", "actions", "decisions"),
}
JOINING = frozenset({"OR", "AND", "NOT"})  # in capitals; in small letters they are words

_BARE = re.compile(r"[^\s\"()]*[^\s\"(),;?!]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was typed; its other forms are meant as well."""

    text: str


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a word: `tok*`."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side, as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """An operator with its value: `asked-by:ada`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...] = ()


Node = Word | Start | Phrase | Field | Not | And | Or
NOTHING = And()


def both(*parts: Node) -> Node:
    """All of these: flat, each once, without what asks for nothing."""
    return _joined(And, parts)


def either(*parts: Node) -> Node:
    """Any of these."""
    return _joined(Or, parts)


def negated(part: Node) -> Node:
    if part == NOTHING:
        return NOTHING
    return part.part if isinstance(part, Not) else Not(part)


def _joined(kind: type[And] | type[Or], parts: tuple[Node, ...]) -> Node:
    flat: dict[Node, None] = {}
    for part in parts:
        for one in part.parts if isinstance(part, kind) else (part,):
            if one != NOTHING:
                flat[one] = None
    if not flat:
        return NOTHING
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def conditions(node: Node) -> tuple[Node, ...]:
    """The parts that must all hold: what chips show, and what can be taken away one by one."""
    return node.parts if isinstance(node, And) else (node,)


def without(node: Node, part: Node) -> Node:
    return both(*(one for one in conditions(node) if one != part))


def leaves(node: Node, wanted: bool = True) -> Iterator[tuple[Node, bool]]:
    """Every word, phrase and operator, and whether it is wanted or kept out."""
    if isinstance(node, Not):
        yield from leaves(node.part, not wanted)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part, wanted)
    else:
        yield node, wanted


def show(node: Node) -> str:
    """The canonical text; reading it gives the same tree."""
    if isinstance(node, And):
        return " ".join(f"({show(part)})" if isinstance(part, Or) else show(part) for part in node.parts)
    if isinstance(node, Or):
        return " OR ".join(show(part) for part in node.parts)
    if isinstance(node, Not):
        return f"-{_grouped(node.part)}"
    if isinstance(node, Field):
        return f"{node.name}:{node.value if _BARE.fullmatch(node.value) else _quoted(node.value)}"
    if isinstance(node, Phrase):
        return _quoted(node.text)
    return f"{node.text}*" if isinstance(node, Start) else node.text


def _grouped(node: Node) -> str:
    return f"({show(node)})" if isinstance(node, And | Or) else show(node)


def _quoted(text: str) -> str:
    return f'"{text}"'
