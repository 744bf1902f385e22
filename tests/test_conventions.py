"""Documents of many conventions, all invented, score what they must against labels written before they were parsed.

A case in tests/conventions/ is a document, a line of equals signs, and its labels: `present: A; B`, `# Title | Who`,
`Label = Person: how the turn begins` (`?` for nobody known), `! action`, `> decision`. `.md.txt` is read as Markdown.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from minutes.exporting.minutes_document import as_json
from minutes.parsing import parse
from minutes.reading import read_source
from tests.gold.score import score

CASES = sorted((Path(__file__).parent / "conventions").glob("*.txt"))
CUT = "\n" + "=" * 60 + "\n"
MEASURES = ("turns", "who", "where", "participants", "sections_found", "speakers", "actions", "decisions")
LEAST = 0.9
_TURN = re.compile(r"^(?P<label>.+?) = (?P<person>[^:]+): (?P<start>.+)$")


def read_labels(text: str) -> dict[str, Any]:
    """The labels in the form that the scorer reads; a measure without labels is left out."""
    gold: dict[str, Any] = {"turns": [], "sections": [], "participants": [], "actions": [], "decisions": []}
    for line in text.strip().split("\n"):
        if line.startswith("present: "):
            gold["participants"] = line.removeprefix("present: ").split("; ")
        elif line.startswith("# "):
            title, _, speakers = line[2:].partition(" | ")
            gold["sections"].append({"title": title, "presenters": speakers.split("; ") if speakers else []})
        elif line.startswith(("! ", "> ")):
            gold["actions" if line[0] == "!" else "decisions"].append(line[2:])
        else:
            match = _TURN.match(line)
            assert match, line
            people = [] if match["person"] == "?" else match["person"].split("+")
            where = gold["sections"][-1]["title"] if gold["sections"] else None
            turn = {"label": match["label"], "people": people, "section": where, "text_start": match["start"]}
            gold["turns"].append(turn)
    return gold


def figures(path: Path) -> tuple[dict[str, float], dict[str, Any]]:
    """Each measure that the labels allow, and what was missed or made up."""
    source, labels = path.read_text(encoding="utf-8").split(CUT)
    gold = read_labels(labels)
    found = as_json(parse(read_source(path.name.removesuffix(".txt"), source.encode())))
    measured, misses = score(gold, found)
    values = {name: measured[name][0] for name in MEASURES if name in measured}
    if not gold["turns"]:
        values["turns"] = float(not found["turns"])
        misses["turns"] = {"missed": [], "extra": [f"{t['label']}: {t['text'][:60]}" for t in found["turns"]]}
    return values, misses


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".txt"))
def test_convention_is_understood(path: Path) -> None:
    values, misses = figures(path)
    low = {name: (value, misses.get(name)) for name, value in values.items() if value < LEAST}
    assert low == {}


def main() -> None:
    """The table of all figures, for whoever changes a rule."""
    sums: dict[str, list[float]] = {}
    for path in CASES:
        values, _ = figures(path)
        for name, value in values.items():
            sums.setdefault(name, []).append(value)
        print(f"{path.name.removesuffix('.txt'):28}", *(f"{name}={value:.2f}" for name, value in values.items()))
    print(f"{'average':28}", *(f"{name}={sum(rows) / len(rows):.3f}" for name, rows in sums.items()))


if __name__ == "__main__":
    main()
