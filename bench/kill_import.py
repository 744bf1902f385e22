"""Imports killed by SIGKILL at random moments: all of an import is there or none, and the next one finds its ids again.

`python -m bench.kill_import [COUNT] [SEED] [TURNS]`. DATABASE_URL chooses the server; without it a SQLite file is made
for the time of the run. Up to a quarter of the kills hit first imports, the others two versions of one file.
"""

from __future__ import annotations

import random
import sys

from bench.scratch import scratch_site


def main(count: int = 200, seed: int = 0, turns: int = 150) -> int:
    with scratch_site():
        from tests.killed import kill_imports

        print(kill_imports(count, random.Random(seed), turns))
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
