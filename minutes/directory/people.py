"""A user, or a person, in; who is in the minutes that the user may read, and what each of them said, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from minutes.models import (
    ActionItem,
    ActionOwner,
    Convening,
    Participation,
    Session,
    Speaking,
    Talk,
    TalkTopic,
    Turn,
    TurnTopic,
    Voice,
    Workshop,
)
from minutes.pictures.shares import Share, shares
from minutes.queries import MEANT, appearing, living_as, people_visible_to
from minutes.threads import LIVES_ON
from people.models import Alias, Person
from people.names import fold, parse
from records.models import Origin
from themes.models import Topic, TopicKind

from .order import IN_ORDER, DayOf, by_day, with_places

QUESTION, ANSWER = Q(turn__kind=Turn.Kind.QUESTION), Q(turn__kind=Turn.Kind.ANSWER)

LISTED = 100  # turns in one section of a person's page; the search has all

READ_AS = {
    Voice.Certainty.EXACT: _("the name itself"),
    Voice.Certainty.CONTEXT: _("understood from who was there"),
    Voice.Certainty.FUZZY: _("taken for a misspelling"),
}


def identities(person: Person) -> QuerySet[Person]:
    """The person and all records that were merged into it."""
    return Person.objects.filter(Q(pk=person.pk) | Q(canonical=person))


@dataclass(slots=True)
class Said:
    """A person, and in how many turns he or she spoke, asked, answered."""

    person: Person
    said: int = 0
    asked: int = 0
    answered: int = 0
    affiliation: str = ""  # the newest that is known

    @property
    def parts(self) -> tuple[str, str]:
        """The name as printed, its surname apart; lists are in the order of surnames."""
        words = self.person.shown_name.split()
        surname = " ".join(parse(self.person.shown_name).surname)
        for start in range(len(words)):
            if surname and fold(" ".join(words[start:])) == surname:
                return " ".join(words[:start]), " ".join(words[start:])
        return self.person.shown_name, ""


def everybody(user) -> list[Said]:
    """The list of people, by surname. Four queries."""
    counts = {row["meant"]: row for row in _counts(user)}
    known = _affiliations(user)
    return [_said(person, counts.get(person.pk), known.get(person.pk, "")) for person in people_visible_to(user)]


def speakers(user) -> list[Said]:
    """Those who said something, by surname. Two queries."""
    counts = {row["meant"]: row for row in _counts(user)}
    return [_said(person, counts[person.pk]) for person in Person.objects.canonical().filter(pk__in=list(counts))]


def _counts(user) -> QuerySet:
    voices = Voice.objects.filter(turn__in=Turn.objects.visible_to(user), person__isnull=False)
    return (
        voices.annotate(meant=MEANT)
        .order_by()
        .values("meant")
        .annotate(
            said=Count("turn", distinct=True),
            asked=Count("turn", distinct=True, filter=QUESTION),
            answered=Count("turn", distinct=True, filter=ANSWER),
        )
    )


def _said(person: Person, counts: dict | None, affiliation: str = "") -> Said:
    counts = counts or {"said": 0, "asked": 0, "answered": 0}
    return Said(person, counts["said"], counts["asked"], counts["answered"], affiliation)


def _affiliations(user) -> dict[int, str]:
    """The newest affiliation that is known of each person."""
    found: dict[int, str] = {}
    for rows, workshop in (
        (Participation.objects.filter(workshop__in=Workshop.objects.visible_to(user)), "workshop"),
        (Speaking.objects.filter(talk__in=Talk.objects.visible_to(user)), "talk__workshop"),
    ):
        dated = rows.exclude(affiliation="").annotate(meant=MEANT).order_by(f"{workshop}__start", "pk")
        found.update(dated.values_list("meant", "affiliation"))
    return found


@dataclass(slots=True)
class Question:
    """A question, or an answer, with the other side of it."""

    turn: Turn
    others: list[Person] = field(default_factory=list)  # who answered it, or whose question it answers


@dataclass(slots=True)
class Written:
    """A form under which minutes print a person, and why it was taken for him or her."""

    label: str
    reason: str
    times: int = 0


#: By section of a person's page, the words that say how often. `begin` and `end` are those of a link.
_DID = {
    "talks": ngettext_lazy("gave %(begin)s%(n)d talk%(end)s", "gave %(begin)s%(n)d talks%(end)s", "n"),
    "convened": ngettext_lazy("convened %(begin)s%(n)d session%(end)s", "convened %(begin)s%(n)d sessions%(end)s", "n"),
    "asked": ngettext_lazy("asked %(begin)s%(n)d question%(end)s", "asked %(begin)s%(n)d questions%(end)s", "n"),
    "answered": ngettext_lazy("answered %(begin)s%(n)d time%(end)s", "answered %(begin)s%(n)d times%(end)s", "n"),
    "said": ngettext_lazy("spoke %(begin)s%(n)d time%(end)s", "spoke %(begin)s%(n)d times%(end)s", "n"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """How often somebody did what a section of the page lists."""

    section: str
    count: int

    def told(self, begin: str = "", end: str = "") -> str:
        return _DID[self.section] % {"n": self.count, "begin": begin, "end": end}

    def linked(self) -> str:
        return self.told(f'<a href="#{self.section}" data-count="{self.count}">', "</a>")


@dataclass(slots=True)
class Profile:
    """All that the page of a person shows."""

    person: Person
    speakings: list[Speaking]
    convenings: list[Convening]
    participations: list[Participation]
    listed: list[Participation]  # the same, where several records of the person stand in one list with all of them
    said: list[Turn]
    asked: list[Question]
    answered: list[Question]
    partners: list[tuple[Person, int]]
    topics: list[tuple[Topic, int]]
    actions: list[ActionItem]
    written: list[Written]
    affiliations: list[tuple[str, list[Workshop]]]
    shares: list[Share]

    @property
    def shows_something(self) -> bool:
        """Whether the person appears in what this user may read: all of these are asked for with that in mind."""
        return bool(self.said or self.speakings or self.convenings or self.participations or self.actions)

    @property
    def facts(self) -> list[Fact]:
        """What the person did, for the sentence that opens the page; nothing that was not done once."""
        counts = {
            "talks": len(self.speakings),
            "convened": len(self.convenings),
            "asked": len(self.asked),
            "answered": len(self.answered),
            "said": len(self.said),
        }
        return [Fact(section, count) for section, count in counts.items() if count]

    @property
    def told(self) -> str:
        """“gave 1 talk, asked 2 questions”."""
        return ", ".join(fact.told() for fact in self.facts)

    @property
    def linked(self) -> SafeString:
        """The same, with links to the sections of the page."""
        return mark_safe(", ".join(fact.linked() for fact in self.facts))

    @property
    def workshops(self) -> list[tuple[Workshop, list[str]]]:
        """Where the person was, newest first, and from where: people move."""
        found: dict[Workshop, list[str]] = {row.workshop: [] for row in self.participations}
        for turn in self.said:
            found.setdefault(turn.where.day.workshop, [])
        for row, workshop in _placed(self.speakings, self.convenings, self.listed):
            told = found.setdefault(workshop, [])
            if row.affiliation and row.affiliation not in told:
                told.append(row.affiliation)
        dated = sorted(found, key=lambda workshop: workshop.pk, reverse=True)
        dated.sort(key=lambda workshop: workshop.start or date.min, reverse=True)
        return [(workshop, found[workshop]) for workshop in dated]

    @property
    def days(self) -> list[DayOf]:
        return by_day(self.said[:LISTED])

    @property
    def most_topics(self) -> int:
        """The longest bar beside the topics."""
        return max((times for _, times in self.topics), default=0)

    @property
    def most_met(self) -> int:
        """The longest bar beside those with whom he or she spoke."""
        return max((times for _, times in self.partners), default=0)


def profile(person: Person, user) -> Profile:
    """Fifteen queries at most, whatever the person did."""
    return profile_of(person, list(identities(person).order_by("pk")), user)


def profile_of(person: Person, same: list[Person], user) -> Profile:
    """The page as it would be if all of these records were the person."""
    ids = [each.pk for each in same]
    turns = list(_conversations(ids, user))
    said = [turn for turn in turns if any(voice.person_id in ids for voice in turn.voices.all())]
    # Two records of one person may stand in one list: that is one talk all the same.
    speakings = list({row.talk_id: row for row in _speakings(ids, user)}.values())
    convenings = list({row.session_id: row for row in _convenings(ids, user)}.values())
    there = Participation.objects.filter(person__in=ids, workshop__in=Workshop.objects.visible_to(user))
    rows = there.select_related("workshop").order_by("-workshop__start", "pk")
    listed = sorted(rows, key=lambda row: row.person_id != person.pk)  # what the record itself says comes first
    participations = list({row.workshop_id: row for row in rows}.values())
    return Profile(
        person=person,
        speakings=speakings,
        convenings=convenings,
        participations=participations,
        listed=listed,
        said=said,
        asked=_pairs(said, turns, Turn.Kind.QUESTION, ids),
        answered=_pairs(said, turns, Turn.Kind.ANSWER, ids),
        partners=_partners(turns, ids),
        topics=_topics(ids, user),
        actions=list(_actions(ids, user)),
        written=_written(person, same, said, user),
        affiliations=_at(speakings, convenings, listed),
        shares=shares(person, said, user),
    )


def _conversations(ids: list[int], user) -> QuerySet[Turn]:
    """Every turn of every exchange in which these spoke."""
    turns = Turn.objects.visible_to(user)
    theirs = turns.filter(pk__in=Voice.objects.filter(person__in=ids).values("turn"))
    voices = Voice.objects.select_related(LIVES_ON).order_by("position")
    return (
        with_places(turns.filter(exchange__in=theirs.order_by().values("exchange")))
        .prefetch_related(Prefetch("voices", voices))
        .order_by(*IN_ORDER)
    )


def _speakings(ids: list[int], user) -> QuerySet[Speaking]:
    rows = Speaking.objects.filter(person__in=ids, talk__in=Talk.objects.visible_to(user))
    return rows.select_related("talk__day", "talk__session", "talk__workshop").order_by(
        "-talk__workshop__start", "talk__workshop", "talk__day__n", "talk__order"
    )


def _convenings(ids: list[int], user) -> QuerySet[Convening]:
    rows = Convening.objects.filter(person__in=ids, session__in=Session.objects.visible_to(user))
    return rows.select_related("session__day__workshop", "session__workshop").order_by(
        "-session__workshop__start", "session__workshop", "session__day__n", "session__order"
    )


def _actions(ids: list[int], user) -> QuerySet[ActionItem]:
    owned = ActionOwner.objects.filter(person__in=ids).values("action")
    return ActionItem.objects.visible_to(user).filter(pk__in=owned).select_related("workshop")


def voiced(turn: Turn) -> list[Person]:
    """Who spoke in a turn whose voices are at hand, as far as they are known."""
    return [living_as(voice.person) for voice in turn.voices.all() if voice.person]


def _pairs(said: Iterable[Turn], turns: Iterable[Turn], kind: str, ids: list[int]) -> list[Question]:
    """Each of these questions with who answered it, or each answer with who had asked."""
    other = Turn.Kind.ANSWER if kind == Turn.Kind.QUESTION else Turn.Kind.QUESTION
    by_exchange: dict[int, list[Person]] = {}
    for turn in turns:
        if turn.kind == other:
            people = by_exchange.setdefault(turn.exchange_id, [])
            people += [person for person in voiced(turn) if person not in people and person.pk not in ids]
    return [Question(turn, by_exchange.get(turn.exchange_id, [])) for turn in said if turn.kind == kind]


def _partners(turns: Iterable[Turn], ids: list[int]) -> list[tuple[Person, int]]:
    """With whom the person spoke, and in how many exchanges, most often first."""
    met = {(person, turn.exchange_id) for turn in turns for person in voiced(turn)}
    times = Counter(person for person, _ in met if person.pk not in ids)
    return sorted(times.items(), key=lambda item: (-item[1], item[0].sort_name))


def _topics(ids: list[int], user) -> list[tuple[Topic, int]]:
    """What the person's turns and talks name, most often first."""
    spoke = Turn.objects.visible_to(user).filter(pk__in=Voice.objects.filter(person__in=ids).values("turn"))
    gave = Talk.objects.visible_to(user).filter(pk__in=Speaking.objects.filter(person__in=ids).values("talk"))
    rows = TurnTopic.objects.filter(content_object__in=spoke).values_list("tag", flat=True)
    # Among the words of a talk is where its speakers are from, and that is not what they speak about.
    titled = TalkTopic.objects.filter(content_object__in=gave).exclude(tag__kind=TopicKind.ORGANISATION)
    times = Counter(rows.union(titled.values_list("tag", flat=True), all=True))
    topics = Topic.objects.living().filter(pk__in=list(times))
    return sorted(((topic, times[topic.pk]) for topic in topics), key=lambda item: (-item[1], item[0].name.lower()))


