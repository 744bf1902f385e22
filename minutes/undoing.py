"""The last import of a document taken back: what it made leaves the lists, what it changed says again what it said.

An undo is written like an import, as a run with a log: the runs before it stand as they were, and the base of the next
import is what the run before said. What the undone run made is in that base as gone, so the same file brings it back
under the same ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from people.models import Person
from records.door import writing
from records.models import PublicId

from . import applying, deriving, identities
from .fields import FIELDS
from .fieldwise import GROUPS, merge_sets
from .importing import Refused, as_kept, base_of
from .matching import Entry
from .merging import Current, Plan, Update, spared_of
from .models import Change, Conflict, ImportRun, Source, Workshop
from .models.record import SourcedRecord
from .retiring import Done, chunks, set_retired
from .standing import current_of

Json = Any


@dataclass(frozen=True, slots=True)
class Undone:
    """What the undo of an import did, or would do."""

    run: ImportRun
    before: ImportRun | None  # the import whose outcome stands again
    counts: Mapping[str, int]
    kept: tuple[tuple[str, str], ...]  # (permanent id, field) that people edited since; "retired" for what stays


@dataclass(slots=True)
class _Outcome:
    updates: list[Update] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)


def standing_runs(source: Source) -> list[ImportRun]:
    """The imports of a source whose outcome stands, newest first: neither undone nor the undo of another."""
    runs = ImportRun.objects.filter(version__source=source, undoes=None, undone_by=None)
    return list(runs.select_related("version__source__workshop").defer("document", "version__content"))


def undo(source: Source, *, user: Any = None, run: int | None = None, rehearse: bool = False) -> Undone:
    """Takes back the last import of a source in one transaction; with `rehearse`, only says what that would do.

    Raises Refused where there is nothing to take back, or where the last import is not `run` any more.
    """
    with writing():
        runs = standing_runs(source)
        _refuse(source, runs, run)
        undone = _take_back(runs[0], runs[1] if len(runs) > 1 else None, user)
        if rehearse:
            transaction.set_rollback(True)
    return undone


def _refuse(source: Source, runs: list[ImportRun], wanted: int | None) -> None:
    if source.kind != Source.Kind.MINUTES:
        raise Refused(f"{source} is no file of minutes; only imports of minutes can be undone.")
    if not runs:
        raise Refused(f"No import of {source} stands that could be undone.")
    if wanted is not None and runs[0].pk != wanted:
        raise Refused(f"{source} was imported again or undone since you looked; look at its last import and try again.")
    if not runs[0].did:
        raise Refused(f"The import of {runs[0]} was made by an older version, which did not write down what it made.")


def _take_back(run: ImportRun, before: ImportRun | None, user: Any) -> Undone:
    workshop = run.version.source.workshop
    newest = ImportRun.objects.filter(version__source=run.version.source).first()
    said, earlier = {e.became: e for e in base_of(newest)}, {e.became: e for e in base_of(before)}
    current = current_of(said.values())
    log = _log_of(run)
    outcome = _restored(log, said, earlier)
    outcome.updates += _placed_back(run, said, earlier, current)
    leaving, kept = _leaving(run, log, current, outcome.updates)
    plan = Plan(
        updates=tuple(outcome.updates),
        retires=tuple((kind, one) for one, kind in leaving.items() if one not in run.did["returned"]),
        joins=tuple((leaving[one], one, to) for one, to in run.did["returned"].items() if one in leaving),
        revives=tuple(_returning(log)),
    )
    undo_run = _new_run(run, before, user)
    done = applying.apply(plan, undo_run, applying.Workplace(workshop, run.version.source))
    kept = [*outcome.kept, *kept, *_retire_unused(_brought(run, log), workshop, undo_run, done)]
    closed, reopened = _conflicts(run)
    left = undo_run.changes.filter(field="retired", after__isnull=False).count()
    undo_run.counts = {
        "retired": left - len(plan.joins),
        "joined": len(plan.joins),
        "updated": sum(1 for update in plan.updates if update.fields),
        "revived": len(plan.revives),
        "kept": len(kept),
        "closed": closed,
        "reopened": reopened,
    }
    undo_run.entries = [as_kept(entry) for entry in _base(said, earlier)]
    undo_run.save()
    deriving.derive(done.touched)
    return Undone(run, before, undo_run.counts, tuple(kept))


def _new_run(run: ImportRun, before: ImportRun | None, user: Any) -> ImportRun:
    """The run that an undo is: of the version that stands again."""
    return ImportRun.objects.create(
        version=(before or run).version,
        parser_version=before.parser_version if before else 0,  # 0: nothing that was read stands
        vocabulary_version=(before or run).vocabulary_version,
        document=(before or run).document,
        entries=[],
        by=user if getattr(user, "is_authenticated", False) else None,
        undoes=run,
    )


def _base(said: Mapping[str, Entry], earlier: Mapping[str, Entry]) -> Iterator[Entry]:
    """What the run before said; and what only the undone one said, as gone."""
    yield from earlier.values()
    yield from (
        replace(entry, ref=entry.ref if entry.gone else f"gone:{one}", gone=True)
        for one, entry in said.items()
        if one not in earlier
    )


def _log_of(run: ImportRun) -> dict[str, list[Change]]:
    log: dict[str, list[Change]] = defaultdict(list)
    for row in run.changes.order_by("pk").select_related("record"):
        log[row.record_id].append(row)
    return log


def _restored(log: Mapping[str, list[Change]], said: Mapping[str, Entry], earlier: Mapping[str, Entry]) -> _Outcome:
    """Fields that say what the run made them say get their former values; what people edited since stays."""
    outcome = _Outcome()
    rows = {one: [row for row in some if row.field != "retired"] for one, some in log.items()}
    asked = [
        Entry(one, some[0].record.kind, dict.fromkeys(_with_groups(some)), became=one)
        for one, some in rows.items()
        if some
    ]
    current = current_of(asked)
    for entry in asked:
        now, fields = current[entry.became], {}
        for row in rows[entry.became]:
            value = now.fields[row.field]
            if row.field in applying.RULES.sets.get(entry.kind, ()):
                back, _ = merge_sets(row.after or [], row.before or [], value or [])
                if back != sorted(row.before or [], key=str):
                    outcome.kept.append((entry.became, row.field))
            elif value == row.after and _group_as_said(row.field, entry, now, rows[entry.became], said):
                back = row.before
            else:
                back = value
                outcome.kept.append((entry.became, row.field))
            if back != value:
                fields[row.field] = (value, back)
        if fields:
            outcome.updates.append(Update(entry.became, entry.kind, fields))
    return outcome


def _with_groups(rows: Iterable[Change]) -> list[str]:
    """The fields that the log names, and those that make sense only with them."""
    names = {row.field: row.record.kind for row in rows}
    group = {one for name, kind in names.items() if name in GROUPS.get(kind, ()) for one in GROUPS[kind]}
    return sorted({*names, *group})


def _group_as_said(name: str, entry: Entry, now: Current, rows: list[Change], said: Mapping[str, Entry]) -> bool:
    """Whether nobody has changed any of the fields that go together with this one."""
    group = GROUPS.get(entry.kind, ())
    if name not in group or entry.became not in said:
        return True
    expected = {one: said[entry.became].fields.get(one) for one in group} | {row.field: row.after for row in rows}
    return all(now.fields.get(one) == expected[one] for one in group)


def _placed_back(
    run: ImportRun, said: Mapping[str, Entry], earlier: Mapping[str, Entry], current: Mapping[str, Current]
) -> Iterator[Update]:
    """Positions as they were when the run began, where they are as it left them; lines as the run before had them."""
    for one, now in current.items():
        last, entry = said.get(one), earlier.get(one)
        if last is None:
            continue
        before = run.did.get("moved", {}).get(one, {})
        moved = {name: value for name, value in before.items() if last.fields.get(name) == now.fields.get(name)}
        lines = entry.lines if entry and not entry.gone and entry.lines and entry.lines != now.lines else None
        if moved or lines:
            yield Update(one, last.kind, {}, moved, lines)


def _leaving(
    run: ImportRun, log: Mapping[str, list[Change]], current: Mapping[str, Current], updates: list[Update]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What the run made or brought back, by kind; and what of it stays, as people hung something on it.

    People and the workshop are looked at later: whether they are still named shows when the rest has left.
    """
    kinds = _brought(run, log)
    kinds = {one: kind for one, kind in kinds.items() if kind not in applying.RULES.never_retired}
    living = {one: now for one, now in current.items() if not now.retired_by}
    lost = {one: kind for one, kind in kinds.items() if one in living}
    held = applying.held_by_people(lost)
    spared = spared_of(lost.keys(), living, updates, held)
    return {one: kind for one, kind in lost.items() if one not in spared}, [(one, "retired") for one in sorted(spared)]


