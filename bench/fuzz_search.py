"""Random query strings, as people and machines might send them: none may raise, and none may take long.

    python -m bench.fuzz_search [COUNT] [SEED]      on the site of DATA_DIR, with the seed minutes

Made of the operators, words and names of the site, cut and joined at random, and of characters from all of Unicode.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable

import django

LONGEST = 1.0  # seconds
SIGNS = [
    *'"()-*:|.,?!<>&%\\/^~[]{}+=',
    "OR",
    "AND",
    "NOT",
    " - ",
    '""',
    "()",
    "..",
    "\0",
    "\u202e",
    "é",
    "ß",
    "漢字",
    "🙂",
]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    took = fuzz(count, seed, lambda done: print(f"{done} queries", flush=True))
    took.sort()
    print(f"{count} queries, seed {seed}: no exception; median {took[count // 2] * 1000:.1f} ms, ", end="")
    print(f"95 of 100 under {took[count * 95 // 100] * 1000:.1f} ms, longest {took[-1] * 1000:.0f} ms")


def fuzz(count: int, seed: int, told: Callable[[int], None] = lambda done: None) -> list[float]:
    """Seconds that each query took; raises what a query raised, with its text."""
    from minutes.search.finding import find

    chance = random.Random(seed)
    pieces = _pieces()
    took = []
    for n in range(count):
        query = _query(chance, pieces)
        start = time.perf_counter()
        try:
            found = find(query, None)
            found.hits(0, 20, chance.choice(("relevance", "date", "talk")), shown=True)
            found.meaning.chips()
            found.meaning.patterns()
        except BaseException as problem:
            problem.add_note(f"query: {query!r}")
            raise
        took.append(time.perf_counter() - start)
        if took[-1] > LONGEST:
            raise AssertionError(f"{took[-1]:.2f} s for {query!r}")
        if (n + 1) % 10_000 == 0:
            told(n + 1)
    return took


def _pieces() -> list[str]:
    """Words of the site, names, labels, and operators with and without values."""
    from minutes.search import book, store
    from minutes.search.following import up_to_date
    from minutes.search.tree import OPERATORS, VALUES

    opened, _ = up_to_date()
    known = book.read(opened, ["public"])
    words = [word for word, _ in opened.searcher.terms_with_prefix("vocabulary", "", store.term("vis", "public"))]
    names = [one.name for one in (*known.people.values(), *known.topics.values())]
    operators = [f"{name}:" for name in OPERATORS]
    valued = [f"{name}:{value}" for name, values in VALUES.items() for value in values]
    dates = ["day:2", "date:2022-03-22", "date:2022..", "date:..2022-13", "day:99999999999", "day:1..0"]
    return [
        *words,
        *names * 3,
        *(f'"{name}"' for name in names),
        *operators * 20,
        *valued * 20,
        *dates * 20,
        *SIGNS * 20,
    ]


def _query(chance: random.Random, pieces: list[str]) -> str:
    kind = chance.random()
    if kind < 0.1:
        return "".join(chr(chance.randrange(1, 0x2FFFF)) for _ in range(chance.randrange(1, 60)))
    length = chance.choice((1, 2, 3, 4, 6, 10, 25)) if kind < 0.97 else 300
    text = chance.choice(("", " ", " ", " ")).join(chance.choice(pieces) for _ in range(length))
    for _ in range(chance.choice((0, 0, 1, 2))):  # a slip of the finger
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(("", chance.choice(text or "x"), chance.choice(SIGNS))) + text[at + 1 :]
    return text


if __name__ == "__main__":
    main()
