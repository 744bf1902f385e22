"""The guard of the write doors: rows that pages show are written while one of the doors is open, and never else.

`minutes.changes` and `minutes.importing` open it; a `save()` in a view, a command or a signal raises instead of
leaving a change that no log knows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[bool] = ContextVar("door_open", default=False)


class WrittenElsewhere(RuntimeError):
    """A record was written past the doors."""


@contextmanager
def writing() -> Iterator[None]:
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
