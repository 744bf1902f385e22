"""`undo_import NAME`: takes back the last import of a document; what people edited since stays."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from minutes import undoing
from minutes.importing import Refused
from minutes.models import Source


class Command(BaseCommand):
    help = "Takes back the last import of a document: what it made leaves the lists, what it changed is as before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the name under which the file was imported")
        parser.add_argument("--dry-run", action="store_true", help="show what would happen, and change nothing")

    def handle(self, *, name: str, dry_run: bool, **options: Any) -> None:
        source = Source.objects.filter(kind=Source.Kind.MINUTES, name=name).first()
        if source is None:
            known = ", ".join(Source.objects.filter(kind=Source.Kind.MINUTES).values_list("name", flat=True)[:20])
            raise CommandError(f"No file was imported under the name {name}. Those that were: {known or 'none'}.")
        try:
            undone = undoing.undo(source, rehearse=dry_run)
        except Refused as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(undoing.told(undone, would=dry_run))
        for kept in undoing.kept_by_name(undone):
            self.stdout.write(f"  stays: {kept}")