def _written(person: Person, same: list[Person], said: Iterable[Turn], user) -> list[Written]:
    """Forms other than the name: those that were printed, joined records, and names that somebody entered."""
    found: dict[str, Written] = {}
    for turn in said:
        for voice in turn.voices.all():
            if voice.person and voice.person in same:
                reason = _("set by a person") if voice.origin == "person" else READ_AS.get(voice.certainty, "")
                found.setdefault(fold(voice.label), Written(voice.label, reason)).times += 1
    for record in _readable(person, same, user):
        found.setdefault(fold(record.name), Written(record.name, _("another record of the same person")))
    aliases = list(Alias.objects.living().filter(Q(person__in=same), _scopes(user)))
    hidden = _hidden_labels(same, aliases, user)
    for alias in aliases:
        if alias.folded in hidden:
            continue
        reason = _("another form of the name") if alias.scope == Alias.Scope.EVERYWHERE else _("read so in the minutes")
        found.setdefault(alias.folded, Written(alias.label, reason))
    found.pop(fold(person.name), None)
    return sorted(found.values(), key=lambda written: (-written.times, written.label.lower()))


def _readable(person: Person, same: list[Person], user) -> list[Person]:
    """Of joined records, those that appear in something the user may read: a draft's names are the draft's."""
    others = [record.pk for record in same if record != person]
    return [person, *(Person.objects.filter(pk__in=others).filter(appearing(user)) if others else ())]


