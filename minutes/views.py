"""Pages of the record: home, workshops, days, talks, and permanent links."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import pages, queries
from .history_views import pinned
from .permalinks import Found, look_up


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "minutes/home.html", pages.home(request.user))


def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "minutes/keys.html")


def workshop_list(request: HttpRequest) -> HttpResponse:
    return render(request, "minutes/workshop_list.html", {"workshops": queries.workshops(request.user)})


def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "minutes/workshop.html", pages.workshop(request.user, slug))


def workshop_reading(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "minutes/workshop_reading.html", pages.reading(request.user, slug))


def day(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    return render(request, "minutes/day.html", pages.day(request.user, slug, n))


def talk(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    shown = pages.talk(request.user, public_id)
    if shown is None:
        return record(request, public_id)
    if slug != shown["talk"].slug:
        return redirect(shown["talk"], permanent=True)
    return render(request, "minutes/talk.html", shown)


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """The permanent link of any record: 302 to its page, 301 to where it moved, 410 where it was retired.

    With `?v=`, the version that somebody cited, and what changed since."""
    if "v" in request.GET:
        return pinned(request, public_id)
    found = look_up(public_id, request.user)
    if found is None:
        raise Http404("No record that you may read has this permanent id.")
    if isinstance(found, Found):
        return redirect(found.address, permanent=found.moved)
    return render(request, "410.html", {"gone": found}, status=410)
