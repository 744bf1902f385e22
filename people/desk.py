"""A curator in; the labels that wait for a human, with the turns they touch and whom they may mean, out.

A label is listed by what its turns say: nobody is known to have spoken, or somebody was guessed. So the desk is empty
exactly when no page says "not identified" or "taken for a misspelling" any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.formats import date_format

from minutes.directory.choices import Choice, Select, page_number
from minutes.directory.order import with_places
from minutes.identities import by_people
from minutes.models import Change, Convening, Participation, Speaking, Turn, Voice, Workshop
from minutes.queries import MEANT
from minutes.threads import LIVES_ON
from records.models import Origin

from .models import Alias, Person
from .names import fold
from .suggesting import Index, Known, Suggestion, rank

PAGE = 20  # labels on one page
QUOTED = 3  # turns of each label on the desk; its own page has all

SHOWN = {
    "": ("all that wait", (Voice.Certainty.UNKNOWN, Voice.Certainty.FUZZY)),
    "unknown": ("unknown", (Voice.Certainty.UNKNOWN,)),
    "guessed": ("guessed from a misspelling", (Voice.Certainty.FUZZY,)),
    "context": ("understood from who was there", (Voice.Certainty.CONTEXT,)),
}


@dataclass(slots=True)
class Label:
    """A label in one workshop: its turns, and whom it may mean."""

    workshop: Workshop
    printed: str
    folded: str
    turns: list[int] = field(default_factory=list)
    guessed: Person | None = None  # whom a rule took it for
    quoted: list[Turn] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    now: str = ""  # what was decided already, in words; on the label's own page

    @property
    def first(self) -> str:
        """Whom "take the first suggestion" means; nobody where none has the name itself in favour."""
        return self.suggestions[0].key if self.suggestions else ""

    @property
    def value(self) -> str:
        """How a form names it among several."""
        return f"{self.workshop.public_id} {self.first or '-'} {self.printed}"

    @property
    def more(self) -> int:
        return len(self.turns) - len(self.quoted)


@dataclass(slots=True)
class Desk:
    """All that the desk shows."""

    labels: list[Label]
    total: int
    turns: int
    page: int
    pages: int
    selects: list[Select]


def waiting_count(user) -> int:
    """How many labels wait, as the desk lists them. One query."""
    return len({(workshop, fold(label)) for _, workshop, label in _rows(user, SHOWN[""][1])})


def desk(asked, user) -> Desk:
    """A dozen queries, whatever waits."""
    show = asked.get("show", "") if asked.get("show", "") in SHOWN else ""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    printed: dict[tuple[int, str], str] = {}
    for turn, workshop, label in _rows(user, SHOWN[show][1]):
        key = (workshop, fold(label))
        found[key].append(turn)
        printed.setdefault(key, label)
    workshops = Workshop.objects.visible_to(user).select_related("series").in_bulk({workshop for workshop, _ in found})
    selects = _selects(show, asked.get("workshop", ""), workshops, found)
    chosen = next((choice.value for choice in selects[1].choices if choice.chosen), "")
    keys = [key for key in found if not chosen or workshops[key[0]].public_id == chosen]
    keys.sort(key=lambda key: (-len(found[key]), key[1], -key[0]))
    pages = max(1, -(-len(keys) // PAGE))
    page = min(max(page_number(asked.get("page", "")), 1), pages)
    labels = [
        Label(workshops[key[0]], printed[key], key[1], found[key]) for key in keys[(page - 1) * PAGE : page * PAGE]
    ]
    fill(labels, user, QUOTED)
    return Desk(labels, len(keys), sum(len(found[key]) for key in keys), page, pages, selects)


def _rows(user, certainties: Collection[str]) -> Iterable[tuple[int, int, str]]:
    """(turn, workshop, label) of the voices that no person has settled."""
    voices = Voice.objects.filter(turn__in=Turn.objects.visible_to(user).order_by(), certainty__in=certainties)
    settled = Q(origin=Origin.PERSON, person__isnull=False)
    return voices.exclude(settled).order_by("turn").values_list("turn", "turn__workshop", "label")


def _selects(show: str, wanted: str, workshops, found) -> list[Select]:
    counts: dict[int, int] = defaultdict(int)
    for workshop, _ in found:
        counts[workshop] += 1
    per_workshop = [
        Choice(one.public_id, one.title, counts[pk], one.public_id == wanted) for pk, one in workshops.items()
    ]
    kinds = [Choice(value, words, 0, value == show) for value, (words, _) in SHOWN.items() if value]
    return [
        Select("show", "Labels", SHOWN[""][0], kinds),
        Select("workshop", "Workshop", "all workshops", sorted(per_workshop, key=lambda choice: choice.words)),
    ]


def label_in(workshop: Workshop, text: str, user) -> Label | None:
    """One label with all its turns, whatever was decided about it; None where no turn of the workshop has it."""
    folded = fold(text)
    rows = Voice.objects.filter(turn__in=Turn.objects.visible_to(user).filter(workshop=workshop).order_by())
    turns = [(turn, label) for turn, label in rows.order_by("turn").values_list("turn", "label")]
    here = [(turn, label) for turn, label in turns if fold(label) == folded]
    if not here:
        return None
    found = Label(workshop, here[0][1], folded, list(dict.fromkeys(turn for turn, _ in here)))
    fill([found], user, 200)
    found.now = _decided(found)
    return found


def _decided(label: Label) -> str:
    """What people said of this label, the nearest place first."""
    places = Q(scope=Alias.Scope.WORKSHOP, scope_id=label.workshop.public_id) | Q(scope=Alias.Scope.EVERYWHERE)
    if label.workshop.series:
        places |= Q(scope=Alias.Scope.SERIES, scope_id=label.workshop.series.public_id)
    order = [Alias.Scope.WORKSHOP, Alias.Scope.SERIES, Alias.Scope.EVERYWHERE]
    found = by_people(Alias.objects.living().filter(places, folded=label.folded)).select_related("person__canonical")
    for alias in sorted(found, key=lambda alias: order.index(alias.scope)):
        if alias.state != Alias.State.WAITING:
            said = (
                Change.objects.filter(record=alias.public_id, run=None, by__isnull=False).select_related("by").first()
            )
            by = f"; {said.by.get_username()}, {date_format(said.at, 'j F Y')}" if said else ""
            return f"{alias.person.lives_on if alias.person else 'nobody'}, {WHERE[alias.scope]}{by}"
    return ""


WHERE = {
    Alias.Scope.WORKSHOP: "in this workshop",
    Alias.Scope.SERIES: "in the whole series",
    Alias.Scope.EVERYWHERE: "everywhere",
}


def fill(labels: list[Label], user, quoted: int) -> None:
    """Puts the turns to quote, whom a rule guessed, and the suggestions on each label. Ten queries."""
    shown = {turn for label in labels for turn in label.turns[:quoted]}
    turns = with_places(Turn.objects.filter(pk__in=shown)).in_bulk()
    rows = Voice.objects.filter(turn__in={turn for label in labels for turn in label.turns})
    by_turn: dict[int, list[Voice]] = defaultdict(list)
    for voice in rows.select_related(LIVES_ON, "turn"):
        by_turn[voice.turn_id].append(voice)
    around = Around(labels, by_turn, user)
    for label in labels:
        label.quoted = [turns[pk] for pk in label.turns[:quoted]]
        mine = [voice for pk in label.turns for voice in by_turn[pk] if fold(voice.label) == label.folded]
        label.guessed = next((voice.person.lives_on for voice in mine if voice.person), None)
        label.suggestions = rank(label.printed, around.known(label), len(around.places_of(label)))


class Around:
    """What the record says of everybody, for the suggestions of some labels: asked once for all of them."""

    def __init__(self, labels: list[Label], by_turn: dict[int, list[Voice]], user) -> None:
        workshops = {label.workshop.pk for label in labels}
        series = {label.workshop.series_id for label in labels} - {None}
        self.places = {pk: (voices[0].turn.talk_id, voices[0].turn.session_id) for pk, voices in by_turn.items()}
        talks = {talk for talk, _ in self.places.values() if talk}
        sessions = {session for _, session in self.places.values() if session}
        everybody = Person.objects.canonical().values_list("pk", "public_id", "shown_name")
        self.people = {pk: (public_id, name) for pk, public_id, name in everybody}
        self.forms = _forms()
        self.index = Index((pk, (name, *self.forms.get(pk, ()))) for pk, (_, name) in self.people.items())
        self.gives = _pairs(Speaking.objects.filter(talk__in=talks), "talk")
        self.convenes = _pairs(Convening.objects.filter(session__in=sessions), "session")
        spoken = Voice.objects.filter(Q(turn__talk__in=talks) | Q(turn__session__in=sessions), person__isnull=False)
        self.speaks = _spoken(spoken)
        self.present = _pairs(Participation.objects.filter(workshop__in=workshops), "workshop")
        in_series = Participation.objects.filter(workshop__series__in=series)
        self.of_series = _pairs(in_series, "workshop__series")
        self.answered = _answered(labels, user)

    def places_of(self, label: Label) -> set[tuple[int | None, int | None]]:
        return {self.places[turn] for turn in label.turns if turn in self.places}

    def known(self, label: Label) -> list[Known]:
        """Everybody whom the label may mean, as seen from it: by name, or by being there."""
        places = self.places_of(label)
        gives, speaks = set(), set()
        for talk, session in places:
            gives |= self.gives.get(talk, set())
            speaks |= self.convenes.get(session, set())
            for person, labels in self.speaks.get((talk, session), {}).items():
                if labels - {label.folded}:
                    speaks.add(person)
        present = self.present.get(label.workshop.pk, set())
        of_series = self.of_series.get(label.workshop.series_id, set())
        talks = {talk for talk, _ in places}
        answered = self.answered.get(label.folded, {})
        near = (self.index.near(label.printed) | gives | speaks | present | answered.keys()) & self.people.keys()
        return [
            Known(
                key=self.people[pk][0],
                name=self.people[pk][1],
                forms=self.forms.get(pk, ()),
                gives_talk=pk in gives,
                speaks_here=pk in speaks,
                participant=pk in present,
                in_series=pk in of_series,
                answered=len(answered.get(pk, set()) - talks),
            )
            for pk in sorted(near)
        ]


def _pairs(rows, where: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for place, person in rows.order_by().annotate(meant=MEANT).values_list(where, "meant"):
        found[place].add(person)
    return found


def _spoken(voices) -> dict[tuple[int | None, int | None], dict[int, set[str]]]:
    """Who speaks in each place, and under which labels: nobody speaks there because of the label itself."""
    found: dict[tuple[int | None, int | None], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = voices.order_by().annotate(meant=MEANT).values_list("turn__talk", "turn__session", "meant", "label")
    for talk, session, person, label in rows.distinct():
        found[talk, session][person].add(fold(label))
    return found


def _forms() -> dict[int, tuple[str, ...]]:
    """Other names of people that hold everywhere, and those of records that were merged into theirs."""
    found: dict[int, tuple[str, ...]] = {}
    aliases = Alias.objects.living().filter(scope=Alias.Scope.EVERYWHERE, state=Alias.State.PERSON)
    rows = list(aliases.annotate(meant=MEANT).order_by().values_list("meant", "label"))
    rows += Person.objects.filter(canonical__isnull=False).values_list("canonical", "name")
    for person, label in rows:
        found[person] = (*found.get(person, ()), label)
    return found


def _answered(labels: list[Label], user) -> dict[str, dict[int, set[int]]]:
    """In which talks each of these labels was whom, as far as more than a guess says so."""
    found: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    voices = Voice.objects.filter(
        turn__in=Turn.objects.visible_to(user).order_by(),
        label__in={label.printed for label in labels},
        person__isnull=False,
    ).exclude(certainty=Voice.Certainty.FUZZY)
    for label, person, talk in voices.order_by().annotate(meant=MEANT).values_list("label", "meant", "turn__talk"):
        if talk:
            found[fold(label)][person].add(talk)
    return found