def _brought(run: ImportRun, log: Mapping[str, list[Change]]) -> dict[str, str]:
    """What the run made or brought back, with its kind."""
    brought: dict[str, str] = {}
    for some in chunks(run.did["created"]):
        brought |= dict(PublicId.objects.filter(value__in=some).values_list("value", "kind"))
    for one, rows in log.items():
        retired = _retirement(rows)
        if retired and retired[0] is not None and retired[1] is None:
            brought[one] = rows[0].record.kind
    return brought


def _retirement(rows: Iterable[Change]) -> tuple[str | None, str | None] | None:
    """Why a record was out of the lists before a run, and why after it; None where the run did nothing about it."""
    found = [row for row in rows if row.field == "retired"]
    return (found[0].before, found[-1].after) if found else None


def _returning(log: Mapping[str, list[Change]]) -> Iterator[tuple[str, str]]:
    """What the run took out of the lists and nobody has touched in that respect since."""
    taken = {
        one: rows[0]
        for one, rows in log.items()
        if (retired := _retirement(rows)) and retired[0] is None and retired[1] is not None
    }
    last: dict[str, int | None] = {}
    for some in chunks(sorted(taken)):
        changes = Change.objects.filter(record__in=some, field="retired").order_by("pk")
        last |= dict(changes.values_list("record", "run"))
    yield from ((row.record.kind, one) for one, row in taken.items() if last[one] == row.run_id)


