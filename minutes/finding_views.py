"""Pages that find: search, what it suggests while one types, and what was said around a hit."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from . import pages
from .search import fruitless
from .search.listing import listing
from .search.page import search as find
from .search.suggesting import suggest


def search(request: HttpRequest) -> HttpResponse:
    results = find(request.GET, request.user)
    fruitless.note(results, request.headers.get("User-Agent", ""))
    examples = [] if results.asked else pages.examples_of(request.user)
    return render(request, "minutes/search.html", {"results": results, "examples": examples})


def search_as_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(listing(request.GET, request.user), json_dumps_params={"ensure_ascii": False})


def suggestions(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"groups": suggest(request.GET.get("q", ""), request.user)})


def around(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was said before and after a turn: a piece of a page for htmx, a page for whoever has no JavaScript."""
    shown = pages.around(request.user, public_id)
    return render(request, "minutes/_around.html" if "HX-Request" in request.headers else "minutes/around.html", shown)
