"""The outbox in; the index brought up to it, out: after every commit, before every search that finds it behind."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice

import tantivy
from django.db import connection

from minutes.models import ActionItem, Decision, Exchange, Talk, Theme, Turn
from people.models import Person
from records.models import Outbox
from themes.models import Topic

from . import documents, schema, store
from .reach import Keys, reached
from .store import Damaged, Marker, Opened
from .turn_documents import turn_documents

log = logging.getLogger(__name__)

WAIT = 2.0  # seconds for which a request waits for the index
ROUND = 20_000  # rows of the outbox that are taken together: an import has several for each of its records
MANY = 3000  # records whose documents are too many to make while somebody waits
CHUNK = 200  # records whose documents are made together

#: What makes the documents of each kind of record, and the name of the field by which they are found.
_MAKERS: dict[str, tuple[str, Callable[[Collection[int]], Iterator[dict]]]] = {
    "exchange": ("", turn_documents),
    "talk": (schema.TALK, documents.talk_documents),
    "person": (schema.PERSON, documents.person_documents),
    "topic": (schema.TOPIC, documents.topic_documents),
    "theme": (schema.THEME, documents.theme_documents),
    "actionitem": (schema.ACTION, documents.action_documents),
    "decision": (schema.DECISION, documents.decision_documents),
}
_MODELS = {
    "exchange": Exchange,
    "talk": Talk,
    "person": Person,
    "topic": Topic,
    "theme": Theme,
    "actionitem": ActionItem,
    "decision": Decision,
}


def newest() -> tuple[int, int]:
    """Number and stamp of the last change. One query."""
    return Outbox.objects.order_by("-n").values_list("n", "stamp").first() or (0, 0)


def up_to_date(wait: float = WAIT) -> tuple[Opened, int]:
    """The index, and how many changes it does not have yet: 0 but where another process is at work, or there is much.

    One query where nothing was changed.
    """
    latest = newest()
    try:
        found = store.current()
        if _is_at(found.marker, latest):
            return found, 0
        found = store.reload()
        if _is_at(found.marker, latest):
            return found, 0
    except Damaged as problem:
        log.info("The search index is built anew: %s.", problem)
    try:
        catch_up(wait)
    except store.Busy:
        log.info("The search index is being written by another process.")
    try:
        found = store.reload()
    except Damaged:
        return store.empty(), max(latest[0], 1)  # it is being built elsewhere
    return found, max(latest[0] - found.marker.n, 0)


def _is_at(marker: Marker, latest: tuple[int, int]) -> bool:
    return (marker.n, marker.stamp) == latest


def follow() -> None:
    """After a commit: takes up what was changed, as far as that goes while a person waits."""
    try:
        store.current()
    except Damaged:
        return  # the first search, or the next start, builds it
    if _thread is not None and _thread.is_alive():
        return  # it goes on until nothing is left
    try:
        catch_up(WAIT)
    except store.Busy:
        log.info("The search index is being written by another process; the next search takes up the rest.")


def catch_up(wait: float, *, all_of_it: bool = False) -> None:
    """Takes the outbox up in its order; builds the index where there is none, or where the outbox has forgotten it.

    What takes long is left to a thread, so that nobody waits for it, unless `all_of_it` is asked for.
    """
    ends = time.monotonic() + wait
    with store.writing(wait):
        try:
            found = store.reload()
        except Damaged:
            _rebuild_or_leave(all_of_it)
            return
        while not _is_at(found.marker, newest()):
            rows = list(Outbox.objects.filter(n__gt=found.marker.n).order_by("n")[:ROUND])
            if not rows or not _continues(found.marker):
                _rebuild_or_leave(all_of_it)
                return
            keys = reached(rows)
            much = sum(map(len, keys.values())) > MANY or time.monotonic() > ends
            if much and not all_of_it and not store.in_memory():
                _leave_to_thread()
                return
            try:
                found = _take(found.marker, rows[-1], keys)
            except Damaged as problem:
                log.warning("The search index is built anew: %s.", problem)
                _rebuild_or_leave(all_of_it)
                return
        _prune(found.marker)


def _rebuild_or_leave(all_of_it: bool) -> None:
    if all_of_it or store.in_memory() or Turn.objects.count() <= MANY:
        rebuild_inside()
    else:
        _leave_to_thread()


_thread: threading.Thread | None = None


def _leave_to_thread() -> None:
    global _thread
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_catch_up_alone, name="search index")
        _thread.start()  # a command ends when it is done


def _catch_up_alone() -> None:
    try:
        catch_up(600, all_of_it=True)
    except Exception:
        log.exception("The search index could not follow; the next search tries again.")
    finally:
        connection.close()


def _continues(marker: Marker) -> bool:
    """Whether the outbox still has the row that the index has last: not pruned, and of this database."""
    if marker.n:
        return Outbox.objects.filter(n=marker.n, stamp=marker.stamp).exists()
    return not Outbox.objects.exists() or Outbox.objects.filter(n=1).exists()


def _take(marker: Marker, last: Outbox, keys: Keys) -> Opened:
    """The documents of these records anew; the marker moves on with the last of them."""
    names = secrets.randbits(60) if keys["person"] or keys["topic"] else marker.names
    gone: list[tantivy.Query] = []
    made: list[dict] = []
    for kind, (name, make) in _MAKERS.items():
        for part in _chunks(sorted(keys[kind]), CHUNK):
            some = list(make(part))
            gone += [_of_records(kind, name, part), _by_key(some)] if some else [_of_records(kind, name, part)]
            made += some
            if len(made) >= store.MOST_AT_ONCE:
                store.replace(gone, made, Marker(marker.n, marker.stamp, 0, names))
                gone, made = [], []
    return store.replace(gone, made, Marker(last.n, last.stamp, 0, names))


def _of_records(kind: str, name: str, keys: list[int]) -> tantivy.Query:
    if kind == "exchange":
        return tantivy.Query.term_set_query(schema.SCHEMA, "exchange", keys)
    return tantivy.Query.term_set_query(schema.SCHEMA, "key", [f"{name}:{key}" for key in keys])


def _by_key(some: list[dict]) -> tantivy.Query:
    """Turns that stood in another exchange when the index last saw them."""
    return tantivy.Query.term_set_query(schema.SCHEMA, "key", [fields["key"] for fields in some])


def _chunks(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    iterator = iter(keys)
    while part := list(islice(iterator, size)):
        yield part


def _prune(marker: Marker) -> None:
    """Rows long taken up are of no use but to an index elsewhere that is a little behind."""
    last = marker.n - Outbox.KEPT
    if last > 0 and Outbox.objects.filter(n__lte=last - Outbox.KEPT).exists():
        Outbox.objects.filter(n__lte=last).delete()


def rebuild(told: Callable[[int], None] | None = None) -> int:
    """The whole index anew from the database; searches use the old one meanwhile. Returns how many documents it has."""
    with store.writing(600):
        return rebuild_inside(told).marker.count


def rebuild_inside(told: Callable[[int], None] | None = None) -> Opened:
    n, stamp = newest()  # before anything is read: what is changed meanwhile is taken up again
    return store.build(everything(), n, stamp, told)


def everything() -> Iterator[dict]:
    """The documents of all records."""
    for kind, (_, make) in _MAKERS.items():
        keys = _MODELS[kind].objects.order_by("pk").values_list("pk", flat=True)
        for part in _chunks(list(keys), CHUNK):
            yield from make(part)
