"""The guard of the write doors: rows that pages show are written while one of the doors is open, and never else.

`minutes.changes` and `minutes.importing` open it; a `save()` in a view, a command or a signal raises instead of
leaving a change that no log knows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_open: ContextVar[bool] = ContextVar("door_open", default=False)


class WrittenElsewhere(RuntimeError):
    """A record was written past the doors."""


# Any number will do, as long as nothing else on the database uses it.
LOCK = 7_261_746_865_757_221


@contextmanager
def writing() -> Iterator[None]:
    """Opens the door in a transaction of its own, one writer at a time: all of it is written or none.

    One at a time, because a merge compares what stands in the database with what it is about to write: an edit in
    between would be lost. SQLite's IMMEDIATE transactions are that by themselves; PostgreSQL is asked for a lock.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        token = _open.set(True)
        try:
            yield
        finally:
            _open.reset(token)


def require_open(model: type) -> None:
    if not _open.get():
        raise WrittenElsewhere(
            f"{model.__name__} was written outside minutes.changes and minutes.importing: "
            "what people change goes through changes.change(), what minutes say through importing.write()"
        )
