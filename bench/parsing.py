"""Speed and memory of reading and parsing, against markdown-it-py alone on the same text in the same run.

`python -m bench.parsing [FILE]`: the text (by default the test documents) is repeated up to each size. People and
topics are prepared before the clock starts, as an import of many files prepares them once.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

from markdown_it import MarkdownIt

from minutes.parsing import parse
from minutes.reading import Limits, read_source
from people.resolve import Candidate
from tests import mutated, scored
from themes.vocabulary import Topic

NO_LIMIT = Limits(lines=10_000_000)
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def main(path: str | None = None) -> None:
    text = Path(path).read_text(encoding="utf-8") if path else "\n\n".join(_minutes())
    people, topics = scored.curated(), scored.vocabulary()
    for size in SIZES:
        content = (text * (size // len(text) + 1))[:size]
        times = [_time(content, people, topics) for _ in range(_rounds(size))]
        alone, read, parsed, turns = map(min, zip(*times, strict=True))
        row = f"{size:>10} characters: markdown-it-py {alone:7.3f} s, read {read:7.3f} s, parsed {parsed:7.3f} s"
        print(f"{row}, {alone / (read + parsed):5.2f} of its speed, {turns} turns{_memory(content)}", flush=True)


def _rounds(size: int) -> int:
    """The best of several runs counts where one is too short for a busy machine's clock."""
    return max(1, min(7, 2_000_000 // size))


def _time(content: str, people: Sequence[Candidate], topics: Sequence[Topic]) -> tuple[float, float, float, int]:
    """Seconds of the processor for markdown-it-py alone, for reading and for parsing; and the turns found."""
    began = time.process_time()
    MarkdownIt().render(content)
    rendered = time.process_time()
    reading = read_source("bench.md", content.encode(), limit=2 * len(content) + 1000, limits=NO_LIMIT)
    read = time.process_time()
    document = parse(reading, people=people, topics=topics)
    return rendered - began, read - rendered, time.process_time() - read, len(document.turns)


def _minutes() -> list[str]:
    """The test documents, but for pages and those with a fence that would swallow whatever comes after it."""
    return [c.decode() for name, c in mutated.texts() if not name.endswith(".html") and b"~~~" not in c]


def _memory(content: str) -> str:
    """The peak in a run of its own, as measuring slows it; for the smaller sizes only."""
    if len(content) > 1_000_000:
        return ""
    tracemalloc.start()
    parse(read_source("bench.md", content.encode(), limit=2 * len(content) + 1000, limits=NO_LIMIT))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f", peak {peak / 1e6:.1f} MB"


if __name__ == "__main__":
    main(*sys.argv[1:])
