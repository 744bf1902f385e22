"""A person in; what stands under his or her name, to be given to somebody else, and where he or she was from, out.

Both are corrections of what the minutes say, made turn by turn and row by row through the change log.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from minutes.changes import ChangeSet, change
from minutes.deciding import set_voices
from minutes.directory.order import IN_ORDER, with_places
from minutes.directory.people import identities
from minutes.fields import values_of
from minutes.models import Convening, Participation, Session, Speaking, Talk, Turn, Voice, Workshop

from .models import Alias, NameStep, Person
from .steps import checked_name


@dataclass(slots=True)
class Under:
    """The turns of a person in one talk or session, under one label."""

    where: Talk | Session
    label: str
    turns: list[Turn] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """All that can be given to somebody else."""

    under: list[Under]
    aliases: list[tuple[Alias, str]]  # with where they hold, in words
    talks: list[Talk]
    workshops: list[Workshop]


def parts_of(person: Person, user) -> Parts:
    """Six queries."""
    ids = [one.pk for one in identities(person)]
    voices = Voice.objects.filter(person__in=ids)
    turns = Turn.objects.visible_to(user).filter(pk__in=voices.values("turn"))
    found: dict[tuple[str, str], Under] = {}
    labels: dict[int, list[str]] = {}
    for turn, label in voices.filter(turn__in=turns.order_by()).order_by("position").values_list("turn", "label"):
        labels.setdefault(turn, []).append(label)
    for turn in with_places(turns).order_by(*IN_ORDER):
        for label in labels[turn.pk]:
            key = (turn.where.public_id, label)
            found.setdefault(key, Under(turn.where, label)).turns.append(turn)
    speakings = Speaking.objects.filter(person__in=ids, talk__in=Talk.objects.visible_to(user))
    present = Participation.objects.filter(person__in=ids, workshop__in=Workshop.objects.visible_to(user))
    return Parts(
        under=list(found.values()),
        aliases=_aliases(ids, user),
        talks=list({row.talk_id: row.talk for row in speakings.select_related("talk")}.values()),
        workshops=list({row.workshop_id: row.workshop for row in present.select_related("workshop")}.values()),
    )


def _aliases(ids: Collection[int], user) -> list[tuple[Alias, str]]:
    """Those that hold somewhere the user may read, with the place."""
    titles = {one.public_id: one.title for one in Workshop.objects.visible_to(user)}
    found = []
    for alias in Alias.objects.living().filter(person__in=ids).order_by("label", "pk"):
        if alias.scope == Alias.Scope.WORKSHOP and alias.scope_id not in titles:
            continue
        found.append((alias, titles.get(alias.scope_id, alias.get_scope_display())))
    return found


def split(
    user,
    person: Person,
    target: Person | str,
    *,
    turns: Collection[str],
    groups: Collection[str],
    others: Collection[str],
) -> NameStep:
    """Gives the chosen parts to another person, or to a new one of that name, in one step.

    `turns` are "id label", `groups` are "id of the place, label" (all turns there), `others` ids of aliases, talks
    and workshops.
    """
    parts = parts_of(person, user)
    mine = {one.public_id for one in identities(person)}
    with change(user, f"split from {person}") as c:
        to = c.create(Person, name=checked_name(target)) if isinstance(target, str) else target
        count = 0
        for under in parts.under:
            whole = f"{under.where.public_id} {under.label}" in groups
            for turn in under.turns:
                if whole or f"{turn.public_id} {under.label}" in turns:
                    count += set_voices(c, turn, {under.label: {"person": to.public_id, "certainty": "exact"}})
        moved = _give_rows(c, parts, mine, to, others)
        told = f"{count} turn{'' if count == 1 else 's'} and {moved} other thing{'' if moved == 1 else 's'}"
        told = f"{told} of {person} given to {to}."
        return NameStep.objects.create(kind=NameStep.Kind.SPLIT, group=c.group, told=told[:500], by=c.user)


def _give_rows(c: ChangeSet, parts: Parts, mine: Collection[str], to: Person, chosen: Collection[str]) -> int:
    """Aliases, talks given and places in lists of participants."""
    moved = 0
    for alias, _ in parts.aliases:
        if alias.public_id in chosen:
            moved += c.set(alias, state=Alias.State.PERSON, person=to.public_id)
    for records, name in ((parts.talks, "speakers"), (parts.workshops, "participants")):
        for record in records:
            if record.public_id in chosen:
                rows = values_of(record, [name])[name]
                moved += c.set(
                    record, **{name: [row | {"person": to.public_id} if row["person"] in mine else row for row in rows]}
                )
    return moved


# Where somebody was from


@dataclass(slots=True)
class At:
    """A workshop where a person was, and where he or she was from by then."""

    workshop: Workshop
    affiliation: str = ""  # by the list of participants, else as printed beside a talk or session
    printed: list[str] = field(default_factory=list)  # other forms that stand beside talks and sessions there


def affiliations_of(person: Person, user) -> list[At]:
    """Every workshop where the person appears, newest first. Six queries."""
    ids = [one.pk for one in identities(person)]
    visible = Workshop.objects.visible_to(user)
    rows: list[tuple[int, str]] = []
    for found, workshop in _rows(ids):
        rows += found.filter(**{f"{workshop}__in": visible.order_by()}).values_list(workshop, "affiliation")
    spoke = Turn.objects.visible_to(user).filter(pk__in=Voice.objects.filter(person__in=ids).values("turn"))
    everywhere = {pk for pk, _ in rows} | set(spoke.order_by().values_list("workshop", flat=True))
    places = {one.pk: At(one) for one in visible.filter(pk__in=everywhere)}
    for pk, affiliation in rows:
        at = places[pk]
        if affiliation and not at.affiliation:
            at.affiliation = affiliation
        elif affiliation and affiliation != at.affiliation and affiliation not in at.printed:
            at.printed.append(affiliation)
    return list(places.values())


def _rows(ids: Collection[int]) -> tuple[tuple[QuerySet, str], ...]:
    return (
        (Participation.objects.filter(person__in=ids).order_by("pk"), "workshop"),
        (
            Speaking.objects.filter(person__in=ids, talk__retired_at__isnull=True).order_by("talk", "pk"),
            "talk__workshop",
        ),
        (
            Convening.objects.filter(person__in=ids, session__retired_at__isnull=True).order_by("session", "pk"),
            "session__workshop",
        ),
    )


def state_affiliation(c: ChangeSet, person: Person, workshop: Workshop, was: str, now: str) -> bool:
    """Where somebody was from at one workshop: in its list, to which the person is added if need be, and beside talks
    and sessions as far as they said the same before."""
    mine = {one.public_id for one in identities(person)}
    rows = values_of(workshop, ["participants"])["participants"]
    stated = [row | {"affiliation": now} if row["person"] in mine else row for row in rows]
    if not any(row["person"] in mine for row in rows) and now:
        stated.append({"person": person.public_id, "affiliation": now})
    changed = c.set(workshop, participants=stated)
    for model, through, key, name in (
        (Talk, Speaking, "talk", "speakers"),
        (Session, Convening, "session", "conveners"),
    ):
        said = through.objects.filter(person__public_id__in=mine, affiliation=was, **{f"{key}__workshop": workshop})
        for record in model.objects.living().filter(pk__in=said.order_by().values(key)) if was else ():
            rows = values_of(record, [name])[name]
            stated = [
                row | {"affiliation": now} if row["person"] in mine and row["affiliation"] == was else row
                for row in rows
            ]
            changed |= c.set(record, **{name: stated})
    return changed
