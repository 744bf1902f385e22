"""A few imports killed while they write; `make kill` does it 200 times."""

import random
import shutil
import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connections

from minutes import importing
from tests.killed import NAME, kill_imports, timed, versions


@pytest.fixture
def database_of_its_own(django_db_setup, django_db_blocker, tmp_path) -> Iterator[None]:
    """A copy of the test database that other processes see as well: in a file, or by the server."""
    usual = connections["default"]
    with django_db_blocker.unblock():
        copy = usual.copy()
        if usual.vendor == "sqlite":
            copy.settings_dict["NAME"] = str(tmp_path / "copy.sqlite3")
            usual.ensure_connection()
            with sqlite3.connect(copy.settings_dict["NAME"]) as file:
                usual.connection.backup(file)
        else:
            copy.settings_dict["NAME"] = f"{usual.settings_dict['NAME']}_copy"
            usual.close()
            _tell(usual, f"CREATE DATABASE {copy.settings_dict['NAME']} TEMPLATE {usual.settings_dict['NAME']}")
        connections["default"] = copy
        try:
            yield
        finally:
            copy.close()
            connections["default"] = usual
            if usual.vendor == "sqlite":
                shutil.rmtree(tmp_path)
            else:
                _tell(usual, f"DROP DATABASE {copy.settings_dict['NAME']} WITH (FORCE)")


def _tell(connection, order: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(order)


@pytest.mark.database
@pytest.mark.django_db
def test_versions_that_take_turns_differ_in_all_that_an_import_writes():
    first, second = versions(random.Random(0), 40)
    timed(first)
    counts = importing.read(NAME, second).counts()
    assert min(counts[what] for what in ("created", "updated", "retired")) > 0


@pytest.mark.database
def test_killed_import_is_there_whole_or_not_at_all(database_of_its_own):
    """Needs the database that the marker of the test above has made."""
    assert kill_imports(3, random.Random(0), 40).startswith("3 of 3 kills")
