"""A file of minutes in, rows out: `read` says all that an import would do without doing it, `write` does it.

Nothing else creates rows from minutes. Reading, resolving and comparing happen outside the transaction; the writing is
one transaction for each document, so that an import is there as a whole or not at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from records.door import writing
from records.models import Origin
from themes.models import Topic

from . import applying, deriving, identities
from .document import Document
from .entries import entries_of
from .matching import PLACE, Entry, match
from .merging import Plan, next_base, plan
from .models import ImportRun, Series, Source, SourceVersion, Workshop
from .parsing import PARSER_VERSION, parse
from .reading import Limits, Reading, read_source
from .standing import current_of


class Refused(Exception):
    """The file is not imported; the message is one sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that an import would do."""

    name: str
    again: bool
    content: bytes
    lines: tuple[str, ...]  # of the source, as the reader numbered them
    document: Document
    source: Source | None  # None where this name was never imported
    base: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    plan: Plan
    vocabulary_version: str
    series: str  # title of the series to which a workshop belongs that this import creates
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
            "created": len(self.plan.creates) - len(self.plan.splits),
            "updated": sum(1 for update in self.plan.updates if update.fields.keys() - PLACE),
            "moved": sum(1 for update in self.plan.updates if update.fields.keys() & PLACE),
            "split": len(self.plan.splits),
            "joined": len(self.plan.joins),
            "retired": len(self.plan.retires),
            "revived": len(self.plan.revives),
            "conflicts": len(self.plan.conflicts),
            "kept": len(self.plan.kept),
        }


def open_file(name: str, content: bytes) -> Reading:
    """The file as its reader sees it, within the limits of this site. Raises `reading.Unreadable`."""
    limits = Limits(
        unpacked=settings.MINUTES_UNPACKED_LIMIT,
        entries=settings.MINUTES_ENTRY_LIMIT,
        elements=settings.MINUTES_ELEMENT_LIMIT,
        marks=settings.MINUTES_MARK_LIMIT,
        lines=settings.MINUTES_LINE_LIMIT,
    )
    return read_source(name, content, limit=settings.MINUTES_SIZE_LIMIT, limits=limits)


def read(name: str, content: bytes, *, again: bool = False, series: str = "") -> Report:
    """Parses the file with what the site's people decided, and plans the merge. Writes nothing.

    Raises `reading.Unreadable` for what is no text, and Refused for bytes that stand under another name already.
    With `again`, a file that was read before with today's rules is compared once more all the same. `series` is the
    title of the series in which a new workshop stands: what people decided about labels there holds for it as well.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    twin = _twin(name, sha256)
    if twin:
        raise Refused(f"{name} holds the same words as {twin}, which is imported already; nothing was done.")
    source = Source.objects.filter(kind=Source.Kind.MINUTES, name=name).select_related("workshop__series").first()
    run = ImportRun.objects.filter(version__source=source).select_related("version").first() if source else None
    base = tuple(base_of(run))
    topics, people = Topic.objects.vocabulary(), identities.curated()
    reading = open_file(name, content)
    workshop = source.workshop if source else None
    decided = identities.decisions(workshop, base, workshop.series if workshop else _series(series))
    vocabulary_version = hashlib.sha256(repr((topics, people, sorted(decided.items()))).encode()).hexdigest()
    document = parse(
        reading, people=people, topics=topics, decided=decided, unplaced_share=settings.MINUTES_UNPLACED_SHARE
    )
    made = (run.version.sha256, run.parser_version, run.vocabulary_version) if run else None
    report = Report(
        name=name,
        again=again,
        content=content,
        lines=reading.lines,
        document=document,
        source=source,
        base=base,
        entries=(),
        plan=Plan(),
        vocabulary_version=vocabulary_version,
        series=series,
        unchanged=made == (sha256, PARSER_VERSION, vocabulary_version) and not again,
        seen=applying.newest(),
    )
    return report if report.unchanged else _planned(report)


