"""The form on which an editor changes a topic and its labels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from minutes.standing_forms import StandingForm
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


class TopicForm(StandingForm):
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        strong, weak = cleaned.get("labels") or [], cleaned.get("weak_labels") or []
        for label in weak:
            if label in strong:
                self.add_error("weak_labels", f"“{label}” stands in both lists: keep it in one.")
        self._check_elsewhere("labels", strong)
        self._check_elsewhere("weak_labels", weak)
        return cleaned

    def _check_elsewhere(self, field: str, labels: list[str]) -> None:
        """New labels may not match the words of another topic's."""
        known = {*self.standing["labels"], *self.standing["weak_labels"]}
        new = [label for label in labels if label not in known]
        others = [one for one in Topic.objects.vocabulary() if one.key != self.record.slug] if new else []
        for label in new:
            if found := owner_of(label, others):
                self.add_error(
                    field, f"“{label}” names {found[0].name} already, as “{found[1]}”: take it away there first."
                )

    @property
    def relabelled(self) -> bool:
        """Whether other turns would name the topic."""
        return any(self.differs(name) for name in ("labels", "weak_labels"))

    @property
    def looked_at(self) -> str:
        """What a preview was made of, to be told from what is saved after it."""
        return "\n".join([*sorted(self.cleaned_data["labels"]), "", *sorted(self.cleaned_data["weak_labels"])])
