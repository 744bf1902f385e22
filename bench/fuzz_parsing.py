"""Parses mutated documents by the thousand: `python -m bench.fuzz_parsing [COUNT] [SEED]`.

Any exception, any line placed twice or not at all, and any document that takes longer than it may ends it with the
seed that makes the document again.
"""

from __future__ import annotations

import random
import sys
import time

from tests import mutated

LONGEST = 10.0  # seconds that one document may take


def main(count: int = 20_000, first: int = 0) -> int:
    sources = mutated.sources()
    started = time.perf_counter()
    read = slowest = 0.0
    for seed in range(first, first + count):
        chance = random.Random(seed)
        name, content = chance.choice(sources)
        before = time.perf_counter()
        try:
            faults = mutated.faults(name, mutated.mutate(chance, content))
        except Exception:
            print(f"seed {seed}, from {name}:", file=sys.stderr)
            raise
        if faults:
            print(f"seed {seed}, from {name}: {'; '.join(faults)}", file=sys.stderr)
            return 1
        read += faults is not None
        slowest = max(slowest, time.perf_counter() - before)
        if slowest > LONGEST:
            print(f"seed {seed}, from {name}: {slowest:.1f} s", file=sys.stderr)
            return 1
    taken = time.perf_counter() - started
    print(f"{count} documents, {read:.0f} of them readable, in {taken:.0f} s; the slowest took {slowest:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
