"""The query language: text to tree, and the tree back to one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.search.language import parse
from minutes.search.tree import (
    JOINING,
    OPERATORS,
    And,
    Field,
    Not,
    Or,
    Phrase,
    Start,
    Word,
    both,
    conditions,
    either,
    negated,
    show,
    without,
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("does the transfer rate include retries?", "does the transfer rate include retries"),
        ("  “low   tide”  now ", '"low tide" now'),
        ("boat -lamp", "boat -lamp"),
        ("boat NOT lamp AND oar", "boat -lamp oar"),
        ("a b OR c d", "a b OR c d"),
        ("(a b) OR c", "a b OR c"),
        ("a (b OR c) d", "a (b OR c) d"),
        ("(a OR (b OR c))", "a OR b OR c"),
        ("((a)) ((b a))", "a b"),
        ("-(a b)", "-(a b)"),
        ("--dry-run - x", "dry-run x"),
        ("tok* *", "tok*"),
        ("Asked_By:ada by:Ben", "asked-by:ada said-by:Ben"),
        ('asked-by:"Ada Quill" topic:k8s', 'asked-by:"Ada Quill" topic:k8s'),
        ('to:"ada"', "to:ada"),
        ("-topic:k8s", "-topic:k8s"),
        ("date:2031-05-05..2031-05-07", "date:2031-05-05..2031-05-07"),
        ("X.509 http-tpc c++ k8s", "X.509 http-tpc c++ k8s"),
        ("https://example.org/x at 10:30", "https://example.org/x at 10:30"),
        ('OR "" () - * !?', ""),
        ("OR a OR", "a"),
    ],
)
def test_query_prints_back_to_one_text(text, canonical):
    reading = parse(text)
    assert show(reading.tree) == canonical
    assert reading.complaints == []


def test_tree_is_what_was_meant():
    assert parse('asked-by:ada ("low tide" OR lam*) -(x y)').tree == And(
        (
            Field("asked-by", "ada"),
            Or((Phrase("low tide"), Start("lam"))),
            Not(And((Word("x"), Word("y")))),
        )
    )


@pytest.mark.parametrize(
    ("text", "canonical", "complaint"),
    [
        ('"unclosed boat', "unclosed boat", "The quotation mark before “unclosed boat” has no partner"),
        ('boat"', "boat", "The quotation mark at the end has no partner"),
        (
            "askd-by:ada",
            "askd-by ada",
            "There is no operator “askd-by:”, so it was read as a word. Did you mean “asked-by:”?",
        ),
        ("zzz:ada", "zzz ada", "There is no operator “zzz:”, so it was read as a word."),
        ("topic: k8s", "topic k8s", "“topic:” needs something right after it"),
        ("(a b", "a b", "A parenthesis is never closed"),
        ("a) b", "a b", "A parenthesis is closed that was never opened"),
        ("x " + "a " * 600, "x a", "Only the first 1000 characters were searched."),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence_beside_the_best_reading(text, canonical, complaint):
    reading = parse(text)
    assert show(reading.tree) == canonical
    assert reading.complaints[0].startswith(complaint)


def test_condition_can_be_taken_away():
    tree = parse("topic:k8s (boat OR oar) -x").tree
    assert [show(part) for part in conditions(tree)] == ["topic:k8s", "boat OR oar", "-x"]
    assert show(without(tree, conditions(tree)[1])) == "topic:k8s -x"


# Whatever is typed

_LETTERS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)
_WORDS = _LETTERS.filter(lambda text: text not in JOINING)
_LINES = st.lists(_LETTERS, min_size=1, max_size=3).map(" ".join)
_LEAVES = st.one_of(
    _WORDS.map(Word),
    _WORDS.map(Start),
    _LINES.map(Phrase),
    st.builds(Field, st.sampled_from(sorted(OPERATORS)), _LINES),
)
TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(negated),
        st.lists(inner, max_size=4).map(lambda parts: both(*parts)),
        st.lists(inner, max_size=4).map(lambda parts: either(*parts)),
    ),
    max_leaves=12,
)
_TYPED = st.lists(
    st.sampled_from([*'"()-*:| ', "OR", "NOT", "AND", "asked-by:", "is:open", "a", "B9", "é", "zz:", "tok*", "–", "\0"])
    | _LETTERS,
    max_size=25,
).map("".join)


@given(TREES)
def test_every_tree_is_read_back_from_its_text(tree):
    assert parse(show(tree)).tree == tree


@given(_TYPED | st.text(max_size=60))
def test_whatever_is_typed_has_one_canonical_text(text):
    tree = parse(text).tree
    again = parse(show(tree))
    assert (again.tree, again.complaints) == (tree, [])
