"""The log is whole: whatever people, imports and seeds do, it tells every earlier version of every record."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from minutes import importing
from minutes.changes import change
from minutes.fields import FIELDS, values_of, with_rows
from minutes.models import ActionItem, Conflict, Talk, Theme, Turn, Workshop
from minutes.restoring import restore
from minutes.seeding import load_seeds
from minutes.settling import reopen, settle
from minutes.versions import UNTOLD, values_at
from people.models import Person
from records.models import PublicId
from themes.models import Topic

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FIRST = """# Tide workshop

5 May 2031

Participants: Ada Quill (Lund), Bo Marsh (Oslo)

## Session 1: Coasts

### Tides of the north (Ada Quill)

Bo: How high does it get at the old pier in spring?
Ada: About eight metres, measured at the pier with the old gauge.
Bo: And who looks after the gauge in winter, when nobody is there?
Ada: Action: Bo to write down who looks after the gauge by June.

### Winds of the south (Bo Marsh)

Ada: How strong are they in autumn on the open water?
Bo: Strong enough to bend the mast that we put up last year.
"""
SECOND = (
    FIRST.replace("eight metres", "ten metres")
    .replace("Winds of the south (Bo Marsh)", "Winds of the far south (Bo Marsh)")
    .replace("Bo: And who looks after the gauge in winter, when nobody is there?\n", "")
    .replace("(Oslo)", "(Bergen)")
)
TOPICS = """
[[topic]]
key = "gauge"
name = "Gauge"
kind = "technology"
labels = ["gauge"]
"""


def said_now() -> dict[str, tuple[int, dict[str, object]]]:
    """Of every record that is there: its version, and what it says. What rules derive, and positions, apart."""
    found = {}
    for model, fields in FIELDS.items():
        names = [field.name for field in fields if field.name not in UNTOLD | {"topics"}]
        for record in with_rows(model, names):
            found[record.public_id] = (record.version, values_of(record, names))
    return found


def steps(editor: User, room: Path):
    """One thing after another that changes what the site says."""
    seeds = room / "topics.toml"
    seeds.write_text(TOPICS)
    yield load_seeds(room)
    yield importing.write(importing.read("tides.md", FIRST.encode()))
    answer = Turn.objects.get(text__startswith="About")
    bo = Person.objects.get(name="Bo Marsh")
    with change(editor) as c:
        c.set(answer, text="About nine metres, measured at the pier with the old gauge.", kind="comment")
    yield
    with change(editor) as c:
        c.set(answer, voices=[{"person": bo.public_id, "label": "Bo"}], topics=[])
        c.set(bo, name="Bo Marsh-Reed")
        c.set(Workshop.objects.get(), visibility="draft", place="Lund")
        c.set(Talk.objects.first(), speakers=[{"person": bo.public_id, "affiliation": "Oslo"}])
    yield importing.write(importing.read("tides.md", SECOND.encode()))
    conflict = Conflict.objects.get(field="text")
    yield settle(editor, conflict, "theirs", seen=Turn.objects.get(pk=answer.pk).version)
    yield reopen(editor, conflict)
    yield restore(editor, answer, 1, seen=Turn.objects.get(pk=answer.pk).version)
    for record in (*ActionItem.objects.all(), *Theme.objects.all(), Talk.objects.last()):
        with change(editor) as c:
            c.retire(record, "twice")
        yield
        with change(editor) as c:
            c.bring_back(record)
    yield importing.write(importing.read("tides.md", FIRST.encode()))
    seeds.write_text(TOPICS.replace('["gauge"]', '["gauge", "tide gauge"]\nweak = ["stick"]'))
    yield load_seeds(room)
    topic = Topic.objects.get()
    with change(editor) as c:
        c.set(topic, labels=["gauge", "stick"], description="It measures.")
    yield


def test_log_tells_every_earlier_version_of_every_record(tmp_path):
    editor = User.objects.create_user("eve")
    moments = [said_now() for _ in steps(editor, tmp_path)]
    told, versions = 0, set()
    kinds = {entry.value: entry.kind for entry in PublicId.objects.all()}
    models = {model.kind_name(): model for model in FIELDS}
    for moment in moments:
        for public_id, (version, values) in moment.items():
            if (public_id, version) in versions:
                continue
            versions.add((public_id, version))
            record = models[kinds[public_id]].objects.get(public_id=public_id)
            before = values_at(record, version)
            assert {name: before[name] for name in values} == values, (kinds[public_id], version)
            told += 1
    assert told > len(moments[-1]) + 8  # several records had more than one version


def test_same_version_always_says_the_same(tmp_path):
    """What changed without a new version would be cited wrongly for ever."""
    editor = User.objects.create_user("eve")
    said: dict[tuple[str, int], object] = {}
    for _ in steps(editor, tmp_path):
        for public_id, (version, values) in said_now().items():
            assert said.setdefault((public_id, version), values) == values, (public_id, version)