def _hidden_labels(same: list[Person], aliases: list[Alias], user) -> set[str]:
    """Labels of the person that hold everywhere, but are printed only where the user may not read."""
    if not any(alias.scope == Alias.Scope.EVERYWHERE and alias.origin == Origin.PERSON for alias in aliases):
        return set()
    closed = Voice.objects.filter(person__in=same).exclude(turn__in=Turn.objects.visible_to(user).order_by())
    return {fold(label) for label in closed.order_by().values_list("label", flat=True).distinct()}


def _scopes(user) -> Q:
    """Labels of a workshop that the user may not read tell that it is there."""
    workshops = Workshop.objects.visible_to(user)
    return (
        Q(scope=Alias.Scope.EVERYWHERE)
        | Q(scope=Alias.Scope.WORKSHOP, scope_id__in=workshops.order_by().values("public_id"))
        | Q(scope=Alias.Scope.SERIES, scope_id__in=workshops.order_by().values("series__public_id"))
    )


def _placed(
    speakings: Iterable[Speaking], convenings: Iterable[Convening], participations: Iterable[Participation]
) -> list[tuple[Participation | Speaking | Convening, Workshop]]:
    """Rows that say where somebody was from, with their workshops; what the list says comes first."""
    return [
        *((row, row.workshop) for row in participations),
        *((row, row.talk.workshop) for row in speakings),
        *((row, row.session.workshop) for row in convenings),
    ]


def _at(
    speakings: Iterable[Speaking], convenings: Iterable[Convening], participations: Iterable[Participation]
) -> list[tuple[str, list[Workshop]]]:
    """Where the person was from, and at which workshops that was so."""
    found: dict[str, list[Workshop]] = {}
    for row, workshop in _placed(speakings, convenings, participations):
        if row.affiliation and workshop not in found.setdefault(row.affiliation, []):
            found[row.affiliation].append(workshop)
    return list(found.items())
