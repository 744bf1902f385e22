"""Every line ends in one place: the rules that leave lines out are a closed list, and what has no place is named."""

from __future__ import annotations

import pytest

from minutes.document import IGNORING, Document
from minutes.exporting.minutes_document import as_json
from minutes.parsing import parse
from minutes.parsing.ledger import Ledger, spell_out
from minutes.reading import read_source
from tests import mutated


def parsed(name: str, text: str, **options: float) -> Document:
    return parse(read_source(name, text.encode()), **options)


@pytest.mark.parametrize(("name", "content"), mutated.sources(), ids=lambda value: value if len(value) < 60 else "")
def test_every_rule_that_leaves_a_line_out_is_on_the_list(name: str, content: bytes) -> None:
    assert mutated.faults(name, content) == []


def test_counts_of_places_add_up_to_the_lines_that_are_not_blank() -> None:
    for name, content in mutated.sources():
        reading = read_source(name, content)
        counted = as_json(parse(reading))["lines"]
        assert sum(counted.values()) == sum(1 for line in reading.lines if line.strip())


def test_few_lines_are_ignored_in_documents_of_every_convention() -> None:
    lines = ignored = 0
    for name, content in mutated.texts():
        places = parse(read_source(name, content)).places
        lines += len(places)
        ignored += sum(place.place == "ignored" for place in places)
    assert ignored <= 0.06 * lines


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([4], "4"),
        ([4, 9], "4 and 9"),
        ([3, 5, 6, 7, 12], "3, 5-7 and 12"),
        (list(range(1, 60, 2)), f"{', '.join(str(n) for n in range(1, 40, 2))} and 10 more"),
    ],
)
def test_lines_are_spelt_out(numbers: list[int], words: str) -> None:
    assert spell_out(numbers) == words


def test_more_unplaced_lines_than_allowed_are_a_problem_that_names_them() -> None:
    ledger = Ledger([f"line {n}" for n in range(1, 101)], allowed=0.02)
    ledger.put((1, 97), "note")
    problem = ledger.complain()
    assert problem is not None
    assert (problem.line, problem.message) == (98, "3 of 100 lines could not be placed: 98-100")
    fewer = Ledger([f"line {n}" for n in range(1, 101)], allowed=0.02)
    fewer.put((1, 98), "note")
    assert fewer.complain() is None
    none = Ledger([f"line {n}" for n in range(1, 101)], allowed=0)
    none.put((1, 99), "note")
    assert none.complain() is not None


def test_note_of_more_than_fifteen_lines_is_a_warning() -> None:
    head = "# Meeting\n\n## Roof\n\nAda King: We begin.\n\n## Walls\n\n"
    longer = parsed("a.md", head + "\n".join(f"words of nobody, number {n}" for n in range(16)))
    shorter = parsed("a.md", head + "\n".join(f"words of nobody, number {n}" for n in range(15)))
    assert [problem.line for problem in longer.problems if "a note of 16 lines" in problem.message] == [9]
    assert not [problem for problem in shorter.problems if "a note of" in problem.message]


def test_list_of_rules_has_no_rule_twice() -> None:
    assert len(set(IGNORING)) == len(IGNORING)
