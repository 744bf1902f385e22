"""The people of a parsed document in; whom the site knows of them, and what people decided about labels, out."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from people import names
from people.models import Alias, Person
from people.resolve import Candidate
from records.models import Origin

from .document import Document
from .fields import FIELDS, Reference, Rows
from .matching import Entry
from .models import Change, Series, Workshop
from .retiring import chunks


def curated() -> tuple[Candidate, ...]:
    """Persons who are known everywhere, with the forms that mean them: those of the seeds, and whom people added."""
    forms: dict[Person, list[str]] = {}
    aliases = Alias.objects.living().filter(scope=Alias.Scope.EVERYWHERE, state=Alias.State.PERSON)
    for alias in aliases.select_related("person").order_by("pk"):
        forms.setdefault(alias.person, []).append(alias.label)
    return tuple(
        Candidate(names.slug(person.name), person.name, tuple(labels))
        for person, labels in sorted(forms.items(), key=lambda item: item[0].pk)
    )


def decisions(
    workshop: Workshop | None, base: Sequence[Entry], series: Series | None = None
) -> dict[str, Candidate | None]:
    """What people decided about labels in this workshop or its series, by folded label; None for nobody.

    Labels that an earlier import found by rule are left out: a guess must not become its own evidence. A person has
    the name under which the document knows him or her, whatever the site calls that person by now.
    """
    here = Q(scope=Alias.Scope.EVERYWHERE)
    if workshop:
        here |= Q(scope=Alias.Scope.WORKSHOP, scope_id=workshop.public_id)
    if series:
        here |= Q(scope=Alias.Scope.SERIES, scope_id=series.public_id)
    # A label that the source no longer has may come back, and means then what people said.
    decided = by_people(Alias.objects.filter(here).exclude(retired_by=Origin.PERSON))
    decided = decided.exclude(state=Alias.State.WAITING)
    aliases = list(decided.select_related("person").order_by("scope", "pk"))  # everywhere, series, workshop: the
    printed = {entry.became: entry.fields["name"] for entry in base if entry.kind == "person"}  # nearest counts
    strangers = [alias.person for alias in aliases if alias.person and alias.person.public_id not in printed]
    apart = _namesakes(strangers, printed)
    return {
        alias.folded: Candidate(
            alias.person.public_id,
            printed.get(alias.person.public_id, alias.person.name),
            apart=alias.person.public_id in apart,
        )
        if alias.person
        else None
        for alias in aliases
    }


def by_people(aliases: QuerySet[Alias]) -> QuerySet[Alias]:
    """Those that a person made, or in whose meaning a person had a say: what an import changes is none."""
    said = Change.objects.filter(record=OuterRef("public_id"), run=None, field__in=("state", "person", "label"))
    return aliases.filter(Q(origin=Origin.PERSON) | Exists(said))


def _namesakes(strangers: Sequence[Person], printed: Mapping[str, str]) -> set[str]:
    """Those of these persons whose name is another's: of somebody whom the document names, or, where it was never
    read before, of anybody. The name in the document is then not taken for theirs."""
    if printed:
        known = {names.fold(name) for name in printed.values()}
        return {person.public_id for person in strangers if names.fold(person.name) in known}
    bearers = _bearers([person.name for person in strangers]) if strangers else {}
    return {p.public_id for p in strangers if bearers.get(names.fold(p.name), set()) - {p.lives_on.public_id}}


def known_people(document: Document, base: Sequence[Entry]) -> dict[str, str]:
    """Permanent ids of the document's people, by key: those of the last reading, then those of the same full name.

    A full name that two persons of the site bear names neither: a new person is made, for a curator to merge.
    """
    before = _people_of(base)
    known = {person.key: before[person.key] for person in document.people if person.key in before}
    ids = set(Person.objects.filter(public_id__in=[p.key for p in document.people]).values_list("public_id", flat=True))
    known |= {person.key: person.key for person in document.people if person.key in ids}
    unknown = [person for person in document.people if person.key not in known]
    bearers = _bearers([person.name for person in unknown])
    taken = set(known.values())
    for person in unknown:
        free = bearers.get(names.fold(person.name), set()) - taken
        if len(free) == 1:
            known[person.key] = free.pop()
            taken.add(known[person.key])
    return known | _renamed(document, base, known)


def _people_of(base: Sequence[Entry]) -> dict[str, str]:
    """Permanent ids of those whom earlier readings named, by key; the last reading's word counts most."""
    people = sorted((entry for entry in base if entry.kind == "person"), key=lambda entry: not entry.gone)
    return {
        names.slug(entry.fields["name"]) if entry.gone else entry.ref.removeprefix("p:"): entry.became
        for entry in people
    }


