"""The form on which a curator tells what a workshop was, how final its minutes are, and who may read them."""

from __future__ import annotations

from typing import Any

from django import forms

from .models import Series, Workshop
from .models.access import Visibility
from .standing_forms import StandingForm

DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), "required": False}


class WorkshopForm(StandingForm):
    title = forms.CharField(max_length=300)
    start = forms.DateField(label="First day", **DAY)
    end = forms.DateField(label="Last day", **DAY)
    place = forms.CharField(required=False, max_length=200)
    organiser = forms.CharField(label="Who held it", required=False, max_length=200)
    url = forms.URLField(label="Its page", required=False, assume_scheme="https")
    series = forms.ChoiceField(label="It is one of", required=False)
    licence = forms.CharField(
        label="Licence of the minutes", required=False, max_length=100, help_text="Such as CC BY 4.0."
    )
    status = forms.ChoiceField(label="The minutes are", choices=Workshop.Status.choices)
    visibility = forms.ChoiceField(label="Who may read it", choices=Visibility.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        series = Series.objects.living().values_list("public_id", "title")
        self.fields["series"].choices = [("", "no series"), *series]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "The last day is before the first.")
        if end and not start and "start" not in self.errors:
            self.add_error("start", "Say the first day, too.")
        return cleaned

    def given(self, name: str) -> Any:
        value = super().given(name)
        return None if name == "series" and not value else value
