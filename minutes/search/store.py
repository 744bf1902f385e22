"""Where the index lives: opened after fork, marked with how far it is, one writer at a time.

The index is derived from the database and may be thrown away at any time. It stands in a folder of its own under
`DATA_DIR/search`; `current` points to the one in use, so that a new one takes its place at once and as a whole.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy
from django.conf import settings

from . import schema

log = logging.getLogger(__name__)

MOST_AT_ONCE = 2000  # documents in one commit: an edit waits behind the commit that is under way
HEAP = 15_000_000  # bytes that the writer may hold; the least that it takes
FEW = 32  # values that are looked for one by one
REBUILD_HEAP = 100_000_000
_thread_lock = threading.RLock()


class Damaged(Exception):
    """The index cannot be used: it is missing, of another version, or not as its marker says."""


class Busy(Exception):
    """Another process or thread writes, and did not end in time."""


@dataclass(frozen=True, slots=True)
class Marker:
    """How far the index is: written in the same commit as the documents it speaks of."""

    n: int = 0  # the last row of the outbox that it has
    stamp: int = 0
    count: int = 0  # documents beside the marker
    names: int = 0  # moves whenever people or topics may be named in another way


@dataclass(slots=True)
class Opened:
    """An index, and a searcher of one state of it."""

    index: tantivy.Index
    searcher: tantivy.Searcher
    marker: Marker
    path: Path | None
    pid: int


_opened: Opened | None = None


def in_memory() -> bool:
    """Tests keep the index of each process in memory."""
    return bool(getattr(settings, "SEARCH_IN_MEMORY", False))


def folder() -> Path:
    return Path(settings.DATA_DIR) / "search"


def current() -> Opened:
    """The index as this process last read it; raises Damaged where there is none."""
    global _opened
    with _thread_lock:
        if in_memory():
            if _opened is None or _opened.path is not None:
                raise Damaged("there is none yet")
            return _opened
        path = _target()
        if _opened is None or _opened.pid != os.getpid() or _opened.path != path:
            _opened = _open(path)
        return _opened


def empty() -> Opened:
    """An index that finds nothing, for as long as there is none."""
    index = schema.register(tantivy.Index(schema.SCHEMA))
    return Opened(index, index.searcher(), Marker(), None, os.getpid())


def _target() -> Path:
    try:
        return folder() / os.readlink(folder() / "current")
    except OSError:
        raise Damaged("there is none yet") from None


def _open(path: Path) -> Opened:
    try:
        if not (path / "meta.json").exists():  # without it, an empty index would be made in its place
            raise Damaged("its files are gone")
        index = schema.register(tantivy.Index(schema.SCHEMA, path=str(path)))
        return _read(index, path)
    except (ValueError, OSError) as problem:
        raise Damaged(str(problem)) from None


def _read(index: tantivy.Index, path: Path | None) -> Opened:
    index.reload()
    searcher = index.searcher()
    return Opened(index, searcher, _marker(searcher), path, os.getpid())


def _marker(searcher: tantivy.Searcher) -> Marker:
    found = searcher.search(term("key", schema.MARKER), limit=2).hits
    if len(found) != 1:
        raise Damaged("it has no marker")
    kept = schema.shown(searcher.doc(found[0][1]))
    if kept.pop("version", None) != schema.VERSION:
        raise Damaged("it was made by another version")
    marker = Marker(**kept)
    if searcher.num_docs != marker.count + 1:
        raise Damaged(f"it has {searcher.num_docs - 1} documents and should have {marker.count}")
    return marker


def reload() -> Opened:
    """The newest state of the index, also where another process wrote it."""
    global _opened
    with _thread_lock:
        found = current()
        try:
            _opened = _read(found.index, found.path)
        except ValueError as problem:
            _opened = None
            raise Damaged(str(problem)) from None
        return _opened


def forget() -> None:
    """Opens the index anew at the next use."""
    global _opened
    with _thread_lock:
        _opened = None


@contextmanager
def writing(wait: float) -> Iterator[None]:
    """One writer at a time, among all processes; raises Busy after so many seconds."""
    if in_memory():
        with _thread_lock:
            yield
        return
    folder().mkdir(parents=True, exist_ok=True)
    with open(folder() / "lock", "w") as file:
        ends = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() >= ends:
                    raise Busy from None
                time.sleep(0.02)
        yield


def term(name: str, value: object) -> tantivy.Query:
    return tantivy.Query.term_query(schema.SCHEMA, name, value, index_option="basic")


def any_term(name: str, values: Iterable[object]) -> tantivy.Query:
    """Documents that have one of these values. A set of terms would be gathered whole, however few are looked at."""
    ordered = list(values)
    if len(ordered) == 1:
        return term(name, ordered[0])
    if len(ordered) > FEW:
        return tantivy.Query.term_set_query(schema.SCHEMA, name, ordered)
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, term(name, value)) for value in ordered])


def replace(gone: list[tantivy.Query], documents: list[dict], marker: Marker) -> Opened:
    """In one commit: these documents instead of those that the queries find. Call it while `writing`.

    Raises Damaged where the index cannot be written: a writer that was killed may leave files in the way.
    """
    found = current()
    leaving = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in gone])
    before = found.searcher.search(leaving, limit=1).count if gone else 0
    count = found.marker.count - before + len(documents)
    writer = found.index.writer(HEAP, 1)
    try:
        if gone:
            writer.delete_documents_by_query(leaving)
        writer.delete_documents_by_term("key", schema.MARKER)
        for fields in documents:
            writer.add_document(schema.document(fields))
        writer.add_document(_marked(Marker(marker.n, marker.stamp, count, marker.names)))
        writer.commit()
    except (ValueError, OSError) as problem:
        raise Damaged(f"it cannot be written: {problem}") from None
    finally:
        writer.wait_merging_threads()
    return reload()


def _marked(marker: Marker) -> tantivy.Document:
    kept = {"version": schema.VERSION, "n": marker.n, "stamp": marker.stamp}
    kept |= {"count": marker.count, "names": marker.names}
    return schema.document({"key": schema.MARKER, "what": schema.MARKER, "shown": kept})


def build(documents: Iterable[dict], n: int, stamp: int, told: Callable[[int], None] | None = None) -> Opened:
    """A whole new index in the place of the old one. Call it while `writing`."""
    global _opened
    path = None if in_memory() else folder() / f"index-{secrets.token_hex(6)}"
    if path:
        path.mkdir(parents=True)
    index = schema.register(tantivy.Index(schema.SCHEMA, path=str(path) if path else None))
    writer = index.writer(HEAP if in_memory() else REBUILD_HEAP, 1)
    count = 0
    for count, fields in enumerate(documents, 1):
        writer.add_document(schema.document(fields))
        if told and count % 1000 == 0:
            told(count)
    writer.add_document(_marked(Marker(n, stamp, count, secrets.randbits(60))))
    writer.commit()
    writer.wait_merging_threads()
    with _thread_lock:
        _opened = _read(index, path)
        if path:
            _point_to(path)
    return _opened


def _point_to(path: Path) -> None:
    """The new index is found from now on; what no process will open any more is removed."""
    draft = folder() / f"current.{secrets.token_hex(4)}"
    draft.symlink_to(path.name)
    os.replace(draft, folder() / "current")
    for old in folder().glob("index-*"):
        if old.name != path.name:
            shutil.rmtree(old, ignore_errors=True)
