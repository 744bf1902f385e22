"""A large document imported, edited by people, changed in its source and imported again: what is lost, and how long.

`python -m bench.reimport [TURNS]`: 5 % of the turns are edited, 10 % are changed in the source, some are both.
DATABASE_URL chooses the server; without it a SQLite file is made for the time of the run.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.scratch import scratch_site
from tests.large import document, retyped

EDITED, CHANGED = 0.05, 0.10


def main(turns: int = 10_000) -> int:
    with scratch_site():
        return measure(turns)


def measure(count: int) -> int:
    """Prints what was measured; the number of faults is the exit code."""
    from django.contrib.auth.models import User

    from minutes.changes import change
    from minutes.models import Conflict, Turn
    from records.models import PublicId

    chance = random.Random(4)
    lines = document(chance, count)
    first = timed(lambda: bring_in(lines))
    turns = {turn.first_line: turn for turn in Turn.objects.all()}
    handed_out = set(PublicId.objects.values_list("value", flat=True))
    edited = {n: f"{turns[n].text} As corrected." for n in chance.sample(sorted(turns), int(count * EDITED))}
    with change(User.objects.create_user("editor"), "heard the recording") as c:
        for n, text in edited.items():
            c.set(turns[n], text=text)
    changed = {n: retyped(chance, turns[n].text) for n in chance.sample(sorted(turns), int(count * CHANGED))}
    told = {n: f"{lines[n - 1].partition(':')[0]}: {text}" for n, text in changed.items()}
    again = timed(lambda: bring_in([told.get(n, line) for n, line in enumerate(lines, start=1)]))

    stand = dict(Turn.objects.living().values_list("public_id", "text"))
    filed = dict(Conflict.objects.filter(settled_at=None).values_list("record", "source"))
    both = changed.keys() & edited.keys()
    faults = {
        "turns not read": count - len(turns),
        "edits lost": sum(stand.get(turns[n].public_id) != text for n, text in edited.items()),
        "changes of the source lost": sum(stand.get(turns[n].public_id) != changed[n] for n in changed.keys() - both),
        "ids changed": len(set(PublicId.objects.values_list("value", flat=True)) ^ handed_out),
        "conflicts not filed": sum(filed.get(turns[n].public_id) != changed[n] for n in both) + len(filed) - len(both),
    }
    print(f"{len(turns)} turns, {len(edited)} edited by people, {len(changed)} changed in the source, {len(both)} both")
    print(", ".join(f"{what}: {number}" for what, number in faults.items()))
    print(f"first import {first:.1f} s, again {again:.1f} s, ratio {again / first:.2f} (at most 1.5)")
    return sum(faults.values()) + (again > 1.5 * first)


def bring_in(lines: list[str]) -> Any:
    from minutes import importing

    started = time.perf_counter()
    report = importing.read("large.txt", "\n".join(lines).encode())
    read = time.perf_counter()
    importing.write(report)
    print(f"read and compared in {read - started:.1f} s, written in {time.perf_counter() - read:.1f} s", flush=True)


def timed(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(min(main(*map(int, sys.argv[1:])), 1))