def _planned(report: Report) -> Report:
    """What the reading would change of what stands in the database now."""
    by_key = identities.known_people(report.document, report.base)
    entries = applying.fitted(entries_of(report.document, by_key))
    current = current_of(report.base, entries)
    withdrawn = {public_id for public_id, now in current.items() if now.retired_by == Origin.PERSON}
    matched = match(report.base, entries, withdrawn)
    entries = identities.adopt_aliases(entries, matched, report.workshop)
    current |= current_of(entry for entry in entries if entry.became and entry.became not in current)
    lost = {entry.became for entry in report.base} - {entry.became for entry in matched.values()}
    held = applying.held_by_people(lost) if lost else ()
    merged = plan(report.base, entries, current, applying.RULES, matched, held)
    return dataclasses.replace(report, entries=tuple(entries), plan=merged)


def _twin(name: str, sha256: str) -> Source | None:
    """Another file of which the same bytes stand."""
    versions = SourceVersion.objects.filter(sha256=sha256, source__kind=Source.Kind.MINUTES).exclude(source__name=name)
    for version in versions.select_related("source"):
        last = ImportRun.objects.filter(version__source=version.source).first()
        if last and last.version_id == version.pk and last.parser_version:
            return version.source
    return None


def write(report: Report, *, user: Any = None, visibility: str = "public") -> ImportRun | None:
    """Carries out a report in one transaction; returns the run, or None where there was nothing to do.

    `visibility` is that of a workshop that this import creates. If anything was changed since the report was made,
    the file is read anew first, so that no correction is overwritten and no record made twice.
    """
    with writing():
        if report.seen != applying.newest():
            report = read(report.name, report.content, again=report.again, series=report.series)
        if report.unchanged:
            return None
        source = report.source or Source.objects.create(name=report.name, media_type=report.document.media_type)
        extra = {"slug": free_slug(report.document.title or report.name), "visibility": visibility}
        if report.series and not report.workshop:
            extra["series"] = _series(report.series) or Series.objects.create(
                slug=_series_slug(report.series), title=report.series
            )
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
    made = {"created": sorted(done.created.values()), "moved": done.moved}
    run.did = made | {"settled": done.settled, "returned": done.returned}
    run.entries = [as_kept(entry) for entry in next_base(base, entries, merged, done.created)]
    run.save()
    deriving.derive(done.touched)


def as_kept(entry: Entry) -> dict[str, Any]:
    """An entry as a run keeps it; `base_of` reads it."""
    return {name: getattr(entry, name) for name in Entry.__slots__}


def version_with(source: Source, content: bytes) -> SourceVersion:
    """The version of a source with these bytes; a new one where they are not those of the newest."""
    sha256 = hashlib.sha256(content).hexdigest()
    newest = source.versions.order_by("-n").first()
    if newest and newest.sha256 == sha256:
        return newest
    n = newest.n + 1 if newest else 1
    return SourceVersion.objects.create(source=source, n=n, sha256=sha256, content=content)


def base_of(run: ImportRun | None) -> list[Entry]:
    if run is None:
        return []
    return [Entry(**{**entry, "lines": tuple(entry["lines"]) if entry["lines"] else None}) for entry in run.entries]


def _series(title: str) -> Series | None:
    """The series that was made for this title, whatever people call it by now."""
    return Series.objects.filter(slug=_series_slug(title)).first() if title else None


def _series_slug(title: str) -> str:
    """Always the same for a title; one in a script that addresses do not hold gets figures of its own."""
    return slugify(title)[:100] or f"series-{hashlib.sha256(title.encode()).hexdigest()[:10]}"


def free_slug(title: str) -> str:
    """A readable address that no workshop has yet."""
    stem = slugify(title.replace("/", " "))[:80].strip("-") or "workshop"
    taken = set(Workshop.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, n = stem, 2
    while slug in taken:
        slug, n = f"{stem}-{n}", n + 1
    return slug
