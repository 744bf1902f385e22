"""The page on which an organiser attaches addresses of slides or recordings to many talks at once."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permitting import only_for
from accounts.roles import ATTACH_LINKS
from people.names import words

from . import attaching
from .attaching import Change, Match, Row
from .correcting_views import tell_step
from .forms import ProseField
from .models import Talk, Workshop

CHANGED = (
    "Nothing was attached: the list, or the links of this workshop, changed after you looked. "
    "Below is what would be done now; attach it if it is right."
)
KINDS = ("Slides", "Recording", "Paper", "Poster")  # offered; others may be typed


class LinksForm(forms.Form):
    label = forms.CharField(
        label="These are", max_length=100, initial=KINDS[0], widget=forms.TextInput(attrs={"list": "kinds-of-links"})
    )
    text = ProseField(
        label="Addresses, with the titles of their talks",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def clean_label(self) -> str:
        label = " ".join(self.cleaned_data["label"].split())
        if not words(label):
            raise ValidationError("Say in a word what these addresses are, such as Slides.")
        return label

    def clean_text(self) -> str:
        self.rows = attaching.read_rows(self.cleaned_data["text"])
        if not self.rows:
            raise ValidationError("Paste at least one line.")
        return self.cleaned_data["text"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the preview."""

    row: Row
    match: Match
    chosen: Talk | None
    change: Change | None
    doubled: bool


@only_for(ATTACH_LINKS)
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """Pasted, looked at with the talks that the lines mean, and attached as they were chosen."""
    workshop = get_object_or_404(Workshop.objects.visible_to(request.user), slug=slug)
    talks = _programme(request, workshop)
    form = LinksForm(request.POST or None, label_suffix="")
    shown = {"workshop": workshop, "form": form, "talks": talks, "kinds": KINDS, "lines": []}
    if request.method == "POST" and form.is_valid():
        of_lines, of_links = attaching.marks_of(form.cleaned_data["text"], form.cleaned_data["label"], talks)
        same_lines = request.POST.get("lines_seen") == of_lines
        lines = _lines(request, form, talks, chosen_for_these=same_lines)
        changes = {line.row.n: line.change for line in lines if line.change}
        shown |= {"lines": lines, "of_lines": of_lines, "of_links": of_links}
        shown |= {"count": sum(1 for one in changes.values() if one.kind != "same")}
        if "attach" in request.POST and not (same_lines and request.POST.get("links_seen") == of_links):
            form.add_error(None, CHANGED)
        elif "attach" in request.POST:
            try:
                tell_step(request, attaching.attach(request.user, workshop, form.cleaned_data["label"], changes))
                return redirect(workshop)
            except ValidationError as problem:
                form.add_error(None, problem)
    return render(request, "minutes/workshop_links.html", shown, status=400 if form.errors else 200)


def _programme(request: HttpRequest, workshop: Workshop) -> list[Talk]:
    """Its talks in the order of the days, with their links."""
    talks = Talk.objects.visible_to(request.user).filter(workshop=workshop).select_related("day")
    return list(talks.prefetch_related("links").order_by("day__n", "order", "pk"))


def _lines(request: HttpRequest, form: LinksForm, talks: list[Talk], *, chosen_for_these: bool) -> list[Line]:
    """Where these lines were looked at already, the choices of the preview stand; choices for other lines do not."""
    by_id = {talk.public_id: talk for talk in talks}
    matches = attaching.match(form.rows, talks)
    chosen = {}
    for row in form.rows:
        sent = request.POST.get(f"talk_{row.n}") if chosen_for_these else None
        talk = by_id.get(sent) if sent is not None else matches[row.n].talk
        if talk:
            chosen[row.n] = talk
    changes = attaching.changes_of(form.rows, chosen, form.cleaned_data["label"])
    twice = attaching.doubled(changes)
    return [Line(row, matches[row.n], chosen.get(row.n), changes.get(row.n), row.n in twice) for row in form.rows]
