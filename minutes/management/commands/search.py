"""`manage.py search "QUERY"`: what a visitor would find, best first, one hit on a line or as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from minutes.models import Turn
from minutes.rendering import plain
from minutes.search import following, store
from minutes.search.finding import Found, find
from minutes.search.tree import Field, both

OPERATORS = ("asked-by", "answered-by", "said-by", "topic", "kind")


class Command(BaseCommand):
    help = "Searches what visitors may read; prints what was found, best first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", nargs="?", default="", help='as on the search page: words, "phrases", operators')
        parser.add_argument("--asked-by", default="", metavar="NAME", help="like asked-by:NAME in the query")
        parser.add_argument("--answered-by", default="", metavar="NAME", help="like answered-by:NAME")
        parser.add_argument("--said-by", default="", metavar="NAME", help="like said-by:NAME")
        parser.add_argument("--topic", default="", metavar="LABEL", help="like topic:LABEL")
        parser.add_argument("--kind", default="", choices=["", *Turn.Kind.values], help="like kind:KIND")
        parser.add_argument("--json", action="store_true", help="a list of objects")
        parser.add_argument("--batch", metavar="FILE", help="one query a line in (“-”: from standard input), JSON out")
        parser.add_argument("--limit", type=int, default=50, metavar="N", help="how many at most (50)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] < 1:
            raise CommandError("--limit must be 1 or more.")
        try:
            following.catch_up(60, all_of_it=True)
        except store.Busy:
            self.stderr.write("The search index is being written by another process; something may be missing here.")
        if options["batch"]:
            self._answer_all(options["batch"], options["limit"])
            return
        given = ((name, options[name.replace("-", "_")]) for name in OPERATORS)
        extra = both(*(Field(name, value.replace('"', " ")) for name, value in given if value.strip()))
        found = find(options["query"], None, extra=extra)
        for complaint in found.complaints:
            self.stderr.write(complaint)
        if found.partly:
            self.stderr.write("Little has all of these words; what has most of them is here as well.")
        hits = listed(found, options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps(hits, ensure_ascii=False, indent=1))
            return
        for hit in hits:
            self.stdout.write(f"{hit['id']}  {hit['label']} ({hit['kind']}, {hit['talk']}): {plain(hit['text'])}")

    def _answer_all(self, name: str, limit: int) -> None:
        """A query that cannot be answered as it was meant still has a line, so that the lines of both files match."""
        try:
            lines = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{name} cannot be read as a file of queries in UTF-8: {problem}") from None
        for line in lines.splitlines():
            self.stdout.write(json.dumps(listed(find(line, None), limit), ensure_ascii=False))


def listed(found: Found, limit: int) -> list[dict[str, Any]]:
    return [{**hit.listed(), "score": round(hit.score, 4)} for hit in found.hits(0, limit, shown=True)]
