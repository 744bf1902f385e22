"""Readers who are named for one workshop: they read all of it and nothing else, wherever one may look."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db.models import Model

from minutes import changes
from minutes.models import Reader, Talk, Workshop
from minutes.models.access import Visibility, may_read, scopes_for, scopes_of
from records.door import writing
from tests import make
from tests.test_visibility import SECRET, fill, walk

pytestmark = pytest.mark.django_db
OTHER = "Quagga"


@pytest.fixture
def site():
    """A public workshop and two drafts, with the same people and topics in all."""
    people, topics = [make.person("Ada Quill"), make.person("Bo Marsh")], [make.topic("Sieve", labels=["sieve"])]
    fill(make.workshop("Open summit", people=people), "ink", people, topics)
    drafts = []
    for mark in (SECRET, OTHER):
        stranger = make.person(f"{mark} Stranger")
        workshop = make.workshop(f"{mark} summit", visibility="draft", people=[*people, stranger])
        records = fill(workshop, mark, people, topics)
        make.turn(f"I am {mark}.", by=stranger, talk=records[3], label=f"{mark[:3]}.")
        drafts.append([*records, stranger])
    return drafts


def show(workshop: Model, visibility: str) -> None:
    with writing():
        Workshop.objects.filter(pk=workshop.pk).update(visibility=visibility)


def name_reader(workshop: Model, user: User) -> None:
    Reader.objects.create(workshop=workshop, user=user)


def told(page: str) -> Any:
    """What it says, but for the name of the visibility, and for the order of hits: the index counts what it replaced
    until it tidies up, so that turns that fit nearly alike may change places."""
    if page.startswith("{"):
        found = json.loads(page)
        return found | {"hits": sorted(found["hits"], key=lambda hit: hit["id"])} if "hits" in found else found
    draft, members = Visibility.DRAFT.label[1:], Visibility.MEMBERS.label[1:]
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)  # another one each time
    return re.sub(f"[Dd]{draft}|[Mm]{members}", "", page)


def test_named_reader_sees_what_members_would_see_and_nothing_of_another_draft(client, site):
    user = User.objects.create_user("reader")
    workshop = site[0][0]
    client.force_login(user)
    show(workshop, "members")
    as_member = walk(client)
    show(workshop, "draft")
    assert SECRET not in client.get("/workshops/").content.decode()
    name_reader(workshop, user)
    named = walk(client)
    assert {address: told(page) for address, page in named.items()} == {
        address: told(page) for address, page in as_member.items()
    }
    assert SECRET in "".join(named.values())
    assert not [address for address, page in named.items() if OTHER in page]


def test_another_draft_answers_no_address_of_its_own(client, site):
    name_reader(site[0][0], user := User.objects.create_user("reader"))
    client.force_login(user)
    for record in site[0]:
        assert client.get(record.permalink, follow=True).status_code == 200, record
    for record in site[1]:
        for tail in ("", "/history", "/cite", "/cite.bib", "/edit", "?v=1"):
            assert client.get(record.permalink + tail, follow=True).status_code == 404, (record, tail)
    for typed in (OTHER, OTHER[:4], "Talk"):
        for parts in ("", "in:people ", "in:topics ", "workshop:", "talk:", "said-by:"):
            for address in (f"/search/?q={parts}{typed}", f"/search/suggest/?q={parts}{typed}"):
                page = client.get(address).content.decode()
                assert f"{OTHER} S" not in page, address
                assert f"Talk of {OTHER}" not in page, address


def test_retired_record_of_a_draft_tells_only_its_readers(client, site):
    talk, other = site[0][3], site[1][3]
    with changes.change(None) as c:
        c.retire(talk, "twice")
        c.retire(other, "twice")
    name_reader(site[0][0], user := User.objects.create_user("reader"))
    client.force_login(user)
    assert client.get(talk.permalink).status_code == 410
    assert client.get(other.permalink).status_code == 404


def test_reading_ends_with_the_name(client, site):
    user = User.objects.create_user("reader")
    name_reader(site[0][0], user)
    client.force_login(user)
    assert client.get(site[0][0].get_absolute_url()).status_code == 200
    Reader.objects.all().delete()
    assert client.get(site[0][0].get_absolute_url()).status_code == 404
    assert SECRET not in client.get("/workshops/").content.decode()


def test_address_alone_opens_nothing(client, site):
    Reader.objects.create(workshop=site[0][0], email="ada@example.org")
    client.force_login(User.objects.create_user("ada", "ada@example.org"))
    assert client.get(site[0][0].get_absolute_url()).status_code == 404


def test_rule_is_one_in_rows_in_tests_and_in_the_index():
    shown = {level: make.workshop(level.title(), visibility=level) for level in ("draft", "members", "public")}
    named = make.workshop("Named", visibility="draft")
    users = {name: User.objects.create_user(name) for name in ("member", "reader", "editor")}
    users["editor"].user_permissions.add(Permission.objects.get(codename="read_drafts"))
    name_reader(named, users["reader"])
    reads = {
        AnonymousUser(): {"Public"},
        users["member"]: {"Public", "Members"},
        users["reader"]: {"Public", "Members", "Named"},
        users["editor"]: {"Public", "Members", "Named", "Draft"},
    }
    for user, titles in reads.items():
        assert {one.title for one in Workshop.objects.visible_to(user)} == titles
        every = [*shown.values(), named]
        assert {one.title for one in every if may_read(user, one)} == titles
        scopes = set(scopes_for(user))
        assert {one.title for one in every if scopes & set(scopes_of(one.visibility, one.pk))} == titles


def test_naming_costs_a_page_one_query(client, django_assert_num_queries):
    talks = [make.talk(f"Talk {n}", workshop=make.workshop(f"W{n}", visibility="draft")) for n in range(3)]
    user = User.objects.create_user("reader")
    for talk in talks:
        name_reader(talk.workshop, user)
    fresh = User.objects.get(pk=user.pk)
    with django_assert_num_queries(4):  # two for permissions, the names, the talks
        assert len(Talk.objects.visible_to(fresh)) == 3
    with django_assert_num_queries(1):
        assert len(Talk.objects.visible_to(fresh)) == 3
