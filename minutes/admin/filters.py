"""Filters of the admin's lists: long ones are a select with a button, and what is retired stays out until asked for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from minutes.models import ActionItem, ActionOwner, Voice, Workshop
from minutes.queries import MEANT
from people.models import Person


class RetiredFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "retired"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("only", "Retired"), ("all", "Both")]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        in_use, *others = super().choices(changelist)
        yield in_use | {"display": "In use"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "only")


class SelectFilter(admin.SimpleListFilter):
    """A choice among many: a form of its own, so that it works without scripts."""

    template = "admin/select_filter.html"
    nothing = "All"

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        self.others = parse_qsl(changelist.get_query_string(remove=[self.parameter_name]).removeprefix("?"))
        yield {"value": "", "display": self.nothing, "selected": self.chosen() is None}
        for value, display in self.lookup_choices:
            yield {"value": value, "display": display, "selected": self.chosen() == str(value)}

    def chosen(self) -> str | None:
        """The value, if it is one that was offered."""
        offered = {str(value) for value, _ in self.lookup_choices}
        return self.value() if self.value() in offered else None


class WorkshopFilter(SelectFilter):
    title = "workshop"
    parameter_name = "workshop"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(str(pk), title) for pk, title in Workshop.objects.visible_to(request.user).values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(workshop=self.chosen()) if self.chosen() else queryset


class OwnerFilter(SelectFilter):
    title = "owner"
    parameter_name = "owner"
    nothing = "Anybody or nobody"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        owned = ActionItem.objects.visible_to(request.user)
        rows = ActionOwner.objects.filter(action__in=owned.order_by())
        owners = Person.objects.filter(pk__in=rows.annotate(meant=MEANT).values("meant"))
        return [("nobody", "Nobody yet"), *((str(person.pk), person.shown_name) for person in owners)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.chosen() == "nobody":
            return queryset.filter(ownings__isnull=True, everybody=False)
        if not self.chosen():
            return queryset
        theirs = ActionOwner.objects.annotate(meant=MEANT).filter(meant=self.chosen())
        return queryset.filter(pk__in=theirs.values("action"))


class DueFilter(admin.SimpleListFilter):
    title = "due date"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("overdue", "Overdue"), ("soon", "In the next 30 days"), ("none", "Without due date")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "overdue":
            return queryset.overdue(today)
        if self.value() == "soon":
            return queryset.open().filter(due__range=(today, today + timedelta(days=30)))
        return queryset.filter(due__isnull=True) if self.value() == "none" else queryset


class AddressFilter(admin.SimpleListFilter):
    title = "address"
    parameter_name = "address"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("without", "Without address"), ("with", "With address")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "without":
            return queryset.filter(url="")
        return queryset.exclude(url="") if self.value() == "with" else queryset


class CertaintyFilter(admin.SimpleListFilter):
    title = "who is meant"
    parameter_name = "certainty"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return Voice.Certainty.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(voices__certainty=self.value()).distinct() if self.value() else queryset


class SettledFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", "Waiting"), ("yes", "Settled")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(settled_at__isnull=self.value() == "no")
