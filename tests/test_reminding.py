"""Mail about action items and saved searches, read back from a real SMTP server in this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO
from socket import socket

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Account
from minutes import reminding, saved
from minutes.changes import change
from minutes.models import ActionItem, MailChoice, Reader, Reminder, SavedSearch
from tests import make

pytestmark = pytest.mark.django_db
SITE = "https://minutes.example.org"


class Box:
    """What the server took. Whom `refused` names gets nothing."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = message_from_bytes(envelope.content, policy=policy.default)
        letter.text = letter.get_content().replace("\r\n", "\n")
        assert [letter["To"]] == envelope.rcpt_tos
        self.letters.append(letter)
        return "250 OK"


@pytest.fixture
def box(settings) -> Iterator[Box]:
    kept = Box()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_FROM = settings.DEFAULT_FROM_EMAIL = "Minutes <minutes@example.org>"
    settings.SITE_ADDRESS = SITE
    yield kept
    server.stop()


def send(**options) -> str:
    said = StringIO()
    call_command("send_reminders", stdout=said, stderr=StringIO(), **options)
    return said.getvalue().strip()


def owner(name: str = "Ada Byron", *, confirmed: bool = True):
    """A person with an account and an address."""
    person = make.person(name)
    address = f"{person.slug}@example.org"
    user = User.objects.create_user(person.slug, address)
    moment = timezone.now() if confirmed else None
    Account.objects.create(
        user=user, person=person, confirmed_email=address if confirmed else "", email_confirmed_at=moment
    )
    return person


def item(title: str, person, days: int, **fields) -> ActionItem:
    return make.action(title, owners=[person], due=timezone.localdate() + timedelta(days=days), **fields)


# Reminders


def test_owner_gets_one_digest_with_links_to_the_words(box):
    ada = owner()
    turn = make.turn("I will mend it; ask bo@example.org.", by=ada, talk=make.talk("Lamps"))
    late = item("Ada Byron: mend it", ada, -2, turn=turn, quote=turn.text)
    soon = item("Ada Byron: count them", ada, 3)
    item("Ada Byron: much later", ada, 60)
    assert send() == "Sent 1 reminder and 0 letters about searches."
    [letter] = box.letters
    text = letter.text
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "ada-byron@example.org",
        "Minutes <minutes@example.org>",
        "Action items: 1 overdue, 1 due soon",
    )
    assert text.index("Overdue") < text.index(late.title) < text.index("Due soon") < text.index(soon.title)
    for words in (
        f"{SITE}{turn.permalink}",
        f"{SITE}{late.permalink}",
        "“I will mend it; ask bo@….”",
        "said in: Lamps",
    ):
        assert words in text
    assert "much later" not in text
    assert "bo@example.org" not in text


def test_each_thing_is_told_once_before_it_is_due_and_once_after(box):
    ada = owner()
    one = item("Mend it", ada, 3)
    send(), send()
    assert len(box.letters) == 1
    with change(None) as c:
        c.set(one, due=(timezone.localdate() - timedelta(days=1)).isoformat())
    send(), send()
    assert [letter["Subject"] for letter in box.letters] == ["Action item: 1 due soon", "Action item: 1 overdue"]
    item("Another", ada, -1)
    send()
    assert "Mend it" not in box.letters[2].text
    assert Reminder.objects.filter(sent_at=None).count() == 0


def test_only_open_items_of_those_who_may_read_them_are_told(box):
    ada = owner()
    for status in ("proposed", "done", "dropped"):
        item(f"Is {status}", ada, -1, status=status)
    hidden = make.workshop("Hidden", visibility="draft")
    item("Hidden", ada, -1, workshop=hidden)
    assert send() == "Sent 0 reminders and 0 letters about searches."
    Reader.objects.create(workshop=hidden, user=User.objects.get())
    send()
    assert "Hidden" in box.letters[0].text


