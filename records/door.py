"""The guard of the write doors: rows that pages show are written while one of the doors is open, and never else.

`minutes.changes` and `minutes.importing` open it; a `save()` in a view, a command or a signal raises instead of
leaving a change that no log knows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

#: What was written while the door is open: (kind, key, wide), in order; None while it is closed.
Touched = dict[tuple[str, int, bool], None]
_touched: ContextVar[Touched | None] = ContextVar("door_touched", default=None)
_before_commit: list[Callable[[Touched], None]] = []
_after_commit: list[Callable[[], None]] = []


def before_commit(listener: Callable[[Touched], None]) -> None:
    """Called with all that was written, in the transaction that wrote it: what it adds is there with that, or not."""
    _before_commit.append(listener)


def after_commit(listener: Callable[[], None]) -> None:
    """Called once what was written is there for everybody to see; its failure undoes nothing."""
    _after_commit.append(listener)


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
        touched: Touched = {}
        token = _touched.set(touched)
        try:
            yield
        finally:
            _touched.reset(token)
        if touched and not transaction.get_rollback():  # a rehearsal leaves nothing to follow
            for listener in _before_commit:
                listener(touched)
            for listener in _after_commit:
                transaction.on_commit(listener, robust=True)


def note(kind: str, key: int, wide: bool) -> None:
    """Remembers, until the door closes, that a record changed; `wide` where others show it too."""
    touched = _touched.get()
    if touched is not None:
        touched[kind, key, wide] = None


def require_open(model: type) -> None:
    if _touched.get() is None:
        raise WrittenElsewhere(
            f"{model.__name__} was written outside minutes.changes and minutes.importing: "
            "what people change goes through changes.change(), what minutes say through importing.write()"
        )