def _bearers(wanted: list[str]) -> dict[str, set[str]]:
    """Who bears a full name, or has it as an alias everywhere, by folded name; a merged person is whom it went to."""
    folded = {names.fold(name) for name in wanted}
    bearers: dict[str, set[str]] = {}
    known = Person.objects.filter(Q(retired_at=None) | Q(retired_by=Origin.RULE))  # who left by an undo comes back
    for name, public_id, merged in known.values_list("name", "public_id", "canonical__public_id"):
        if names.fold(name) in folded:
            bearers.setdefault(names.fold(name), set()).add(merged or public_id)
    aliases = Alias.objects.living().filter(folded__in=folded, scope="everywhere", state="person")
    for label, public_id, merged in aliases.values_list("folded", "person__public_id", "person__canonical__public_id"):
        bearers.setdefault(label, set()).add(merged or public_id)
    return bearers


def _renamed(document: Document, base: Sequence[Entry], known: Mapping[str, str]) -> dict[str, str]:
    """A name that the source corrected is still the same person: one gone, one new, and much alike."""
    here = {f"p:{person.key}" for person in document.people}
    lost = {e.became: e.fields["name"] for e in base if e.kind == "person" and e.ref not in here and not e.gone}
    new = [person for person in document.people if person.key not in known]
    found: dict[str, str] = {}
    for person in new:
        alike = [i for i, name in lost.items() if names.alike(names.fold(name), names.fold(person.name))]
        if len(alike) == 1 and alike[0] not in known.values() and alike[0] not in found.values():
            found[person.key] = alike[0]
    return found


def adopt_aliases(entries: list[Entry], matched: Mapping[str, Entry], workshop: Workshop | None) -> list[Entry]:
    """A label that somebody entered for this workshop already keeps that row, and its decision."""
    if workshop is None:
        return entries
    rows = Alias.objects.filter(scope=Alias.Scope.WORKSHOP, scope_id=workshop.public_id)
    there = dict(rows.values_list("folded", "public_id"))
    return [
        dataclasses.replace(entry, became=there[names.fold(entry.fields["label"])])
        if entry.kind == "alias" and entry.ref not in matched and names.fold(entry.fields["label"]) in there
        else entry
        for entry in entries
    ]


def still_named(people: Collection[str]) -> set[str]:
    """Those of these persons whom a living record names, or who have an account; and into whom those were merged."""
    named = set(Person.objects.filter(public_id__in=people, accounts__isnull=False).values_list("public_id", flat=True))
    for rows, key in _mentions():
        for some in chunks(sorted(people)):
            named |= set(rows.filter(**{f"{key}__public_id__in": some}).values_list(f"{key}__public_id", flat=True))
    merged = Person.objects.living().filter(merged_into__isnull=False)
    into = dict(merged.values_list("public_id", "merged_into__public_id"))
    waiting = [one for one in into if one in named or one not in people]
    while waiting:
        target = into.get(waiting.pop())
        if target is not None and target not in named:
            named.add(target)
            waiting.append(target)
    return named & set(people)


def _mentions() -> Iterator[tuple[QuerySet, str]]:
    """All that names persons in living records, with the key by which it does."""
    for model, stated in FIELDS.items():
        for one in stated:
            if isinstance(one, Reference) and one.model is Person and model is not Person:
                yield model.objects.living(), one.name
            elif isinstance(one, Rows) and one.key_model is Person:
                yield one.model.objects.filter(**{f"{one.owner}__retired_at": None}), one.key
