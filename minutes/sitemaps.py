"""What search engines are told of: the pages that a visitor may read, and none that only repeats them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from themes.models import Topic

from .models import Day, Talk, Theme, Workshop
from .queries import people_visible_to

VISITOR = AnonymousUser()
CLOSED = (
    *("/search/?", "/search/suggest/", "/search.json", "/searches/", "/r/", "/actions."),
    *("/admin/", "/account/", "/import/", "/names/", "/mail/", "/undo/"),
)


class Rooms(Sitemap):
    def items(self) -> Iterable[str]:
        names = ("home", "workshop-list", "action-list")
        others = ("people:person-list", "themes:topic-list", "themes:theme-list", "themes:glossary")
        return [*(f"minutes:{name}" for name in names), *others]

    def location(self, item: str) -> str:
        return reverse(item)


class Records(Sitemap):
    """All that a visitor may read of one kind."""

    def __init__(self, records: Any) -> None:
        self.records = records

    def items(self) -> QuerySet:
        return self.records()


def maps() -> dict[str, Sitemap]:
    records = {
        "workshops": lambda: Workshop.objects.visible_to(VISITOR),
        "days": lambda: Day.objects.visible_to(VISITOR).select_related("workshop").order_by("pk"),
        "talks": lambda: Talk.objects.visible_to(VISITOR).order_by("pk"),
        "people": lambda: people_visible_to(VISITOR).order_by("pk"),
        "topics": lambda: Topic.objects.living().order_by("pk"),
        "themes": lambda: Theme.objects.visible_to(VISITOR).order_by("pk"),
    }
    return {"rooms": Rooms(), **{name: Records(ask) for name, ask in records.items()}}


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
