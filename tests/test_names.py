"""people.names: facts about name strings."""

import pytest

from people import names


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("Zoë  Ångström", "zoe angstrom"),
        ("Groß", "gross"),
        ("Łukasz Øst", "lukasz ost"),
        ("O’Hara", "ohara"),
        ("Anna–Lena", "anna-lena"),
    ],
)
def test_fold_makes_equal_names_equal(printed, folded):
    assert names.fold(printed) == folded


def test_spellings_write_umlauts_out():
    assert names.spellings("Jörg Übel") == ("Jörg Übel", "Joerg Uebel")
    assert names.spellings("João") == ("João",)


@pytest.mark.parametrize(
    ("name", "key"),
    [("João v. Ribeiro-Sá", "joao-v-ribeiro-sa"), ("K.L. Mbeki", "k-l-mbeki"), ("Ада", "ада"), ("?!", "unnamed")],
)
def test_slug_keeps_letters_only(name, key):
    assert names.slug(name) == key


@pytest.mark.parametrize(
    ("label", "people"),
    [
        ("Uma+Igor", ("Uma", "Igor")),
        ("UV/IK", ("UV", "IK")),
        ("UV, IK", ("UV", "IK")),
        ("Uma and Igor", ("Uma", "Igor")),
        ("Uma & Igor", ("Uma", "Igor")),
        ("Uma, Igor, and Ben Stone", ("Uma", "Igor", "Ben Stone")),
        ("Uma (via chat)", ("Uma",)),
        ("Uma presenting", ("Uma",)),
        ("Uma on slide 7", ("Uma",)),
        ("Question from Uma Vale", ("Uma Vale",)),
        ("(UV)", ("UV",)),
        ("**Uma**", ("Uma",)),
        ("Vale, U.K.", ("Vale, U.K.",)),
        ("Sandra", ("Sandra",)),
        ("Alexandra Undset", ("Alexandra Undset",)),
    ],
)
def test_people_in_takes_a_label_apart(label, people):
    assert names.people_in(label) == people


@pytest.mark.parametrize(
    ("printed", "given", "surname"),
    [
        ("Uma Vale", ("uma",), ("vale",)),
        ("Uma del Rio", ("uma",), ("del", "rio")),
        ("Ruud van der Velde", ("ruud",), ("van", "der", "velde")),
        ("U.K. Vale", ("u", "k"), ("vale",)),
        ("Vale, Uma", ("uma",), ("vale",)),
        ("VALE Uma", ("uma",), ("vale",)),
        ("Uma ORTIZ VALE", ("uma",), ("ortiz", "vale")),
        ("Dr. Uma Vale Jr.", ("uma",), ("vale",)),
        ("Uma (ACME)", ("uma",), ()),
    ],
)
def test_parse_tells_given_name_from_surname(printed, given, surname):
    name = names.parse(printed)
    assert (name.given, name.surname) == (given, surname)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("Uma Vale", {"uv"}),
        ("Uma Kim Vale", {"uv", "ukv"}),
        ("Uma del Rio", {"udr", "ur"}),
        ("Ann-Lee Vale-Ortiz", {"av", "avo", "alv", "alvo"}),
        ("Uma McVale", {"um", "umv"}),
        ("Uma", set()),
    ],
)
def test_initials_leave_parts_out(printed, found):
    assert names.initials(names.parse(printed)) == found


@pytest.mark.parametrize(("short", "full"), [("bob", "robert"), ("alex", "alexander"), ("steve", "steven")])
def test_short_form_belongs_to_full_name(short, full):
    assert names.is_short_for(short, full)


@pytest.mark.parametrize(("a", "b"), [("jan", "jana"), ("martin", "martina"), ("stefan", "stefano"), ("al", "albert")])
def test_short_form_is_not_another_name(a, b):
    assert not names.is_short_for(a, b)


@pytest.mark.parametrize(
    ("a", "b"), [("meike", "mieke"), ("mattias", "matthias"), ("stephan", "stefan"), ("erik", "eric")]
)
def test_given_alike_sees_a_misspelling(a, b):
    assert names.given_alike(a, b)


@pytest.mark.parametrize(
    ("a", "b"), [("marco", "mario"), ("martin", "martina"), ("andrea", "andreas"), ("jane", "jade"), ("lena", "lara")]
)
def test_given_alike_keeps_different_names_apart(a, b):
    assert not names.given_alike(a, b)
