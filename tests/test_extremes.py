"""Minutes of extreme shapes are read in a time that grows with their size, not with its square."""

import gc
import random
import time

import pytest

from minutes.parsing import parse
from minutes.reading import Unreadable, read_source

_SYLLABLES = "ba be di do fu ga ke ki lo lu ma mi no pa ra ri se ta ti vo".split()


def _word(chance, length=3):
    return "".join(chance.choice(_SYLLABLES) for _ in range(length))


def _name(chance):
    return f"{_word(chance).title()} {_word(chance, 4).title()}"


def _said(chance):
    return " ".join(_word(chance) for _ in range(8)).capitalize() + chance.choice(".?")


def turns_of_one_talk(chance, size):
    people = [_name(chance) for _ in range(12)]
    return "\n\n".join(f"{chance.choice(people)}: {_said(chance)}" for _ in range(size))


def different_names(chance, size):
    return "\n\n".join(f"{_name(chance)}: {_said(chance)}" for _ in range(size))


def talks_of_different_people(chance, size):
    return "\n\n".join(f"## {_word(chance)}\n\n{_name(chance)}: {_said(chance)}" for _ in range(size))


def names_in_one_line(chance, size):
    return "Present: " + ", ".join(_name(chance) for _ in range(size))


def one_line(chance, size):
    return "Ada King: " + " ".join(_said(chance) for _ in range(size))


def one_word(chance, size):
    return "x" * size


def brackets_never_closed(chance, size):
    return "Ada King: " + "(" * size


def links_never_closed(chance, size):
    return "Ada King: " + "[a](" * size


def nested_lists(chance, size):
    return "- " * size + "x"


def nested_quotes(chance, size):
    return ">" * size + " x"


def headings(chance, size):
    return "\n\n".join(f"## {_word(chance)}\n\n### {_word(chance)}" for _ in range(size))


SHAPES = (
    (turns_of_one_talk, 300),
    (different_names, 120),
    (talks_of_different_people, 120),
    (names_in_one_line, 600),
    (one_line, 800),
    (one_word, 100_000),
    (brackets_never_closed, 50_000),
    (links_never_closed, 10_000),
    (nested_lists, 1000),
    (nested_quotes, 2500),
    (headings, 300),
)
_GROWTH = 4  # of the size; its square would be 16 times the time
_SLACK = 2.2  # for a busy machine, and for a search in what has grown
_SHORT = 0.05  # seconds in which a clock shows nothing


@pytest.mark.parametrize(("shape", "size"), SHAPES, ids=lambda value: getattr(value, "__name__", ""))
def test_time_grows_with_the_size(shape, size):
    def seconds(count):
        content = f"# Meeting\n\n## Talk\n\n{shape(random.Random(1), count)}\n".encode()
        started = time.process_time()
        parse(read_source("minutes.md", content))
        return time.process_time() - started

    # The best of two: others run on the machine, and the first to read a kind of line makes its tables.
    small, large = (min(seconds(count) for _ in range(2)) for count in (size, _GROWTH * size))
    assert large <= _GROWTH * _SLACK * max(small, _SHORT)


def test_garbage_collection_goes_on_after_reading_and_after_a_refusal():
    assert gc.isenabled()
    parse(read_source("minutes.md", b"# Meeting\n\n## Talk\n\nAda King: Hello.\n"))
    assert gc.isenabled()
    with pytest.raises(Unreadable):
        read_source("minutes.md", b"")
    assert gc.isenabled()


def test_garbage_collection_that_was_off_stays_off():
    gc.disable()
    try:
        parse(read_source("minutes.md", b"# Meeting\n\n## Talk\n\nAda King: Hello.\n"))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_letters_without_end_are_no_word():
    text = (
        "Participants: Ada King, Bo Marsh\n\nAda King: Is it "
        + "tide" * 5_000
        + "?\n\nBo Marsh: It is "
        + "ebb" * 5_000
        + ".\n\nAda King: Thanks.\n"
    )
    assert len(parse(read_source("a.txt", text.encode())).turns) == 3
