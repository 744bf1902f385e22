"""The administration: every form writes through the one door, lists cost the same at any length, groups keep bounds."""

from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from minutes import importing
from minutes.admin.base import RecordAdmin
from minutes.changes import change
from minutes.models import (
    ActionItem,
    Change,
    Decision,
    Exchange,
    FailedImport,
    Link,
    Series,
    Source,
    Statement,
    Talk,
    Turn,
    Workshop,
)
from people.models import Alias, Person
from records.door import writing
from tests import make
from themes.models import RecurringTheme, Topic

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def chief(client):
    """An administrator, who is signed in."""
    user = User.objects.create_superuser("chief")
    client.force_login(user)
    return user


def member(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def list_of(model, query: str = "") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + query


def form_of(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def add_to(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def posted(form) -> dict[str, object]:
    """What a browser would send back of a form that nobody touched."""
    sent = {}
    for bound in form:
        value = bound.value()
        widget = bound.field.widget
        if value is None or value is False:
            continue
        sent[bound.html_name] = list(value) if isinstance(value, list | tuple) else widget.format_value(value)
        if isinstance(sent[bound.html_name], list) and not widget.allow_multiple_selected:
            sent[bound.html_name] = sent[bound.html_name][0]
        if value is True:
            sent[bound.html_name] = "on"
        if sent[bound.html_name] is None:
            del sent[bound.html_name]
        elif bound.field.show_hidden_initial:
            sent[bound.html_initial_name] = sent[bound.html_name]
    return sent


def opened(client, address: str) -> dict[str, object]:
    """A form as the browser has it once it is opened."""
    context = client.get(address).context
    sent = posted(context["adminform"].form)
    for rows in context["inline_admin_formsets"]:
        for form in (rows.formset.management_form, *rows.formset.initial_forms):
            sent |= posted(form)
    return sent


def save(client, address: str, **changed):
    return client.post(address, opened(client, address) | changed)


def log(record) -> list[tuple]:
    rows = Change.objects.filter(record=record.public_id).order_by("pk")
    return [(row.field, row.before, row.after, row.reason, row.by.username) for row in rows]


# Every form


def one_of_each() -> dict[type, tuple[object, str, object]]:
    """A record of each kind, one of its fields and another value for it."""
    ada = make.person("Ada Byron")
    talk = make.talk("Tides", speakers=[ada], session=make.session("Morning", conveners=[ada]), turns=1)
    with writing():
        series = Series.objects.create(slug="tides", title="Tides")
        alias = Alias.objects.create(label="Ada B", person=ada)
        recurring = RecurringTheme.objects.create(title="Money")
        decision = Decision.objects.create(workshop=talk.workshop, text="We go on.", talk=talk)
        said = {"workshop": talk.workshop, "turn": talk.turns.get(), "person": ada}
        statement = Statement.objects.create(text="I said otherwise.", **said)
        contact = importing.applying.MODELS["contact"].objects.create(workshop=talk.workshop, person=ada)
    return {
        type(record): (record, field, value)
        for record, field, value in (
            (series, "title", "Seas"),
            (talk.workshop, "place", "Split"),
            (talk.day, "label", "First"),
            (talk.session, "title", "Late morning"),
            (talk, "title", "Ebb"),
            (talk.turns.get(), "text", "Why?"),
            (make.link("Slides", talk=talk), "url", "https://example.org/slides"),
            (make.note("Recorded", talk=talk), "text", "Not recorded"),
            (statement, "text", "I never said so."),
            (make.theme("More money"), "text", "Less money"),
            (make.action("Measure"), "title", "Measure again"),
            (decision, "text", "We stop."),
            (contact, "institute", "Moon Lab"),
            (ada, "name", "Ada King"),
            (alias, "label", "A. Byron"),
            (make.topic("Rucio"), "description", "Moves files"),
            (recurring, "description", "There is none"),
        )
    }


def test_every_form_writes_a_change_with_user_and_reason(client, chief):
    records = one_of_each()
    assert {m for m, a in admin.site._registry.items() if isinstance(a, RecordAdmin)} == set(records)
    for record, field, value in records.values():
        before = getattr(record, field)
        version = type(record).objects.get(pk=record.pk).version
        page = save(client, form_of(record), **{field: value, "why": "as she told me"})
        assert page.status_code == 302, (record, page.context["errors"])
        assert log(record) == [(field, before, value, "as she told me", "chief")]
        assert type(record).objects.get(pk=record.pk).version == version + 1


def test_every_form_saved_untouched_changes_nothing(client, chief):
    for record, _, _ in one_of_each().values():
        assert save(client, form_of(record)).status_code == 302
    assert not Change.objects.exists()


def test_every_record_can_be_added(client, chief):
    talk = make.talk("Tides")
    ada = make.person("Ada Byron")
    place = {"workshop": talk.workshop_id}
    given = {
        Series: {"slug": "seas", "title": "Seas"},
        Workshop: {"slug": "winds", "title": "Winds", "visibility": "draft", "status": "draft"},
        type(talk.day): place | {"n": 2},
        type(make.session("Morning")): {"title": "Noon", "day": talk.day_id, "order": 0},
        Talk: {"title": "Ebb", "day": talk.day_id, "order": 0, "status": "given"},
        Turn: {"text": "Why?", "kind": "question", "talk": talk.pk, "n": 1},
        Link: {"label": "Poster", "talk": talk.pk, "order": 0},
        type(make.note("x")): {"text": "Recorded", "kind": "note", "talk": talk.pk, "order": 0},
        type(make.theme("x")): place | {"n": 1, "text": "Money"},
        ActionItem: place | {"title": "Measure", "status": "open", "priority": 2, "owners": [ada.pk]},
        Decision: {"text": "We stop.", "talk": talk.pk},
        Statement: {"text": "I said otherwise.", "turn": make.turn("So.", talk=talk).pk, "person": ada.pk},
        importing.applying.MODELS["contact"]: place | {"person": ada.pk, "email": "ada@example.org"},
        Person: {"name": "Bob Crane"},
        Alias: {"label": "Addy", "holds": "everywhere", "person": ada.pk, "state": "person"},
        Topic: {"name": "Rucio", "slug": "rucio", "kind": "technology"},
        RecurringTheme: {"title": "Money"},
    }
    assert {m for m, a in admin.site._registry.items() if isinstance(a, RecordAdmin)} == set(given)
    for model, fields in given.items():
        page = save(client, add_to(model), **fields, why="missing")
        assert page.status_code == 302, (model, page.context["errors"])
        made = model.objects.latest("pk")
        assert made.origin == "person"
        assert {(row[3], row[4]) for row in log(made)} == {("missing", "chief")}


def test_no_record_can_be_deleted(client, chief):
    for record, _, _ in one_of_each().values():
        address = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_delete", args=[record.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
        page = client.get(list_of(type(record)))
        assert "delete_selected" not in page.content.decode()


# Rows of people, topics and labels


def test_speakers_are_rows_with_affiliations(client, chief):
    ada, bob = make.person("Ada Byron"), make.person("Bob Crane")
    talk = make.talk("Tides", speakers=[ada])
    save(
        client,
        form_of(talk),
        **{"speakings-TOTAL_FORMS": 2, "speakings-1-person": bob.pk, "speakings-1-affiliation": "Kelp Institute"},
    )
    assert [(row.person, row.affiliation) for row in talk.speakings.all()] == [
        (ada, "Institute"),
        (bob, "Kelp Institute"),
    ]
    [(field, before, after, _, _)] = log(talk)
    assert (field, len(before), len(after)) == ("speakers", 1, 2)


def test_speaker_is_taken_away_and_named_anew_in_one_go(client, chief):
    ada = make.person("Ada Byron")
    talk = make.talk("Tides", speakers=[ada])
    changed = {"speakings-0-DELETE": "on", "speakings-TOTAL_FORMS": 2, "speakings-1-person": ada.pk}
    assert save(client, form_of(talk), **changed).status_code == 302
    assert [(row.person, row.affiliation) for row in talk.speakings.all()] == [(ada, "")]


def test_same_speaker_twice_is_refused(client, chief):
    ada = make.person("Ada Byron")
    talk = make.talk("Tides", speakers=[ada])
    page = save(client, form_of(talk), **{"speakings-TOTAL_FORMS": 2, "speakings-1-person": ada.pk})
    assert "Please correct the duplicate data for person" in page.content.decode()
    assert log(talk) == []


def test_voice_that_a_person_names_is_certain_and_the_others_stay(client, chief):
    ada, carl = make.person("Ada Byron"), make.person("Carl Diem")
    turn = make.turn("Two metres.", by=["Addy", carl], certainty="fuzzy")
    save(client, form_of(turn), **{"voices-0-person": ada.pk})
    assert [(v.label, v.person, v.certainty) for v in turn.voices.all()] == [
        ("Addy", ada, "exact"),
        ("Carl Diem", carl, "fuzzy"),
    ]


def test_owners_keep_their_order_and_new_ones_follow(client, chief):
    zoe, ada, bob = (make.person(name) for name in ("Zoe Zorn", "Ada Byron", "Bob Crane"))
    item = make.action("Measure", owners=[zoe, bob])
    save(client, form_of(item), owners=[ada.pk, bob.pk, zoe.pk])
    assert [row.person for row in item.ownings.all()] == [zoe, bob, ada]


def test_topics_are_chosen_among_those_that_exist(client, chief):
    topic, turn = make.topic("Rucio"), make.turn("We moved files.")
    save(client, form_of(turn), topics=[topic.pk])
    assert list(turn.topics.all()) == [topic]
    save(client, form_of(turn), topics=[])
    assert turn.topic_items.count() == 0
    assert [field for field, *_ in log(turn)] == ["topics", "topics"]


def test_topic_has_its_labels_as_rows(client, chief):
    topic, other = make.topic("Rucio", labels=["Rucio", "rucio server"]), make.topic("FTS")
    changed = {
        "labels-1-weak": "on",
        "labels-TOTAL_FORMS": 3,
        "labels-2-label": "Rucio 35",
        "context": [other.pk],
    }
    assert save(client, form_of(topic), **changed).status_code == 302
    topic = Topic.objects.get(pk=topic.pk)
    assert sorted((row.label, row.weak) for row in topic.labels.all()) == [
        ("Rucio", False),
        ("Rucio 35", False),
        ("rucio server", True),
    ]
    assert topic.context == ["fts"]
    assert save(client, form_of(topic)).status_code == 302
    assert Topic.objects.get(pk=topic.pk).version == topic.version


def test_participants_of_a_workshop_are_rows(client, chief):
    ada = make.person("Ada Byron")
    workshop = make.workshop(people=[make.person("Bob Crane")])
    save(client, form_of(workshop), **{"participations-TOTAL_FORMS": 2, "participations-1-person": ada.pk})
    assert {row.person.name for row in workshop.participations.all()} == {"Bob Crane", "Ada Byron"}


def test_workshop_of_three_hundred_participants_can_be_saved(client, chief):
    workshop = make.workshop(people=[make.person(f"Person {n}") for n in range(300)])
    assert save(client, form_of(workshop), place="Split").status_code == 302
    assert [row[0] for row in log(workshop)] == ["place"]


# What belongs together


def test_turn_without_exchange_begins_one(client, chief):
    turn = make.turn("Why?", talk=make.talk("Tides"))
    save(client, form_of(turn), exchange="")
    turn.refresh_from_db()
    assert (turn.exchange.n, turn.exchange.talk, Exchange.objects.count()) == (2, turn.talk, 2)


def test_turn_that_moves_to_another_talk_leaves_its_exchange(client, chief):
    turn, other = make.turn("Why?", talk=make.talk("Tides")), make.talk("Winds")
    save(client, form_of(turn), talk=other.pk)
    turn.refresh_from_db()
    assert (turn.talk, turn.exchange.talk) == (other, other)


def test_turn_stands_in_a_talk_or_in_a_session(client, chief):
    turn = make.turn("Why?", talk=make.talk("Tides", session=make.session("Morning")))
    both = save(client, form_of(turn), session=turn.talk.session_id)
    assert "Choose the talk or the session, not both" in both.content.decode()
    neither = save(client, form_of(turn), talk="")
    assert "Choose the talk in which this was said, or the session." in neither.content.decode()


def test_record_points_only_into_its_own_workshop(client, chief):
    item = make.action("Measure", talk=make.talk("Tides"))
    elsewhere = make.talk("Winds", workshop=make.workshop("Spring workshop"))
    page = save(client, form_of(item), talk=elsewhere.pk)
    assert "This belongs to another workshop: Spring workshop." in page.content.decode()


def test_alias_gets_a_person_and_is_no_longer_waiting(client, chief):
    ada = make.person("Ada Byron")
    with writing():
        alias = Alias.objects.create(label="Addy", state="waiting", scope="everywhere")
    assert save(client, form_of(alias), person=ada.pk).status_code == 302
    alias.refresh_from_db()
    assert (alias.person, alias.state) == (ada, "person")
    assert save(client, form_of(alias), state="nobody").status_code == 302
    alias.refresh_from_db()
    assert (alias.person, alias.state) == (None, "nobody")
    page = save(client, form_of(alias), state="person")
    assert "Choose the person, or say that the label means nobody or waits." in page.content.decode()


def test_alias_holds_in_one_workshop(client, chief):
    workshop = make.workshop()
    with writing():
        alias = Alias.objects.create(label="Addy", state="nobody", scope="everywhere")
    save(client, form_of(alias), holds=f"workshop:{workshop.public_id}")
    alias.refresh_from_db()
    assert (alias.scope, alias.scope_id) == ("workshop", workshop.public_id)


# Two people at once


def test_saving_over_a_newer_version_says_what_stands_there_and_writes_nothing(client, chief):
    ada = make.person("Ada Byron")
    item = make.action("Measure")
    mine = opened(client, form_of(item))
    with change(User.objects.create_user("eve")) as c:
        c.set(item, owners=[{"person": ada.public_id}], due="2031-06-01")
    page = client.post(form_of(item), mine | {"title": "Measure again"})
    told = page.context["adminform"].form.non_field_errors()
    assert told == [
        "eve changed this since you opened it. Now it says “owners: Ada Byron; due: 2031-06-01”. "
        "Nothing was saved: of what both of you changed, choose below what is to stand, then save again."
    ]
    item.refresh_from_db()
    assert (item.title, item.version) == ("Measure", 2)
    again = client.post(form_of(item), posted(page.context["adminform"].form))
    assert again.status_code == 302
    item.refresh_from_db()
    assert (item.title, item.version) == ("Measure again", 3)


def test_change_between_look_and_write_is_told_too(client, chief, monkeypatch):
    item = make.action("Measure")
    mine = opened(client, form_of(item)) | {"title": "Measure again"}
    whole = RecordAdmin.save_model

    def late(self, request, obj, form, change_):
        with change(chief) as c:
            c.set(ActionItem.objects.get(pk=obj.pk), title="Weigh")
        whole(self, request, obj, form, change_)

    monkeypatch.setattr(RecordAdmin, "save_model", late)
    page = client.post(form_of(item), mine, follow=True)
    assert "was changed by somebody else since you opened it" in page.content.decode()
    item.refresh_from_db()
    assert item.title == "Measure"  # the whole request was undone


# The list of action items


def opened_list(client, address: str) -> dict[str, object]:
    rows = client.get(address).context["cl"].formset
    sent = posted(rows.management_form) | {"_save": "Save"}
    for form in rows.forms:
        sent |= posted(form)
    return sent


def test_action_list_changes_status_owners_and_due_date_in_place(client, chief):
    ada, bob = make.person("Ada Byron"), make.person("Bob Crane")
    item, other = make.action("Measure", owners=[ada]), make.action("Weigh")
    sent = opened_list(client, list_of(ActionItem))
    n = next(n for n in range(2) if sent[f"form-{n}-id"] == str(item.pk))
    sent |= {f"form-{n}-status": "done", f"form-{n}-owned_by": [bob.pk], f"form-{n}-due": "2031-07-01"}
    page = client.post(list_of(ActionItem), sent, follow=True)
    assert "1 action item was changed successfully." in page.content.decode()
    item.refresh_from_db()
    assert (item.status, item.due, list(item.owners.all())) == ("done", date(2031, 7, 1), [bob])
    assert [(field, by) for field, *_, by in log(item)] == [("status", "chief"), ("due", "chief"), ("owners", "chief")]
    assert log(other) == []


def test_action_list_refuses_only_rows_that_both_changed(client, chief):
    item, other = make.action("Measure"), make.action("Weigh")
    sent = opened_list(client, list_of(ActionItem))
    with change(chief) as c:
        c.set(other, status="done")
    n = next(n for n in range(2) if sent[f"form-{n}-id"] == str(item.pk))
    assert client.post(list_of(ActionItem), sent | {f"form-{n}-status": "dropped"}).status_code == 302
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.status, other.status) == ("dropped", "done")
    page = client.post(list_of(ActionItem), sent | {f"form-{1 - n}-due": "2031-07-01"})
    assert "chief changed this since you opened it. Now it says “status: Done”." in page.content.decode()
    other.refresh_from_db()
    assert other.due is None


@pytest.mark.parametrize(
    ("action", "status"), [("mark_done", "done"), ("mark_open", "open"), ("mark_dropped", "dropped")]
)
def test_action_items_are_marked_in_bulk(client, chief, action, status):
    items = [make.action(f"Measure {n}", status="proposed") for n in range(3)]
    client.post(list_of(ActionItem), {"action": action, "_selected_action": [item.pk for item in items[:2]]})
    assert [ActionItem.objects.get(pk=item.pk).status for item in items] == [status, status, "proposed"]
    assert log(items[0]) == [("status", "proposed", status, "", "chief")]


def test_action_list_is_filtered_by_owner_and_due_date(client, chief):
    today, ada = timezone.localdate(), make.person("Ada Byron")
    late = make.action("Late", due=today - timedelta(days=1), owners=[ada])
    soon = make.action("Soon", due=today + timedelta(days=5))
    never = make.action("Never")
    make.action("Done", due=today - timedelta(days=1), status="done", owners=[ada])

    def shown(query):
        return [item.title for item in client.get(list_of(ActionItem, query)).context["cl"].result_list]

    assert shown("?when=overdue") == [late.title]
    assert shown("?when=soon") == [soon.title]
    assert shown("?when=none") == [never.title]
    assert shown("?owner=nobody") == [soon.title, never.title]
    assert shown(f"?owner={ada.pk}&status__exact=open") == [late.title]
    assert shown("?q=ada") == [late.title, "Done"]
    assert len(shown("?owner=nonsense&workshop=x")) == 4


def test_quote_of_the_minutes_is_read_only_and_links_to_the_words(client, chief):
    turn = make.turn("I will measure.")
    with writing():
        source = Source.objects.create(name="tides.txt", media_type="text/plain", workshop=turn.workshop)
    item = make.action("Measure", turn=turn, quote="I will measure.", source=source, first_line=7, last_line=7)
    page = client.get(form_of(item))
    assert "quote" not in page.context["adminform"].form.fields
    html = page.content.decode()
    assert f'<a href="{turn.permalink}">I will measure.</a>' in html
    assert "tides.txt, line 7" in html


# What lists cost

LISTS = {
    "actionitem": (lambda n, ada: make.action(f"Do {n}", owners=[ada], turn=make.turn(f"Said {n}")), ActionItem),
    "talk": (lambda n, ada: make.talk(f"Talk {n}", speakers=[ada], turns=1, session=make.session(f"S {n}")), Talk),
    "turn": (lambda n, ada: make.turn(f"Said {n}", by=ada, talk=make.talk(f"Talk {n}")), Turn),
    "session": (lambda n, ada: make.session(f"S {n}", conveners=[ada]), type(None)),
    "link": (lambda n, ada: make.link(f"Slides {n}", talk=make.talk(f"Talk {n}")), Link),
    "person": (lambda n, ada: make.talk(f"Talk {n}", speakers=[make.person(f"P {n}")]), Person),
    "topic": (lambda n, ada: make.topic(f"Topic {n}", labels=[f"a{n}", f"b{n}"]), Topic),
    "theme": (lambda n, ada: make.theme(f"Theme {n}", topics=[make.topic(f"T {n}")]), type(None)),
}
PRICES = {"actionitem": 10, "talk": 8, "turn": 9, "session": 8, "link": 5, "person": 5, "topic": 5, "theme": 7}


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("count", [3, 30])
def test_list_has_one_price_whatever_its_length(client, chief, kind, count):
    ada = make.person("Ada Byron")
    for n in range(count):
        LISTS[kind][0](n, ada)
    app = {"person": "people", "topic": "themes"}.get(kind, "minutes")
    assert queries_of(client, reverse(f"admin:{app}_{kind}_changelist")) == PRICES[kind]


def test_change_log_has_one_price_whatever_its_length(client, chief):
    ada, bob = make.person("Ada Byron"), make.person("Bob Crane")

    def note(count):
        for n in range(count):
            item = make.action(f"Measure {n}")
            with change(chief, "told so") as c:
                c.set(item, owners=[{"person": (ada if n % 2 else bob).public_id}])

    note(3)
    few = queries_of(client, list_of(Change))
    note(27)
    assert queries_of(client, list_of(Change)) == few
    assert "Bob Crane" in client.get(list_of(Change)).content.decode()


# Retiring


def test_retired_record_leaves_the_list_and_comes_back(client, chief):
    talk = make.talk("Tides", turns=1)
    chosen = {"action": "retire", "_selected_action": [talk.pk]}
    page = client.post(list_of(Talk), chosen)
    assert "Retire 1 talk" in page.content.decode()
    client.post(list_of(Talk), chosen | {"reason": "given elsewhere"})
    talk.refresh_from_db()
    assert (talk.retired_reason, Turn.objects.living().count()) == ("given elsewhere", 0)
    assert list(client.get(list_of(Talk)).context["cl"].result_list) == []
    assert list(client.get(list_of(Talk, "?retired=only")).context["cl"].result_list) == [talk]
    client.post(list_of(Talk, "?retired=all"), {"action": "bring_back", "_selected_action": [talk.pk]})
    assert list(client.get(list_of(Talk)).context["cl"].result_list) == [talk]
    assert Turn.objects.living().count() == 1


def test_autocomplete_offers_nobody_who_is_retired(client, chief):
    make.person("Ada Byron")
    with change(chief) as c:
        c.retire(make.person("Ada Lovelace"))
    query = {"term": "ada", "app_label": "minutes", "model_name": "actionowner", "field_name": "person"}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [each["text"] for each in found] == ["Ada Byron"]


# History


def test_history_names_people_and_reasons(client, chief):
    item = make.action("Measure")
    with change(chief, "she offered") as c:
        c.set(item, owners=[{"person": make.person("Ada Byron").public_id}])
    address = reverse("admin:minutes_actionitem_history", args=[item.pk])
    html = client.get(address).content.decode()
    assert all(f"<td>{words}</td>" in html for words in ("chief", "empty", "Ada Byron", "she offered"))


def test_form_opens_by_permanent_id(client, chief):
    item = make.action("Measure")
    assert client.get(reverse("admin:minutes_actionitem_change", args=[item.public_id])).status_code == 200


# Who may what

EDITORS = {"actionitem", "decision", "theme", "turn", "talk", "session", "note", "link", "day", "statement"}
SEEN = {"workshop", "series", "person"}
TOPICS = {"topic", "recurringtheme"}
CURATORS = {"contact", "alias", "source", "importrun", "conflict", "change", "failedimport"}
ACCOUNTS = {"user", "group"}
INVITING = {"invitation"}
ASKED = {"fruitlessquery"}


def reach(client, verb: str) -> set[str]:
    """The kinds whose page of that name answers."""
    reached = set()
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}")
        answer = client.get(address).status_code
        assert answer in (200, 403)
        if answer == 200:
            reached.add(model._meta.model_name)
    return reached


@pytest.mark.parametrize(
    ("group", "lists", "adds"),
    [
        ("editor", EDITORS | SEEN | TOPICS | ASKED | {"conflict"}, EDITORS | TOPICS),
        (
            "curator",
            EDITORS | SEEN | TOPICS | ASKED | CURATORS | INVITING,
            EDITORS | SEEN | TOPICS | INVITING | {"contact", "alias"},
        ),
        (
            "administrator",
            EDITORS | SEEN | TOPICS | ASKED | CURATORS | INVITING | ACCOUNTS,
            EDITORS | SEEN | TOPICS | ACCOUNTS | INVITING | {"contact", "alias"},
        ),
        ("nobody", set(), set()),
    ],
)
def test_group_reaches_its_own_and_no_more(client, group, lists, adds):
    client.force_login(member("mia", group))
    assert reach(client, "changelist") == lists
    assert reach(client, "add") == adds


def test_editor_sees_no_addresses_of_contacts(client):
    Contact = importing.applying.MODELS["contact"]
    with writing():
        contact = Contact.objects.create(workshop=make.workshop(), person=make.person("Ada"), email="ada@example.org")
    client.force_login(member("mia", "editor"))
    for address in (form_of(contact), list_of(Contact), list_of(Change), f"{form_of(contact)[:-7]}history/"):
        assert client.get(address).status_code == 403
    for address in (reverse("admin:index"), form_of(contact.person), list_of(Person)):
        assert "ada@example.org" not in client.get(address).content.decode()


def test_editor_chooses_owners_but_changes_no_person(client):
    ada = make.person("Ada Byron")
    client.force_login(member("mia", "editor"))
    query = {"term": "ada", "app_label": "minutes", "model_name": "actionowner", "field_name": "person"}
    assert client.get(reverse("admin:autocomplete"), query).status_code == 200
    assert client.post(form_of(ada), {"name": "Eve"}).status_code == 403
    item = make.action("Measure")
    assert save(client, form_of(item), owners=[ada.pk]).status_code == 302
    assert list(item.owners.all()) == [ada]


def test_who_may_only_look_saves_nothing(client):
    user = member("mia")
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_actionitem", "view_talk"]))
    client.force_login(user)
    item, talk = make.action("Measure", owners=[make.person("Ada Byron")]), make.talk("Tides", speakers=[])
    html = client.get(form_of(item)).content.decode()
    assert "Ada Byron" in html
    assert 'value="retire"' not in html
    assert 'name="why"' not in html
    assert client.get(form_of(talk)).status_code == 200
    assert client.post(form_of(item), {"title": "x"}).status_code == 403
    assert client.get(list_of(ActionItem)).status_code == 200
    client.post(list_of(ActionItem), {"action": "retire", "_selected_action": [item.pk], "reason": "x"})
    item.refresh_from_db()
    assert item.retired_at is None


def test_drafts_are_for_those_who_may_read_drafts(client):
    user = member("mia")
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_talk", "view_workshop"]))
    client.force_login(user)
    make.talk("Secret", workshop=make.workshop("Draft", visibility="draft"))
    assert list(client.get(list_of(Talk)).context["cl"].result_list) == []
    assert list(client.get(list_of(Workshop)).context["cl"].result_list) == []
    assert "Draft" not in client.get(list_of(Talk)).content.decode()


MINUTES = """\
Workshop on Tides

4 May 2021

Participants

Ada Byron

Waves at night

Speaker: Ada Byron (Moon Lab)

Ada: Write to ada@example.org.
"""


@pytest.mark.parametrize(("group", "status"), [("editor", 403), ("curator", 200)])
def test_content_of_a_source_is_for_curators(client, group, status):
    importing.write(importing.read("tides.txt", MINUTES.encode()))
    client.force_login(member("mia", group))
    source = Source.objects.get()
    answer = client.get(reverse("admin:minutes_source_content", args=[source.pk, 1]))
    assert answer.status_code == status
    if status == 200:
        assert answer.content == MINUTES.encode()
        assert answer.headers["Content-Disposition"] == 'attachment; filename="tides.txt"'
        assert client.get(form_of(source)).status_code == 200
        missing = reverse("admin:minutes_source_content", args=[source.pk, 2])
        assert client.get(missing).status_code == 404


# The first page


def test_first_page_says_what_waits(client, chief):
    today = timezone.localdate()
    make.action("Late", due=today - timedelta(days=1))
    make.action("Perhaps", status="proposed")
    make.link("Slides")
    make.turn("Who am I?", by="Addy")
    FailedImport.objects.create(name="scan.pdf", reason="It is a picture.")
    page = client.get(reverse("admin:index"))
    html = page.content.decode()
    for words, address in (
        ("overdue", list_of(ActionItem, "?when=overdue")),
        ("failed imports", list_of(FailedImport, "?o=-3")),
        ("links without address", list_of(Link, "?address=without")),
    ):
        assert f'<a href="{address}"><b>1</b> {words}</a>' in html
        assert len(client.get(address).context["cl"].result_list) == 1
    assert '<a href="/names/"><b>1</b> name to decide</a>' in html
    assert '<a href="/actions/desk/"><b>1</b> proposed actions</a>' in html


def test_first_page_leads_to_the_chores_of_what_one_may_do(client):
    make.turn("Why?", by=make.person("Ada"))
    chores = {
        "editor": ["/actions/desk/", "/conflicts/", "/reports/", "/workshops/autumn-workshop/links/"],
        "curator": ["/names/", "/import/", "/workshops/autumn-workshop/details/"],
    }
    for role, addresses in chores.items():
        client.force_login(member(f"mia-{role}", role))
        html = client.get(reverse("admin:index")).content.decode()
        assert [address for address in addresses if f'href="{address}"' not in html] == []
    client.force_login(User.objects.get(username="mia-editor"))
    html = client.get(reverse("admin:index")).content.decode()
    assert [address for address in chores["curator"] if f'href="{address}"' in html] == []


@pytest.mark.parametrize("count", [1, 9])
def test_first_page_has_one_price(client, django_assert_max_num_queries, count):
    client.force_login(member("mia", "curator"))
    for n in range(count):
        workshop = make.workshop(f"Workshop {n}")
        make.action(f"Perhaps {n}", status="proposed", workshop=workshop)
        make.turn("Who am I?", by=f"Addy{n}", talk=make.talk(f"Talk {n}", workshop=workshop))
    with django_assert_max_num_queries(20):
        client.get(reverse("admin:index"))


def test_first_page_without_anything_waiting_has_no_such_block(client, chief):
    assert "What waits" not in client.get(reverse("admin:index")).content.decode()


def test_administrator_makes_no_superuser(client):
    chief = User.objects.create_superuser("chief")
    client.force_login(member("admin", "administrator"))
    own = reverse("admin:auth_user_change", args=[User.objects.get(username="admin").pk])
    client.post(own, {"username": "admin", "is_active": "on", "is_staff": "on", "is_superuser": "on"})
    assert not User.objects.get(username="admin").is_superuser
    assert client.get(reverse("admin:auth_user_password_change", args=[chief.pk])).status_code == 403


def test_lines_that_a_browser_ends_in_its_way_are_no_change(client, chief):
    turn = make.turn("One line\nand another")
    save(client, form_of(turn), text="One line\r\nand another", kind="question")
    assert log(turn) == [("kind", "comment", "question", "", "chief")]
    save(client, form_of(turn), text="One line\r\nand a third")
    assert log(turn)[1:] == [("text", "One line\nand another", "One line\nand a third", "", "chief")]