@pytest.mark.parametrize("lacking", ["account", "confirmation", "this address", "being active", "consent"])
def test_nobody_is_written_to_who_did_not_confirm_or_does_not_want_it(box, lacking):
    ada = make.person("Ada Byron") if lacking == "account" else owner(confirmed=lacking != "confirmation")
    if lacking == "this address":
        User.objects.update(email="else@example.org")
    if lacking == "being active":
        User.objects.update(is_active=False)
    if lacking == "consent":
        MailChoice.objects.create(user=User.objects.get(), reminders=False)
    item("Mend it", ada, -1)
    assert (send(), box.letters) == ("Sent 0 reminders and 0 letters about searches.", [])


def test_owner_is_reminded_under_whatever_record_the_minutes_know_them(box):
    ada, former = owner(), make.person("A. Byron")
    item("Mend it", former, -1)
    with change(None) as c:
        c.merge(former, ada)
    send()
    assert "Mend it" in box.letters[0].text


def test_without_a_sender_nothing_is_sent_and_one_sentence_says_so(box, settings):
    item("Mend it", owner(), -1)
    settings.MAIL_FROM = ""
    assert send() == "No mail was sent, as MAIL_FROM is not set (see docs/running.md)."
    settings.SITE_ADDRESS = ""
    assert send() == "No mail was sent, as MAIL_FROM and SITE_ADDRESS are not set (see docs/running.md)."
    assert (box.letters, Reminder.objects.count()) == ([], 0)


def test_letter_that_is_refused_keeps_no_other_back_and_is_tried_again(box):
    for name in ("Ada Byron", "Bo Marsh"):
        item("Mend it", owner(name), -1)
    box.refused.add("ada-byron@example.org")
    with pytest.raises(SystemExit):
        send()
    assert [letter["To"] for letter in box.letters] == ["bo-marsh@example.org"]
    box.refused.clear()
    send()
    assert [letter["To"] for letter in box.letters] == ["bo-marsh@example.org", "ada-byron@example.org"]


def test_server_that_does_not_answer_is_said_and_nothing_counts_as_sent(box, settings):
    item("Mend it", owner(), -1)
    settings.EMAIL_PORT = 1
    with pytest.raises(CommandError, match="The mail server cannot be reached"):
        send()
    assert not Reminder.objects.exists()


def test_what_another_run_is_telling_is_not_told_twice_and_taken_up_after_a_day(box):
    item("Mend it", owner(), -1)
    [digest] = reminding.digests(timezone.localdate(), 7)
    now = timezone.now()
    assert reminding.claim(digest, now)
    assert not reminding.claim(digest, now)
    send()
    assert box.letters == []
    Reminder.objects.update(claimed_at=now - timedelta(days=2))
    send(), send()
    assert len(box.letters) == 1


def test_dry_run_counts_and_sends_nothing(box):
    item("Mend it", owner(), -1)
    assert send(dry_run=True) == ("Would remind 1 owner of 1 action item, and tell 0 readers what 0 searches found.")
    assert (box.letters, Reminder.objects.count()) == ([], 0)


# The way out


def test_address_in_the_letter_ends_them_without_signing_in(box, client):
    ada = owner()
    item("Mend it", ada, -1)
    send()
    [letter] = box.letters
    [stop] = re.findall(r"No more of these: (\S+)", letter.text)
    assert letter["List-Unsubscribe"].strip() == f"<{stop}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = stop.removeprefix(SITE)
    assert "data-stop" in client.get(path).content.decode()
    assert not MailChoice.objects.exists()
    page = client.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert "You get no more reminders of what you have to do." in page
    item("Another", ada, -1)
    send()
    assert len(box.letters) == 1
    client.post(path, {"again": "yes"})
    send()
    assert len(box.letters) == 2


def test_address_that_was_not_signed_here_ends_nothing(box, client):
    owner()
    for token in ("x", "eyJ1c2VyIjoxfQ:abc"):
        assert client.post(f"/mail/stop/{token}/").status_code == 404
    assert not MailChoice.objects.exists()


