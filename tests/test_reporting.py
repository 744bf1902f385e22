"""“That is not what was said”: a reader's report, its limits, and what editors do with it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import signing
from django.utils import timezone

from accounts.models import Account
from minutes import reporting
from minutes.models import Report, Statement
from minutes.report_forms import SALT
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def words():
    return make.turn("The sieve was coarse.", by=make.person("Ada Byron"), talk=make.talk("Sieves"))


@pytest.fixture
def editor():
    user = User.objects.create_user("eve")
    user.groups.add(Group.objects.get(name="editor"))
    return user


def opened(seconds: int) -> str:
    """The stamp of a form that was opened so long ago."""
    signer = signing.TimestampSigner(salt=SALT)
    signer.timestamp = lambda: signing.b62_encode(int(timezone.now().timestamp()) - seconds)
    return signer.sign_object(0)


def send(client, turn, text="It was fine.", age=30, **fields):
    return client.post(f"{turn.permalink}/report", {"text": text, "opened": opened(age)} | fields, follow=True)


def test_reader_without_account_reports_and_the_editors_see_it_with_the_words(client, editor, words):
    assert "Thank you" in send(client, words, name="Bo").content.decode()
    report = Report.objects.get()
    assert (report.turn, report.text, report.name, report.by) == (words, "It was fine.", "Bo", None)
    client.force_login(editor)
    page = client.get("/reports/").content.decode()
    assert "The sieve was coarse." in page
    assert "It was fine." in page
    assert "Bo" in page
    admin = User.objects.create_superuser("root")
    client.force_login(admin)
    assert "readers’ reports" in client.get("/admin/").content.decode()


def test_no_address_is_kept(client, words):
    send(client, words)
    report = Report.objects.get()
    assert "127.0.0.1" not in " ".join(str(value) for value in vars(report).values())
    Report.objects.update(at=timezone.now() - timedelta(days=3))
    send(client, words, "Another.")
    report.refresh_from_db()
    assert report.sender == ""


def test_program_that_fills_the_hidden_field_is_thanked_and_nothing_is_kept(client, words):
    assert "Thank you" in send(client, words, website="https://spam.example").content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("age", [0, 200_000])
def test_form_sent_at_once_or_after_days_comes_back_with_what_was_typed(client, words, age):
    page = send(client, words, "I typed this.", age=age)
    assert page.status_code == 400
    assert "I typed this." in page.content.decode()
    assert "Send it once more" in page.content.decode()
    assert not Report.objects.exists()


def test_reader_who_reports_too_much_is_told_when_to_come_back_and_another_is_not(client, words):
    for n in range(reporting.PER_READER):
        send(client, words, f"Wrong {n}.")
    assert "Come back tomorrow" in send(client, words, "Once more.").content.decode()
    assert Report.objects.count() == reporting.PER_READER
    client.post(
        f"{words.permalink}/report", {"text": "Me too.", "opened": opened(9)}, REMOTE_ADDR="192.0.2.7", follow=True
    )
    assert Report.objects.count() == reporting.PER_READER + 1


def test_flood_from_many_addresses_stops_and_those_who_signed_in_get_through(client, words, monkeypatch):
    monkeypatch.setattr(reporting, "PER_DAY", 2)
    for n in range(4):
        client.post(f"{words.permalink}/report", {"text": f"{n}", "opened": opened(9)}, REMOTE_ADDR=f"192.0.2.{n}")
    assert Report.objects.count() == 2
    client.force_login(User.objects.create_user("ada"))
    send(client, words)
    assert Report.objects.count() == 3


@pytest.mark.parametrize(("trusted", "told_apart"), [(True, True), (False, False)])
def test_readers_behind_a_proxy_are_told_apart_only_where_it_is_trusted(client, words, settings, trusted, told_apart):
    settings.TRUST_PROXY = trusted
    for address in ("10.0.0.1, 192.0.2.1", "10.0.0.1, 192.0.2.2"):
        client.post(
            f"{words.permalink}/report", {"text": "x", "opened": opened(9)}, headers={"X-Forwarded-For": address}
        )
    senders = set(Report.objects.values_list("sender", flat=True))
    assert (len(senders) == 2) is told_apart


def test_statement_of_a_person_stands_beside_the_words_once_an_editor_agrees(client, editor, words):
    ada = words.people.get()
    reader = User.objects.create_user("ada")
    Account.objects.create(user=reader, person=ada)
    client.force_login(reader)
    send(client, words, "I said fine.", stand="on")
    report = Report.objects.get()
    assert (report.person, report.by) == (ada, reader)
    assert "I said fine." not in client.get(words.talk.get_absolute_url()).content.decode()

    client.force_login(editor)
    sent = {"report": report.pk, "do": "stated", "person": "Ada Byron", "text": report.text}
    page = client.post("/reports/", sent, follow=True).content.decode()
    assert "The statement by Ada Byron stands beside the words." in page
    statement = Statement.objects.get()
    assert (statement.turn, statement.person, statement.text) == (words, ada, "I said fine.")
    report.refresh_from_db()
    assert report.outcome == "stated"
    client.logout()
    assert "I said fine." in client.get(words.talk.get_absolute_url()).content.decode()


def test_name_that_nobody_has_makes_no_statement_and_the_report_waits(client, editor, words):
    send(client, words)
    client.force_login(editor)
    sent = {"report": Report.objects.get().pk, "do": "stated", "person": "Nemo", "text": "x"}
    assert "Nobody here is called “Nemo”" in client.post("/reports/", sent, follow=True).content.decode()
    assert not Statement.objects.exists()
    assert Report.objects.get().outcome == ""


def test_report_is_settled_and_opened_again(client, editor, words):
    send(client, words)
    client.force_login(editor)
    report = Report.objects.get()
    client.post("/reports/", {"report": report.pk, "do": "kept"})
    report.refresh_from_db()
    assert (report.outcome, report.settled_by) == ("kept", editor)
    client.post("/reports/", {"report": report.pk, "do": "reopen"})
    report.refresh_from_db()
    assert (report.outcome, report.settled_at) == ("", None)


def test_readers_see_no_reports(client, words):
    send(client, words)
    assert client.get("/reports/").status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/reports/").status_code == 403
    assert client.post("/reports/", {"report": Report.objects.get().pk, "do": "kept"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_its_length(client, editor, words, django_assert_num_queries, count):
    for n in range(count):
        turn = make.turn(f"Words {n}.", by=make.person(f"P {n}"), talk=words.talk)
        Report.objects.create(turn=turn, text=f"No {n}.", seen=1)
    client.force_login(editor)
    with django_assert_num_queries(12):
        client.get("/reports/")
