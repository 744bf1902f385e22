"""The forms of one action item: the item as it stands in, what differs in the terms of `minutes.fields` out; and the
short form that makes one from what was said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from people.curating import find_person
from people.models import Person
from themes.models import Topic

from .directory.followups import owners_of
from .forms import LinesField, ProseField
from .models import ActionItem, Theme, Turn, Voice
from .models.followups import check_links
from .proposing import asks_everybody, due_words, propose_title
from .queries import living_as, with_person
from .telling import stale_sentence
from .turn_forms import find_topics, known_topics, people_of

Status = ActionItem.Status
_PEOPLE = {"list": "known-people", "autocomplete": "off"}
_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_TITLE_HELP = "One line that can be read alone."
EVERYBODY = "Whoever is interested"


class OwnersMixin(forms.Form):
    """Owners: those who are offered to be ticked, and others by name."""

    owners = forms.MultipleChoiceField(label="Owners", required=False, widget=forms.CheckboxSelectMultiple)
    more_owners = forms.CharField(
        label="More owners",
        required=False,
        max_length=600,
        help_text="Names, several with commas.",
        widget=forms.TextInput(attrs=_PEOPLE),
    )
    everybody = forms.BooleanField(label=EVERYBODY, required=False)
    due = forms.DateField(label="Due", required=False, widget=_DATE)
    due_text = forms.CharField(
        label="Due, in words", required=False, max_length=100, help_text="“before the next workshop”"
    )

    def offer(self, people: list[Person]) -> None:
        self.offered = {person.public_id: person for person in people}
        self.fields["owners"].choices = [(person.public_id, person.shown_name) for person in people]

    def clean_more_owners(self) -> list[Person]:
        return find_people(self.cleaned_data["more_owners"])

    def owning(self) -> list[Person]:
        ticked = [self.offered[public_id] for public_id in self.cleaned_data["owners"]]
        return list(dict.fromkeys([*ticked, *self.cleaned_data["more_owners"]]))


class ActionForm(OwnersMixin):
    title = forms.CharField(label="Title", max_length=300, help_text=_TITLE_HELP)
    status = forms.ChoiceField(label="Status", choices=Status.choices)
    status_reason = forms.CharField(
        label="Why, or how it was done", required=False, max_length=300, help_text="Needed where it is dropped."
    )
    priority = forms.TypedChoiceField(label="Priority", choices=ActionItem.Priority.choices, coerce=int)
    topics = forms.MultipleChoiceField(label="Topics", required=False, widget=forms.CheckboxSelectMultiple)
    more_topics = forms.CharField(
        label="More topics",
        required=False,
        max_length=300,
        help_text="Several with commas.",
        widget=forms.TextInput(attrs={"list": "known-topics", "autocomplete": "off"}),
    )
    notes = ProseField(label="Notes", required=False, help_text="Markdown.", widget=forms.Textarea(attrs={"rows": 4}))
    links = LinesField(
        label="Links",
        required=False,
        help_text="One address on each line; words after it are shown in its place.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    why = forms.CharField(label="Why you change it", required=False, max_length=200, help_text="Kept in the history.")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    PLAIN = ("title", "status", "status_reason", "priority", "everybody", "due_text", "notes", "links")

    def __init__(self, *args: Any, item: ActionItem, **options: Any) -> None:
        self.item = item
        self.tags = [row.tag for row in item.topic_items.all()]
        standing = {name: getattr(item, name) for name in (*self.PLAIN, "due")}
        people = owners_of(item)
        if args and args[0] is not None:  # what was ticked stays on the form, also where somebody else took it away
            people += [one for one in _named(Person, args[0].getlist("owners")) if one not in people]
            self.tags += [one for one in _named(Topic, args[0].getlist("topics")) if one not in self.tags]
        standing |= {
            "owners": [person.public_id for person in owners_of(item)],
            "topics": [row.tag.public_id for row in item.topic_items.all()],
            "seen": item.version,
        }
        super().__init__(*args, initial=standing, label_suffix="", **options)
        self.offer(people)
        self.fields["topics"].choices = [(tag.public_id, tag.name) for tag in self.tags]

    def people(self) -> list[str]:
        return people_of(self.item.workshop)

    def known_topics(self) -> list[str]:
        return known_topics()

    def clean_links(self) -> list[str]:
        check_links(self.cleaned_data["links"])
        return self.cleaned_data["links"]

    def clean_more_topics(self) -> list[Topic]:
        return find_topics(self.cleaned_data["more_topics"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        dropped = cleaned.get("status") == Status.DROPPED and self.item.status != Status.DROPPED
        if dropped and not cleaned.get("status_reason"):
            self.add_error("status_reason", "Say in a few words why it is dropped.")
        if self.item.version != cleaned.get("seen", self.item.version):
            told = stale_sentence(self.item, cleaned["seen"])
            self.data = self.data.copy()
            self.data["seen"] = self.item.version
            raise ValidationError(f"{told} Nothing was saved. Saving again puts what you see below in its place.")
        return cleaned

    def stated(self) -> dict[str, Any]:
        """What differs from the item as it stands."""
        cleaned, item = self.cleaned_data, self.item
        values = {name: cleaned[name] for name in self.PLAIN if cleaned[name] != getattr(item, name)}
        if cleaned["due"] != item.due:
            values["due"] = cleaned["due"].isoformat() if cleaned["due"] else None
        owners = self.owning()
        if owners != owners_of(item):
            values["owners"] = [{"person": person.public_id} for person in owners]
        topics = {*cleaned["topics"], *(topic.public_id for topic in cleaned["more_topics"])}
        if topics != {row.tag.public_id for row in item.topic_items.all()}:
            values["topics"] = sorted(topics)
        return values


class ToDoForm(OwnersMixin):
    """What is proposed can be saved as it is; nobody owns it who is not named."""

    title = forms.CharField(label="What is to be done", max_length=300, help_text=_TITLE_HELP)

    def __init__(self, *args: Any, cause: Turn | Theme, **options: Any) -> None:
        self.cause = cause
        place = cause.where.title if isinstance(cause, Turn) else ""
        self.proposed = propose_title(cause.text, (), place)
        standing = {
            "title": self.proposed,
            "due_text": due_words(cause.text),
            "everybody": asks_everybody(cause.text),
        }
        super().__init__(*args, initial=standing, label_suffix="", **options)
        self.offer(_speakers_around(cause))

    def people(self) -> list[str]:
        return people_of(self.cause.workshop)

    def stated(self) -> dict[str, Any]:
        """As `following_up.add` takes it. A title that was left as proposed is proposed again, with its owners."""
        cleaned = self.cleaned_data
        given = {name: cleaned[name] for name in ("due", "due_text", "everybody")}
        title = "" if cleaned["title"] == self.proposed else cleaned["title"]
        return given | {"title": title, "owners": self.owning()}


def _named(model: type[Person] | type[Topic], public_ids: list[str]) -> list[Any]:
    """Those of these that may be chosen."""
    living = Person.objects.canonical() if model is Person else Topic.objects.living()
    return list(living.filter(public_id__in=public_ids))


def find_people(text: str) -> list[Person]:
    """People by name or permanent id, several with commas. Raises ValidationError for whom the site does not know."""
    return [find_person(part) for part in filter(None, (part.strip() for part in text.split(",")))]


def _speakers_around(cause: Turn | Theme) -> list[Person]:
    """Who spoke in the thread, the speaker of these words first. One query."""
    if isinstance(cause, Theme):
        return []
    rows = with_person(Voice).filter(turn__exchange=cause.exchange_id, turn__retired_at=None, person__isnull=False)
    spoke = sorted(rows, key=lambda row: (row.turn_id != cause.pk, row.turn_id, row.position))
    people = dict.fromkeys(living_as(row.person) for row in spoke)
    return [person for person in people if person.retired_at is None]
