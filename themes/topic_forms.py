"""The form on which an editor changes a topic: the topic as it stands in, what differs in the terms of
`minutes.fields` out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from minutes.telling import stale_sentence
from people.names import words

from .models import Topic, TopicKind, TopicLabel
from .vocabulary import owner_of

LONGEST = TopicLabel._meta.get_field("label").max_length or 100
MOST = 100  # labels of one topic


class LabelsField(forms.CharField):
    """Labels, one on each line; a set, in the order in which they were typed."""

    widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = (" ".join(line.split()) for line in (super().clean(value) or "").split("\n"))
        labels = list(dict.fromkeys(filter(None, lines)))
        for label in labels:
            if len(label) > LONGEST:
                raise ValidationError(f"“{label[:40]}…” is longer than {LONGEST} letters: a label is a name.")
            if not words(label):
                raise ValidationError(f"“{label}” has no letter or figure, so nothing could be found by it.")
        if len(labels) > MOST:
            raise ValidationError(f"These are {len(labels)} labels; a topic has {MOST} at most.")
        return labels


class TopicForm(forms.Form):
    name = forms.CharField(
        max_length=100, help_text="“Short (what it is in full)” is shown short where there is little room."
    )
    kind = forms.ChoiceField(choices=TopicKind.choices)
    description = forms.CharField(label="What it is", required=False, max_length=300, help_text="One line.")
    url = forms.URLField(label="Its address", required=False, assume_scheme="https")
    labels = LabelsField(
        label="Found as",
        required=False,
        help_text="One on each line, as minutes write it.",
    )
    weak_labels = LabelsField(
        label="Found as, where other words make it certain",
        required=False,
        help_text="These count only beside topics of the same workshop that go with this one.",
    )
    why = forms.CharField(label="Why", required=False, max_length=200, help_text="Kept in the history.")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, topic: Topic, **options: Any) -> None:
        """`topic` with its labels at hand."""
        self.topic = topic
        rows = sorted(topic.labels.all(), key=lambda row: row.label.casefold())
        self.standing = {
            **{name: getattr(topic, name) for name in ("name", "kind", "description", "url")},
            "labels": [row.label for row in rows if not row.weak],
            "weak_labels": [row.label for row in rows if row.weak],
        }
        super().__init__(*args, initial=self.standing | {"seen": topic.version}, label_suffix="", **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        strong, weak = cleaned.get("labels") or [], cleaned.get("weak_labels") or []
        for label in weak:
            if label in strong:
                self.add_error("weak_labels", f"“{label}” stands in both lists: keep it in one.")
        self._check_elsewhere("labels", strong)
        self._check_elsewhere("weak_labels", weak)
        if self.topic.version != cleaned.get("seen", self.topic.version):
            told = stale_sentence(self.topic, cleaned["seen"])
            self.data = self.data.copy()
            self.data["seen"] = self.topic.version
            raise ValidationError(f"{told} Nothing was saved. Saving again puts what you see below in its place.")
        return cleaned

    def _check_elsewhere(self, field: str, labels: list[str]) -> None:
        """New labels may not match the words of another topic's."""
        known = {*self.standing["labels"], *self.standing["weak_labels"]}
        new = [label for label in labels if label not in known]
        others = [one for one in Topic.objects.vocabulary() if one.key != self.topic.slug] if new else []
        for label in new:
            if found := owner_of(label, others):
                self.add_error(
                    field, f"“{label}” names {found[0].name} already, as “{found[1]}”: take it away there first."
                )

    def stated(self) -> dict[str, Any]:
        """What differs from the topic as it stands."""
        return {name: self.cleaned_data[name] for name, stood in self.standing.items() if self.differs(name, stood)}

    def differs(self, name: str, stood: Any) -> bool:
        given = self.cleaned_data[name]
        return bool(set(given) != set(stood) if isinstance(stood, list) else given != stood)

    @property
    def relabelled(self) -> bool:
        """Whether other turns would name the topic."""
        return any(self.differs(name, self.standing[name]) for name in ("labels", "weak_labels"))

    @property
    def looked_at(self) -> str:
        """What a preview was made of, to be told from what is saved after it."""
        return "\n".join([*sorted(self.cleaned_data["labels"]), "", *sorted(self.cleaned_data["weak_labels"])])
