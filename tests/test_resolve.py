"""people.resolve: whom a label names, how surely, and never by a guess."""

import random
import time

import pytest

from people.resolve import Candidate, Roster, resolve

NAMES = (
    "Javier Montalbo",
    "Martin Lobkowitz",
    "Markus Ferrand",
    "Matthias Grünwald",
    "Fabia Hermandez",
    "V.K. Chandra",
    "Paul Quiller",
    "Paul-Jonas Kettler",
    "Steven Marlow",
    "Kilian Weissmann",
    "Mieke Bouwmans",
    "Stefan Oberlin",
    "Stefano Rizzardi",
    "Riccardo Di Stefano",
    "Nadia FOURNEL",
    "Ana Lucia Paredes Soto",
    "Allan Hirst-Brook",
    "Josh McTavish",
    "Qiu",
    "Robert Ashdown",
)
ROSTER = tuple(Candidate(name.lower().replace(" ", "-"), name) for name in NAMES)


def who(label, nearby=()):
    return resolve(label, ROSTER, nearby).people


def keys(*wanted):
    return tuple(name.lower().replace(" ", "-") for name in wanted)


@pytest.mark.parametrize(
    ("label", "name", "certainty"),
    [
        ("Javier Montalbo", "Javier Montalbo", "exact"),
        ("Montalbo, Javier", "Javier Montalbo", "exact"),
        ("Javi Montalbo", "Javier Montalbo", "context"),
        ("Javi", "Javier Montalbo", "context"),
        ("Javier", "Javier Montalbo", "context"),
        ("Javier (remote)", "Javier Montalbo", "context"),
        ("Martin Lobkowizt", "Martin Lobkowitz", "fuzzy"),
        ("Fabia Fermandez", "Fabia Hermandez", "fuzzy"),
        ("Mieke Bouwmns", "Mieke Bouwmans", "fuzzy"),
        ("Meike Bouwmans", "Mieke Bouwmans", "fuzzy"),
        ("Chandra", "V.K. Chandra", "context"),
        ("Vijay Kumar Chandra", "V.K. Chandra", "context"),
        ("VK Chandra", "V.K. Chandra", "context"),
        ("V. Chandra", "V.K. Chandra", "context"),
        ("Paul", "Paul Quiller", "context"),
        ("Paul Q", "Paul Quiller", "context"),
        ("PaulQ", "Paul Quiller", "context"),
        ("Paul K.", "Paul-Jonas Kettler", "context"),
        ("Paul Kettler", "Paul-Jonas Kettler", "context"),
        ("Paul Jonas Kettler", "Paul-Jonas Kettler", "exact"),
        ("Jonas", "Paul-Jonas Kettler", "context"),
        ("Steve Marlow", "Steven Marlow", "context"),
        ("Bob", "Robert Ashdown", "context"),
        ("Stefan", "Stefan Oberlin", "context"),
        ("Stefano", "Stefano Rizzardi", "context"),
        ("Di Stefano", "Riccardo Di Stefano", "context"),
        ("Nadia Fournel", "Nadia FOURNEL", "exact"),
        ("FOURNEL Nadia", "Nadia FOURNEL", "exact"),
        ("Gruenwald", "Matthias Grünwald", "context"),
        ("Ana Paredes", "Ana Lucia Paredes Soto", "context"),
        ("Lucia", "Ana Lucia Paredes Soto", "context"),
        ("AHB", "Allan Hirst-Brook", "context"),
        ("(JM)", None, "unknown"),
        ("JoshMT", "Josh McTavish", "context"),
        ("jmctavish", "Josh McTavish", "context"),
        ("Qiu", "Qiu", "exact"),
        ("Qiu Fang", "Qiu", "context"),
    ],
)
def test_resolve_finds_the_one_meant(label, name, certainty):
    found = resolve(label, ROSTER)
    assert (found.people, found.certainty) == (keys(name) if name else (), certainty)
    assert found.reason


@pytest.mark.parametrize(
    "label",
    ["Lionel Weissmann", "Martina", "Marco Ferrand", "Jana", "Paul Weissmann", "Q&A", "Note", "PaulX", "Otto", "?"],
)
def test_resolve_takes_nobody_for_another(label):
    found = resolve(label, ROSTER)
    assert (found.people, found.certainty, found.suggestions) == ((), "unknown", ())


def test_resolve_never_guesses_between_two_of_one_first_name():
    roster = (*ROSTER, Candidate("m2", "Martin Achterberg"))
    found = resolve("Martin", roster)
    assert (found.people, found.certainty) == ((), "unknown")
    assert found.suggestions == ("martin-lobkowitz", "m2")


