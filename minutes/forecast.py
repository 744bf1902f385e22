"""An import's report in, what it will do to each record out: in words, by talk, old words against new ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from people.models import Person

from .comparing import Words, compare
from .fields import MODELS, Reference, Rows, fields_of
from .importing import Report
from .matching import HOME, PLACE, Entry
from .merging import Current, resolved
from .standing import current_of

Json = Any
Verb = Literal["new", "split", "changed", "moved", "joined", "retired", "back", "kept", "conflict"]

VERBS: tuple[Verb, ...] = ("new", "split", "changed", "moved", "joined", "retired", "back", "kept", "conflict")
KINDS = {"actionitem": "action item", "alias": "printed name"}
UNSEEN = "exchange"  # follows from its turns
PEOPLE = "people"  # the group of names; ids of talks have ten letters
RECOGNISED_BY = ("text", "title", "name", "label")
TITLE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one record, or to one field of it."""

    verb: Verb
    kind: str
    title: str
    record: str  # permanent id, or "new:" and what the document calls it
    line: int | None = None
    field: str = ""
    words: tuple[Words, ...] = ()
    stands: str = ""  # in a conflict, the correction
    holds: str = ""  # of something new, what comes with it: "12 turns, 2 links"
    further: bool = False  # concerns the same record as the step before it


@dataclass(slots=True)
class Group:
    """All that happens in one talk or session, or to the workshop as a whole."""

    title: str
    line: int | None
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Forecast:
    groups: tuple[Group, ...]
    counts: Mapping[str, int]  # by verb, only what is not nought
    shifted: int  # records that only get other lines or another number

    def __bool__(self) -> bool:
        return bool(self.groups)


def forecast(report: Report) -> Forecast:
    """The number of queries depends on the kinds of records that are concerned, not on their number."""
    return _Foreteller(report).forecast()


