from pathlib import Path

import pytest

from people.curated import CuratedPerson, load_people

SEEDS = Path(__file__).parent.parent / "seeds" / "people.toml"


def test_people_are_read_from_toml(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text(
        '[[person]]\nname = "Ann Oro"\nlabels = ["A. Oro"]\naffiliations = ["Lab"]\n[[person]]\nname = "Bo Uk"\n'
    )
    assert load_people(path) == (CuratedPerson("Ann Oro", ("A. Oro",), ("Lab",)), CuratedPerson("Bo Uk"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "names.toml: not a TOML file in UTF-8: "),
        ("[other]\n", "names.toml: expected [[person]] tables and nothing else, found ['other']"),
        ("[[person]]\n", "names.toml: person 1 (without name): name must be a text"),
        ('[[person]]\nname = "Ann"\nage = 3\n', "names.toml: person 1 (Ann): unknown field 'age'"),
        ('[[person]]\nname = "Ann"\nlabels = "A"\n', "names.toml: person 1 (Ann): labels must be a list of texts"),
        (
            '[[person]]\nname = "Ann"\n[[person]]\nname = "Bo"\nlabels = ["ANN"]\n',
            "names.toml: person 2 (Bo): 'ANN' already stands for 'Ann'",
        ),
    ],
)
def test_malformed_people_are_refused_with_their_entry(tmp_path, text, message):
    path = tmp_path / "names.toml"
    path.write_text(text)
    with pytest.raises(ValueError) as error:
        load_people(path)
    assert str(error.value).startswith(message)


def test_seeds_name_people_in_full():
    assert [person.name for person in load_people(SEEDS) if len(person.name.split()) < 2] == []
