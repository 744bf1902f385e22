"""`load_seeds`: topics and curated names from `seeds/` into the database, keeping what people changed."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from minutes import seeding


class Command(BaseCommand):
    help = "Loads the vocabulary of topics and the curated names; corrections by people are kept."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "seeds")

    def handle(self, *, folder: Path, **options):
        try:
            loaded = seeding.load_seeds(folder)
        except ValueError as error:
            raise CommandError(f"{error}. Mend the file and load it again; nothing of it was written.") from None
        for one in loaded:
            if one.plan is None or one.plan.changes_nothing():
                self.stdout.write(f"{one.name}: nothing to do")
                continue
            self.stdout.write(
                f"{one.name}: {len(one.plan.creates)} new, {len(one.plan.updates)} changed, "
                f"{len(one.plan.retires)} retired, {len(one.plan.kept)} corrections kept, "
                f"{len(one.plan.conflicts)} conflicts"
            )
