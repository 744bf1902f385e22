"""A record as it stands in, what an editor would have otherwise out, in the terms of `minutes.fields`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from records.models import Record

from .fields import values_of
from .telling import stale_sentence


class StandingForm(forms.Form):
    """Fields are called as `minutes.fields` calls them. Whoever was faster is told of, and what was typed is kept."""

    why = forms.CharField(label="Why", required=False, max_length=200, help_text="Kept in the history.")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Record, **options: Any) -> None:
        self.record = record
        names = [name for name in self.base_fields if name not in ("why", "seen")]
        self.standing = values_of(record, names)
        super().__init__(*args, initial=self.standing | {"seen": record.version}, label_suffix="", **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.record.version != cleaned.get("seen", self.record.version):
            told = stale_sentence(self.record, cleaned["seen"])
            self.data = self.data.copy()
            self.data["seen"] = self.record.version
            raise ValidationError(f"{told} Nothing was saved. Saving again puts what you see below in its place.")
        return cleaned

    def stated(self) -> dict[str, Any]:
        """What differs from the record as it stands."""
        return {name: self.given(name) for name in self.standing if self.differs(name)}

    def given(self, name: str) -> Any:
        value = self.cleaned_data[name]
        return value.isoformat() if isinstance(value, date) else value

    def differs(self, name: str) -> bool:
        given, stood = self.given(name), self.standing[name]
        return bool(set(given) != set(stood) if isinstance(stood, list) else given != stood)