def _retire_unused(
    brought: Mapping[str, str], workshop: Workshop | None, run: ImportRun, done: Done
) -> list[tuple[str, str]]:
    """Takes the workshop and the people of the undone run out of the lists, unless something living needs them.

    Returns those that stay.
    """
    places = [model for model in FIELDS if issubclass(model, SourcedRecord)]
    kept = set()
    if workshop and workshop.public_id in brought:
        if any(model.objects.living().filter(workshop=workshop).exists() for model in places):
            kept.add(workshop.public_id)
        else:
            set_retired([(Workshop.kind_name(), workshop.public_id)], run, run.reason, done)
    people = [one for one, kind in brought.items() if kind == Person.kind_name()]
    kept |= identities.still_named(people)
    set_retired([(Person.kind_name(), one) for one in people if one not in kept], run, run.reason, done)
    return [(one, "retired") for one in sorted(kept)]


def _conflicts(run: ImportRun) -> tuple[int, int]:
    """Closes those that the run filed, and opens those again that it closed."""
    closed = run.conflicts.filter(settled_at=None).update(settled_at=timezone.now())
    reopened = Conflict.objects.filter(pk__in=run.did["settled"], settled_by=None, settled_at__isnull=False)
    return closed, reopened.update(settled_at=None)


def told(undone: Undone, *, would: bool = False) -> str:
    """What was done, or would be, in one sentence."""
    counts = undone.counts
    if undone.before:
        stands = f"version {undone.before.version.n}, imported on {undone.before.at:%Y-%m-%d %H:%M}, stands again"
    else:
        stands = "there was no import before it"
    verb = "would be undone" if would else "is undone"
    parts = (
        (counts["retired"] + counts["joined"], "leaves the lists", "leave the lists"),
        (counts["revived"], "comes back", "come back"),
        (counts["updated"], "says again what it said before", "say again what they said before"),
        (counts["kept"], "stays", "stay"),
        (counts["closed"], "conflict is closed", "conflicts are closed"),
        (counts["reopened"], "conflict is open again", "conflicts are open again"),
    )
    said = ", ".join(f"{count} {one if count == 1 else several}" for count, one, several in parts if count)
    return f"The import of {undone.run.version} {verb} ({stands}). Of its records: {said or 'nothing changes'}."


def kept_by_name(undone: Undone) -> list[str]:
    """What stays although the import is undone, as people call it, and why."""
    kinds = dict(PublicId.objects.filter(value__in=[one for one, _ in undone.kept]).values_list("value", "kind"))
    names: dict[str, str] = {}
    for kind in set(kinds.values()):
        model = applying.MODELS[kind]
        found = model.objects.filter(public_id__in=[one for one, known in kinds.items() if known == kind])
        names |= {record.public_id: f"{model._meta.verbose_name} “{record}”" for record in found}
    why = {"retired": "people use it, or added to it"}
    return [f"{names[one]}: {why.get(name, f'people edited its {name} since')}" for one, name in undone.kept]
