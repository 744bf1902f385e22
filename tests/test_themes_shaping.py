"""Themes as editors shape them: evidence one by one, joined across workshops, merged, split; undone, and kept by every
re-import."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError

from minutes import shaping
from minutes.changes import Stale, change
from minutes.correcting import take_back
from minutes.models import ActionItem, Change, Theme, ThemeEvidence, TopicRefusal, Turn
from records.models import PublicId
from tests import make
from tests.test_importing import MINUTES, bring_in, turn
from themes.models import RecurringTheme

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLOSING = f"""{MINUTES}
Common themes:

1. Gauges are old everywhere.

2. Old gauges are a problem for all.

3. Models and money.
"""


@pytest.fixture
def editor(client):
    user = User.objects.create_user("eve")
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    return user


@pytest.fixture
def theme():
    """A theme with one turn that bears it out, and two of another thread that name its topic."""
    sieve = make.topic("Sieve", labels=["sieve"])
    talk = make.talk("Sieves")
    proof = make.turn("They rust.", by="Ada", talk=talk)
    asked = make.turn("Why a sieve?", by="Bo", talk=talk, kind="question", topics=[sieve])
    make.turn("A sieve is cheap.", by="Cy", talk=talk, kind="answer", exchange=asked.exchange, topics=[sieve])
    return make.theme("Sieves are old", evidence=[proof], topics=[sieve])


def said(words: str) -> Turn:
    return Turn.objects.get(text=words)


def states(theme: Theme) -> dict[str, str]:
    return {row.turn.text: row.state for row in theme.evidences.select_related("turn")}


def send(client, theme: Theme, where: str, **sent):
    """The page that follows, with what it says."""
    standing = {"seen": Theme.objects.get(pk=theme.pk).version}
    page = client.post(f"/themes/{theme.public_id}/{where}", standing | sent, follow=True)
    return page, page.content.decode()


def undo_last(user) -> str:
    return take_back(user, Change.objects.order_by("pk").last().group)


def rows() -> dict[str, list]:
    """Themes and all that hangs on them, but for versions."""
    return {
        "themes": list(Theme.objects.order_by("pk").values("text", "recurring", "retired_at", "retired_by")),
        "evidence": list(ThemeEvidence.objects.order_by("theme", "turn").values("theme", "turn", "state", "position")),
        "topics": sorted((str(theme), str(tag)) for theme in Theme.objects.all() for tag in theme.topics.all()),
        "refused topics": list(TopicRefusal.objects.values("record", "topic")),
        "actions": list(ActionItem.objects.order_by("pk").values("theme", "retired_at")),
        "moved": list(PublicId.objects.filter(moved_to__isnull=False).values("value", "moved_to")),
        "shared": list(RecurringTheme.objects.living().values("title")),
    }


# Evidence


def test_reader_sees_suggestions_and_no_button(client, theme):
    page = client.get(theme.get_absolute_url()).content.decode()
    assert "A sieve is cheap." in page
    for words in ("Bears it out", "Not this", "Take off", f"/themes/{theme.public_id}/merge", 'name="link"'):
        assert words not in page


def test_accepted_turn_is_evidence_and_undone_in_one_step(client, editor, theme):
    page = client.get(theme.get_absolute_url()).content.decode()
    assert page.index("See also") < page.index("Bears it out")
    _, page = send(client, theme, "evidence", act="accept", turn=said("Why a sieve?").public_id)
    assert "One turn now bears the theme out." in page
    assert states(theme) == {"They rust.": "accepted", "Why a sieve?": "accepted"}
    assert page.index("Words that bear it out") < page.index("Why a sieve?")
    assert "See also" not in page
    assert undo_last(editor) == "Undone."
    assert states(theme) == {"They rust.": "accepted"}


def test_refused_thread_is_suggested_to_nobody_any_more_until_undone(client, editor, theme):
    offered = [said(words).public_id for words in ("Why a sieve?", "A sieve is cheap.")]
    _, page = send(client, theme, "evidence", act="refuse", offered=offered, turn=offered[:1])
    assert "2 turns are suggested no more." in page
    assert "A sieve is cheap." not in page
    client.logout()
    assert "A sieve is cheap." not in client.get(theme.get_absolute_url()).content.decode()
    assert undo_last(editor) == "Undone."
    assert "A sieve is cheap." in client.get(theme.get_absolute_url()).content.decode()


def test_evidence_is_taken_off_and_what_was_refused_may_be_accepted_after_all(client, editor, theme):
    proof = said("They rust.").public_id
    send(client, theme, "evidence", act="take-off", turn=proof)
    assert states(theme) == {}
    send(client, theme, "evidence", act="refuse", offered=proof)
    assert states(theme) == {"They rust.": "refused"}
    send(client, theme, "evidence", act="add", link=said("They rust.").permalink)
    assert states(theme) == {"They rust.": "accepted"}
    assert undo_last(editor) == "Undone."
    assert states(theme) == {"They rust.": "refused"}


@pytest.mark.parametrize("form", ["{id}", "/r/{id}", "https://x.org/r/{id}?v=1", "/talks/abcdefghjk/any/#{id}"])
def test_words_are_added_by_any_form_of_their_link(client, editor, theme, form):
    turn = said("A sieve is cheap.")
    send(client, theme, "evidence", act="add", link=form.format(id=turn.public_id))
    assert states(theme)[turn.text] == "accepted"


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({"act": "add", "link": "nothing"}, "No words that you may read have this link"),
        ({"act": "add"}, "No words that you may read have this link"),
        ({"act": "accept"}, "Tick the words that you mean"),
        ({"act": "accept", "turn": "abcdefghjk"}, "Tick the words that you mean"),
        ({"act": "praise"}, "Say of the words"),
        ({}, "Say of the words"),
        ({"act": "accept", "turn": "PROOF"}, "Nothing differed"),
        ({"act": "accept", "turn": "PROOF", "seen": "7"}, "Somebody changed this theme"),
        ({"act": "accept", "turn": "PROOF", "seen": "x"}, "Somebody changed this theme"),
        ({"act": "accept", "turn": "ELSEWHERE"}, "said in another workshop"),
        ({"act": "add", "link": "ELSEWHERE"}, "said in another workshop"),
        ({"act": "add", "link": "WITHDRAWN"}, "No words that you may read have this link"),
    ],
)
def test_odd_evidence_gets_a_sentence_and_changes_nothing(client, editor, theme, sent, answer):
    elsewhere = make.turn("Far.", talk=make.talk("Far", workshop=make.workshop("Far"))).public_id
    withdrawn = make.turn("Gone.", talk=make.some_talk())
    with change(editor) as c:
        c.retire(withdrawn)
    named = {"PROOF": said("They rust.").public_id, "ELSEWHERE": elsewhere, "WITHDRAWN": withdrawn.public_id}
    before = rows()
    _, page = send(client, theme, "evidence", **{name: named.get(value, value) for name, value in sent.items()})
    assert answer in page
    assert rows() == before


def test_turn_of_a_workshop_that_one_may_not_read_is_as_unknown_as_none(client, theme):
    user = User.objects.create_user("half")
    group = Group.objects.get(name="editor")
    user.user_permissions.set(group.permissions.exclude(codename="read_drafts"))
    client.force_login(user)
    hidden = make.workshop("Hidden", visibility="draft")
    secret = make.turn("Secret.", talk=make.talk("Secret", workshop=hidden))
    noted = make.theme("Sieves are old", workshop=hidden, topics=theme.topics.all())
    for sent in ({"act": "add", "link": secret.permalink}, {"act": "accept", "turn": secret.public_id}):
        _, page = send(client, theme, "evidence", **sent)
        assert "Hidden" not in page
        assert "said in another workshop" not in page
    assert client.post(f"/themes/{noted.public_id}/evidence", {"act": "add"}).status_code == 404
    for address in ("join", "join?q=sieves", f"join?with={noted.public_id}", f"merge?with={noted.public_id}"):
        page = client.get(f"/themes/{theme.public_id}/{address}").content.decode()
        assert "Hidden" not in page
    _, page = send(client, theme, "join", act="join", title="Old", **{"with": noted.public_id, "seen_other": 1})
    assert "is not in the lists" in page
    assert not RecurringTheme.objects.exists()


def test_refused_words_are_not_found_as_words_of_the_theme(editor, theme):
    shaping.refuse(editor, theme, [said("They rust.")], seen=1)
    theme.refresh_from_db()
    assert states(theme) == {"They rust.": "refused"}
    told = Change.objects.filter(record=theme.public_id).values_list("field", flat=True)
    assert sorted(told) == ["evidence", "refused"]


# The same theme in two workshops


@pytest.fixture
def there(theme):
    spring = make.workshop("Spring workshop", visibility="draft")
    return make.theme("Old sieves, as ever", workshop=spring, topics=theme.topics.all())


def join(client, theme: Theme, other: Theme, **sent):
    versions = {"seen_other": Theme.objects.get(pk=other.pk).version, "title": "Old sieves"}
    return send(client, theme, "join", **versions | {"act": "join", "with": other.public_id} | sent)


def test_likely_theme_of_a_draft_is_offered_to_editors_and_joined(client, editor, theme, there):
    page = client.get(f"/themes/{theme.public_id}/join").content.decode()
    assert "Old sieves, as ever" in page
    assert "both name Sieve" in page
    page = client.get(f"/themes/{theme.public_id}/join?with={there.public_id}").content.decode()
    assert 'value="Sieves are old"' in page  # not in the words of the draft
    _, page = join(client, theme, there)
    assert "It came up in 2 workshops" in page
    assert Theme.objects.get(pk=there.pk).recurring.title == "Old sieves"
    client.logout()
    assert "Old sieves, as ever" not in client.get(theme.get_absolute_url()).content.decode()


def test_join_is_undone_with_the_name_that_it_made(client, editor, theme, there):
    before = rows()
    join(client, theme, there)
    assert undo_last(editor) == "Undone."
    assert rows() == before


def test_themes_are_searched_by_their_words_and_the_title_of_their_workshop(client, editor, theme, there):
    for typed, found in (("EVER spring", True), ("ever autumn", False)):
        page = client.get(f"/themes/{theme.public_id}/join", {"q": typed}).content.decode()
        assert ("all these words" not in page) is found


def test_joined_theme_is_renamed_and_parted_and_parting_is_undone(client, editor, theme, there):
    join(client, theme, there)
    shared = RecurringTheme.objects.get()
    _, page = send(client, theme, "join", act="rename", title="Sieves rust", seen=shared.version)
    assert "The name is changed." in page
    _, page = send(client, theme, "join", act="part")
    assert "Parted" in page
    assert [one.recurring for one in Theme.objects.order_by("pk")] == [None, shared]
    assert undo_last(editor) == "Undone."
    assert {one.recurring.title for one in Theme.objects.all()} == {"Sieves rust"}


def test_last_theme_that_is_parted_takes_the_name_out_of_the_lists(editor, theme, there):
    shaping.join(editor, theme, there, "Old", seen=1, seen_other=1)
    shaping.part(editor, theme, seen=2)
    assert RecurringTheme.objects.living().exists()
    shaping.part(editor, there, seen=2)
    assert not RecurringTheme.objects.living().exists()
    assert undo_last(editor) == "Undone."
    assert RecurringTheme.objects.living().get().noted.get() == there


def test_two_joined_groups_become_one_and_two_again(editor, theme, there):
    third, fourth = (make.theme(f"Rust {n}", workshop=make.workshop(f"Rust {n}")) for n in (3, 4))
    shaping.join(editor, theme, there, "Old", seen=1, seen_other=1)
    shaping.join(editor, third, fourth, "Rust", seen=1, seen_other=1)
    before = rows()
    shaping.join(editor, theme, third, "Old rust", seen=2, seen_other=2)
    assert {one.recurring.title for one in Theme.objects.all()} == {"Old rust"}
    assert RecurringTheme.objects.living().count() == 1
    assert undo_last(editor) == "Undone."
    assert rows() == before


@pytest.mark.parametrize(
    ("other", "sent", "answer"),
    [
        ("itself", {}, "That is this theme itself"),
        ("beside", {}, "merge them instead"),
        ("there", {"title": "  "}, "Give the theme a name"),
        ("there", {"title": "x" * 301}, "300 are the most"),
        ("there", {"seen_other": "9"}, "Somebody changed this theme"),
        ("there", {"seen": ""}, "Somebody changed this theme"),
        ("there", {"with": "abcdefghjk"}, "is not in the lists"),
        ("there", {"with": ""}, "Choose the theme"),
        ("there", {"act": "rename"}, "no name to change"),
        ("there", {"act": "part"}, "Nothing differed"),
        ("there", {"act": "praise"}, "Choose the theme"),
        ("retired", {}, "is not in the lists"),
    ],
)
def test_odd_join_gets_a_sentence_and_changes_nothing(client, editor, theme, there, other, sent, answer):
    beside, retired = make.theme("Beside"), make.theme("Past", workshop=there.workshop)
    with change(editor) as c:
        c.retire(retired)
    before = rows()
    named = {"itself": theme, "beside": beside, "there": there, "retired": retired}
    _, page = join(client, theme, named[other], **sent)
    assert answer in page
    assert rows() == before


# Merging and splitting


@pytest.fixture
def double(theme):
    """A second theme of the workshop with one turn that both have, one of its own, a topic, an action, a decision."""
    more = make.turn("They tear.", by="Dora", talk=make.some_talk())
    double = make.theme(
        "Old sieves", evidence=[said("They rust."), more], topics=[*theme.topics.all(), make.topic("Mesh")]
    )
    make.action("Buy sieves", theme=double)
    make.decision("Sieves are bought", theme=double)
    return double


def merge(client, theme: Theme, other: Theme, **sent):
    standing = {"with": other.public_id, "seen_other": Theme.objects.get(pk=other.pk).version, "text": theme.text}
    return send(client, theme, "merge", **standing | sent)


def test_merged_theme_hands_over_all_and_its_links_lead_to_the_kept_one(client, editor, theme, double):
    page = client.get(f"/themes/{theme.public_id}/merge?with={double.public_id}").content.decode()
    assert "2 things to do or decided hang on it" in page
    _, page = merge(client, theme, double, text="Sieves are old and rare")
    assert "Merged: theme 2 is one with this" in page
    for words in ("Sieves are old and rare", "They tear.", "Buy sieves", "Sieves are bought", "Mesh"):
        assert words in page
    assert list(states(theme)) == ["They rust.", "They tear."]
    client.logout()
    for address in (double.permalink, double.get_absolute_url(), f"/themes/{double.public_id}/"):
        followed = client.get(address, follow=True)
        assert followed.request["PATH_INFO"] == Theme.objects.get(pk=theme.pk).get_absolute_url()
    assert "Old sieves" not in client.get("/themes/").content.decode()


def test_merge_is_undone_without_a_trace_on_either(client, editor, theme, double):
    before = rows()
    merge(client, theme, double, text="Both")
    assert rows() != before
    assert undo_last(editor) == "Undone."
    assert rows() == before
    assert client.get(double.get_absolute_url()).status_code == 200


def test_what_was_refused_for_one_stays_refused_unless_it_bears_the_other_out(editor, theme, double):
    shaping.refuse(editor, theme, [said("They tear."), said("Why a sieve?")], seen=1)
    shaping.merge(editor, theme, double, "Both", seen=2, seen_gone=1)
    assert states(theme) == {"They rust.": "accepted", "They tear.": "accepted", "Why a sieve?": "refused"}


def test_kept_theme_joins_the_other_workshops_of_the_one_that_goes(editor, theme, double, there):
    shaping.join(editor, double, there, "Old", seen=1, seen_other=1)
    shaping.merge(editor, theme, double, "Both", seen=1, seen_gone=2)
    assert Theme.objects.get(pk=theme.pk).recurring.title == "Old"


@pytest.mark.parametrize(
    ("other", "sent", "answer"),
    [
        ("itself", {}, "That is this theme itself"),
        ("there", {}, "join them instead"),
        ("double", {"text": " \n "}, "at least one word"),
        ("double", {"seen": "5"}, "Somebody changed this theme"),
        ("double", {"seen_other": ""}, "Somebody changed this theme"),
        ("double", {"with": ""}, "Choose the theme that is the same"),
        ("double", {"with": "abcdefghjk"}, "is not in the lists"),
        ("double", {"text": "a\0b"}, "null characters"),
        ("retired", {}, "is not in the lists"),
    ],
)
def test_odd_merge_gets_a_sentence_and_changes_nothing(client, editor, theme, double, there, other, sent, answer):
    retired = make.theme("Past")
    with change(editor) as c:
        c.retire(retired)
    before = rows()
    named = {"itself": theme, "double": double, "there": there, "retired": retired}
    _, page = merge(client, theme, named[other], **sent)
    assert answer in page
    assert rows() == before


def test_form_of_a_theme_that_was_merged_meanwhile_leads_to_the_kept_one(client, editor, theme, double):
    shaping.merge(editor, theme, double, "Both", seen=1, seen_gone=1)
    followed, page = send(client, double, "evidence", act="take-off", turn=said("They rust.").public_id)
    assert "left the lists since you opened the page" in page
    assert followed.request["PATH_INFO"] == Theme.objects.get(pk=theme.pk).get_absolute_url()
    assert states(theme)["They rust."] == "accepted"


def test_retired_theme_is_merged_by_no_way(editor, theme, double):
    with change(editor) as c:
        c.retire(double)
    with pytest.raises(ValidationError, match="not in the lists"):
        shaping.merge(editor, theme, double, "Both", seen=1, seen_gone=2)
    with pytest.raises(Stale):
        shaping.split(editor, double, "A", "B", seen=1, turns=(), followups=())


def test_theme_is_split_and_what_was_ticked_goes_to_the_new_one(client, editor, theme, double):
    page = client.get(f"/themes/{double.public_id}/split").content.decode()
    for words in ("They tear.", "To do: Buy sieves", "Decided: Sieves are bought"):
        assert words in page
    item = ActionItem.objects.get()
    chosen = {"turn": said("They tear.").public_id, "followup": item.public_id}
    _, page = send(client, double, "split", text="Sieves rust", other_text="Sieves tear", **chosen)
    assert "Split: theme 3 stands beside theme 2 now." in page
    made = Theme.objects.get(text="Sieves tear")
    assert (states(double), states(made)) == ({"They rust.": "accepted"}, {"They tear.": "accepted"})
    item.refresh_from_db()
    assert item.theme == made
    assert double.decisions.count() == 1
    assert [topic.name for topic in made.topics.all()] == ["Sieve"]  # which its words name
    assert client.get(made.get_absolute_url()).status_code == 200


def test_split_is_undone_and_the_new_theme_is_out_of_the_lists(editor, theme, double):
    before = rows()
    item = ActionItem.objects.get()
    turns = [said("They tear.").public_id]
    _, made = shaping.split(editor, double, "A", "B", seen=1, turns=turns, followups=[item.public_id])
    assert undo_last(editor) == "Undone."
    made.refresh_from_db()
    assert made.retired_at
    after = rows()
    after["themes"] = after["themes"][:2]
    after["evidence"] = [row for row in after["evidence"] if row["theme"] != made.pk]
    assert after == before


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({"text": ""}, "at least one word"),
        ({"other_text": "  "}, "at least one word"),
        ({"other_text": "Sieves rust "}, "Both say the same"),
        ({"seen": "4"}, "Somebody changed this theme"),
    ],
)
def test_odd_split_keeps_what_was_typed_and_changes_nothing(client, editor, theme, sent, answer):
    before = rows()
    ticked = said("They rust.").public_id
    page, words = send(
        client, theme, "split", **{"text": "Sieves rust", "other_text": "Tear <b>", "turn": ticked} | sent
    )
    assert page.status_code == 400
    assert answer in words
    assert f'value="{ticked}" checked' in words
    assert rows() == before


def test_turn_or_action_of_elsewhere_is_not_moved_by_a_split(editor, theme, double):
    item = ActionItem.objects.get()
    ids = [said("They tear.").public_id]
    _, made = shaping.split(editor, theme, "A", "B", seen=1, turns=ids, followups=[item.public_id])
    item.refresh_from_db()
    assert (item.theme, states(made)) == (double, {})


# Re-imports


def noted(words: str) -> Theme:
    return Theme.objects.get(text__contains=words)


def test_reimport_keeps_evidence_and_refusals(editor):
    bring_in(CLOSING)
    theme = noted("everywhere")
    shaping.accept(editor, theme, [turn("two metres")], seen=1)
    shaping.refuse(editor, theme, [turn("Which model")], seen=2)
    before = states(theme)
    assert sorted(before.values()) == ["accepted", "refused"]
    assert bring_in(CLOSING, again=True).plan.changes_nothing()
    bring_in(CLOSING.replace("everywhere.", "everywhere, still."))
    assert states(theme) == before
    assert noted("still") == theme


def test_reimport_brings_no_merged_theme_back(editor):
    bring_in(CLOSING)
    kept, gone = noted("everywhere"), noted("for all")
    shaping.merge(editor, kept, gone, "Gauges are old.", seen=1, seen_gone=1)
    for text in (CLOSING, CLOSING.replace("for all", "for everybody"), f"{CLOSING}\n4. Boats.\n"):
        bring_in(text, again=True)
        assert list(Theme.objects.living().order_by("n").values_list("text", flat=True))[:2] == [
            "Gauges are old.",
            "Models and money.",
        ]
        assert PublicId.objects.get(value=gone.public_id).moved_to_id == kept.public_id


def test_reimport_leaves_a_split_and_its_words_alone(editor):
    bring_in(CLOSING)
    theme = noted("money")
    shaping.split(editor, theme, "Models.", "Money.", seen=1, turns=(), followups=())
    assert bring_in(CLOSING, again=True).plan.changes_nothing()
    bring_in(CLOSING.replace("Gauges are old", "Gauges grow old"), again=True)
    assert {"Models.", "Money."} <= set(Theme.objects.living().values_list("text", flat=True))
    assert Theme.objects.living().count() == 4


def test_reimport_keeps_what_was_joined(editor):
    bring_in(CLOSING)
    theme, other = noted("money"), make.theme("Money", workshop=make.workshop("Far"))
    shaping.join(editor, theme, other, "Money", seen=1, seen_other=1)
    bring_in(CLOSING.replace("Models and", "Models, boats and"))
    assert noted("boats").recurring == Theme.objects.get(pk=other.pk).recurring
