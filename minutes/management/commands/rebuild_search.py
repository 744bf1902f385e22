"""`rebuild_search`: the search index made anew from the database; searches use the old one meanwhile."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from minutes.models import ActionItem, Decision, Talk, Theme, Turn
from minutes.search import following, store


class Command(BaseCommand):
    help = "Makes the search index anew from the database. It is never needed: a damaged index is noticed and rebuilt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-needed", action="store_true", help="only where it is missing, damaged or behind")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["if_needed"]:
                following.catch_up(600, all_of_it=True)
                self.stdout.write("The search index is up to date.")
                return
            # People and topics are few beside these.
            expected = sum(model.objects.living().count() for model in (Turn, Talk, Theme, ActionItem, Decision))
            count = following.rebuild(lambda done: self._draw(done, max(expected, done)))
        except store.Busy:
            raise CommandError("Another process writes the search index; try again when it is done.") from None
        if sys.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(f"The search index has {count} documents.")

    def _draw(self, done: int, expected: int) -> None:
        """A bar where somebody watches."""
        if sys.stderr.isatty():
            filled = round(40 * done / expected)
            self.stderr.write(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done} of {expected}", ending="")
