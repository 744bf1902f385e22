"""The names desk and the pages on which curators merge, split and place people: what they list, do and refuse."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minutes.changes import change
from minutes.models import Series, Speaking, Turn, Voice
from people import desk as desks
from people import steps
from people.models import Alias, NameStep, Person, PersonMerge
from records.door import writing
from tests import make

pytestmark = pytest.mark.django_db


def member(group: str) -> User:
    user = User.objects.create_user(f"a-{group}")
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def curator(client):
    user = member("curator")
    client.force_login(user)
    return user


def waiting_site():
    """Two workshops: a label that nobody knows in both, and a guess."""
    zdenka, bob = make.person("Zdenka Moravec"), make.person("Bob Roe")
    spring = make.workshop("Spring", people=[zdenka, bob])
    talk = make.talk("Hemp", workshop=spring, speakers=[bob])
    make.turn("Is it strong?", by="Zed", talk=talk, kind="question")
    make.turn("I doubt it.", by="zed", talk=talk)
    make.turn("By which barge?", by=zdenka, talk=talk, label="Moravek", certainty="fuzzy")
    autumn = make.workshop("Autumn")
    make.turn("Which knot?", by="Zed", talk=make.talk("Knots", workshop=autumn))
    return spring, autumn, zdenka, bob


def send(client, act, workshop, label, **fields):
    return client.post("/names/decide/", {"act": act, "in": workshop.public_id, "label": label, **fields}, follow=True)


def names(label="Zed"):
    rows = Voice.objects.filter(label__iexact=label).order_by("turn")
    return [row.person.name if row.person else row.certainty for row in rows]


# What is listed


@pytest.mark.database
def test_desk_lists_labels_that_wait_with_turns_and_reasons(client, curator):
    spring, _autumn, _zdenka, _ = waiting_site()
    found = desks.desk({}, curator)
    listed = [
        (label.printed, str(label.workshop), len(label.turns), str(label.guessed or "")) for label in found.labels
    ]
    assert listed == [("Zed", "Spring", 2, ""), ("Moravek", "Spring", 1, "Zdenka Moravec"), ("Zed", "Autumn", 1, "")]
    assert found.labels[1].suggestions[0].reason == "surname spelt much alike, in the participants' list"
    assert [turn.text for turn in found.labels[0].quoted] == ["Is it strong?", "I doubt it."]
    page = client.get("/names/").content.decode()
    assert 'data-total="3">3 labels' in page
    assert f"/names/label/?in={spring.public_id}&amp;label=Zed" in page
    assert '<span class="tag">read as Zdenka Moravec</span>' in page


def test_desk_narrows_by_kind_and_workshop(client, curator):
    _spring, autumn, *_ = waiting_site()
    make.turn("Yes.", by=make.person("Ida Noor"), label="Ida", certainty="context")
    assert [one.printed for one in desks.desk({"show": "guessed"}, curator).labels] == ["Moravek"]
    assert [one.printed for one in desks.desk({"show": "context"}, curator).labels] == ["Ida"]
    only = desks.desk({"workshop": autumn.public_id}, curator)
    assert [(one.printed, one.workshop) for one in only.labels] == [("Zed", autumn)]
    assert client.get("/names/?show=x&workshop=y&page=z").status_code == 200


def test_what_another_talk_decided_is_the_first_suggestion(client, curator):
    spring, autumn, zdenka, _ = waiting_site()
    send(client, f"person {zdenka.public_id}", spring, "Zed")
    [label] = desks.desk({"workshop": autumn.public_id}, curator).labels
    assert label.suggestions[0].reason == "answered to this label in 1 other talk"
    assert label.suggestions[0].key == zdenka.public_id


@pytest.mark.parametrize("count", [1, 15])
def test_desk_has_one_price(client, curator, django_assert_num_queries, count):
    workshop = make.workshop("Spring")
    for n in range(count):
        make.turn(
            "Is it?", by=f"Zed{n}", talk=make.talk(f"Talk {n}", workshop=workshop, speakers=[make.person(f"P {n}")])
        )
    client.get("/names/")
    with django_assert_num_queries(17):
        page = client.get("/names/").content.decode()
    assert page.count("data-card") == count


def test_admin_says_how_many_labels_wait_as_the_desk_counts_them(client, curator):
    waiting_site()
    assert desks.waiting_count(curator) == desks.desk({}, curator).total == 3


def test_draft_that_a_curator_may_not_read_is_not_on_the_desk(client):
    waiting_site()
    hidden = make.workshop("Hidden", visibility="draft")
    make.turn("Psst.", by="Nobody knows", talk=make.talk("Secret", workshop=hidden))
    assert "Nobody knows" not in [one.printed for one in desks.desk({}, User.objects.create_user("reader")).labels]


# What is decided


def test_button_of_a_suggestion_names_the_speaker(client, curator):
    spring, _, zdenka, _ = waiting_site()
    page = send(client, f"person {zdenka.public_id}", spring, "Zed", n="1").content.decode()
    assert "“Zed” is Zdenka Moravec here: 2 turns changed." in page
    assert names() == ["Zdenka Moravec", "Zdenka Moravec", "unknown"]


def test_nobody_new_and_everywhere(client, curator):
    spring, _autumn, *_ = waiting_site()
    send(client, "nobody", spring, "Zed")
    assert names() == ["exact", "exact", "unknown"]
    send(client, "new", spring, "Zed", name="Zed Zorn", scope="everywhere")
    assert names() == ["exact", "exact", "Zed Zorn"]  # what was decided for one workshop goes before
    assert Alias.objects.get(scope="everywhere").person.origin == "person"


def test_leaving_a_label_waiting_takes_a_guess_back_and_changes_nothing_else(client, curator):
    spring, *_ = waiting_site()
    send(client, "waiting", spring, "Zed", n="1")
    assert not NameStep.objects.exists()
    answer = client.post(
        "/names/decide/", {"act": "waiting", "in": spring.public_id, "label": "Moravek", "n": "2", "guessed": "yes"}
    )
    assert answer["Location"] == "/names/#label-2"
    assert names("Moravek") == ["unknown"]


def test_series_is_offered_only_where_there_is_one(client, curator):
    spring, autumn, zdenka, _ = waiting_site()
    assert "belongs to no series" in send(client, "nobody", spring, "Zed", scope="series").content.decode()
    with writing():
        series = Series.objects.create(slug="ropes", title="Ropes")
    with change(curator) as c:
        for workshop in (spring, autumn):
            c.set(workshop, series=series.public_id)
    send(client, f"person {zdenka.public_id}", spring, "Zed", scope="series")
    assert names() == ["Zdenka Moravec"] * 3


@pytest.mark.database
def test_several_labels_are_decided_in_one_step_and_undone_in_one(client, curator):
    waiting_site()
    found = desks.desk({}, curator)
    guess, unknown = found.labels[1], found.labels[2]
    client.post("/names/several/", {"act": "first", "chosen": [guess.value]})
    assert Voice.objects.get(label="Moravek").certainty == "exact"
    both = {"chosen": [found.labels[0].value, unknown.value], "who": "bob roe"}
    client.post("/names/several/", {"act": "who", **both})
    assert names() == ["Bob Roe"] * 3
    step = NameStep.objects.first()
    assert step.told == "2 labels decided (“Zed”, “Zed”): 3 turns changed."
    client.post("/names/undo/", {"step": step.pk})
    assert names() == ["unknown"] * 3
    client.post("/names/several/", {"act": "nobody", **both})
    assert names() == ["exact"] * 3


@pytest.mark.parametrize(
    ("address", "fields", "words"),
    [
        ("/names/several/", {"act": "first"}, "Choose at least one label."),
        ("/names/several/", {"act": "who", "who": "Nemo"}, "Nobody here is called “Nemo”"),
        ("/names/decide/", {"act": "person x", "in": "SPRING", "label": "Zed"}, "That person is not there any more"),
        ("/names/decide/", {"act": "dance", "in": "SPRING", "label": "Zed"}, "Choose a person, nobody"),
        ("/names/decide/", {"act": "nobody", "in": "x", "label": "Zed"}, "That workshop is not there any more"),
        ("/names/decide/", {}, "That workshop is not there any more"),
        ("/names/undo/", {"step": "77"}, "no such step"),
        ("/names/merges/undo/", {"merge": "x"}, "undone already"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(client, curator, address, fields, words):
    spring, *_ = waiting_site()
    fields = {name: spring.public_id if value == "SPRING" else value for name, value in fields.items()}
    assert words in client.post(address, fields, follow=True).content.decode()
    assert not NameStep.objects.exists()


def test_form_leads_back_to_this_site_only(client, curator):
    spring, *_ = waiting_site()
    for address, leads in (("/names/?page=2", "/names/?page=2"), ("https://example.org/", "/names/")):
        answer = client.post(
            "/names/decide/", {"act": "nobody", "in": spring.public_id, "label": "Zed", "next": address}
        )
        assert answer["Location"] == leads


def test_page_of_a_label_has_all_its_turns_and_finds_people(client, curator):
    spring, *_ = waiting_site()
    address = f"/names/label/?in={spring.public_id}&label=Zed"
    page = client.get(f"{address}&q=mor").content.decode()
    assert page.count('class="said-line"') == 2
    assert "Zdenka Moravec</button>" in page
    assert client.get(address.replace("Zed", "Zee")).status_code == 404
    assert client.get("/names/label/").status_code == 404
    send(client, "nobody", spring, "Zed")
    assert f"Decided: nobody, in this workshop; {curator.username}, " in client.get(address).content.decode()


# Who may


PAGES = ("/names/", "/names/label/", "/names/people/ID/merge/", "/names/people/ID/split/")
PAGES = (*PAGES, "/names/people/ID/affiliations/")
POSTS = ("/names/decide/", "/names/several/", "/names/undo/", "/names/merges/undo/", *PAGES[2:])


@pytest.mark.parametrize("group", ["", "reader", "editor"])
def test_readers_and_editors_see_no_desk_and_no_buttons(client, group):
    _spring, _, zdenka, _ = waiting_site()
    if group:
        client.force_login(member(group) if group == "editor" else User.objects.create_user("reader"))
    for address in (*PAGES, *POSTS):
        address = address.replace("ID", zdenka.public_id)
        answer = client.post(address) if address in POSTS else client.get(address)
        assert answer.status_code == (403 if group else 302), address
        assert group or answer["Location"].startswith("/account/sign-in/")
    page = client.get(zdenka.get_absolute_url()).content.decode()
    assert "/names/" not in page
    assert "csrfmiddlewaretoken" not in page


def test_person_whom_nobody_may_read_is_not_found(client, curator):
    nobody = make.person("Nora Unseen")
    for address in PAGES[2:]:
        assert client.get(address.replace("ID", nobody.public_id)).status_code == 404


# Merging, splitting, affiliations


def test_merge_shows_doubles_then_both_sides_then_one_page_and_undoes(client, curator):
    *_, zdenka, _ = waiting_site()
    double = make.person("Z. Moravec")
    make.turn("Twice a year.", by=double)
    address = f"/names/people/{zdenka.public_id}/merge/"
    assert "same surname, and first names that agree" in client.get(address).content.decode()
    preview = client.get(address, {"with": double.public_id}).content.decode()
    assert preview.count("<dl") == 3
    assert "spoke 2 times" in preview[preview.index("Together") :]
    client.post(address, {"with": double.public_id, "keep": zdenka.public_id, "name": "Z. Moravec", "why": "same mail"})
    page = client.get(zdenka.permalink, follow=True).content.decode()
    assert ("<h1>Z. Moravec</h1>" in page, "Twice a year." in page) == (True, True)
    merge = PersonMerge.objects.get()
    assert (merge.reason, merge.by) == ("same mail", curator)
    assert f'name="merge" value="{merge.pk}"' in page
    assert "one person already" in client.get(address, {"with": double.public_id}).content.decode()
    client.post("/names/merges/undo/", {"merge": merge.pk})
    page = client.get(zdenka.permalink, follow=True).content.decode()
    assert ("<h1>Zdenka Moravec</h1>" in page, "Twice a year." in page) == (True, False)
    assert client.get(double.permalink)["Location"] == double.get_absolute_url()


def test_either_record_may_be_the_one_that_is_kept(client, curator):
    *_, zdenka, bob = waiting_site()
    client.post(f"/names/people/{zdenka.public_id}/merge/", {"with": bob.public_id, "keep": bob.public_id})
    assert Person.objects.get(pk=zdenka.pk).canonical == bob


@pytest.mark.database
def test_split_gives_chosen_turns_labels_and_talks_to_somebody_new(client, curator):
    spring, _, zdenka, bob = waiting_site()
    talk = make.talk("Tar", workshop=spring, speakers=[bob])
    ours, theirs = (make.turn(text, by=bob, talk=talk, label="Bob") for text in ("Mine.", "His."))
    with writing():
        alias = Alias.objects.create(label="Bob", scope_id=spring.public_id, person=bob)
    address = f"/names/people/{bob.public_id}/split/"
    assert client.get(address).content.decode().count('name="turns"') == 2
    chosen = {"turns": [f"{theirs.public_id} Bob"], "others": [alias.public_id, talk.public_id, spring.public_id]}
    client.post(address, {**chosen, "who": "Bob Roe", "act": "new"})
    new = Person.objects.get(name="Bob Roe", origin="person")
    assert [one.people.get() for one in (ours, theirs)] == [bob, new]
    assert (talk.speakers.get(), Alias.objects.get().person) == (new, new)
    assert {row.person for row in spring.participations.all()} == {zdenka, new}
    client.post("/names/undo/", {"step": NameStep.objects.get().pk})
    assert [one.people.get() for one in (ours, theirs)] == [bob, bob]
    assert (talk.speakers.get(), Alias.objects.get().person) == (bob, bob)
    assert {row.person for row in spring.participations.all()} == {zdenka, bob}
    assert not Person.objects.living().filter(pk=new.pk).exists()


def test_split_gives_all_turns_of_a_label_in_a_talk_to_somebody_known(client, curator):
    *_, zdenka, bob = waiting_site()
    talk = make.talk("Tar")
    turns = [make.turn("Yes.", by=bob, talk=talk, label="Bob") for _ in range(2)]
    elsewhere = make.turn("No.", by=bob, label="Bob", talk=make.talk("Wax"))
    address = f"/names/people/{bob.public_id}/split/"
    client.post(address, {"groups": [f"{talk.public_id} Bob"], "who": "zdenka moravec", "act": "known"})
    assert [one.people.get() for one in turns] == [zdenka, zdenka]
    assert elsewhere.people.get() == bob
    for fields, words in (
        ({"who": "Zdenka Moravec"}, "Tick what belongs"),
        ({"groups": ["x"], "who": "Nemo"}, "Nobody here is called"),
        ({"groups": ["x"], "who": "Bob Roe"}, "That is Bob Roe already"),
    ):
        assert words in client.post(address, fields, follow=True).content.decode()


@pytest.mark.database
def test_affiliation_is_of_one_workshop_and_corrects_what_said_the_same(client, curator):
    spring, autumn, _zdenka, bob = waiting_site()
    with change(curator) as c:
        c.set(spring, participants=[{"person": bob.public_id, "affiliation": "Hemp Institute"}])
        talk = make.talk("Tar", workshop=spring, speakers=[bob])
        Speaking.objects.filter(talk=talk).update(affiliation="Hemp Institute")
    make.turn("Aye.", by=bob, talk=make.talk("Wax", workshop=autumn))
    address = f"/names/people/{bob.public_id}/affiliations/"
    assert client.get(address).content.decode().count('name="at-') == 2
    fields = {f"was-{spring.public_id}": "Hemp Institute", f"at-{spring.public_id}": "Harbour Works"}
    fields |= {f"was-{autumn.public_id}": "", f"at-{autumn.public_id}": "Rope Museum"}
    client.post(address, fields)
    assert {row.workshop: row.affiliation for row in bob.participations.all()} == {
        spring: "Harbour Works",
        autumn: "Rope Museum",
    }
    assert talk.speakings.get().affiliation == "Harbour Works"
    page = client.get(bob.get_absolute_url()).content.decode()
    there = page[page.index("Took part in") :]
    assert re.findall(r'class="affiliation">([^<]+)<', there) == ["Rope Museum", "Harbour Works; Institute"]
    stale = client.post(address, fields, follow=True).content.decode()
    assert "somebody changed it to “Harbour Works” meanwhile" in stale


def test_turns_of_a_merged_record_are_split_off_as_well(client, curator):
    *_, zdenka, bob = waiting_site()
    double = make.person("B. Roe", merged_into=bob)
    turn = make.turn("Aye.", by=double, label="BR")
    fields = {"turns": [f"{turn.public_id} BR"], "who": "Zdenka Moravec", "act": "known"}
    client.post(f"/names/people/{bob.public_id}/split/", fields)
    assert Turn.objects.get(pk=turn.pk).people.get() == zdenka


def queries_of(client, addresses) -> list[int]:
    counts = []
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    return counts


@pytest.mark.database
def test_pages_of_a_person_have_one_price_for_curators(client, curator):
    _spring, _, zdenka, bob = waiting_site()
    addresses = [bob.get_absolute_url(), *(page.replace("ID", bob.public_id) for page in PAGES[2:])]
    addresses.append(f"{addresses[1]}?with={zdenka.public_id}")
    make.turn("One.", by=bob)
    make.person("B. Roe", merged_into=bob)
    client.get("/names/")
    before = queries_of(client, addresses)
    for n in range(3):
        double = make.person(f"Bob Roe{n}")
        steps.merge_people(curator, double, bob)
        make.turn(
            "More.", by=[bob, double], talk=make.talk(f"Talk {n}", workshop=make.workshop(f"W {n}"), speakers=[bob])
        )
    assert queries_of(client, addresses) == before


def test_administration_of_a_merged_person_undoes_the_merge(client, curator):
    *_, zdenka, bob = waiting_site()
    curator.is_staff = True
    curator.save()
    chosen = {"action": "merge", "_selected_action": [zdenka.pk, bob.pk]}
    answer = client.post("/admin/people/person/", chosen)
    assert re.fullmatch(r"/names/people/\w+/merge/\?with=\w+", answer["Location"])
    answer = client.post("/admin/people/person/", chosen | {"_selected_action": [bob.pk]}, follow=True)
    assert "Tick the two records" in answer.content.decode()
    steps.merge_people(curator, zdenka, bob)
    form = f"/admin/people/person/{zdenka.pk}/change/"
    page = client.get(form).content.decode()
    merge = PersonMerge.objects.get()
    assert f'name="merge" value="{merge.pk}"' in page
    answer = client.post("/names/merges/undo/", {"merge": merge.pk, "next": form})
    assert (answer["Location"], Person.objects.get(pk=zdenka.pk).canonical) == (form, None)


def test_alias_in_the_administration_takes_effect_on_its_turns(client, curator):
    spring, _, zdenka, bob = waiting_site()
    curator.is_staff = True
    curator.save()
    with writing():
        alias = Alias.objects.create(label="Zed", scope_id=spring.public_id, state="waiting")
    address = f"/admin/people/alias/{alias.pk}/change/"
    page = client.get(address).content.decode()
    assert f">2 in {spring}</a>" in page
    fields = {"label": "Zed", "holds": f"workshop:{spring.public_id}", "state": "person", "seen": alias.version}
    for person in (zdenka, bob):
        fields |= {"person": person.pk, "seen": Alias.objects.get().version}
        client.post(address, fields)
        assert names() == [person.name, person.name, "unknown"]
