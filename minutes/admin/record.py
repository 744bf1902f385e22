"""The programme: series, workshops, days, sessions and talks, with the people in them."""

from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html_join

from minutes.models import (
    Convening,
    Day,
    Participation,
    Series,
    Session,
    SessionTopic,
    Speaking,
    Talk,
    TalkTopic,
    Workshop,
)

from .base import RecordAdmin, SourcedAdmin
from .filters import WorkshopFilter
from .forms import ABOUT, RecordsField, SourcedForm
from .rows import RowInline


def list_links(record, parts: dict[str, int]) -> str:
    """How many of each kind stand in a record, each leading to the list of them."""
    column = record._meta.model_name
    return format_html_join(
        " · ",
        '<a href="{}?{}={}">{} {}</a>',
        (
            (reverse(f"admin:minutes_{kind}_changelist"), column, record.pk, count, kind + ("" if count == 1 else "s"))
            for kind, count in parts.items()
        ),
    )


def living(name: str) -> Count:
    return Count(name, filter=Q(**{f"{name}__retired_at__isnull": True}), distinct=True)


@admin.register(Series)
class SeriesAdmin(RecordAdmin):
    layout = ((None, {"fields": ["title", "slug"]}),)
    list_display = ("title", "slug", "workshops_in_it")
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(workshop_count=living("workshops"))

    @admin.display(description="workshops", ordering="workshop_count")
    def workshops_in_it(self, obj: Series) -> int:
        return obj.workshop_count


class ParticipantInline(RowInline):
    model = Participation
    states = "participants"
    fields = ("person", "affiliation")
    verbose_name = "participant"
    verbose_name_plural = "participants"


@admin.register(Workshop)
class WorkshopAdmin(RecordAdmin):
    layout = (
        (None, {"fields": ["title", "slug", "series", ("start", "end"), "place", "organiser", "url"]}),
        ("Who may read it", {"fields": ["visibility", "status", "licence"]}),
    )
    list_display = ("title", "start", "place", "visibility", "status", "contents")
    list_editable = ()
    list_filter = ("visibility", "status", "series")
    list_select_related = ("series",)
    search_fields = ("title", "place", "organiser")
    date_hierarchy = "start"
    autocomplete_fields = ("series",)
    inlines = (ParticipantInline,)

    def get_queryset(self, request):
        counted = {f"{name}_count": living(name) for name in ("talks", "actionitems")}
        return super().get_queryset(request).annotate(**counted)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ("title",)}

    @admin.display(description="in it")
    def contents(self, obj: Workshop) -> str:
        return list_links(obj, {"talk": obj.talks_count, "actionitem": obj.actionitems_count})


@admin.register(Day)
class DayAdmin(SourcedAdmin):
    layout = ((None, {"fields": ["n", "date", "label"]}),)
    list_display = ("__str__", "date", "label", "workshop", "contents")
    list_filter = (WorkshopFilter,)
    search_fields = ("label", "workshop__title")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(sessions_count=living("sessions"), talks_count=living("talks"))

    @admin.display(description="in it")
    def contents(self, obj: Day) -> str:
        return list_links(obj, {"session": obj.sessions_count, "talk": obj.talks_count})


class ConvenerInline(RowInline):
    model = Convening
    states = "conveners"
    fields = ("person", "affiliation")
    verbose_name = "convener"
    verbose_name_plural = "conveners"


class SessionForm(SourcedForm):
    topics = RecordsField(SessionTopic, "tag", help_text=ABOUT)


@admin.register(Session)
class SessionAdmin(SourcedAdmin):
    form = SessionForm
    layout = ((None, {"fields": ["title", "day", "order", "topics"]}),)
    list_display = ("title", "day", "convened_by", "workshop", "contents")
    list_filter = (WorkshopFilter,)
    list_select_related = ("workshop", "day")
    list_prefetch = ("convenings__person", "topic_items__tag")
    search_fields = ("title", "conveners__name")
    inlines = (ConvenerInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(talks_count=living("talks"))

    @admin.display(description="conveners")
    def convened_by(self, obj: Session) -> str:
        return ", ".join(row.person.name for row in obj.convenings.all())

    @admin.display(description="in it")
    def contents(self, obj: Session) -> str:
        return list_links(obj, {"talk": obj.talks_count})


class SpeakerInline(RowInline):
    model = Speaking
    states = "speakers"
    fields = ("person", "affiliation")
    verbose_name = "speaker"
    verbose_name_plural = "speakers"


class TalkForm(SourcedForm):
    topics = RecordsField(TalkTopic, "tag", help_text=ABOUT)


@admin.register(Talk)
class TalkAdmin(SourcedAdmin):
    form = TalkForm
    layout = ((None, {"fields": ["title", "day", "session", "order", "status", "topics"]}),)
    list_display = ("title", "given_by", "day", "session", "status", "contents")
    list_filter = ("status", WorkshopFilter)
    list_select_related = ("workshop", "day", "session")
    list_prefetch = ("speakings__person", "topic_items__tag")
    search_fields = ("title", "speakers__name")
    search_help_text = "Words of the title, or names of speakers"
    inlines = (SpeakerInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(turns_count=living("turns"), links_count=living("links"))

    @admin.display(description="speakers")
    def given_by(self, obj: Talk) -> str:
        return ", ".join(row.person.name for row in obj.speakings.all())

    @admin.display(description="in it")
    def contents(self, obj: Talk) -> str:
        return list_links(obj, {"turn": obj.turns_count, "link": obj.links_count})
