"""A database for the time of a benchmark: SQLite in a folder of its own, or one made on the server of DATABASE_URL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.test.utils import override_settings, setup_databases, teardown_databases


@contextmanager
def scratch_site() -> Iterator[None]:
    """Django with all tables and no row; what the environment names as database is never touched."""
    with tempfile.TemporaryDirectory(prefix="rapporteur-bench-") as room:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["DATA_DIR"] = room
        django.setup()
        chosen = settings.DATABASES["default"]
        if chosen["ENGINE"].endswith("sqlite3"):
            chosen["TEST"] = {**chosen.get("TEST", {}), "NAME": f"{room}/bench.sqlite3"}
        else:
            chosen["TEST"] = {**chosen.get("TEST", {}), "NAME": f"{chosen['NAME']}_bench_{os.getpid()}"}
        made = setup_databases(verbosity=0, interactive=False)
        try:
            with override_settings(DATA_DIR=room):
                yield
        finally:
            teardown_databases(made, verbosity=0)
