"""A form that was opened before somebody else saved: nothing is overwritten, both texts are shown, one is chosen."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from minutes.changes import change
from minutes.models import Turn
from tests import make
from tests.test_admin import form_of, posted

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def turn(client) -> Turn:
    client.force_login(User.objects.create_superuser("chief"))
    return make.turn("Does the sieve leak?", by=[make.person("Ada Quill"), "Guest"], kind="question")


def opened(client, turn: Turn) -> dict[str, object]:
    """What the browser holds of the form."""
    context = client.get(form_of(turn)).context
    sent = posted(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        sent |= posted(inline.formset.management_form)
        for form in inline.formset.forms:
            sent |= posted(form)
    return sent


def meanwhile(turn: Turn, **values) -> None:
    with change(User.objects.create_user("eve")) as c:
        c.set(Turn.objects.get(pk=turn.pk), **values)


def again(page) -> dict[str, object]:
    """The same form as it came back, with what stands preselected in it."""
    context = page.context
    sent = posted(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        sent |= posted(inline.formset.management_form)
        for form in inline.formset.forms:
            sent |= posted(form)
    return sent | {f"keep-{one.name}": one.keep for one in context["both"]}


def test_both_texts_are_shown_and_nothing_is_written(client, turn):
    sent = opened(client, turn) | {"text": "Does my sieve leak?"}
    meanwhile(turn, text="Does their sieve leak?", kind="comment")
    page = client.post(form_of(turn), sent)
    assert [(one.name, one.keep) for one in page.context["both"]] == [("text", "mine"), ("kind", "theirs")]
    shown = page.content.decode()
    assert "my</ins>" in shown
    assert "their</ins>" in shown
    turn.refresh_from_db()
    assert (turn.text, turn.version) == ("Does their sieve leak?", 2)


@pytest.mark.parametrize(("choice", "text"), [("mine", "Does my sieve leak?"), ("theirs", "Does their sieve leak?")])
def test_chosen_text_stands_and_what_one_left_alone_is_theirs(client, turn, choice, text):
    sent = opened(client, turn) | {"text": "Does my sieve leak?"}
    meanwhile(turn, text="Does their sieve leak?", kind="comment")
    page = client.post(form_of(turn), sent)
    assert client.post(form_of(turn), again(page) | {"keep-text": choice}).status_code == 302
    turn.refresh_from_db()
    assert (turn.text, turn.kind) == (text, "comment")


def test_rows_that_were_replaced_meanwhile_are_a_choice_too(client, turn):
    bo = make.person("Bo Marsh")
    sent = opened(client, turn) | {"text": "Does my sieve leak?"}
    meanwhile(turn, voices=[{"person": bo.public_id, "label": "Bo", "certainty": "exact"}])
    page = client.post(form_of(turn), sent)
    assert [(one.name, one.keep) for one in page.context["both"]] == [("voices", "theirs")]
    assert client.post(form_of(turn), again(page)).status_code == 302
    turn.refresh_from_db()
    assert turn.text == "Does my sieve leak?"
    assert [voice.person for voice in turn.voices.all()] == [bo]
