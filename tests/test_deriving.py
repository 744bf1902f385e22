"""What is derived from words follows them, and is made anew when the rules are newer."""

import pytest
from django.core.management import call_command

from minutes.models import Turn, TurnTopic
from records.door import writing
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_words_are_rendered_when_they_are_written():
    turn = make.turn("*Élan*, said ada@example.org")
    assert (turn.html, turn.folded) == ("<p><em>Élan</em>, said ada@…</p>", "*elan*, said ada@example.org")


def test_derive_renders_only_what_older_rules_rendered(capsys):
    old, new = make.turn("*old*"), make.turn("*new*", talk=Turn.objects.first().talk)
    with writing():
        Turn.objects.filter(pk=old.pk).update(html="stale", derived=0)
        Turn.objects.filter(pk=new.pk).update(html="left alone")
    call_command("derive")
    assert [turn.html for turn in Turn.objects.order_by("pk")] == ["<p><em>old</em></p>", "left alone"]
    assert "1 texts rendered anew" in capsys.readouterr().out


def test_derive_finds_topics_and_keeps_those_that_people_set():
    turn = make.turn("We tried Rucio once.", topics=[make.topic("Set by hand", labels=["nowhere"])])
    make.topic("Rucio")
    with writing():
        TurnTopic.objects.filter(content_object=turn).update(origin="person")
    call_command("derive")
    assert {topic.name for topic in turn.topics.all()} == {"Rucio", "Set by hand"}
