"""Pages that find: search, what it suggests while one types, and what was agreed to do."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from .directory.followups import followups
from .search.listing import listing
from .search.page import search as find
from .search.suggesting import suggest


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "minutes/search.html", {"results": find(request.GET, request.user)})


def search_as_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(listing(request.GET, request.user), json_dumps_params={"ensure_ascii": False})


def suggestions(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"groups": suggest(request.GET.get("q", ""), request.user)})


def action_list(request: HttpRequest) -> HttpResponse:
    listed = followups(request.GET, request.user, timezone.localdate())
    return render(request, "minutes/action_list.html", {"listed": listed})
