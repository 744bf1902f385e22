"""The vocabulary of topics and the curated names in; topics, persons and aliases out, by the same merge as minutes.

So what people renamed, relabelled or retired stays so when the seeds are loaded again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from people import names
from people.curated import CuratedPerson, load_people
from people.models import Alias, Person
from records.door import writing
from themes.models import Topic
from themes.vocabulary import Topic as TopicEntry
from themes.vocabulary import load_vocabulary

from . import applying
from .importing import base_of, carry_out
from .matching import Entry, Ref, match
from .merging import Disagreement, Plan, plan
from .models import ImportRun, Source
from .standing import current_of

SEEDS_VERSION = 1  # of how the files are turned into entries


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one file of seeds did; None where the file was loaded before and nothing was to do."""

    name: str
    plan: Plan | None


def load_seeds(folder: Path, *, user: Any = None) -> list[Loaded]:
    """Loads `topics.toml` and `people.toml` of the folder, as far as they are there.

    Raises ValueError, naming file and entry, for a file that is not as it must be; then nothing of it is written.
    """
    return [
        _load(path, kind, user)
        for path, kind in (
            (folder / "topics.toml", Source.Kind.TOPICS),
            (folder / "people.toml", Source.Kind.PEOPLE),
        )
        if path.exists()
    ]


def _load(path: Path, kind: str, user: Any) -> Loaded:
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    source = Source.objects.filter(kind=kind, name=path.name).first()
    run = ImportRun.objects.filter(version__source=source).select_related("version").first() if source else None
    if run and (run.version.sha256, run.parser_version) == (sha256, SEEDS_VERSION):
        return Loaded(path.name, None)
    entries = list(_topics(load_vocabulary(path)) if kind == Source.Kind.TOPICS else _people(load_people(path)))
    with writing():
        base = base_of(run)
        entries = applying.fitted(_recognised(entries, {_ref(entry): entry.became for entry in base}))
        current = current_of([*base, *(entry for entry in entries if entry.became)])
        merged = _without_clashes(plan(base, entries, current, applying.RULES, match(base, entries)))
        source = source or Source.objects.create(kind=kind, name=path.name, media_type="application/toml")
        run = ImportRun(
            parser_version=SEEDS_VERSION,
            vocabulary_version="",
            document={},
            counts={"created": len(merged.creates), "updated": len(merged.updates), "retired": len(merged.retires)},
            by=user if getattr(user, "is_authenticated", False) else None,
        )
        carry_out(run, content, applying.Workplace(None, source), base, entries, merged)
    return Loaded(path.name, merged)


def _topics(topics: tuple[TopicEntry, ...]) -> list[Entry]:
    return [
        Entry(
            topic.key,
            "topic",
            {
                "slug": topic.key,
                "name": topic.name,
                "kind": topic.kind,
                "description": topic.description,
                "url": topic.url,
                "context": list(topic.context),
                "includes": list(topic.includes),
                "labels": sorted(set(topic.labels)),
                "weak_labels": sorted(set(topic.weak)),
            },
        )
        for topic in topics
    ]


def _people(people: tuple[CuratedPerson, ...]) -> list[Entry]:
    """A curated person, and an alias that holds everywhere for each form of the name."""
    entries = []
    for person in people:
        ref = f"p:{names.slug(person.name)}"
        entries.append(Entry(ref, "person", {"name": person.name}))
        for label in {names.fold(form): form for form in (person.name, *person.labels)}.values():
            fields = {"label": label, "scope": "everywhere", "scope_id": "", "state": "person", "person": Ref(ref)}
            entries.append(Entry(f"alias:{names.fold(label)}", "alias", fields))
    return entries


def _ref(entry: Entry) -> str:
    """Under which reference the file would name what an earlier load made, also where it no longer does."""
    if not entry.gone:
        return entry.ref
    fields = entry.fields
    return {
        "topic": lambda: fields["slug"],
        "person": lambda: f"p:{names.slug(fields['name'])}",
        "alias": lambda: f"alias:{names.fold(fields['label'])}",
    }[entry.kind]()


def _recognised(entries: list[Entry], before: Mapping[str, str]) -> list[Entry]:
    """Entries with the permanent ids of the rows that they are: by the last load, else by what the site has already.

    No two entries are one row, and a row that another entry made is nobody else's, whatever people named it since.
    """
    slugs = dict(Topic.objects.values_list("slug", "public_id"))
    titles = {name.casefold(): public_id for name, public_id in Topic.objects.values_list("name", "public_id")}
    bearers: dict[str, list[str]] = {}
    for name, public_id in Person.objects.canonical().values_list("name", "public_id"):
        bearers.setdefault(names.fold(name), []).append(public_id)
    aliases = dict(Alias.objects.filter(scope=Alias.Scope.EVERYWHERE).values_list("folded", "public_id"))
    taken = set(before.values())

    def known(entry: Entry) -> str:
        if entry.ref in before:
            return before[entry.ref]
        if entry.kind == "topic":
            found = slugs.get(entry.ref) or titles.get(entry.fields["name"].casefold(), "")
        elif entry.kind == "alias":
            found = aliases.get(names.fold(entry.fields["label"]), "")
        else:
            same = bearers.get(names.fold(entry.fields["name"]), [])
            found = same[0] if len(same) == 1 else ""
        if found in taken:
            return ""
        taken.add(found or entry.ref)
        return found

    return [replace(entry, became=known(entry)) for entry in entries]


def _without_clashes(merged: Plan) -> Plan:
    """Names of topics are unique: one that another topic has by now is a conflict for a person, or gets a mark."""
    bearers = {name.casefold(): public_id for name, public_id in Topic.objects.values_list("name", "public_id")}
    updates, conflicts = [], list(merged.conflicts)
    for update in merged.updates:
        before, after = update.fields.get("name", ("", ""))
        if update.kind == "topic" and after and bearers.get(after.casefold(), update.public_id) != update.public_id:
            conflicts.append(Disagreement(update.public_id, "topic", "name", before, after, before))
            update = replace(update, fields={n: pair for n, pair in update.fields.items() if n != "name"})
        updates.append(update)
    creates = [
        replace(entry, fields={**entry.fields, "name": f"{entry.fields['name']} ({entry.fields['kind']}, {entry.ref})"})
        if entry.kind == "topic" and entry.fields["name"].casefold() in bearers
        else entry
        for entry in merged.creates
    ]
    return replace(merged, updates=tuple(updates), conflicts=tuple(conflicts), creates=tuple(creates))
