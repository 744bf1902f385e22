"""The seed minutes imported, edited by people, and imported again from a corrected source."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count

from minutes import importing, seeding
from minutes.changes import change
from minutes.management.commands.prepare_site import is_outdated
from minutes.models import ActionItem, Change, Conflict, Talk, Turn
from people.models import Person
from records.models import PublicId
from tests.test_importing import rows
from themes.models import Topic

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SEEDS = settings.BASE_DIR / "seeds"
[MINUTES] = Path(SEEDS / "minutes").glob("*.txt")


def bring_in(content=None):
    report = importing.read(MINUTES.name, content or MINUTES.read_bytes())
    importing.write(report)
    return report


@pytest.fixture
def site():
    seeding.load_seeds(SEEDS)
    bring_in()
    return User.objects.create_user("eve")


def test_second_import_of_the_seed_changes_no_row(site):
    before = rows()
    bring_in()
    seeding.load_seeds(SEEDS)
    assert rows() == before


def test_edits_survive_a_corrected_source_and_its_corrections_arrive(site):
    editor = site
    turns = list(Turn.objects.filter(talk__isnull=False).order_by("first_line"))
    edited, corrected = turns[3], turns[-3]
    item = ActionItem.objects.filter(ownings__isnull=False).first()
    owner = Person.objects.exclude(pk__in=item.owners.all()).first()
    topic = Topic.objects.annotate(n=Count("turntopic_items")).order_by("-n").first()
    retired = Talk.objects.filter(turns__isnull=False).exclude(pk__in=[edited.talk_id, corrected.talk_id]).first()
    tagged = set(Turn.objects.filter(topics=topic).exclude(talk=retired).values_list("public_id", flat=True))
    with change(editor, "heard the recording") as c:
        c.set(edited, text="Said otherwise.", kind="comment")
        c.set(item, owners=[{"person": owner.public_id}])
        c.set(topic, name="By another name")
        c.retire(retired, "withdrawn")
    ids = set(PublicId.objects.values_list("value", flat=True))

    source = MINUTES.read_text()
    last = corrected.text.split()[-1]
    assert source.count(corrected.text) == 1
    source = source.replace(corrected.text, corrected.text.replace(last, f"{last} (corrected)"))
    report = bring_in(source.encode())
    seeding.load_seeds(SEEDS)

    for record in (edited, item, topic, retired, corrected):
        record.refresh_from_db()
    assert (edited.text, edited.kind, edited.version) == ("Said otherwise.", "comment", 2)
    assert list(item.owners.all()) == [owner]
    assert topic.name == "By another name"
    assert set(Turn.objects.filter(topics=topic).exclude(talk=retired).values_list("public_id", flat=True)) - {
        edited.public_id
    } == tagged - {edited.public_id}
    assert retired.retired_reason == "withdrawn"
    assert not Turn.objects.visible_to(None).filter(talk=retired).exists()
    assert corrected.text.endswith("(corrected)")
    assert [(c.record_id, c.field) for c in Change.objects.filter(run__isnull=False)] == [(corrected.public_id, "text")]
    assert not Conflict.objects.exists()
    assert set(PublicId.objects.values_list("value", flat=True)) == ids
    assert (len(report.plan.creates), len(report.plan.retires)) == (0, 0)


def test_a_start_does_not_bring_an_old_version_back(site):
    assert not is_outdated(MINUTES)
    bring_in(MINUTES.read_bytes().replace(b"Slides", b"The slides"))
    assert is_outdated(MINUTES)
    bring_in()
    assert not is_outdated(MINUTES)
