"""The pages of an organiser's chores: what a workshop was, and who may read it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permitting import only_for
from accounts.roles import DESCRIBE_WORKSHOPS
from people.curating import sentence

from .changes import Stale, change
from .correcting import Step
from .correcting_views import tell_step
from .models import Workshop
from .models.access import may_read
from .workshop_forms import WorkshopForm


@only_for(DESCRIBE_WORKSHOPS)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """Another circle of readers is saved only after it was said who these are."""
    workshop = get_object_or_404(Workshop.objects.visible_to(request.user).select_related("series"), slug=slug)
    form = WorkshopForm(request.POST or None, record=workshop)
    opens = None
    if request.method == "POST" and form.is_valid():
        if form.differs("visibility") and request.POST.get("agreed") != form.cleaned_data["visibility"]:
            opens = {"now": workshop.visibility, "then": form.cleaned_data["visibility"]}
        elif _saved(request, workshop, form):
            return redirect(workshop if may_read(request.user, workshop) else "minutes:home")
    shown = {"workshop": workshop, "form": form, "opens": opens, "named": workshop.readers.count()}
    return render(request, "minutes/workshop_details.html", shown, status=400 if form.errors else 200)


def _saved(request: HttpRequest, workshop: Workshop, form: WorkshopForm) -> bool:
    try:
        with change(request.user, form.cleaned_data["why"]) as c:
            differed = c.set(workshop, seen=form.cleaned_data["seen"], **form.stated())
    except Stale:
        messages.error(request, "Somebody changed this workshop since you opened it: look again, then save.")
        return False
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return False
    tell_step(request, Step(c.group, f"{workshop.title} was changed.") if differed else None)
    return True
