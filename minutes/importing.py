"""A file of minutes in, rows out: `read` says all that an import would do without doing it, `write` does it.

Nothing else creates rows from minutes. Reading, resolving and comparing happen outside the transaction; the writing is
one transaction for each document, so that an import is there as a whole or not at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.text import slugify

from people import names
from people.models import Alias, Person
from people.resolve import Candidate
from records.door import writing
from records.models import Origin
from themes.models import Topic

from . import applying, deriving
from .document import Document
from .entries import entries_of
from .matching import Entry, match
from .merging import Plan, next_base, plan
from .models import ImportRun, Source, SourceVersion, Workshop
from .parsing import PARSER_VERSION, parse
from .reading import read_source


class Refused(Exception):
    """The file is not imported; the message is one sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that an import would do."""

    name: str
    again: bool
    content: bytes
    document: Document
    source: Source | None  # None where this name was never imported
    base: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    plan: Plan
    vocabulary_version: str
    unchanged: bool  # same bytes, same parser, same vocabulary: nothing to do
    seen: int  # the newest change and run at the time of reading

    @property
    def workshop(self) -> Workshop | None:
        return self.source.workshop if self.source else None

    def counts(self) -> dict[str, int]:
        """What the document holds, and what would become of it."""
        made = Counter(entry.kind for entry in self.plan.creates)
        document = self.document
        return {
            "talks": len(document.talks),
            "turns": len(document.turns),
            "people": len(document.people),
            "new_people": made["person"],
            "unresolved": sum(1 for turn in document.turns for voice in turn.voices if voice.person is None),
            "unplaced": len(document.unplaced),
            "created": sum(made.values()),
            "updated": sum(1 for update in self.plan.updates if update.fields),
            "retired": len(self.plan.retires),
            "revived": len(self.plan.revives),
            "conflicts": len(self.plan.conflicts),
            "kept": len(self.plan.kept),
        }


def read(name: str, content: bytes, *, again: bool = False) -> Report:
    """Parses the file with what the site's people decided, and plans the merge. Writes nothing.

    Raises `reading.Unreadable` for what is no text, and Refused for bytes that stand under another name already.
    With `again`, a file that was read before with today's rules is compared once more all the same.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    twin = _twin(name, sha256)
    if twin:
        raise Refused(f"{name} holds the same words as {twin}, which is imported already; nothing was done.")
    source = Source.objects.filter(kind=Source.Kind.MINUTES, name=name).select_related("workshop__series").first()
    run = ImportRun.objects.filter(version__source=source).select_related("version").first() if source else None
    base = tuple(base_of(run))
    topics, people = Topic.objects.vocabulary(), curated()
    decided = decisions(source.workshop if source else None, base)
    vocabulary_version = hashlib.sha256(repr((topics, people, sorted(decided.items()))).encode()).hexdigest()
    document = parse(read_source(name, content), people=people, topics=topics, decided=decided)
    made = (run.version.sha256, run.parser_version, run.vocabulary_version) if run else None
    report = Report(
        name=name,
        again=again,
        content=content,
        document=document,
        source=source,
        base=base,
        entries=(),
        plan=Plan(),
        vocabulary_version=vocabulary_version,
        unchanged=made == (sha256, PARSER_VERSION, vocabulary_version) and not again,
        seen=applying.newest(),
    )
    return report if report.unchanged else _planned(report)


def _planned(report: Report) -> Report:
    """What the reading would change of what stands in the database now."""
    by_key = known_people(report.document, report.base)
    entries = applying.fitted(entries_of(report.document, by_key))
    matched = match(report.base, entries)
    entries = adopt_aliases(entries, matched, report.workshop)
    current = applying.current_of([*report.base, *(entry for entry in entries if entry.became)])
    lost = {entry.became for entry in report.base} - {entry.became for entry in matched.values()}
    held = applying.held_by_people(lost) if lost else ()
    merged = plan(report.base, entries, current, applying.RULES, matched, held)
    return dataclasses.replace(report, entries=tuple(entries), plan=merged)


def _twin(name: str, sha256: str) -> Source | None:
    """Another file whose newest version has the same bytes."""
    versions = SourceVersion.objects.filter(sha256=sha256, source__kind=Source.Kind.MINUTES).exclude(source__name=name)
    for version in versions.select_related("source"):
        if not version.source.versions.filter(n__gt=version.n).exists():
            return version.source
    return None


