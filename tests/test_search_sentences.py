"""What the words of a question say of the turn that is looked for, and what is found by it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from minutes.search import sentences
from minutes.search.finding import find
from tests import make


def best(query: str) -> str:
    return find(query, AnonymousUser()).hits(0, 1, shown=True)[0].shown["text"]


@pytest.mark.parametrize(
    ("typed", "left"),
    [("Ada's", "Ada"), ("what’s", "what"), ("isn't", "is"), ("ships'", "ships"), ("O'Brien", "O'Brien"), ("'s", "'s")],
)
def test_apostrophe_adds_nothing_to_a_word(typed, left):
    assert sentences.bare(typed) == left


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("who asked about tides", {("kind", "question")}),
        ("did anybody ever ask about tides", {("kind", "question")}),
        ("who replied to the harbour master", {("kind", "answer")}),
        ("which questions about tides were never answered", {("kind", "question"), ("is", "unanswered")}),
        ("tides left without an answer", {("is", "unanswered")}),
        ("tides and anchors", set()),
    ],
)
def test_sentence_says_which_kind_of_turn_it_asks_for(sentence, asked):
    assert set(sentences.wanted(sentence.split()).values()) - {None} == asked


@pytest.mark.parametrize(
    ("sentence", "titled"),
    [
        ("buoys in the night ferries talk", ["night", "ferries"]),
        ("buoys after the talk on night ferries", ["night", "ferries"]),
        ("in which talk were buoys red", []),
        ("talk about buoys", []),
    ],
)
def test_words_beside_talk_are_those_of_its_title(sentence, titled):
    words = sentence.split()
    assert [words[place] for place in sorted(sentences.titled(words))] == titled


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("what did Ada ask about tides", "asked"),
        ("Ada's answer on tides", "answered"),
        ("what did Ada answer when asked about tides", "answered"),
        ("questions of Ada on tides", "asked"),
        ("Ada suggested tides", "said"),
        ("asked Ada about tides", "to"),
        ("reply of Ben to Ada", "to"),
        ("Ada's talk", "gave"),
        ("the slides by Ada", "gave"),
        ("Ada tides", ""),
    ],
)
def test_sentence_says_what_a_person_did(sentence, cue):
    words = sentence.split()
    at = next(n for n, word in enumerate(words) if word.startswith("Ada"))
    assert sentences.cue(words, at, 1) == cue


def test_words_may_be_short_for_something():
    found = set(sentences.shorts("the port of call in run 4".split()))
    assert ((1, 3), "poc") in found
    assert ((5, 6), "run4") in found


def test_words_of_one_family_have_one_root():
    assert sentences.root("writers") == sentences.root("writing") == "writ"
    assert sentences.root("user") == ""


@pytest.fixture
def quay(db):
    """An exchange about tides: asked by Ada, answered by Ben; and remarks."""
    ada, ben = make.person("Ada Quill"), make.person("Ben Marlow")
    tides = make.talk("Tides")
    asked = make.turn("How high is the spring tide in the harbour?", by=ada, talk=tides, kind="question")
    make.turn("Six fathoms.", by=ben, talk=tides, kind="answer", exchange=asked.exchange)
    make.turn("The spring tide was high in the harbour, the harbour was full.", by=make.person("Cleo Ruiz"), talk=tides)
    make.turn("How many keepers has the lighthouse?", by=ben, talk=make.talk("Lamps"), kind="question")


ASKED, ANSWERED, UNANSWERED = (
    "How high is the spring tide in the harbour?",
    "Six fathoms.",
    "How many keepers has the lighthouse?",
)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("who asked about the spring tide in the harbour", ASKED),
        ("what was Ben's answer about the spring tide", ANSWERED),
        ("who answered Ada about the tide", ANSWERED),
        ("what did Bem say about the tide", ANSWERED),
        ("unanswered questions", UNANSWERED),
        ("what was asked in the lamps talk", UNANSWERED),
    ],
)
def test_question_finds_what_it_asks_for(quay, query, text):
    assert best(query) == text


def test_light_words_of_a_sentence_need_not_be_there_but_alone_they_are_looked_for(db):
    make.turn("The ferry needs a lamp.")
    make.turn("We need to use the crane.")
    assert best("how do people use the lamp of the ferry") == "The ferry needs a lamp."
    assert best("use crane") == "We need to use the crane."
    assert find("use lamp", AnonymousUser()).partly


def test_initials_find_what_they_are_short_for(db):
    make.turn("The POC was moved to the north.")
    make.turn("A port was called.")
    assert best("where is our port of call") == "A port was called."
    assert best("which is the north port of call").startswith("The POC")


def test_sentence_with_one_word_wrong_finds_what_has_the_others(db):
    make.turn("The bosun has the lanterns and the ropes in the shed.", talk=make.talk("Stores"))
    make.turn("The purser has a lantern.", talk=make.talk("Money"))
    make.turn("The purser passes by.", talk=make.talk("People"))
    assert best("does the purser keep the lanterns and ropes in the shed").startswith("The bosun")


def test_rare_word_is_found_with_a_slip_in_the_minutes(db):
    make.turn("The regata was moved.")
    make.turn("There was a regatta.")
    assert len(find("regatta", AnonymousUser()).hits(0, 10)) == 2
    assert best("regatta") == "There was a regatta."
