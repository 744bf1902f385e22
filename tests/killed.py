"""Imports killed by SIGKILL at random moments: all of an import must be there or none, and the next one in order."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

from minutes import importing
from minutes.fields import MODELS
from minutes.models import Change, Conflict, ImportRun, Source, SourceVersion
from records.models import PublicId
from tests.large import document, retyped

NAME = "killed.txt"


@dataclass(frozen=True, slots=True)
class State:
    """All that an import writes: what records say under which ids, and how much history there is."""

    said: dict[str, Any]
    history: tuple[int, ...]


def kill_imports(count: int, chance: random.Random, turns: int) -> str:
    """Says how many kills left all of an import and how many none; anything else raises AssertionError."""
    first, second = versions(chance, turns)
    outcomes: Counter[str] = Counter()
    empty, lasts = state(), 0.5
    while outcomes.total() < count // 4 and state() == empty:
        kill_one(first, chance.uniform(0, lasts))
        whole = state() != empty
        assert not whole or plan_of(first).changes_nothing(), "a killed first import left a part of its records"
        outcomes["first imports, all of it" if whole else "first imports, none of it"] += 1
        check_database()
    lasts = max(timed(one) for one in (first, second, first, second))
    states = {second: state()}
    timed(first)
    states[first] = state()
    at, to = first, second
    while outcomes.total() < count:
        before = state()
        kill_one(to, chance.uniform(0, lasts * 1.5))
        check_database()
        after = state()
        if after != before:
            assert after.said == states[to].said, "a killed import left a part of what it would write"
            assert after.history[0] == before.history[0] + 1
        outcomes["imports, none of it" if after == before else "imports, all of it"] += 1
        timed(to)
        assert state().said == states[to].said, "the import after a kill came to other records than one in peace"
        at, to = to, at
    return f"{outcomes.total()} of {count} kills left an import whole or nothing of it: {dict(outcomes)}"


def versions(chance: random.Random, turns: int) -> tuple[bytes, bytes]:
    """Two versions of one file: turns retyped, lost and put in."""
    lines = document(chance, turns)
    others = []
    for line in lines:
        label, colon, said = line.partition(": ")
        luck = chance.random()
        if colon and luck < 0.2:
            line = f"{label}: {retyped(chance, said)}"
        elif colon and luck < 0.3:
            continue
        others += [line, ""] if colon else [line]
        if colon and luck > 0.9:
            others += [f"{label}: {' '.join(reversed(said.split()))}", ""]
    return "\n".join(lines).encode(), "\n".join(others).encode()


def kill_one(content: bytes, after: float) -> None:
    """An import in a process of its own, killed so many seconds after it began to write."""

    connections.close_all()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            report = importing.read(NAME, content)
            os.write(told, b".")
            importing.write(report)
        finally:
            os._exit(0)
    os.read(heard, 1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(heard)
    os.close(told)


def check_database() -> None:
    """SQLite's own check; PostgreSQL, which has none, must answer once the killed one's transaction is gone."""

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)], "SQLite's integrity check found damage"
            cursor.execute("PRAGMA foreign_key_check")
            assert cursor.fetchall() == [], "a row points to one that is not there"


def plan_of(content: bytes) -> Any:

    return importing.read(NAME, content, again=True).plan


def timed(content: bytes) -> float:
    """How long the writing of an import takes."""

    report = importing.read(NAME, content)
    started = time.perf_counter()
    importing.write(report)
    return time.perf_counter() - started


def state() -> State:

    apart = ("id", "version", "retired_at")
    said: dict[str, Any] = {
        kind: [{n: v for n, v in row.items() if n not in apart} for row in model.objects.order_by("public_id").values()]
        for kind, model in MODELS.items()
    }
    said["ids"] = sorted(PublicId.objects.values_list("value", "moved_to"))
    history = (ImportRun, Change, Conflict, Source, SourceVersion)
    return State(said, tuple(model.objects.count() for model in history))
