"""Any sequence of imports, corrections, retirements, merges of people and undos: nothing that a person did is lost.

`make stateful` runs thousands of sequences (COUNT), `make test` a few.
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from minutes import importing, undoing
from minutes.changes import change
from minutes.fields import MODELS, fields_of
from minutes.models import ActionItem, Change, Conflict, ImportRun, Note, Source, Talk, Turn
from minutes.permalinks import Found, Gone, look_up
from people.models import Person
from records.ids import ALPHABET, LENGTH
from records.models import Origin, PublicId, Record
from tests import make
from tests.mutated import faults
from tests.typed import Minutes

COUNT = int(os.environ.get("COUNT", "0"))  # sequences; few and always the same ones where it is not given
NAME = "harbours.txt"
NUMBERS = st.integers(0, 10_000)
OPENED = ("turn", "talk", "person", "actionitem", "workshop")  # kinds of which a page is opened in the end


class Archive(RuleBasedStateMachine):
    """A site with one document, its author who retypes it, and a curator who corrects what was read."""

    def __init__(self) -> None:
        super().__init__()
        chance = random.Random(0)  # the same sequence hands out the same ids, so that it can be played again
        self.ids_drawn = patch("records.models.new_id", lambda: "".join(chance.choices(ALPHABET, k=LENGTH)))
        self.ids_drawn.start()
        self.all_of_it = transaction.atomic()
        self.all_of_it.__enter__()
        self.curator = User.objects.create_user(f"curator{User.objects.count()}")
        self.curator.groups.set(Group.objects.filter(name="curator"))
        self.topics = [make.topic("Copperwork").public_id, make.topic("Ropework").public_id]
        self.corrections: dict[tuple[str, str], Any] = {}  # (permanent id, field): what a person made of it
        self.withdrawn: set[str] = set()
        self.brought_back: set[str] = set()
        self.added: dict[str, int] = {}  # what people added: its version
        self.ids: dict[tuple[str, int], str] = {}
        self.before: dict | None = None  # what lists showed before the last import, as long as only that happened since
        self.edits = 0

    def teardown(self) -> None:
        try:
            if self.ids:
                self.every_id_answers()
        finally:
            transaction.set_rollback(True)
            self.all_of_it.__exit__(None, None, None)
            self.ids_drawn.stop()

    # What happens

    @initialize(seed=NUMBERS)
    def write_minutes(self, seed: int) -> None:
        self.minutes = Minutes(seed)
        self.bring_in()

    @rule(times=st.integers(0, 4))
    def retype_and_import(self, times: int) -> None:
        self.minutes.mutate(times)
        self.bring_in()

    def bring_in(self) -> None:
        content = self.minutes.text().encode()
        assert not faults(NAME, content)
        shown, ids, conflicts = self.shown(), self.known_by_words(), Conflict.objects.count()
        handed_out = PublicId.objects.count()
        report = importing.read(NAME, content)
        run = importing.write(report)
        if run is not None:
            assert PublicId.objects.count() - handed_out == len(report.plan.creates)
            assert Conflict.objects.count() - conflicts <= len(report.plan.conflicts)
            self.before = shown
        words = self.known_by_words()
        both = ids.keys() & words.keys()
        assert {said: words[said] for said in both} == {said: ids[said] for said in both}
        assert importing.read(NAME, content).unchanged
        again = importing.read(NAME, content, again=True).plan
        assert again.changes_nothing(), again

    @precondition(lambda self: undoing.standing_runs(Source.objects.get(name=NAME)))
    @rule()
    def undo(self) -> None:
        newest = ImportRun.objects.first()
        undone = undoing.undo(Source.objects.get(name=NAME), user=self.curator)
        if self.before is not None and undone.run == newest:
            assert self.shown() == self.before
        self.before = None

    @rule(what=st.sampled_from(("turn", "turn", "action", "talk")), n=NUMBERS, m=NUMBERS)
    def correct_something(self, what: str, n: int, m: int) -> None:
        {"turn": self.correct_a_turn, "action": self.correct_an_action, "talk": self.correct_a_talk}[what](n, m)

    @rule(n=NUMBERS, m=NUMBERS)
    def merge_or_split_people(self, n: int, m: int) -> None:
        merged = list(Person.objects.filter(merged_into__isnull=False).order_by("pk"))
        if merged and m % 3 == 0:
            self.split_people(merged[n % len(merged)])
        else:
            self.merge_people(self.pick(Person, n), self.pick(Person, m))

    @rule(n=NUMBERS, model=st.sampled_from((Turn, Talk, ActionItem)), back=st.booleans())
    def retire_or_bring_back(self, n: int, model: type[Record], back: bool) -> None:
        some = self.withdrawn_records(model) if back else []
        record = some[n % len(some)] if some else self.pick(model, n)
        if record is None:
            return
        living = self.living()
        with change(self.curator, "after all" if some else "withdrawn") as c:
            if some:
                c.bring_back(record)
            else:
                c.retire(record)
        self.withdrawn = (self.withdrawn | living) - self.living()
        self.brought_back |= (self.living() - living) & self.added.keys()
        self.touched()

    @rule(n=NUMBERS, action=st.booleans())
    def add_something(self, n: int, action: bool) -> None:
        place = self.pick(Turn if action else Talk, n)
        if place is None:
            return
        stated = {"workshop": place.workshop, place.kind_name(): place.public_id}
        stated |= {"title": f"Added in {self.edits}"} if action else {"text": f"Added in edit {self.edits}."}
        with change(self.curator) as c:
            made = c.create(ActionItem if action else Note, **stated)
        self.added[made.public_id] = made.version
        self.touched()

    # How people merge and split persons: the one place to change where that gets a door of its own

    def merge_people(self, one: Person | None, other: Person | None) -> None:
        """Only chains of two: whoever is merged has nobody merged into him or her."""
        if one and other and one != other and not one.merged_into and not other.merged_into and not one.merged.exists():
            self.correct(one, "merged_into", other.public_id)

    def split_people(self, one: Person) -> None:
        self.correct(one, "merged_into", None)

    # How it is done

    def correct_a_turn(self, n: int, m: int) -> None:
        turn, person = self.pick(Turn, n), self.pick(Person, m)
        field = ("text", "kind", "voices", "topics", "text")[m % 5]
        if turn is None or person is None:
            return
        values = {
            "text": f"As corrected in edit {self.edits}, the {'harbour' if m % 2 else 'tide'} was not measured at all.",
            "kind": ("question", "answer", "comment")[m % 3],
            "topics": [self.topics[m % 2]],
            "voices": [
                {"person": p.public_id, "label": p.name, "certainty": "exact"} for p in [self.pick(Person, m)] if p
            ],
        }
        if turn is not None:
            self.correct(turn, field, values[field])

    def correct_an_action(self, n: int, m: int) -> None:
        item, field = self.pick(ActionItem, n), ("owners", "due", "status", "title")[m % 4]
        values = {
            "owners": [{"person": person.public_id} for person in [self.pick(Person, m)] if person],
            "due": f"2021-06-{m % 28 + 1:02}",
            "status": ("open", "done", "dropped")[m % 3],
            "title": f"To do, by edit {self.edits}",
        }
        if item is not None:
            self.correct(item, field, values[field])

    def correct_a_talk(self, n: int, m: int) -> None:
        talk = self.pick(Talk, n)
        person = self.pick(Person, m)
        if talk is not None and person is not None and m % 2:
            self.correct(talk, "speakers", [{"person": person.public_id, "affiliation": "Quay"}])
        elif talk is not None:
            self.correct(talk, "title", f"Talk of edit {self.edits}")

    def withdrawn_records(self, model: type[Record]) -> list[Record]:
        return list(model.objects.filter(public_id__in=self.withdrawn).order_by("pk"))

    # How it is done

    def pick(self, model: type[Record], n: int) -> Any:
        living = model.objects.living().order_by("pk")
        some = list(living if model is Person else living.filter(workshop__retired_at=None))
        return some[n % len(some)] if some else None

    def correct(self, record: Record, field: str, value: Any) -> None:
        with change(self.curator, "as recorded") as c:
            changed = c.set(record, **{field: value})
        self.touched()
        if not changed:
            return
        stands = fields_of(type(record))[field].read(type(record).objects.get(pk=record.pk))
        self.corrections[record.public_id, field] = stands
        if stands == self.said_by_source(record.public_id).get(field):
            del self.corrections[record.public_id, field]  # taken back: nobody can tell that from no correction
        if record.public_id in self.added:
            self.added[record.public_id] = record.version
        for one in PublicId.objects.filter(moved_to=record.public_id):  # what was joined into it says this now
            self.corrections.pop((one.value, field), None)

    def said_by_source(self, public_id: str) -> dict[str, Any]:
        run = ImportRun.objects.first()
        return next((entry["fields"] for entry in run.entries if entry["became"] == public_id), {})

    def touched(self) -> None:
        self.edits += 1
        self.before = None

    def living(self) -> set[str]:
        models = (Turn, Talk, ActionItem, Note, *(MODELS[kind] for kind in ("exchange", "link", "decision")))
        return {one for model in models for one in model.objects.living().values_list("public_id", flat=True)}

    def shown(self) -> dict[str, list[dict[str, Any]]]:
        """What lists show, with all that belongs to a record."""
        said = {}
        for kind, model in MODELS.items():
            some = model.objects.living().order_by("pk")
            said[kind] = [{name: field.read(one) for name, field in fields_of(model).items()} for one in some]
        return said

    def known_by_words(self) -> dict[tuple[str, str], str]:
        """Permanent ids of the turns in the source, by talk and words, where these say which one is meant."""
        run = ImportRun.objects.first()
        turns = [e for e in run.entries if e["kind"] == "turn" and not e["gone"]] if run else []
        keys = [(entry["fields"]["talk"], entry["fields"]["text"]) for entry in turns]
        once = Counter(text for _, text in keys)
        return {key: e["became"] for key, e in zip(keys, turns, strict=True) if once[key[1]] == 1 and len(key[1]) > 20}

    # What always holds

    @invariant()
    def no_id_is_changed_or_used_again(self) -> None:
        if PublicId.objects.count() == len(self.ids):
            return
        now = {
            (kind, pk): one
            for kind, model in MODELS.items()
            for pk, one in model.objects.values_list("pk", "public_id")
        }
        assert self.ids.items() <= now.items()
        assert len(set(now.values())) == len(now)
        assert set(now.values()) == set(PublicId.objects.values_list("value", flat=True))
        self.ids = now

    @invariant()
    def no_correction_is_lost(self) -> None:
        moved = dict(PublicId.objects.filter(moved_to__isnull=False).values_list("value", "moved_to"))
        for (public_id, field), value in self.corrections.items():
            at = public_id
            while at in moved:
                at = moved[at]
            assert self.holds(at, field, value), (public_id, field, value)

    def holds(self, public_id: str, field: str, value: Any) -> bool:
        model = MODELS[PublicId.objects.get(value=public_id).kind]
        stands = fields_of(model)[field].read(model.objects.get(public_id=public_id))
        if field == "text":
            return value in stands or self.filed(public_id, field, value)
        if field == "topics":
            return set(value) <= set(stands)
        return stands == value or self.filed(public_id, field, value)

    def filed(self, public_id: str, field: str, value: Any) -> bool:
        rows = Conflict.objects.filter(record=public_id, field=field, settled_at=None)
        return any(row.current == value for row in rows)

    @invariant()
    def what_people_withdrew_stays_out_of_the_lists(self) -> None:
        assert not self.withdrawn or not self.withdrawn & self.living()

    @invariant()
    def what_people_added_is_not_touched(self) -> None:
        for model in (ActionItem, Note):
            for one in model.objects.filter(origin=Origin.PERSON):
                assert one.version == self.added[one.public_id] or one.retired_by or one.public_id in self.brought_back
                assert one.retired_at is None or one.retired_by == Origin.PERSON

    @invariant()
    def later_changes_by_imports_are_in_the_log(self) -> None:
        assert not Change.objects.filter(run=None, by=None).exists()

    # What is looked at in the end

    def every_id_answers(self) -> None:
        client = Client()
        client.force_login(self.curator)
        pages, gone = defaultdict(list), {}
        for entry in PublicId.objects.all():
            found = look_up(entry.value, self.curator)
            assert isinstance(found, Found | Gone), entry
            if isinstance(found, Found):
                pages[entry.kind].append(found.address)
            else:
                gone[entry.kind] = f"/r/{entry.value}"
        for page in {page.partition("#")[0] for kind in OPENED for page in pages[kind][-1:]}:
            assert client.get(page, follow=True).status_code in (200, 410), page
        for page in [gone[kind] for kind in OPENED if kind in gone][:2]:
            assert client.get(page).status_code == 410, page


@pytest.mark.django_db
@pytest.mark.database
def test_nothing_that_a_person_did_is_lost():
    fixed = {"derandomize": True} if not COUNT else {}
    run_state_machine_as_test(
        Archive,
        settings=settings(
            max_examples=COUNT or 6,
            stateful_step_count=15 if COUNT else 10,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
            **fixed,
        ),
    )