def write(report: Report, *, user: Any = None, visibility: str = "public") -> ImportRun | None:
    """Carries out a report in one transaction; returns the run, or None where there was nothing to do.

    `visibility` is that of a workshop that this import creates. If anything was changed since the report was made,
    the file is read anew first, so that no correction is overwritten and no record made twice.
    """
    with writing():
        if report.seen != applying.newest():
            report = read(report.name, report.content, again=report.again)
        if report.unchanged:
            return None
        source = report.source or Source.objects.create(name=report.name, media_type=report.document.media_type)
        extra = {"slug": free_slug(report.document.title or report.name), "visibility": visibility}
        workplace = applying.Workplace(report.workshop, source, extra)
        run = ImportRun(
            parser_version=PARSER_VERSION,
            vocabulary_version=report.vocabulary_version,
            document=dataclasses.asdict(report.document),
            counts=report.counts(),
            by=user if getattr(user, "is_authenticated", False) else None,
        )
        carry_out(run, report.content, workplace, report.base, report.entries, report.plan)
        if source.workshop != workplace.workshop:
            source.workshop = workplace.workshop
            source.save()
    return run


def carry_out(
    run: ImportRun,
    content: bytes,
    workplace: applying.Workplace,
    base: Sequence[Entry],
    entries: Sequence[Entry],
    merged: Plan,
) -> None:
    """Writes a plan, the run that it makes, and what is derived from both; inside the caller's transaction."""
    run.version = version_with(workplace.source, content)
    run.entries = []
    run.save()
    done = applying.apply(merged, run, workplace)
    run.entries = [dataclasses.asdict(entry) for entry in next_base(base, entries, merged, done.created)]
    run.save()
    deriving.derive(done.touched)


def version_with(source: Source, content: bytes) -> SourceVersion:
    """The version of a source with these bytes; a new one where they are not those of the newest."""
    sha256 = hashlib.sha256(content).hexdigest()
    newest = source.versions.order_by("-n").first()
    if newest and newest.sha256 == sha256:
        return newest
    n = newest.n + 1 if newest else 1
    return SourceVersion.objects.create(source=source, n=n, sha256=sha256, content=content)


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


def base_of(run: ImportRun | None) -> list[Entry]:
    if run is None:
        return []
    return [Entry(**{**entry, "lines": tuple(entry["lines"]) if entry["lines"] else None}) for entry in run.entries]


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


def decisions(workshop: Workshop | None, base: Sequence[Entry]) -> dict[str, Candidate | None]:
    """What people decided about labels in this workshop or its series, by folded label; None for nobody.

    Labels that an earlier import found by rule are left out: a guess must not become its own evidence. A person has
    the name under which the document knows him or her, whatever the site calls that person by now.
    """
    if workshop is None:
        return {}
    here = Q(scope=Alias.Scope.WORKSHOP, scope_id=workshop.public_id)
    if workshop.series:
        here |= Q(scope=Alias.Scope.SERIES, scope_id=workshop.series.public_id)
    by_people = Q(origin=Origin.PERSON) | Q(version__gt=1)
    aliases = Alias.objects.living().filter(here & by_people).exclude(state=Alias.State.WAITING)
    printed = {entry.became: entry.fields["name"] for entry in base if entry.kind == "person"}
    return {
        alias.folded: Candidate(alias.person.public_id, printed.get(alias.person.public_id, alias.person.name))
        if alias.person
        else None
        for alias in aliases.select_related("person").order_by("scope", "pk")
    }


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
    merged = dict(Person.objects.filter(merged_into__isnull=False).values_list("public_id", "merged_into__public_id"))

    def canonical(public_id: str) -> str:
        while public_id in merged:
            public_id = merged[public_id]
        return public_id

    bearers: dict[str, set[str]] = {}
    for name, public_id in Person.objects.living().values_list("name", "public_id"):
        if names.fold(name) in folded:
            bearers.setdefault(names.fold(name), set()).add(canonical(public_id))
    aliases = Alias.objects.living().filter(folded__in=folded, scope="everywhere", state="person")
    for label, public_id in aliases.values_list("folded", "person__public_id"):
        bearers.setdefault(label, set()).add(canonical(public_id))
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


def free_slug(title: str) -> str:
    """A readable address that no workshop has yet."""
    stem = slugify(title.replace("/", " "))[:80].strip("-") or "workshop"
    taken = set(Workshop.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, n = stem, 2
    while slug in taken:
        slug, n = f"{stem}-{n}", n + 1
    return slug
