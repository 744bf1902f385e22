"""What editors do with action items in the browser: the desk of what is proposed, the form of one, one from a turn."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from accounts.models import Account
from minutes import actions_doing as doing
from minutes.changes import change
from minutes.models import ActionItem, Change
from tests import make
from tests.test_importing import MINUTES, bring_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DESK = "/actions/desk/"


@pytest.fixture
def editor(client) -> User:
    user = User.objects.create_user("eve")
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    return user


def state(item: ActionItem) -> tuple[str, str]:
    item.refresh_from_db()
    return item.status, item.status_reason


def decide(client, act: str, *items: ActionItem, **sent) -> Any:
    chosen = [f"{item.public_id}:{item.version}" for item in items]
    return client.post("/actions/decide/", {"act": act, "chosen": chosen, "next": DESK, **sent}, follow=True)


def undo_last(client) -> str:
    group = Change.objects.latest("pk").group
    return read(client.post(f"/undo/{group}", {"next": DESK}, follow=True))


def read(response) -> str:
    return unescape(response.content.decode())


def form_of(item: ActionItem, **changed) -> dict[str, Any]:
    """What a browser sends of the form as it is shown, with these fields changed."""
    item = ActionItem.objects.get(pk=item.pk)
    standing = {
        "title": item.title,
        "owners": [row.person.public_id for row in item.ownings.all()],
        "more_owners": "",
        "due": item.due.isoformat() if item.due else "",
        "due_text": item.due_text,
        "status": item.status,
        "status_reason": item.status_reason,
        "priority": item.priority,
        "topics": [row.tag.public_id for row in item.topic_items.all()],
        "more_topics": "",
        "notes": item.notes,
        "links": "\r\n".join(item.links),
        "why": "",
        "seen": item.version,
    }
    return {**standing, **({"everybody": "on"} if item.everybody else {}), **changed}


def save(client, item: ActionItem, **changed) -> str:
    return read(client.post(f"/actions/{item.public_id}/edit", form_of(item, **changed), follow=True))


# The desk


def test_desk_shows_what_is_proposed_with_its_words_and_why(client, editor):
    bring_in(MINUTES)
    page = read(client.get(DESK))
    item = ActionItem.objects.get()
    assert 'data-total="1"' in page
    for shown in (item.title, item.quote, "promises: I will send", item.turn.get_absolute_url(), "Dora Engel"):
        assert shown in page


def test_desk_where_nothing_waits_says_so(client, editor):
    make.action("Measured", status="open")
    page = read(client.get(DESK))
    assert "Nothing waits" in page
    assert "Accept</button>" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_desk_costs_the_same_however_much_waits(client, editor, django_assert_num_queries, count):
    for n in range(count):
        make.action(f"Item {n}", status="proposed", owners=[make.person(f"Owner {n}")], turn=make.turn(f"I will, {n}"))
    with django_assert_num_queries(7):  # session, user, two of rights; workshops, items, owners
        page = client.get(DESK).content.decode()
    assert page.count("data-card") == count


def test_desk_goes_on_to_the_next_page_and_keeps_to_one_workshop(client, editor):
    autumn, spring = make.workshop(), make.workshop("Spring workshop")
    for n in range(23):
        make.action(f"Autumn item {n}", status="proposed", workshop=autumn)
    make.action("Spring item", status="proposed", workshop=spring)
    assert read(client.get(DESK)).count("data-card") == 20
    assert read(client.get(f"{DESK}?page=2")).count("data-card") == 4
    page = read(client.get(f"{DESK}?workshop=spring-workshop"))
    assert (page.count("data-card"), "Spring item" in page) == (1, True)
    assert read(client.get(f"{DESK}?workshop=nowhere&page=x")).count("data-card") == 20


def test_accepted_item_is_open_and_the_next_takes_its_place(client, editor):
    item = make.action("Measure", status="proposed")
    response = client.post("/actions/decide/", {"act": "accept", "chosen": f"{item.public_id}:1", "n": "3"})
    assert response["Location"] == f"{DESK}#item-3"
    assert state(item) == ("open", "")
    assert "Accepted: “Measure”." in read(client.get(DESK))
    assert "Undone." in undo_last(client)
    assert state(item) == ("proposed", "")


def test_item_is_rejected_for_a_ready_reason_or_one_of_ones_own_and_never_without(client, editor):
    first, second = make.action("Measure", status="proposed"), make.action("Weigh", status="proposed")
    assert "Rejected: “Measure” (not an action)." in read(decide(client, "reject:not an action", first))
    assert state(first) == ("dropped", "not an action")
    assert "Say in a few words why" in read(decide(client, "reject", second, reason="  "))
    assert state(second) == ("proposed", "")
    decide(client, "reject", second, reason="too heavy")
    assert state(second) == ("dropped", "too heavy")


def test_rejected_at_the_desk_stays_rejected_after_a_re_import(client, editor):
    bring_in(MINUTES)
    item = ActionItem.objects.get()
    decide(client, "reject:not an action", item)
    bring_in(MINUTES.replace("our own numbers next week", "our own numbers on the next week"))
    assert state(item) == ("dropped", "not an action")
    assert [one.pk for one in ActionItem.objects.living()] == [item.pk]
    assert "Nothing waits" in read(client.get(DESK))


def test_several_are_accepted_and_undone_at_once(client, editor):
    items = [make.action(f"Item {n}", status="proposed") for n in range(3)]
    assert "Accepted: 2 action items." in read(decide(client, "accept", *items[:2]))
    assert [state(item)[0] for item in items] == ["open", "open", "proposed"]
    undo_last(client)
    assert [state(item)[0] for item in items] == ["proposed"] * 3


def test_what_somebody_changed_meanwhile_is_decided_by_nobody_else_in_the_same_go(client, editor):
    items = [make.action(f"Item {n}", status="proposed") for n in range(2)]
    with change(User.objects.create_user("carol")) as c:
        c.set(ActionItem.objects.get(pk=items[1].pk), title="Another item")
    page = read(decide(client, "accept", *items))
    assert "Somebody changed “Another item” since you opened this page" in page
    assert [state(item)[0] for item in items] == ["proposed"] * 2


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"act": "accept"}, "Tick at least one"),
        ({"act": "accept", "chosen": "aaaaaaaaaa:1"}, "not there any more"),
        ({"act": "accept", "chosen": "aaaaaaaaaa"}, "too old"),
        ({"act": "burn", "chosen": "aaaaaaaaaa:1"}, "Choose what is to become of it"),
    ],
)
def test_form_that_makes_no_sense_gets_one_sentence(client, editor, sent, told):
    page = read(client.post("/actions/decide/", sent, follow=True))
    assert told in page
    assert not Change.objects.exists()


def test_list_leads_editors_to_the_desk_while_something_waits(client, editor):
    assert DESK not in read(client.get("/actions/"))
    make.action("Measure", status="proposed")
    assert DESK in read(client.get("/actions/"))
    client.logout()
    assert DESK not in read(client.get("/actions/"))


# One item


def test_form_sent_as_it_was_shown_changes_nothing(client, editor):
    sieve = make.topic("Sieves")
    item = make.action(
        "Measure", owners=[make.person("Ada Byron")], due=date(2031, 6, 1), links=["https://a.example x"]
    )
    with change(None) as c:
        c.set(item, topics=[sieve.public_id], notes="One\n\nTwo")
    logged = Change.objects.count()
    assert "Nothing differed" in save(client, item)
    assert Change.objects.count() == logged


def test_every_field_is_edited_and_undone_in_one_step(client, editor):
    ada, bo, sieve = make.person("Ada Byron"), make.person("Bo Marsh"), make.topic("Sieves")
    item = make.action("Measure", owners=[ada])
    changed = {"owners": [], "more_owners": "bo marsh", "everybody": "on", "due": "2031-06-01", "due_text": "in June"}
    more = {"title": "Measure twice", "status": "done", "status_reason": "by hand", "priority": 1}
    links = "https://example.org/a The table\r\nhttps://example.org/b"
    page = save(client, item, **changed, **more, more_topics="sieves", notes="As *agreed*.", links=links, why="heard")
    item.refresh_from_db()
    assert [row.person for row in item.ownings.all()] == [bo]
    assert (item.title, item.everybody, item.due, item.due_text) == ("Measure twice", True, date(2031, 6, 1), "in June")
    assert (item.status, item.status_reason, item.priority) == ("done", "by hand", 1)
    assert item.links == ["https://example.org/a The table", "https://example.org/b"]
    assert [row.tag for row in item.topic_items.all()] == [sieve]
    for shown in ("Changed: ", "Bo Marsh", "whoever is interested", "1 June 2031", "<em>agreed</em>", "The table"):
        assert shown in page
    assert {row.reason for row in Change.objects.all()} == {"heard"}
    history = read(client.get(f"{item.permalink}/history"))
    assert "eve" in history
    assert "heard" in history
    undo_last(client)
    item.refresh_from_db()
    assert (item.title, item.status, item.notes, item.links, item.due) == ("Measure", "open", "", [], None)
    assert [row.person for row in item.ownings.all()] == [ada]


def test_what_cannot_stand_is_said_beside_its_field_and_nothing_is_written(client, editor):
    item = make.action("Measure")
    page = save(client, item, more_owners="Nemo", due="soon", links="javascript:alert(1)", more_topics="Sextants")
    for told in (
        "Nobody here is called “Nemo”",
        "Enter a valid date",
        "is no web address",
        "There is no topic “Sextants”",
    ):
        assert told in page
    assert 'value="Nemo"' in page
    assert "why it is dropped" in save(client, item, status="dropped")
    assert "This field is required" in save(client, item, title=" ")
    assert not Change.objects.exists()


def test_who_was_faster_is_named_and_what_was_typed_is_kept(client, editor):
    ada = make.person("Ada Byron")
    item = make.action("Measure", owners=[ada])
    sent = form_of(item, title="My title")
    with change(User.objects.create_user("carol")) as c:
        c.set(item, title="Her title", owners=[])
    page = read(client.post(f"/actions/{item.public_id}/edit", sent))
    assert "carol changed this since you opened it" in page
    assert "Her title" in page
    assert 'value="My title"' in page
    item.refresh_from_db()
    assert item.title == "Her title"
    client.post(f"/actions/{item.public_id}/edit", sent | {"seen": item.version})
    item.refresh_from_db()
    assert (item.title, [row.person for row in item.ownings.all()]) == ("My title", [ada])


def test_proposed_item_is_edited_and_accepted_in_one_step_and_the_desk_goes_on(client, editor):
    item = make.action("Measure", status="proposed")
    sent = form_of(item, title="Measure twice") | {"accept": "yes", "next": f"{DESK}?page=1", "n": "4"}
    response = client.post(f"/actions/{item.public_id}/edit", sent)
    assert response["Location"] == f"{DESK}?page=1#item-4"
    assert state(item) == ("open", "")
    assert item.title == "Measure twice"


def test_buttons_of_an_item_follow_its_state(client, editor):
    item = make.action("Measure", status="proposed")
    for act, button, after in (
        ("accept", "Accept", "open"),
        ("complete", "Done", "done"),
        ("reopen", "Reopen", "open"),
        ("reject:done already", "Drop…", "dropped"),
    ):
        page = read(client.get(item.get_absolute_url()))
        assert f">{button}</" in page
        decide(client, act, item)
        assert state(item)[0] == after


# Made from what was said


def test_turn_becomes_an_open_item_with_nothing_typed(client, editor):
    bo = make.person("Bo Marsh")
    turn = make.turn("I will send the long table of all sieves to everybody by next week.", by=bo)
    page = read(client.get(f"{turn.permalink}/to-do"))
    assert 'value="by next week"' in page
    made = read(client.post(f"{turn.permalink}/to-do", proposed_by(page), follow=True))
    item = ActionItem.objects.get()
    assert (item.status, item.turn, item.quote, item.due_text) == ("open", turn, turn.text, "by next week")
    assert item.ownings.count() == 0
    assert f'To do: <a href="{item.get_absolute_url()}">' in made
    assert f'id="{turn.public_id}"' in made
    undo_last(client)
    assert not ActionItem.objects.living().exists()


def proposed_by(page: str) -> dict[str, str]:
    """What Save sends of a form that nobody touched."""
    sent = {}
    for name in ("title", "due_text", "next"):
        found = page.partition(f'name="{name}"')[2].partition(">")[0]
        sent[name] = found.partition('value="')[2].partition('"')[0]
    return sent


def test_owner_and_date_are_given_and_the_proposed_title_names_the_owner(client, editor):
    bo, ada = make.person("Bo Marsh"), make.person("Ada Byron")
    turn = make.turn("I will send the long table of all sieves that were ever built here.", by=bo)
    sent = proposed_by(read(client.get(f"{turn.permalink}/to-do")))
    client.post(
        f"{turn.permalink}/to-do", sent | {"owners": [bo.public_id], "more_owners": "ada byron", "due": "2031-06-01"}
    )
    item = ActionItem.objects.get()
    assert [row.person for row in item.ownings.order_by("position")] == [bo, ada]
    assert item.due == date(2031, 6, 1)
    assert item.title.startswith("Bo Marsh and Ada Byron: send the long table")


def test_theme_becomes_an_item_and_the_form_tells_of_it_afterwards(client, editor):
    theme = make.theme("Nobody looks after the sieves.")
    assert f"{theme.permalink}/to-do" in read(client.get(theme.get_absolute_url()))
    client.post(f"{theme.permalink}/to-do", {"title": "Find a keeper of the sieves"})
    item = ActionItem.objects.get()
    assert (item.theme, item.title, item.status) == (theme, "Find a keeper of the sieves", "open")
    assert "From these words already:" in read(client.get(f"{theme.permalink}/to-do"))


def test_unknown_owner_is_said_and_nothing_is_made(client, editor):
    turn = make.turn("We should.")
    page = read(client.post(f"{turn.permalink}/to-do", {"title": "Do it", "more_owners": "Nemo"}))
    assert "Nobody here is called “Nemo”" in page
    assert 'value="Do it"' in page
    assert not ActionItem.objects.exists()


def test_made_item_is_found_at_once_in_mine_and_by_the_search(client, editor):
    ada = make.person("Ada Byron")
    Account.objects.create(user=editor, person=ada)
    turn = make.turn("Somebody should oil the mill.", by=ada)
    client.post(f"{turn.permalink}/to-do", {"title": "Oil the mill", "owners": [ada.public_id]})
    assert "Oil the mill" in read(client.get("/actions/?owner=me"))
    assert "Oil the mill" in read(client.get('/search/?q=in:actions is:open owner:"Ada Byron"'))
    decide(client, "complete", ActionItem.objects.get())
    assert "Oil the mill" not in read(client.get('/search/?q=in:actions is:open owner:"Ada Byron"'))


@pytest.mark.parametrize("signed_in", [False, True])
def test_readers_see_no_button_and_the_addresses_refuse(client, signed_in):
    if signed_in:
        client.force_login(User.objects.create_user("reader"))
    turn = make.turn("I will.")
    item = make.action("Measure", status="proposed", turn=turn)
    for address in (item.get_absolute_url(), turn.get_absolute_url(), "/actions/", "/keys/"):
        page = client.get(address).content.decode()
        for hidden in ("/to-do", f"{item.public_id}/edit", DESK, "action-decide", "Accept<"):
            assert hidden not in page, (address, hidden)
    refused = 403 if signed_in else 302
    assert client.post("/actions/decide/", {"act": "accept", "chosen": f"{item.public_id}:1"}).status_code == refused
    assert client.post(f"/actions/{item.public_id}/edit", form_of(item, title="X")).status_code == refused
    assert client.post(f"{turn.permalink}/to-do", {"title": "X"}).status_code == refused
    assert state(item) == ("proposed", "")
    assert ActionItem.objects.count() == 1


def test_item_of_another_hand_is_not_reopened_by_an_old_page(client, editor):
    item = make.action("Measure", status="proposed")
    with change(None) as c:
        doing.complete(c, ActionItem.objects.get(pk=item.pk), "by Bo")
    assert "Somebody changed" in read(decide(client, "accept", item))
    assert state(item) == ("done", "by Bo")
