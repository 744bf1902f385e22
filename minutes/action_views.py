"""Pages of what was agreed to do: the lists, and one item."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from . import views
from .directory import actions
from .directory.followups import item_page
from .history_views import may_edit


def action_list(request: HttpRequest) -> HttpResponse:
    listed = actions.action_list(request.GET, request.user, timezone.localdate())
    return render(request, "minutes/action_list.html", {"listed": listed})


def action(request: HttpRequest, public_id: str) -> HttpResponse:
    item = item_page(public_id, request.user, timezone.localdate())
    if item is None:
        return views.record(request, public_id)
    return render(request, "minutes/action.html", {"item": item, "edits": may_edit(request.user, item)})
