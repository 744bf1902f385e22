"""`parse_minutes FILE [--json]`: what the rules alone understand of one file, without a database."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from minutes.document import Document
from minutes.exporting.minutes_document import as_json
from minutes.importing import open_file
from minutes.parsing import parse
from minutes.reading import Unreadable
from people.curated import load_people
from people.names import slug
from people.resolve import Candidate
from themes.vocabulary import load_vocabulary

_LISTED = 20  # lines of each kind that the summary shows


class Command(BaseCommand):
    help = "Reads one minutes file and prints what it holds: a summary, or with --json the whole document."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the document as JSON (minutes-document/1)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = _parse(options["file"])
        except Unreadable as problem:
            self.stderr.write(str(problem))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(document), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(summarise(document))


def _parse(path: Path) -> Document:
    seeds = Path(settings.BASE_DIR) / "seeds"
    curated = load_people(seeds / "people.toml")
    people = [Candidate(slug(person.name), person.name, person.labels) for person in curated]
    reading = open_file(path.name, _content(path, settings.MINUTES_SIZE_LIMIT))
    topics = load_vocabulary(seeds / "topics.toml")
    return parse(reading, people=people, topics=topics, unplaced_share=settings.MINUTES_UNPLACED_SHARE)


def _content(path: Path, limit: int) -> bytes:
    """The file's bytes, one more than the limit at most; Unreadable where there is no such file."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}; check the path.") from None
    except IsADirectoryError:
        raise Unreadable(f"{path} is a folder; give one file in it.") from None
    except OSError as problem:
        raise Unreadable(f"{path} cannot be read ({problem.strerror}); check its permissions.") from None


def summarise(document: Document) -> str:
    """The document in a screenful: counts, then what deserves a look."""
    days = ", ".join(str(day.date or day.label) for day in document.days) or "no days"
    unresolved = Counter(voice.label for turn in document.turns for voice in turn.voices if voice.person is None)
    places = Counter(place.place for place in document.places)
    rows = [
        f"{document.title or '(no title)'}",
        f"{document.start or 'no date'} to {document.end or 'no date'}; {days}",
        f"{len(document.participants)} participants, {len(document.people)} people, {len(document.sessions)} sessions, "
        f"{len(document.talks)} talks, {len(document.turns)} turns",
        f"{len(document.entities)} topics, {len(document.mentions)} mentions, {len(document.themes)} themes, "
        f"{len(document.actions)} actions, {len(document.decisions)} decisions, {len(document.contacts)} contacts",
        f"{sum(places.values())} lines: " + ", ".join(f"{count} {place}" for place, count in places.most_common()),
    ]
    sections = (
        ("problems", [f"line {problem.line}: {problem.message}" for problem in document.problems]),
        ("unresolved labels", [f"{label} ({count})" for label, count in unresolved.most_common()]),
        ("unplaced lines", [f"line {line}: {text}" for line, text in document.unplaced]),
    )
    for name, found in sections:
        rows += ["", f"{len(found)} {name}"] + [f"  {row}" for row in found[:_LISTED]]
        if len(found) > _LISTED:
            rows.append(f"  and {len(found) - _LISTED} more")
    return "\n".join(rows)
