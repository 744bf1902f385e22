"""The form on which an editor puts a turn right: the turn as it stands in, what differs in the terms of
`minutes.fields` out; and the form on which a reader says that something is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from people.curating import find_person
from people.models import Person
from people.names import fold
from themes.models import Topic
from themes.vocabulary import short

from .forms import ProseField
from .models import Exchange, Turn, Voice, Workshop
from .queries import with_person
from .rendering import plain
from .telling import stale_sentence

APART = "apart"  # the choice of an exchange of its own


class TurnForm(forms.Form):
    text = ProseField(label="Words", widget=forms.Textarea(attrs={"rows": 5}))
    kind = forms.ChoiceField(label="It is a", choices=Turn.Kind.choices, widget=forms.RadioSelect)
    exchange = forms.ChoiceField(label="It belongs to")
    topics = forms.MultipleChoiceField(label="Topics", required=False, widget=forms.CheckboxSelectMultiple)
    more_topics = forms.CharField(
        label="More topics",
        required=False,
        max_length=300,
        help_text="Several with commas.",
        widget=forms.TextInput(attrs={"list": "known-topics", "autocomplete": "off"}),
    )
    why = forms.CharField(label="Why", required=False, max_length=200, help_text="Kept in the history.")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, turn: Turn, **options: Any) -> None:
        """`turn` as `threads.turns_to_show` gives it."""
        self.turn = turn
        self.voices = list(turn.voices.all())
        self.tags = [row.tag for row in turn.topic_items.all()]
        super().__init__(*args, initial=self._standing(), label_suffix="", **options)
        self.fields["exchange"].choices = exchanges_of(turn)
        self.fields["topics"].choices = [(tag.public_id, tag.name) for tag in self.tags]
        self.fields["topics"].initial = [tag.public_id for tag in self.tags]
        known = {"list": "known-people", "autocomplete": "off"}
        for n, voice in enumerate(self.voices):
            label = f"“{voice.label}” is" if voice.label else "Who spoke"
            self.fields[f"who_{n}"] = self._name_field(label, voice.person.lives_on.shown_name if voice.person else "")
        self.fields["also"] = forms.CharField(
            label="Somebody else spoke too" if self.voices else "Who spoke",
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs=known),
        )

    def _name_field(self, label: str, name: str) -> forms.CharField:
        widget = forms.TextInput(attrs={"list": "known-people", "autocomplete": "off"})
        return forms.CharField(label=label, initial=name, required=False, max_length=200, widget=widget)

    def _standing(self) -> dict[str, Any]:
        turn = self.turn
        return {"text": turn.text, "kind": turn.kind, "exchange": turn.exchange.public_id, "seen": turn.version}

    def who_fields(self) -> list[forms.BoundField]:
        return [self[f"who_{n}"] for n in range(len(self.voices))] + [self["also"]]

    def people(self) -> list[str]:
        """Whose names are offered. Others may be typed."""
        return people_of(self.turn.workshop)

    def known_topics(self) -> list[str]:
        return known_topics()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in [field.name for field in self.who_fields()]:
            self._find(name)
        if cleaned.get("more_topics"):
            try:
                cleaned["more"] = find_topics(cleaned["more_topics"])
            except ValidationError as problem:
                self.add_error("more_topics", problem)
        if self.turn.version != cleaned.get("seen", self.turn.version):
            told = stale_sentence(self.turn, cleaned["seen"])
            self.data = self.data.copy()
            self.data["seen"] = self.turn.version
            raise ValidationError(f"{told} Nothing was saved. Saving again puts what you see below in its place.")
        return cleaned

    def _find(self, name: str) -> None:
        """Replaces a typed name by the person."""
        typed = (self.cleaned_data.get(name) or "").strip()
        unchanged = typed == (self.fields[name].initial or "")
        try:
            self.cleaned_data[name] = None if not typed or unchanged else find_person(typed)
        except ValidationError as problem:
            self.add_error(name, problem)

    def stated(self) -> dict[str, Any]:
        """What differs from the turn as it stands; `exchange` is left out where it is to be one of its own."""
        cleaned, turn, values = self.cleaned_data, self.turn, {}
        for name in ("text", "kind"):
            if cleaned[name] != getattr(turn, name):
                values[name] = cleaned[name]
        if cleaned["exchange"] not in (APART, turn.exchange.public_id):
            values["exchange"] = cleaned["exchange"]
        voices = self._voices()
        if voices is not None:
            values["voices"] = voices
        topics = {*cleaned["topics"], *(topic.public_id for topic in cleaned.get("more", ()))}
        if topics != {tag.public_id for tag in self.tags}:
            values["topics"] = sorted(topics)
        return values

    @property
    def apart(self) -> bool:
        return bool(self.cleaned_data["exchange"] == APART)

    def _voices(self) -> list[dict[str, Any]] | None:
        """The rows of who spoke, if any is another than before. Whom a person names is certain."""
        rows, differs = [], False
        for n, voice in enumerate(self.voices):
            row = {"label": voice.label, "certainty": voice.certainty}
            row["person"] = voice.person.public_id if voice.person else None
            if f"who_{n}" in self.changed_data:
                differs = True
                row |= _meaning(self.cleaned_data[f"who_{n}"])
            rows.append(row)
        if self.cleaned_data["also"]:
            differs = True
            person = self.cleaned_data["also"]
            rows.append({"label": person.shown_name} | _meaning(person))
        return rows if differs else None


def _meaning(person: Person | None) -> dict[str, Any]:
    certainty = Voice.Certainty.EXACT if person else Voice.Certainty.UNKNOWN
    return {"person": person.public_id if person else None, "certainty": certainty.value}


def exchanges_of(turn: Turn) -> list[tuple[str, str]]:
    """The threads of the turn's place, told apart by their first words, and one of its own. Two queries."""
    place = {"talk": turn.talk_id} if turn.talk_id else {"session": turn.session_id}
    choices = []
    for exchange in Exchange.objects.filter(**place).living().prefetch_related("turns"):
        turns = [one for one in exchange.turns.all() if one.retired_at is None]
        if turns or exchange.pk == turn.exchange_id:
            first = plain(turns[0].text) if turns else "no words"
            choices.append((exchange.public_id, f"{exchange.n}: {first[:80]}{'…' if len(first) > 80 else ''}"))
    return [*choices, (APART, "a thread of its own")]


def people_of(workshop: Workshop) -> list[str]:
    """The names of those who were there."""
    rows = with_person(Voice).filter(turn__workshop=workshop, person__isnull=False)
    people = {row.person.lives_on for row in rows.only("person", "turn", "position")}
    people |= {row.person.lives_on for row in workshop.participations.select_related("person__canonical")}
    return sorted({person.shown_name for person in people if not person.retired_at})


def known_topics() -> list[str]:
    return sorted({short(topic.name) for topic in Topic.objects.living()}, key=str.casefold)


def find_topics(text: str) -> list[Topic]:
    """Topics by name or label, several with commas. Raises ValidationError for one that the site does not know."""
    known: dict[str, Topic] = {}
    for topic in Topic.objects.living().prefetch_related("labels"):
        for label in _called(topic):
            known.setdefault(fold(label), topic)
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        if fold(part) not in known:
            raise ValidationError(f"There is no topic “{part}”: choose one of the list, or add it to the topics first.")
        found.append(known[fold(part)])
    return found


def _called(topic: Topic) -> Iterable[str]:
    return (topic.name, short(topic.name), *(row.label for row in topic.labels.all()))
