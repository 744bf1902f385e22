"""`import_minutes PATH...`: files and folders of minutes into the database, each as a whole or not at all."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, OutputWrapper
from django.db import DatabaseError

from minutes import importing, reading
from minutes.comparing import Words
from minutes.folders import Found, find_files
from minutes.forecast import Forecast, Step, forecast
from minutes.models import FailedImport
from minutes.models.record import Visibility
from minutes.parsing.ledger import spell_out
from people.names import fold

OVERHEAD = 8192  # bytes of text that cost as much as a transaction
INDENT = " " * 13
LISTED = 20  # lines without a place that are named one by one
DOUBTS = {"unresolved": "unresolved label", "unplaced": "unplaced line"}
DONE = {
    **{"created": "new", "updated": "changed", "moved": "moved", "split": "split off", "joined": "joined"},
    **{"retired": "retired", "revived": "back"},
}
LEFT = {"kept": "correction kept", "conflicts": "conflict"}


@dataclass(slots=True)
class Sum:
    """What all files held together."""

    counts: Counter[str] = field(default_factory=Counter)
    new_people: set[str] = field(default_factory=set)  # a dry run meets the same new person in several files
    unchanged: int = 0
    failed: int = 0

    def told(self, seconds: float) -> str:
        counts, new = self.counts, len(self.new_people)
        said = (
            f"{_of(counts['documents'], 'document')}, {_of(counts['turns'], 'turn')}, "
            f"{new} people new and {counts['people'] - counts['new_people']} matched, "
            f"{_of(counts['unresolved'], 'unresolved label')}, {_of(counts['unplaced'], 'unplaced line')}"
        )
        said += f"; {self.unchanged} unchanged" if self.unchanged else ""
        said += f"; {self.failed} failed, see above" if self.failed else ""
        return f"{said}; {seconds:.1f} s"


class Command(BaseCommand):
    help = "Imports minutes; a file that was imported before is merged with what people corrected since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
        parser.add_argument("--again", action="store_true", help="read files anew that have not changed")
        parser.add_argument("--no-series", action="store_true", help="do not make a series of each folder")
        parser.add_argument(
            "--visibility",
            choices=Visibility.values,
            default=Visibility.PUBLIC,
            help="who may read workshops that are new (default: public)",
        )

    def handle(self, *, paths: list[Path], no_series: bool, **options: Any) -> None:
        started = time.perf_counter()
        found_all = [found for path in paths for found in find_files(path, in_series=not no_series)]
        for found in found_all:
            if found.note:
                self.stderr.write(found.note)
        files = [found for found in found_all if not found.note]
        total, bar, seen = Sum(), Bar(self.stderr, files), dict[str, Path]()
        for found in files:
            bar.show()
            try:
                said = self.import_one(found, seen, total, options)
            except (reading.Unreadable, importing.Refused) as problem:
                total.failed += 1
                bar.clear()
                self.stderr.write(str(problem))
                if not options["dry_run"]:
                    note_failure(found.name, str(problem))
            else:
                bar.clear()
                self.stdout.write("\n".join(said))
            bar.pass_over(found)
        bar.clear()
        if files:
            self.stdout.write(total.told(time.perf_counter() - started))
        else:
            self.stderr.write("There is no file in these folders; nothing was done.")
        if total.failed or not files:
            raise SystemExit(2)

    def import_one(self, found: Found, seen: dict[str, Path], total: Sum, options: dict[str, Any]) -> list[str]:
        """Lines that say what happened. Raises Unreadable or Refused where nothing did."""
        started = time.perf_counter()
        if found.fault:
            raise reading.Unreadable(found.fault)
        if found.name in seen:
            raise importing.Refused(
                f"{found.path}: {seen[found.name]} has the same name, {found.name}, and would be taken for an older "
                "version of it; rename one, or give the folder above both."
            )
        seen[found.name] = found.path
        report = importing.read(found.name, content_of(found.path), again=options["again"], series=found.series)
        if not options["dry_run"]:
            try:
                importing.write(report, visibility=options["visibility"])
            except DatabaseError as problem:
                raise importing.Refused(f"{found.name} could not be stored ({problem}); nothing was written.") from None
            FailedImport.objects.filter(name=found.name[:200]).delete()
        if report.unchanged:
            total.unchanged += 1
            return [f"{found.name}: nothing to do, it was imported as it is"]
        counts = report.counts()
        total.counts.update(counts, documents=1)
        total.new_people |= {fold(entry.fields["name"]) for entry in report.plan.creates if entry.kind == "person"}
        lines = [*oddities(report), told(found.name, counts, time.perf_counter() - started, options["dry_run"])]
        return [*lines, *difference(forecast(report))] if options["dry_run"] else lines


def note_failure(name: str, reason: str) -> None:
    """For the first page of the administration: whoever runs this by a timer does not read what it prints."""
    with suppress(DatabaseError):  # what could not be stored may have no room for this either, and was printed
        FailedImport.objects.update_or_create(name=name[:200], defaults={"reason": reason})


class Bar:
    """How far we are, on a terminal alone: files, and the time that is left by the bytes that are."""

    WIDTH = 24

    def __init__(self, stream: OutputWrapper, files: list[Found]) -> None:
        self._stream = stream
        self._shown = stream.isatty() and len(files) > 1
        self._sizes = {found.path: _weight(found.path) for found in files}
        self._all, self._done, self._passed = len(files), 0, 0
        self._started = time.perf_counter()

    def show(self) -> None:
        if not self._shown:
            return
        whole = sum(self._sizes.values()) or 1
        filled = self.WIDTH * self._passed // whole
        left = ""
        if self._passed:
            seconds = (time.perf_counter() - self._started) * (whole - self._passed) / self._passed
            left = f", {_duration(seconds)} left"
        self._write(f"\r\x1b[K[{'█' * filled}{'·' * (self.WIDTH - filled)}] {self._done} of {self._all} files{left}")

    def clear(self) -> None:
        if self._shown:
            self._write("\r\x1b[K")

    def pass_over(self, found: Found) -> None:
        self._done += 1
        self._passed += self._sizes[found.path]

    def _write(self, text: str) -> None:
        self._stream.write(text, style_func=str, ending="")
        self._stream.flush()


def content_of(path: Path) -> bytes:
    """One byte more than the limit at most: the reader says that it is too large, and memory stays free."""
    try:
        with path.open("rb") as file:
            return file.read(settings.MINUTES_SIZE_LIMIT + 1)
    except OSError as problem:
        raise reading.Unreadable(
            f"{path}: cannot be opened ({problem.strerror}). Check the path and try again."
        ) from None


def oddities(report: importing.Report) -> Iterator[str]:
    """What a person should look at, by line; what is said of several lines, once."""
    said: dict[str, list[int]] = {}
    for problem in report.document.problems:
        said.setdefault(problem.message, []).append(problem.line)
    for message, lines in said.items():
        more = f" (lines {spell_out(sorted(set(lines)))})" if len(set(lines)) > 1 else ""
        yield f"{report.name}:{lines[0]}: {message}{more}"
    unplaced = report.document.unplaced
    for line, text in unplaced[:LISTED]:
        yield f"{report.name}:{line}: no place for “{text[:80]}”"
    if len(unplaced) > LISTED:
        yield f"{report.name}: and {len(unplaced) - LISTED} more lines without a place"


def told(name: str, counts: dict[str, int], seconds: float, dry_run: bool) -> str:
    """One file in a line: what it holds, and what became of it; nothing is said of what did not happen."""
    held = [_of(counts["talks"], "talk"), _of(counts["turns"], "turn")]
    held.append(f"{counts['people']} people ({counts['new_people']} new)")
    held += [_of(counts[key], thing) for key, thing in DOUBTS.items() if counts[key]]
    would = "would be " if dry_run else ""
    done = [f"{_of(counts[key], 'record')} {would}{verb}" for key, verb in DONE.items() if counts[key]]
    done += [_of(counts[key], thing) for key, thing in LEFT.items() if counts[key]]
    return f"{name}: {', '.join(held)}; {', '.join(done) or 'nothing to change'}; {seconds:.1f} s"


def difference(shown: Forecast) -> Iterator[str]:
    """What would change, talk by talk."""
    for group in shown.groups:
        yield f"  {group.title}"
        yield from (f"    {_step(step)}" for step in group.steps)
    if shown.shifted:
        yield f"  {_of(shown.shifted, 'record')} would only get other lines or another place in the order"


def _step(step: Step) -> str:
    said = f"{step.verb:<8} "
    if not step.further:
        said += f"{step.kind}{f', line {step.line}' if step.line else ''}{f': {step.title}' if step.title else ''}"
        said += f" (with {step.holds})" if step.holds else ""
    more = ": ".join(filter(None, [step.field, _marked(step.words)]))
    if more:
        said += more if step.further else f"\n{INDENT}{more}"
    if step.stands:
        said += f"\n{INDENT}a person’s correction stays: {step.stands}"
    return said


def _marked(words: tuple[Words, ...]) -> str:
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return " ".join(marks[one.change].format(one.text) for one in words)


def _of(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"


def _weight(path: Path) -> int:
    """What a file costs beside others: its bytes and a share for its transaction; one that is too large, nothing."""
    try:
        size = path.stat().st_size
    except OSError:
        return 0
    return size + OVERHEAD if size <= settings.MINUTES_SIZE_LIMIT else 0
