"""What a workshop was and who may read it, told on a page; a change of readers is agreed to first."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.auth.models import Group, User

from minutes import importing
from minutes.changes import change
from minutes.models import Series, Workshop
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FIELDS = ("title", "place", "organiser", "url", "licence", "status", "visibility")


@pytest.fixture
def curator(client):
    user = User.objects.create_user("mia", is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    client.force_login(user)
    return user


@pytest.fixture
def workshop():
    return make.workshop("Autumn kitchen")


def given(workshop: Workshop, **fields) -> dict:
    workshop.refresh_from_db()
    days = {name: getattr(workshop, name).isoformat() for name in ("start", "end")}
    series = workshop.series.public_id if workshop.series else ""
    return (
        {name: getattr(workshop, name) for name in FIELDS}
        | days
        | {"series": series, "seen": workshop.version}
        | fields
    )


def post(client, workshop: Workshop, **fields):
    return client.post(f"/workshops/{workshop.slug}/details/", given(workshop, **fields))


def test_details_are_shown_and_taken_back(client, curator, workshop):
    with change(curator) as c:
        series = c.create(Series, slug="kitchens", title="Kitchens")
    done = post(
        client,
        workshop,
        **{"title": "Winter kitchen", "place": "Delft", "licence": "CC BY 4.0", "status": "approved"},
        **{"start": "2031-12-01", "end": "2031-12-02", "series": series.public_id},
    )
    page = client.get(done["location"]).content.decode()
    for words in ("Winter kitchen", "Delft", "CC BY 4.0", "1–2 December 2031", "Kitchens"):
        assert words in page
    client.post(re.search(r'action="(/undo/[\w-]+)"', page)[1])
    workshop.refresh_from_db()
    assert (workshop.title, workshop.place, workshop.series, workshop.start) == (
        "Autumn kitchen",
        "",
        None,
        date(2031, 5, 5),
    )


def test_details_survive_a_new_version_of_the_minutes(client, curator):
    importing.write(importing.read("kitchen.md", b"# Kitchen, 3 May 2031\n\n## Pans\n\nAda Quill: Hot.\n"))
    workshop = Workshop.objects.get()
    post(client, workshop, title="Kitchen of the spring", start="2031-05-04", end="2031-05-04")
    importing.write(importing.read("kitchen.md", b"# Kitchen, 3 May 2031\n\n## Pans\n\nAda Quill: Very hot.\n"))
    workshop.refresh_from_db()
    assert (workshop.title, workshop.start) == ("Kitchen of the spring", date(2031, 5, 4))


@pytest.mark.parametrize(
    ("visibility", "told"),
    [
        ("public", "Everybody will read it"),
        ("members", "Everybody who signs in will read it"),
        ("draft", "Only editors will read it"),
    ],
)
def test_other_readers_are_told_before_they_may_or_may_not_read(client, curator, visibility, told):
    workshop = make.workshop("Kitchen", visibility="draft" if visibility != "draft" else "public")
    first = post(client, workshop, visibility=visibility, place="Delft")
    assert first.status_code == 200
    assert told in first.content.decode()
    before = workshop.visibility
    workshop.refresh_from_db()
    assert (workshop.visibility, workshop.place) == (before, "")
    # What was agreed to is what is saved: another choice is told anew.
    other = next(one for one in ("public", "members", "draft") if one not in (before, visibility))
    assert post(client, workshop, visibility=other, agreed=visibility).status_code == 200
    assert post(client, workshop, visibility=visibility, place="Delft", agreed=visibility).status_code == 302
    workshop.refresh_from_db()
    assert (workshop.visibility, workshop.place) == (visibility, "Delft")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": " "}, "This field is required."),
        ({"start": "2031-05-06", "end": "2031-05-05"}, "The last day is before the first."),
        ({"start": "", "end": "2031-05-05"}, "Say the first day, too."),
        ({"start": "6.5.31"}, "Enter a valid date."),
        ({"series": "nonesuch22"}, "Select a valid choice."),
        ({"visibility": "all"}, "Select a valid choice."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_what_cannot_stand_is_told_and_nothing_is_saved(client, curator, workshop, fields, told):
    answer = post(client, workshop, **{"place": "Delft"} | fields)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    workshop.refresh_from_db()
    assert workshop.place == ""


def test_form_that_is_too_old_overwrites_nothing(client, curator, workshop):
    old = given(workshop, place="Mine")
    with change(User.objects.create_user("bo")) as c:
        c.set(workshop, place="Theirs")
    page = client.post(f"/workshops/{workshop.slug}/details/", old).content.decode()
    assert "bo changed this since you opened it" in page
    assert 'value="Mine"' in page
    workshop.refresh_from_db()
    assert workshop.place == "Theirs"


def test_only_curators_are_led_there(client, workshop):
    address = f"/workshops/{workshop.slug}/details/"
    assert address not in client.get(workshop.get_absolute_url()).content.decode()
    editor = User.objects.create_user("ed")
    editor.groups.add(Group.objects.get(name="editor"))
    client.force_login(editor)
    assert address not in client.get(workshop.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403
    editor.groups.add(Group.objects.get(name="curator"))
    client.force_login(User.objects.get(username="ed"))
    assert address in client.get(workshop.get_absolute_url()).content.decode()
