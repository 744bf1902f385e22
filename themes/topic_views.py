"""The page on which an editor changes a topic and its labels, and sees first which turns they would touch."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permitting import only_for
from accounts.roles import SHAPE_TOPICS
from minutes.changes import Stale, change
from minutes.correcting import Step
from minutes.correcting_views import tell_step
from minutes.directory.order import with_places
from minutes.models import Turn
from minutes.reach import Reach, reach
from people.curating import sentence

from .models import Topic
from .topic_forms import TopicForm

SHOWN = 20  # turns of each kind in a preview


@only_for(SHAPE_TOPICS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Labels that differ are saved only after their turns were shown; all else at once."""
    topic = get_object_or_404(Topic.objects.living().prefetch_related("labels"), slug=slug)
    form = TopicForm(request.POST or None, record=topic)
    found: Reach | None = None
    if request.method == "POST" and form.is_valid():
        # A field of a form comes back with the line ends of the web.
        seen_before = request.POST.get("looked_at", "").replace("\r\n", "\n") == form.looked_at
        if form.relabelled and (not seen_before or "look" in request.POST):
            visible = with_places(Turn.objects.visible_to(request.user))
            found = reach(topic, form.cleaned_data["labels"], form.cleaned_data["weak_labels"], visible)
        elif _saved(request, topic, form):
            return redirect(topic)
    shown = {"topic": topic, "form": form, "reach": found, "most": SHOWN}
    return render(request, "themes/topic_edit.html", shown, status=400 if form.errors else 200)


def _saved(request: HttpRequest, topic: Topic, form: TopicForm) -> bool:
    values = form.stated()
    try:
        with change(request.user, form.cleaned_data["why"]) as c:
            differed = c.set(topic, seen=form.cleaned_data["seen"], **values)
    except Stale:
        messages.error(request, "Somebody changed this topic since you opened it: look again, then save.")
        return False
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return False
    tell_step(request, Step(c.group, f"{topic.name} was changed.") if differed else None)
    return True
