"""What people decided about labels is what the parser does, in this document and before any test of its own."""

from __future__ import annotations

from minutes.parsing import parse
from minutes.reading import read_source
from people.resolve import Candidate

TEXT = """Rope makers' day

Present: Ada King, Bob Roe

Topic: Hemp

Ada: Is it strong?

Zed: I doubt it.

Bob: It is.
"""


def read(decided):
    return parse(read_source("rope.txt", TEXT.encode()), decided=decided)


def voices(document):
    return [(turn.label, turn.people, turn.certainty) for turn in document.turns]


def test_decided_label_means_somebody_the_document_does_not_name():
    document = read({"zed": Candidate("p-7", "Zdenka Moravec")})
    assert ("Zed", ("p-7",), "exact") in voices(document)
    assert [voice.reason for turn in document.turns for voice in turn.voices if turn.label == "Zed"] == [
        "decided by a person"
    ]
    person = next(person for person in document.people if person.key == "p-7")
    assert (person.name, person.in_participants, person.labels) == ("Zdenka Moravec", False, ("Zdenka Moravec", "Zed"))


def test_decided_label_goes_before_the_roster():
    document = read({"bob": Candidate("p-1", "Ada King")})
    assert [who for label, who, _ in voices(document) if label == "Bob"] == [("p-1",)]


def test_decided_key_is_that_of_the_same_name_in_the_roster():
    document = read({"ada": Candidate("p-1", "Ada King")})
    assert [(person.key, person.name) for person in document.people] == [("p-1", "Ada King"), ("bob-roe", "Bob Roe")]
    assert document.people[0].in_participants


def test_given_key_never_meets_that_of_another_name():
    document = read({"ada": Candidate("bob-roe", "Ada King")})
    assert [(person.key, person.name) for person in document.people] == [
        ("bob-roe", "Ada King"),
        ("bob-roe-2", "Bob Roe"),
    ]


def test_label_decided_to_be_nobody_continues_the_turn_before():
    document = read({"bob": None, "zed": None})
    assert [turn.label for turn in document.turns] == ["Ada"]
    assert document.turns[-1].text.endswith("Zed: I doubt it.\n\nBob: It is.")


def test_candidate_whom_no_label_means_is_not_in_the_document():
    document = read({"nobody here": Candidate("p-9", "Nina Ost")})
    assert [person.key for person in document.people] == ["ada-king", "bob-roe"]
