"""Addresses of slides attached to many talks at once: pasted, looked at, chosen, written as one step."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError

from minutes import importing
from minutes.attaching import match, of_kind, read_rows
from minutes.changes import change
from minutes.models import Link, Talk
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TITLES = ("Welcome", "Lanterns at sea", "Lanterns in caves", "Oil", "Wicks and how to trim them")
AT = "https://example.org/"


@pytest.fixture
def editor(client):
    user = User.objects.create_user("mia", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    return user


@pytest.fixture
def talks() -> list[Talk]:
    return [make.talk(title) for title in TITLES]


def post(client, text: str, label: str = "Slides", **fields):
    slug = Talk.objects.first().workshop.slug
    return client.post(f"/workshops/{slug}/links/", {"label": label, "text": text} | fields)


def attach(client, text: str, label: str = "Slides", **chosen):
    """As from the preview, with these choices in it."""
    return post(client, text, label, attach="", **seen(post(client, text, label)), **chosen)


def seen(answer) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+_seen)" value="(\w+)">', answer.content.decode()))


def attached() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for link in Link.objects.living().exclude(url="").select_related("talk"):
        found.setdefault(link.talk.title, []).append((link.label, link.url.removeprefix(AT)))
    return found


# Lines


@pytest.mark.parametrize(
    ("line", "words", "address"),
    [
        ("Oil\thttps://example.org/a.pdf", "Oil", "https://example.org/a.pdf"),
        ("https://example.org/a.pdf\tOil", "Oil", "https://example.org/a.pdf"),
        ("Oil - https://example.org/a.pdf", "Oil", "https://example.org/a.pdf"),
        ('"Oil", "https://example.org/a.pdf"', "Oil", "https://example.org/a.pdf"),
        ("Oil (https://example.org/a.pdf)", "Oil", "https://example.org/a.pdf"),
        ("| Oil | <https://example.org/a.pdf> |", "Oil", "https://example.org/a.pdf"),
        ("see www.example.org/a_(1).pdf", "see", "https://www.example.org/a_(1).pdf"),
        ("HTTPS://example.org/A?b=c&d=%20#e", "", "HTTPS://example.org/A?b=c&d=%20#e"),
    ],
)
def test_a_line_has_words_and_an_address(line, words, address):
    [row] = read_rows(line)
    assert (row.words, row.address, row.problem) == (words, address, "")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Oil", "No address."),
        ("Oil\tjavascript:alert(1)", "This is no web address: it begins with http:// or https://."),
        ("Oil\tftp://example.org/a", "This is no web address: it begins with http:// or https://."),
        ("Oil\thttps://exa mple", "This is no web address: look for a blank or a missing part."),
        (f"Oil {AT}a {AT}b", "There are two addresses in this line: give each a line of its own."),
        (f"Oil {AT}{'a' * 2000}", "This address is longer than 2000 letters."),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line, problem):
    [row] = read_rows(line)
    assert (row.address, row.problem) == ("", problem)


def test_too_many_lines_are_refused():
    with pytest.raises(ValidationError, match="These are 501 lines; send at most 500 at once"):
        read_rows("x\n" * 501)


# Which talk a line means


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("lanterns  AT sea", "Lanterns at sea"),
        ("Lantern at sea", "Lanterns at sea"),
        ("Ada Quill: Wicks and how to trim them", "Wicks and how to trim them"),
        ("4", "Oil"),
        ("Oil", "Oil"),
        ("Spoil", None),
        ("Lanterns", None),
        ("6", None),
        ("Something else altogether", None),
    ],
)
def test_words_mean_one_talk_or_none(talks, words, title):
    rows = read_rows(f"{words}\t{AT}a")
    found = match(rows, talks)[1].talk
    assert (found.title if found else None) == title


def test_two_talks_of_one_title_are_never_chosen_between(talks):
    talks.append(make.talk("Oil"))
    assert match(read_rows(f"Oil\t{AT}a"), talks)[1].talk is None


@pytest.mark.parametrize("head", ["", "Slides\n"])
def test_addresses_alone_come_in_the_order_of_the_programme(talks, head):
    found = match(read_rows(f"{head}{AT}1\n\n{AT}3\n{AT}4\n{AT}5\n{AT}6"), talks)
    told = [one.talk.title if one.talk else None for n, one in found.items() if n > head.count("\n")]
    assert told == ["Welcome", "Lanterns in caves", "Oil", "Wicks and how to trim them", None]


def test_label_of_a_kind():
    assert of_kind("Slides link", "Slides")
    assert of_kind("slide", "Slides")
    assert of_kind("Sieve-Slides link", "Slides")
    assert not of_kind("Recording", "Slides")


# The page


def test_preview_attaches_nothing_and_what_was_looked_at_is_attached(client, editor, talks):
    lost = make.link("Slides link", talk=talks[3])
    text = f"Welcome\t{AT}w\nOil\t{AT}o\nUnheard of\t{AT}u"
    page = post(client, text).content.decode()
    assert 'data-count="2"' in page
    assert "the address that “Slides link” lacks" in page
    assert "No talk is surely meant: choose it." in page
    assert attached() == {}
    chosen = {"talk_1": talks[0].public_id, "talk_2": talks[3].public_id, "talk_3": talks[1].public_id}
    done = attach(client, text, **chosen)
    assert attached() == {
        "Welcome": [("Slides", "w")],
        "Oil": [("Slides link", "o")],
        "Lanterns at sea": [("Slides", "u")],
    }
    client.post(re.search(r'action="(/undo/[\w-]+)"', client.get(done["location"]).content.decode())[1])
    assert attached() == {}
    lost.refresh_from_db()
    assert (lost.url, lost.retired_at) == ("", None)


def test_another_address_of_the_same_kind_is_replaced_and_the_same_one_left(client, editor, talks):
    make.link("Slides", talk=talks[0], url=f"{AT}old")
    make.link("Recording", talk=talks[0], url=f"{AT}film")
    make.link("Slides", talk=talks[3], url=f"{AT}o")
    text = f"Welcome\t{AT}new\nOil\t{AT}o"
    page = post(client, text).content.decode()
    assert "in place of https://example.org/old" in page
    assert "there already" in page
    attach(client, text, talk_1=talks[0].public_id, talk_2=talks[3].public_id)
    assert attached() == {"Welcome": [("Slides", "new"), ("Recording", "film")], "Oil": [("Slides", "o")]}
    again = attach(client, text, talk_1=talks[0].public_id, talk_2=talks[3].public_id)
    assert "Nothing differed" in client.get(again["location"]).content.decode()


def test_two_lines_for_one_talk_are_said_and_nothing_is_written(client, editor, talks):
    text = f"Oil\t{AT}a\nOil\t{AT}b"
    assert "Another line names this talk, too." in post(client, text).content.decode()
    answer = attach(client, text, talk_1=talks[3].public_id, talk_2=talks[3].public_id)
    assert answer.status_code == 400
    assert "Two lines name the same talk" in answer.content.decode()
    assert attached() == {}
    attach(client, text, talk_1=talks[3].public_id, talk_2="")
    assert attached() == {"Oil": [("Slides", "a")]}


def test_what_changed_after_the_preview_is_looked_at_again(client, editor, talks):
    text = f"Welcome\t{AT}w"
    looked = seen(post(client, text))
    make.link("Slides", talk=talks[0], url=f"{AT}colleague")
    answer = post(client, text, attach="", talk_1=talks[0].public_id, **looked)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "changed after you looked" in page
    assert "in place of https://example.org/colleague" in page
    assert attached() == {"Welcome": [("Slides", "colleague")]}
    post(client, text, attach="", talk_1=talks[0].public_id, **seen(answer))
    assert attached() == {"Welcome": [("Slides", "w")]}


def test_choices_are_not_taken_for_lines_that_were_pasted_after_them(client, editor, talks):
    looked = seen(post(client, f"Unheard of\t{AT}u\nOil\t{AT}o"))
    chosen = {"talk_1": talks[1].public_id, "talk_2": talks[3].public_id}
    answer = post(client, f"Welcome\t{AT}w\nUnheard of\t{AT}u\nOil\t{AT}o", attach="", **looked, **chosen)
    assert answer.status_code == 400
    assert attached() == {}
    meant = re.findall(r'value="([\w-]+)" selected', answer.content.decode())
    assert meant == [talks[0].public_id, talks[3].public_id]


def test_another_label_is_looked_at_before_it_is_used(client, editor, talks):
    text = f"Welcome\t{AT}w"
    looked = seen(post(client, text))
    assert post(client, text, "Recording", attach="", talk_1=talks[0].public_id, **looked).status_code == 400
    assert attached() == {}


def test_no_talk_of_another_workshop_is_reached(client, editor, talks):
    other = make.talk("Oil of others", workshop=make.workshop("Others", slug="others"))
    attach(client, f"Oil\t{AT}a", talk_1=other.public_id)
    assert attached() == {}


@pytest.mark.parametrize(
    ("label", "text", "told"),
    [
        ("Slides", "", "This field is required."),
        ("Slides", " \n ", "Paste at least one line."),
        ("—", f"Oil {AT}", "Say in a word what these addresses are, such as Slides."),
        ("Slides", "x\n" * 501, "These are 501 lines; send at most 500 at once."),
    ],
)
def test_what_cannot_be_read_is_told(client, editor, talks, label, text, told):
    answer = post(client, text, label)
    assert answer.status_code == 400
    assert told in answer.content.decode()


def test_attached_addresses_survive_a_new_version_of_the_minutes(client, editor):
    importing.write(
        importing.read("k.md", b"# Kitchen\n\n## Pans\n\n[Slides]()\n\nAda Quill: Hot.\n\n## Pots\n\nAda: Hot.\n")
    )
    text = f"Pans\t{AT}pans\nPots\t{AT}pots"
    pans, pots = Talk.objects.order_by("order")
    attach(client, text, talk_1=pans.public_id, talk_2=pots.public_id)
    before = attached()
    assert {title: urls[0][1] for title, urls in before.items()} == {"Pans": "pans", "Pots": "pots"}
    importing.write(
        importing.read("k.md", b"# Kitchen\n\n## Pans\n\n[Slides]()\n\nAda Quill: Very hot.\n\n## Pots\n\nAda: Hot.\n")
    )
    assert attached() == before


def test_preview_has_one_price(client, editor, talks, django_assert_max_num_queries):
    for n in range(40):
        make.link("Slides", talk=make.talk(f"Another talk {n} of many"), url=f"{AT}{n}")
    with django_assert_max_num_queries(12):
        post(client, "\n".join(f"Another talk {n} of many\t{AT}new{n}" for n in range(40)))


def test_only_editors_are_led_there(client, talks):
    address = f"/workshops/{talks[0].workshop.slug}/links/"
    assert address not in client.get(talks[0].workshop.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 302
    client.force_login(User.objects.create_user("eve"))
    assert client.get(address).status_code == 403
    assert post(client, f"Oil {AT}").status_code == 403
    with change(None) as c:
        c.set(talks[0].workshop, visibility="draft")
    assert client.get(address).status_code == 403
