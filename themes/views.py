"""Pages of topics, of themes that workshops noted, and the glossary."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.roles import SHAPE_THEMES, may
from minutes import views
from minutes.directory import themes, topics
from minutes.directory.choices import page_number
from minutes.directory.letters import by_letter

from .models import Topic


def topic_list(request: HttpRequest) -> HttpResponse:
    named = topics.named(request.user)
    most = max((weighed.times for weighed in named), default=0)
    context = {"kinds": topics.by_kind(named), "most": most, "total": len(named)}
    return render(request, "themes/topic_list.html", context)


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic.objects.living().prefetch_related("labels"), slug=slug)
    discussed = topics.discussed(found, request.user, page_number(request.GET.get("page", "")))
    return render(request, "themes/topic.html", {"topic": found, "discussed": discussed})


def theme_list(request: HttpRequest) -> HttpResponse:
    workshops = themes.by_workshop(themes.noted(request.user))
    total = sum(len(noted) for _, noted in workshops)
    return render(request, "themes/theme_list.html", {"workshops": workshops, "total": total})


def theme(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    found = themes.noted(request.user).filter(public_id=public_id).first()
    if found is None:
        return views.record(request, public_id)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    shapes = may(request.user, SHAPE_THEMES)
    shown = {"theme": found, "borne": themes.borne(found, request.user, shapes=shapes), "shapes": shapes}
    return render(request, "themes/theme.html", shown)


def glossary(request: HttpRequest) -> HttpResponse:
    """The terms that the minutes name; with `?all`, or where they name none, the whole vocabulary."""
    terms = topics.glossary(request.user)
    named = [weighed for weighed in terms if weighed.times]
    shown = terms if "all" in request.GET or not named else named
    letters = by_letter(shown, lambda weighed: weighed.topic.name)
    context = {"letters": letters, "total": len(terms), "named": len(named), "narrowed": len(shown) < len(terms)}
    return render(request, "themes/glossary.html", context)
