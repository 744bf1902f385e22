"""Speed and memory of reading and parsing, against markdown-it-py alone on the same text in the same run.

`python -m bench.parsing [FILE]`: the text (by default the test documents) is repeated up to each size.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from pathlib import Path

from markdown_it import MarkdownIt

from minutes.parsing import parse
from minutes.reading import read_source
from tests import mutated, scored

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def main(path: str | None = None) -> None:
    text = Path(path).read_text(encoding="utf-8") if path else "\n\n".join(_minutes())
    people, topics = scored.curated(), scored.vocabulary()
    for size in SIZES:
        content = (text * (size // len(text) + 1))[:size]
        started = time.perf_counter()
        MarkdownIt().render(content)
        alone = time.perf_counter() - started
        started = time.perf_counter()
        reading = read_source("bench.md", content.encode(), limit=2 * size + 1000)
        read = time.perf_counter() - started
        document = parse(reading, people=people, topics=topics)
        taken = time.perf_counter() - started
        row = f"{size:>10} characters: markdown-it-py {alone:7.2f} s, read {read:7.2f} s, parsed {taken - read:7.2f} s"
        print(f"{row}, {alone / taken:5.2f} of its speed, {len(document.turns)} turns{_memory(content)}", flush=True)


def _minutes() -> list[str]:
    """The test documents, but for pages and those with a fence that would swallow whatever comes after it."""
    return [c.decode() for name, c in mutated.texts() if not name.endswith(".html") and b"~~~" not in c]


def _memory(content: str) -> str:
    """The peak in a run of its own, as measuring slows it; for the smaller sizes only."""
    if len(content) > 1_000_000:
        return ""
    tracemalloc.start()
    parse(read_source("bench.md", content.encode(), limit=2 * len(content) + 1000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f", peak {peak / 1e6:.1f} MB"


if __name__ == "__main__":
    main(*sys.argv[1:])
