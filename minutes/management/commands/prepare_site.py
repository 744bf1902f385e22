"""Command: everything between a checkout and a site that can be served; what is done already is left as it is."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, load the seeds and the seed minutes, bring the search index up to date, collect static files."

    def handle(self, *args: Any, **options: Any) -> None:
        # One process for all of them: most of the time of such a command goes into starting Django.
        call_command("migrate", verbosity=0)
        call_command("load_seeds", stdout=self.stdout, stderr=self.stderr)
        seeds = Path(settings.BASE_DIR) / "seeds" / "minutes"
        streams = {"stdout": self.stdout, "stderr": self.stderr}
        call_command("import_minutes", str(seeds), visibility="public", no_series=True, **streams)
        call_command("rebuild_search", if_needed=True, **streams)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.flush()
        sys.stderr.flush()
