"""Permanent links: where each kind of record is, where it moved, and what is left of one that was retired."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from minutes.changes import change
from minutes.models import Contact, Decision, Series
from people.models import Alias
from records.door import writing
from records.models import PublicId
from tests import make
from themes.models import RecurringTheme

pytestmark = pytest.mark.django_db


def follow(client, record) -> tuple[int, str]:
    response = client.get(record.permalink)
    return response.status_code, response.get("Location", "")


def retire(*records, reason: str = "") -> None:
    with writing():
        for record in records:
            record.retired_at, record.retired_reason = timezone.now(), reason
            record.save()


def test_every_kind_of_record_leads_to_its_page(client):
    ada = make.person("Ada Quill")
    session = make.session("Morning")
    talk = make.talk("Sieves", speakers=[ada], session=session)
    turn = make.turn("Why?", by=ada, talk=talk, kind="question")
    opening = make.turn("Welcome.", by=ada, session=session)
    theme = make.theme("Sieves are everywhere")
    action = make.action("Clean the sieve")
    for record in (talk.workshop, talk.day, session, talk, turn, opening, ada, theme, action, make.topic("Heron")):
        assert follow(client, record) == (302, record.get_absolute_url())
    assert follow(client, turn) == (302, f"{talk.get_absolute_url()}#{turn.public_id}")
    assert follow(client, turn.exchange) == (302, turn.get_absolute_url())
    assert follow(client, make.link("Slides", talk=talk)) == (302, talk.get_absolute_url())
    assert follow(client, make.note("Aside.", session=session)) == (302, session.get_absolute_url())


def test_records_without_a_page_lead_to_the_page_that_shows_them(client):
    ada = make.person("Ada Quill")
    make.turn("Why?", by=ada)
    workshop = make.some_workshop()
    with writing():
        alias = Alias.objects.create(label="Adi", person=ada)
        series = Series.objects.create(slug="summits", title="Summits")
        recurring = RecurringTheme.objects.create(title="Sieves")
        workshop.series = series
        workshop.save()
        decision = Decision.objects.create(workshop=workshop, text="We keep it.")
    theme = make.theme("Sieves are everywhere", recurring=recurring)
    assert follow(client, alias) == (302, ada.get_absolute_url())
    assert follow(client, series) == (302, "/workshops/")
    assert follow(client, recurring) == (302, theme.get_absolute_url())
    assert follow(client, decision) == (302, f"/actions/#{decision.public_id}")


def test_unknown_ids_are_not_found(client):
    assert client.get("/r/23456789ab").status_code == 404
    assert client.get("/r/short").status_code == 404


def test_moved_records_redirect_for_good(client):
    kept, gone = make.turn("Kept."), make.turn("Gone.")
    with writing():
        PublicId.objects.filter(value=gone.public_id).update(moved_to=kept.public_id)
    assert follow(client, gone) == (301, kept.permalink)
    # It may be undone: no browser keeps the answer.
    assert client.get(gone.permalink).headers["Cache-Control"] == "no-cache"


def test_merged_persons_redirect_to_the_one_who_lives_on(client):
    ada = make.person("Ada Quill")
    double = make.person("A. Quill", merged_into=ada)
    make.turn("Why?", by=double)
    assert follow(client, double) == (301, ada.permalink)
    assert follow(client, ada) == (302, ada.get_absolute_url())


def test_retired_turn_says_its_last_words_and_the_talk_it_stood_in(client):
    turn = make.turn("Write to *ada@example.org*.")
    retire(turn, reason="said elsewhere")
    response = client.get(turn.permalink)
    page = response.content.decode()
    assert response.status_code == 410
    assert "Write to ada@….</blockquote>" in page
    assert "said elsewhere" in page
    assert f'href="{turn.talk.get_absolute_url()}"' in page


def test_retired_talk_points_to_its_session_also_under_its_old_address(client):
    talk = make.talk("Sieves", session=make.session("Morning"))
    old = talk.get_absolute_url()
    retire(talk)
    for address in (talk.permalink, old):
        response = client.get(address)
        assert response.status_code == 410
        assert f'href="{talk.session.get_absolute_url()}"' in response.content.decode()


def test_nearest_place_is_the_first_that_still_stands(client):
    talk = make.talk("Sieves", session=make.session("Morning"))
    turn = make.turn("Why?", talk=talk)
    retire(turn, talk, talk.session)
    assert f'href="{talk.day.get_absolute_url()}"' in client.get(turn.permalink).content.decode()


def test_retired_workshop_is_gone_without_a_way_into_it(client):
    workshop = make.talk("Sieves").workshop
    retire(workshop)
    response = client.get(workshop.permalink)
    assert response.status_code == 410
    assert workshop.get_absolute_url() not in response.content.decode()


def test_nothing_of_a_draft_is_admitted(client):
    draft = make.workshop("Secret summit", visibility="draft")
    ada = make.person("Ada Quill")
    talk = make.talk("Sieves", workshop=draft, speakers=[ada])
    turn, gone, moved = (make.turn("Why?", talk=talk) for _ in range(3))
    retire(gone)
    with writing():
        PublicId.objects.filter(value=moved.public_id).update(moved_to=turn.public_id)
    for record in (draft, draft.days.get(), talk, turn, gone, moved, turn.exchange, ada):
        assert client.get(record.permalink).status_code == 404, record


def test_contacts_open_only_to_those_with_their_own_permission(client):
    ada = make.person("Ada Quill")
    make.turn("Why?", by=ada)
    with writing():
        contact = Contact.objects.create(workshop=make.some_workshop(), person=ada, email="ada@example.org")
    assert client.get(contact.permalink).status_code == 404
    reader = User.objects.create_user("reader")
    reader.user_permissions.add(Permission.objects.get(codename="view_contact"))
    client.force_login(reader)
    assert follow(client, contact) == (302, ada.get_absolute_url())


def test_what_stood_in_a_retired_workshop_leads_in_no_circle(client):
    talk = make.talk("Tides", turns=1)
    theme = make.theme("The sea")
    with change(None) as c:
        c.retire(talk.workshop, "it was no workshop")
    for record in (talk, talk.turns.get(), talk.day, theme, make.note("Recorded", talk=talk)):
        page = client.get(record.permalink)
        assert page.status_code == 410, record
        assert "it was no workshop" in page.content.decode()
    assert client.get(talk.get_absolute_url()).status_code == 410


def test_place_of_a_retired_record_is_masked(client):
    talk = make.talk("Tides", session=make.session("Write to ada@example.org"))
    with change(None) as c:
        c.retire(talk)
    page = client.get(talk.permalink).content.decode()
    assert "ada@example.org" not in page
    assert "Write to ada@…" in page