class _Foreteller:
    """What every step must know: the record behind an id, what it is called, and where it stands."""

    def __init__(self, report: Report) -> None:
        self._plan = report.plan
        names = report.plan.names
        source = {names[e.ref]: _with(e, resolved(e.fields, names)) for e in report.entries if e.ref in names}
        self._source = source
        self._entries: dict[str, Entry] = {e.became: e for e in report.base} | source
        self._current = current_of(
            [_with(self._entries[one], self._entries[one].fields, became=one) for one in self._disputed()]
        )
        self._people = self._unknown_people()

    def _disputed(self) -> set[str]:
        """Records whose present words are shown, and are not in the plan."""
        return {public_id for public_id, _ in self._plan.kept if public_id in self._entries}

    def _unknown_people(self) -> dict[str, str]:
        """Names of persons whom neither this reading nor the last one knew: people entered them."""
        values = [value for now in self._current.values() for value in now.fields.values()]
        values += [conflict.current for conflict in self._plan.conflicts]
        values += [before for update in self._plan.updates for before, _ in update.fields.values()]
        wanted = {one for value in values for one in _people_in(value)} - self._entries.keys()
        return dict(Person.objects.filter(public_id__in=wanted).values_list("public_id", "name")) if wanted else {}

    def forecast(self) -> Forecast:
        counts: Counter[str] = Counter()
        groups: dict[str, Group] = {}
        created = {f"new:{entry.ref}" for entry in self._plan.creates}
        inside: dict[str, Counter[str]] = defaultdict(Counter)
        for public_id, step in self._steps():
            counts[step.verb] += 1
            home = self._group_of(public_id)
            if step.verb == "new" and home in created and home != public_id:
                inside[home][step.kind] += 1
                continue
            if home not in groups:
                groups[home] = Group(self._group_title(home), self._line(home))
            groups[home].steps.append(step)
        for home, held in inside.items():
            group = groups[home]
            group.steps = [_holding(step, held) if step.line == group.line else step for step in group.steps]
        ordered = sorted(groups.items(), key=lambda item: (item[1].line or 0, item[1].title))
        for home, group in ordered:
            steps = sorted(group.steps, key=lambda step: (step.line or 0, step.record, VERBS.index(step.verb)))
            group.steps = _gathered(steps) if home == PEOPLE else _runs(steps)
        shifted = sum(1 for update in self._plan.updates if not update.fields and update.kind != UNSEEN)
        tally = {verb: counts[verb] for verb in VERBS if counts[verb]}
        return Forecast(tuple(group for _, group in ordered), tally, shifted)

    def _steps(self) -> Iterator[tuple[str, Step]]:
        for entry in self._plan.creates:
            if entry.split_from:
                words = (Words(f"from {self._title(entry.split_from)}"),)
                yield f"new:{entry.ref}", self._step("split", entry.kind, f"new:{entry.ref}", words=words)
            elif entry.kind != UNSEEN:
                yield f"new:{entry.ref}", self._step("new", entry.kind, f"new:{entry.ref}")
        for update in self._plan.updates:
            if update.kind != UNSEEN:
                yield from ((update.public_id, step) for step in self._changes(update.public_id, update.fields))
        for kind, public_id, survivor in self._plan.joins:
            yield public_id, self._step("joined", kind, public_id, words=(Words(f"to {self._title(survivor)}"),))
        for kind, public_id in self._plan.retires:
            if kind != UNSEEN:
                yield public_id, self._step("retired", kind, public_id)
        for kind, public_id in self._plan.revives:
            if kind != UNSEEN:
                yield public_id, self._step("back", kind, public_id)
        for public_id, name in self._plan.kept:
            if public_id in self._entries and self._entries[public_id].kind != UNSEEN:
                yield public_id, self._kept(public_id, name)
        for one in self._plan.conflicts:
            if one.kind != UNSEEN:
                names = one.field.split("+")
                base, source, current = (
                    self._joined(one.kind, names, value) for value in (one.base, one.source, one.current)
                )
                words = compare(base.split(), source.split())
                extra = {"field": label_of(names[0]), "words": words, "stands": current or "nothing"}
                yield one.public_id, self._step("conflict", one.kind, one.public_id, **extra)

    def _step(self, verb: Verb, kind: str, public_id: str, **extra: Any) -> Step:
        title = self._title(public_id)
        if extra.get("field") in RECOGNISED_BY and extra.get("words"):  # which the comparison shows
            title = self._who(public_id)
        return Step(verb, KINDS.get(kind, kind), title, public_id, self._line(public_id), **extra)

    def _changes(self, public_id: str, fields: Mapping[str, tuple[Json, Json]]) -> Iterator[Step]:
        kind = self._entries[public_id].kind
        moves = {name: values for name, values in fields.items() if name in PLACE}
        if moves:
            before, after = (self._place(kind, {name: values[n] for name, values in moves.items()}) for n in (0, 1))
            if before == after:  # only the question that it belongs to
                yield self._step("moved", kind, public_id, field="within its talk")
            else:
                words = (Words(before or "nowhere", "gone"), Words(after or "nowhere", "new"))
                yield self._step("moved", kind, public_id, words=words)
        for name, (before, after) in fields.items():
            if name not in PLACE:
                words = self._difference(kind, name, before, after)
                if all(one.change == "same" for one in words):  # how sure the reading is, and the like
                    yield self._step("changed", kind, public_id, field=f"{label_of(name)}, in detail")
                else:
                    yield self._step("changed", kind, public_id, field=label_of(name), words=words)

    def _kept(self, public_id: str, name: str) -> Step:
        entry = self._entries[public_id]
        if name == "retired":
            return self._step("kept", entry.kind, public_id, field="gone from the minutes, but people added to it")
        now = self._current.get(public_id, Current({}))
        words = self._difference(entry.kind, name, entry.fields.get(name), now.fields.get(name))
        return self._step("kept", entry.kind, public_id, field=label_of(name), words=words)

    # Records in words

    def _place(self, kind: str, values: Mapping[str, Json]) -> str:
        return next((self._words(kind, name, values[name]) for name in HOME if values.get(name)), "")

    def _joined(self, kind: str, names: Sequence[str], value: Json) -> str:
        """A conflict over fields that go together has all of them in one value."""
        if len(names) == 1:
            return self._words(kind, names[0], value)
        shown = (self._words(kind, name, (value or {}).get(name)) for name in names if name != "exchange")
        return ", ".join(filter(None, shown))

    def _difference(self, kind: str, name: str, before: Json, after: Json) -> tuple[Words, ...]:
        lists = isinstance(before or after, list)
        return compare(self._items(kind, name, before), self._items(kind, name, after), lists=lists)

    def _items(self, kind: str, name: str, value: Json) -> list[str]:
        """What a comparison tells apart: the words of a text, the rows of a list."""
        if not isinstance(value, list):
            return self._words(kind, name, value).split()
        items = [self._words(kind, name, [item]) for item in value]
        return [f"{item}," for item in items[:-1]] + items[-1:]

    def _words(self, kind: str, name: str, value: Json) -> str:
        if value in (None, "", []):
            return ""
        stated = fields_of(MODELS[kind]).get(name)
        if isinstance(stated, Reference):
            return self._title(value)
        if isinstance(stated, Rows):
            return ", ".join(self._row(row) for row in value)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        choices = dict(MODELS[kind]._meta.get_field(name).flatchoices or ()) if stated else {}
        return str(choices.get(value, value))

    def _row(self, row: Mapping[str, Json]) -> str:
        """A person, with the affiliation or the printed name where the row has one."""
        if not row.get("person"):
            return f"{row.get('label', '')} (nobody known)"
        more = row.get("affiliation") or row.get("label")
        name = self._title(row["person"])
        return f"{name} ({more})" if more and more != name else name

    def _title(self, public_id: str) -> str:
        entry = self._entries.get(public_id)
        if entry is None:
            return self._people.get(public_id, "another one")
        fields = entry.fields
        if entry.kind == "turn":
            return _short(f"{self._who(public_id)}: {fields['text']}")
        if entry.kind == "day":
            return fields.get("date") or fields.get("label") or f"day {fields.get('n')}"
        if entry.kind == "contact":
            return self._title(fields["person"])
        if entry.kind == UNSEEN:
            return "another question"
        return _short(next((str(fields[n]) for n in ("title", "name", "label", "text") if fields.get(n)), entry.kind))

    def _who(self, public_id: str) -> str:
        """Who speaks, as printed; nothing for what is no turn."""
        return ", ".join(row.get("label") or "" for row in self._entries[public_id].fields.get("voices") or ())

    def _line(self, public_id: str) -> int | None:
        entry = self._source.get(public_id)
        return entry.lines[0] if entry and entry.lines else None

    def _group_of(self, public_id: str) -> str:
        """The talk or session in which a record stands; "people" for names, "" for the workshop as a whole."""
        for _ in range(3):  # an action in a turn in a talk
            entry = self._entries.get(public_id)
            if entry is None or entry.kind in ("talk", "session"):
                return public_id if entry else ""
            if entry.kind in ("person", "alias", "contact"):
                return PEOPLE
            home = next((entry.fields[name] for name in ("talk", "session", "turn") if entry.fields.get(name)), "")
            if not home:
                return ""
            public_id = home
        return public_id

    def _group_title(self, home: str) -> str:
        return {"": "The workshop", PEOPLE: "People and names"}.get(home) or self._title(home)


