"""What a reader writes on the form “that is not what was said”, and what an editor makes a statement of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.curating import find_person

from .forms import ProseField

SALT = "minutes.report"
LEAST, MOST = 2, 86_400  # seconds in which a person writes; a program is quicker
STALE = _("This form was open for too long, or sent too quickly. Send it once more.")


class ReportForm(forms.Form):
    text = ProseField(
        label=_("What is wrong, and how was it?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=200, help_text=_("If you like. Only the editors see it.")
    )
    stand = forms.BooleanField(
        label=_("Let my words stand beside the minutes, under my name"),
        required=False,
        help_text=_("Once an editor agrees. The minutes themselves stay as they are."),
    )
    website = forms.CharField(label=_("Leave this empty"), required=False)  # people do not see it; programs fill it
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, named: bool, person: bool, **options: Any) -> None:
        """`named`: the account says who it is. `person`: the minutes mean somebody by this account."""
        super().__init__(*args, label_suffix="", **options)
        self.initial["opened"] = signing.dumps(0, salt=SALT)
        if named:
            del self.fields["name"]
        if not person:
            del self.fields["stand"]

    @property
    def by_program(self) -> bool:
        return bool(self.cleaned_data["website"])

    def clean_opened(self) -> None:
        try:
            signing.loads(self.cleaned_data["opened"], salt=SALT, max_age=MOST)
            too_soon = _is_fresh(self.cleaned_data["opened"])
        except signing.BadSignature:
            too_soon = True
        if too_soon:
            self.data = self.data.copy() | {"opened": signing.dumps(0, salt=SALT)}
            raise ValidationError(STALE)


def _is_fresh(stamp: str) -> bool:
    try:
        signing.loads(stamp, salt=SALT, max_age=LEAST)
    except signing.SignatureExpired:
        return False
    return True


class StatementForm(forms.Form):
    person = forms.CharField(max_length=200)
    text = ProseField(max_length=2000)

    def clean_person(self) -> Any:
        return find_person(self.cleaned_data["person"].strip())
