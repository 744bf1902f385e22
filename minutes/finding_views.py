"""Pages that find: search, and what was agreed to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .directory.followups import followups
from .search.finding import search as find


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "minutes/search.html", {"results": find(request.GET, request.user)})


def action_list(request: HttpRequest) -> HttpResponse:
    listed = followups(request.GET, request.user, timezone.localdate())
    return render(request, "minutes/action_list.html", {"listed": listed})