def _with(entry: Entry, fields: Mapping[str, Json], became: str = "") -> Entry:
    return Entry(entry.ref, entry.kind, fields, entry.lines, became or entry.became, entry.gone)


def _people_in(value: Json) -> Iterator[str]:
    if isinstance(value, str) and value and len(value) < 40 and " " not in value:
        yield value
    for row in value if isinstance(value, list) else ():
        if isinstance(row, Mapping) and row.get("person"):
            yield row["person"]


def _holding(step: Step, held: Mapping[str, int]) -> Step:
    if step.verb != "new" or step.kind not in ("talk", "session"):
        return step
    shown = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for kind, n in held.items())
    return replace(step, holds=shown)


def _runs(steps: Sequence[Step]) -> list[Step]:
    """Steps that concern the same record as the one before, marked as such."""
    before = ["", *(step.record for step in steps)]
    return [replace(step, further=step.record == last) for step, last in zip(steps, before, strict=False)]


def _gathered(steps: Iterable[Step]) -> list[Step]:
    """New people in one step, new printed names in another: a list of names needs no line for each."""
    rest, new = [], defaultdict(list)
    for step in steps:
        if step.verb == "new":
            new[step.kind].append(step.title)
        else:
            rest.append(step)
    several = {"person": "people", "printed name": "printed names"}
    gathered = [
        Step(
            "new", kind if len(titles) == 1 else f"{len(titles)} {several.get(kind, kind + 's')}", ", ".join(titles), ""
        )
        for kind, titles in new.items()
    ]
    return [*gathered, *rest]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def label_of(name: str) -> str:
    """The name of a field as people say it."""
    return {"voices": "who speaks", "addressed": "spoken to", "n": "number"}.get(name, name.replace("_", " "))
