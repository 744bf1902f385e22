"""What every test starts from: throw-away files and databases, cheap passwords, and marks that follow the machine."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from tests.machine import find_chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test without its browser or database is skipped; `make test` says which those were (tests/run.py)."""
    engine = settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if item.get_closest_marker("browser") and find_chromium() is None:
            item.add_marker(pytest.mark.skip(reason="Chromium is missing"))
        if item.get_closest_marker("postgres") and not engine.endswith("postgresql"):
            item.add_marker(pytest.mark.skip(reason="DATABASE_URL does not name PostgreSQL"))


@pytest.fixture(scope="session", autouse=True)
def settings_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    room: Path = tmp_path_factory.mktemp("data")
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        DATA_DIR=room,
        SEARCH_IN_MEMORY=True,
        STATIC_ROOT=room / "static",
        STORAGES={**settings.STORAGES, "staticfiles": static},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Test databases on a server get a name of their own, so that runs at the same time do not meet."""
    for connection in connections.all():
        if connection.vendor != "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"rapporteur_test_{secrets.token_hex(6)}"