# Saved searches


def test_search_is_saved_in_its_canonical_form_and_once(client):
    make.turn("Kelp is green.")
    client.force_login(User.objects.create_user("ada"))
    page = client.get("/search/?q=kelp").content.decode()
    assert 'name="q" value="kelp"' in page
    for text in ("kelp", " kelp  ", "   "):
        client.post("/searches/", {"q": text})
    assert [search.text for search in SavedSearch.objects.all()] == ["kelp"]
    assert '<a href="/search/?q=kelp">kelp</a>' in client.get("/searches/").content.decode()


def test_saved_searches_are_their_owners_alone(client):
    ada, bo = User.objects.create_user("ada"), User.objects.create_user("bo")
    search = saved.save(ada, "kelp")
    assert client.get("/searches/").status_code == 302
    client.force_login(bo)
    assert "kelp" not in client.get("/searches/").content.decode()
    for verb in ("delete", "toggle"):
        assert client.post("/searches/", {verb: search.pk}).status_code == 404
    client.force_login(ada)
    client.post("/searches/", {"toggle": search.pk})
    assert not SavedSearch.objects.get().mailed
    client.post("/searches/", {"delete": search.pk})
    assert not SavedSearch.objects.exists()


def test_there_is_an_end_to_saved_searches(client):
    ada = User.objects.create_user("ada")
    SavedSearch.objects.bulk_create(SavedSearch(user=ada, text=f"word{n}") for n in range(saved.MOST))
    client.force_login(ada)
    page = client.post("/searches/", {"q": "one more"}, follow=True).content.decode()
    assert "You have 50 saved searches." in page


def test_what_a_saved_search_finds_anew_comes_by_mail_once(box):
    owner()
    user = User.objects.get()
    make.turn("Kelp is green.", by=make.person("Bo Marsh"))
    saved.save(user, "kelp")
    send()
    assert box.letters == []
    turn = make.turn("More kelp, ask cy@example.org.", by=make.person("Cleo Ruiz"))
    make.turn("Hidden kelp.", talk=make.talk("Secret", workshop=make.workshop("Hidden", visibility="draft")))
    assert send() == "Sent 0 reminders and 1 letter about searches."
    send()
    [letter] = box.letters
    text = letter.text
    assert letter["Subject"] == "1 new in your saved search"
    assert f"Cleo Ruiz: More kelp, ask cy@….\n{SITE}/r/{turn.public_id}" in text
    assert f"All that it finds: {SITE}/search/?q=kelp" in text
    assert "green" not in text
    assert "Hidden" not in text


def test_saved_search_is_told_neither_without_mail_nor_after_the_way_out(box, client):
    owner()
    user = User.objects.get()
    search = saved.save(user, "kelp")
    saved.toggle(search)
    make.turn("Kelp is green.")
    send()
    search.refresh_from_db()
    saved.toggle(search)  # what came meanwhile is no news
    send()
    assert box.letters == []
    client.force_login(user)
    client.post("/searches/", {"mail": "yes", "wanted": ["reminders"]})
    make.turn("Kelp is brown.")
    send()
    assert box.letters == []
    assert MailChoice.objects.values_list("reminders", "searches").get() == (True, False)


def test_saved_search_for_action_items_knows_who_me_is(box):
    ada = owner()
    search = saved.save(User.objects.get(), "is:open owner:me")
    made = make.action("Mend it", owners=[ada])
    send()
    assert (search.known, f"{SITE}/r/{made.public_id}" in box.letters[0].text) == ([], True)


def test_search_that_could_not_be_told_is_told_the_next_time(box):
    owner()
    saved.save(User.objects.get(), "kelp")
    make.turn("Kelp is green.")
    box.refused.add("ada-byron@example.org")
    with pytest.raises(SystemExit):
        send()
    box.refused.clear()
    send(), send()
    assert len(box.letters) == 1
