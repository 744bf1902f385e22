"""`import_minutes PATH...`: files and folders of minutes into the database, each as a whole or not at all."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand

from minutes import importing, reading
from minutes.models.record import Visibility


class Command(BaseCommand):
    help = "Imports minutes; a file that was imported before is merged with what people corrected since."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--again", action="store_true", help="read files anew that have not changed")
        parser.add_argument(
            "--visibility",
            choices=Visibility.values,
            default=Visibility.PUBLIC,
            help="who may read workshops that are new (default: public)",
        )

    def handle(self, *, paths, dry_run, again, visibility, **options):
        failed = 0
        for path in paths:
            for name, file in named_files(path):
                failed += not self.import_one(name, file, dry_run, again, visibility)
        if failed:
            self.stderr.write(f"{failed} file{'s' if failed > 1 else ''} could not be imported; see above.")
            raise SystemExit(2)

    def import_one(self, name: str, file: Path, dry_run: bool, again: bool, visibility: str) -> bool:
        """Says what happened, and whether it went well."""
        started = time.perf_counter()
        try:
            report = importing.read(name, file.read_bytes(), again=again)
            if not dry_run:
                importing.write(report, visibility=visibility)
        except OSError as error:
            self.stderr.write(f"{file}: cannot be opened ({error.strerror}). Check the path and try again.")
            return False
        except (reading.Unreadable, importing.Refused) as error:
            self.stderr.write(str(error))
            return False
        if report.unchanged:
            self.stdout.write(f"{name}: nothing to do, it was imported as it is")
            return True
        for problem in report.document.problems:
            self.stderr.write(f"{name}:{problem.line}: {problem.message}")
        self.stdout.write(
            "{name}: {talks} talks, {turns} turns, {people} people ({new_people} new), {unresolved} unresolved labels, "
            "{unplaced} unplaced lines; {created} records {new}, {updated} {changed}, {retired} {gone}, "
            "{kept} corrections kept, {conflicts} conflicts; {seconds:.1f} s".format(
                name=name,
                new="would be new" if dry_run else "new",
                changed="would change" if dry_run else "changed",
                gone="would be retired" if dry_run else "retired",
                seconds=time.perf_counter() - started,
                **report.counts(),
            )
        )
        return True


def named_files(path: Path) -> Iterator[tuple[str, Path]]:
    """Files below a folder under their names in it, hidden ones left out; or the one file."""
    if not path.is_dir():
        yield path.name, path
        return
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        if file.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield inside.as_posix(), file
