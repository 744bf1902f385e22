"""Command: everything between a checkout and a site that can be served; what is done already is left as it is."""

import hashlib
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from minutes.models import Source, SourceVersion


def is_outdated(path: Path) -> bool:
    """Whether somebody imported a later version of this file: a start must not bring the old one back."""
    versions = SourceVersion.objects.filter(source__kind=Source.Kind.MINUTES, source__name=path.name).order_by("n")
    known = list(versions.values_list("sha256", flat=True))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return digest in known and digest != known[-1]


class Command(BaseCommand):
    help = "Migrate, load the seeds and the seed minutes, bring the search index up to date, collect static files."

    def handle(self, *args: Any, **options: Any) -> None:
        # One process for all of them: most of the time of such a command goes into starting Django.
        call_command("migrate", verbosity=0)
        call_command("load_seeds", stdout=self.stdout, stderr=self.stderr)
        seeds = Path(settings.BASE_DIR) / "seeds" / "minutes"
        streams = {"stdout": self.stdout, "stderr": self.stderr}
        paths = [str(path) for path in sorted(seeds.iterdir()) if not is_outdated(path)]
        if paths:
            call_command("import_minutes", *paths, visibility="public", no_series=True, **streams)
        call_command("rebuild_search", if_needed=True, **streams)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.flush()
        sys.stderr.flush()
