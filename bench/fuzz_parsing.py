"""Parses mutated documents by the thousand: `python -m bench.fuzz_parsing [COUNT] [SEED]`.

COUNT documents in turn of each kind of file: plain text, Markdown, logs, subtitles, web pages, Word files, zipped
pages. Any exception, any line placed twice or not at all, and any document that takes longer than it may ends it with
the seed that makes the document again.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass

from tests import mutated

LONGEST = 10.0  # seconds that one document may take
LARGE = 30_000  # bytes above which a source is taken rarely
RARELY = 0.03


@dataclass(slots=True)
class Row:
    """What became of the documents of one kind."""

    made: int = 0
    read: int = 0
    slowest: float = 0.0
    seconds: float = 0.0


def sources() -> dict[str, list[tuple[str, bytes]]]:
    found: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in mutated.sources():
        found.setdefault(mutated.kind_of(name), []).append((name, content))
    return found


def choose(chance: random.Random, among: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    small = [one for one in among if len(one[1]) < LARGE]
    return chance.choice(among if not small or chance.random() < RARELY else small)


def try_one(seed: int, among: list[tuple[str, bytes]], row: Row) -> str:
    """What is wrong with the document that this seed makes; empty where nothing is."""
    chance = random.Random(seed)
    name, content = choose(chance, among)
    content = mutated.mutate(chance, content)
    before = time.process_time()
    try:
        faults = mutated.faults(name, content)
    except Exception:
        print(f"seed {seed}, from {name}:", file=sys.stderr)
        raise
    taken = time.process_time() - before
    row.made += 1
    row.read += faults is not None
    row.seconds += taken
    row.slowest = max(row.slowest, taken)
    slow = [f"took {taken:.1f} s"] if taken > LONGEST else []
    return f"seed {seed}, from {name}: {'; '.join([*(faults or []), *slow])}" if faults or slow else ""


def main(count: int = 20_000, first: int = 0) -> int:
    kinds = sources()
    rows = {kind: Row() for kind in kinds}
    names = sorted(kinds)
    for seed in range(first, first + count):
        kind = names[seed % len(names)]
        if wrong := try_one(seed, kinds[kind], rows[kind]):
            print(wrong, file=sys.stderr)
            return 1
    print(f"{'kind':<8}{'documents':>10}{'readable':>10}{'mean ms':>9}{'slowest s':>11}")
    for kind, row in rows.items():
        mean = 1000 * row.seconds / max(1, row.made)
        print(f"{kind:<8}{row.made:>10}{row.read:>10}{mean:>9.1f}{row.slowest:>11.2f}")
    made, read = sum(row.made for row in rows.values()), sum(row.read for row in rows.values())
    print(f"{made} documents, {read} of them readable, no fault, in {sum(row.seconds for row in rows.values()):.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