def test_resolve_lets_who_speaks_here_decide():
    roster = (*ROSTER, Candidate("m2", "Martin Achterberg"))
    found = resolve("Martin", roster, ["paul-quiller", "m2"])
    assert (found.people, found.certainty) == (("m2",), "context")
    assert resolve("Martin", roster, ["martin-lobkowitz", "m2"]).people == ()


def test_resolve_prefers_the_stronger_test_to_who_speaks_here():
    assert who("Stefan", ["stefano-rizzardi"]) == ("stefan-oberlin",)
    assert who("Stefano", ["riccardo-di-stefano"]) == ("stefano-rizzardi",)


def test_resolve_leaves_shared_initials_open():
    roster = (Candidate("a", "Mona Tait"), Candidate("b", "Milo Trask"), Candidate("c", "Cleo Hart"))
    assert resolve("MT", roster).suggestions == ("a", "b")
    assert resolve("(CH)", roster).people == ("c",)
    assert resolve("mt", roster, ["b"]).people == ("b",)


def test_resolve_takes_a_middle_name_as_left_out_of_initials():
    roster = (Candidate("a", "Mona S. Tait"), Candidate("b", "Milo Trask"))
    assert resolve("MT", roster).people == ()
    assert resolve("MST", roster).people == ("a",)


def test_resolve_knows_introduced_forms():
    roster = (Candidate("a", "Mona Tait", ("MTX", "The Chair")), Candidate("b", "Milo Trask"))
    assert (resolve("MTX", roster).people, resolve("MTX", roster).certainty) == (("a",), "exact")
    assert resolve("the chair", roster).people == ("a",)
    assert resolve("MT", roster).people == ("b",)  # Mona Tait's own initials are others


def test_resolve_gives_the_abbreviation_that_ends_in_the_surnames_last_letter():
    roster = (Candidate("a", "Gil Sandoval"), Candidate("b", "Gus Semper"))
    assert (resolve("GSL", roster).people, resolve("GSL", roster).certainty) == (("a",), "fuzzy")


def test_resolve_each_reads_several_people():
    found = Roster(ROSTER).resolve_each("Javi+Steve")
    assert [one.people for one in found] == [keys("Javier Montalbo"), keys("Steven Marlow")]
    assert [one.label for one in found] == ["Javi", "Steve"]
    assert len(Roster(ROSTER).resolve_each("Marlow, Steven")) == 1


def test_resolve_is_the_roster_for_one_label():
    assert resolve("Javi", ROSTER) == Roster(ROSTER).resolve("Javi")


def test_resolve_survives_odd_labels():
    for label in ("", " ", "+", "::", "\u200b", "-" * 200, "A" * 500, "(", "((x))", "/", "1 2"):
        assert resolve(label, ROSTER).people == ()
    assert resolve("Javi", ()).certainty == "unknown"


def test_adding_somebody_never_turns_a_label_into_another_person():
    draw = random.Random(7)
    first = "Ada Bela Cora Dan Emil Finn Gita Hugo Ines Jon Karl Lea Mia Noa Olaf Petra Martin Martina Paul".split()
    last = "Abel Boyd Crane Drost Evers Frey Gould Holm Irwin Janssen Kool Lund Moss Nygaard Martin Di-Paul".split()
    for _ in range(150):
        roster = [Candidate(str(n), f"{draw.choice(first)} {draw.choice(last)}") for n in range(12)]
        added = Candidate("new", f"{draw.choice(first)} {draw.choice(last)}")
        name = draw.choice(roster).name
        given, surname = name.split()
        for label in (name, given, surname, f"{given} {surname[0]}", given[0] + surname[0], name[:-1]):
            before, after = resolve(label, roster), resolve(label, [*roster, added])
            assert after.people in (before.people, (), ("new",)) or not before.people


def test_adding_somebody_unrelated_changes_nothing():
    for label in ("Javi", "Paul", "Chandra", "Fabia Fermandez", "AHB", "Steve Marlow", "Otto"):
        assert resolve(label, (*ROSTER, Candidate("new", "Wendeline Yxkull"))) == resolve(label, ROSTER)


def test_ten_thousand_labels_take_seconds():
    draw = random.Random(3)

    def word():
        return "".join(draw.choice("abdefgilmnorstu") for _ in range(7)).capitalize()

    roster = Roster(Candidate(str(n), f"{word()} {word()}") for n in range(100))
    labels = [f"{word()} {word()}" for _ in range(2000)] * 5
    began = time.perf_counter()
    for label in labels:
        roster.resolve(label)
    assert time.perf_counter() - began < 5
