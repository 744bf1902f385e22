"""Action items above all; decisions, themes and contacts."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator

from minutes.changes import change
from minutes.forms import LinesField
from minutes.models import ActionItem, ActionOwner, ActionTopic, Contact, Decision, Theme, ThemeEvidence, ThemeTopic
from minutes.rendering import plain

from .base import SourcedAdmin
from .filters import DueFilter, OwnerFilter, WorkshopFilter
from .forms import ABOUT, ListForm, RecordsField, SourcedForm

WHERE_SAID = (
    "Where it was said",
    {"fields": ["turn", "theme", "talk", "session"], "description": "The words it hangs on, or the talk around them."},
)


def cause_link(obj: ActionItem | Decision) -> str:
    """The words on the site, by their permanent link."""
    cause = obj.cause
    words = plain(getattr(cause, "text", "") or str(cause))
    return format_html('<a href="{}">{}</a>', cause.permalink, Truncator(words).chars(160))


class ActionForm(SourcedForm):
    owners = RecordsField(ActionOwner, "person", help_text="Type a few letters of a name.")
    topics = RecordsField(ActionTopic, "tag", help_text=ABOUT)
    links = LinesField(
        required=False,
        help_text=ActionItem._meta.get_field("links").help_text,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class ActionListForm(ListForm):
    owned_by = RecordsField(ActionOwner, "person", of="owners", label="Owners")


@admin.register(ActionItem)
class ActionItemAdmin(SourcedAdmin):
    form = ActionForm
    list_form = ActionListForm
    layout = (
        (None, {"fields": ["title", "quote", "words"]}),
        ("Follow-up", {"fields": ["status", "status_reason", "owners", "everybody", "due", "due_text", "priority"]}),
        ("More about it", {"fields": ["topics", "links", "notes"]}),
        WHERE_SAID,
    )
    list_display = ("title", "where", "status", "owned_by", "due", "urgency", "seen")
    list_display_links = ("title",)
    list_editable = ("status", "due")
    list_filter = ("status", OwnerFilter, DueFilter, "priority", WorkshopFilter)
    list_select_related = ("workshop", "turn", "theme", "talk", "session")
    list_prefetch = ("ownings__person",)
    list_per_page = 30
    search_fields = ("title", "quote", "owners__name")
    search_help_text = "Words of the title, of the quote, or names of owners"
    date_hierarchy = "due"
    autocomplete_fields = ("turn", "theme", "talk")
    actions = ("mark_done", "mark_open", "mark_dropped", *SourcedAdmin.actions)

    def get_readonly_fields(self, request, obj=None):
        """What was said stays as it was said; words that a person wrote may be mended."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "words", *(["quote"] if obj and obj.source_id else []))

    def provenance(self, obj):
        return ["explicit_words", "reason", *super().provenance(obj)]

    @admin.display(description="where")
    def where(self, obj: ActionItem) -> str:
        return format_html('{}<br><a class="quiet" href="{}">in the minutes</a>', obj.workshop, obj.cause.permalink)

    @admin.display(description="owners")
    def owned_by(self, obj: ActionItem) -> str:
        return ", ".join(owning.person.name for owning in obj.ownings.all())

    @admin.display(description="priority", ordering="priority")
    def urgency(self, obj: ActionItem) -> str:
        late = obj.due and obj.due < timezone.localdate() and obj.status in (obj.Status.OPEN, obj.Status.PROPOSED)
        priority = obj.get_priority_display()
        return format_html('{} <strong class="late">overdue</strong>', priority) if late else priority

    @admin.display(description="")
    def seen(self, obj: ActionItem) -> int:
        return obj.version

    @admin.display(description="on the site")
    def words(self, obj: ActionItem) -> str:
        return cause_link(obj) if obj.pk else "once it is saved"

    @admin.display(description="called an action", boolean=True)
    def explicit_words(self, obj: ActionItem) -> bool:
        return obj.explicit

    @admin.action(description="Mark as done", permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._mark(request, queryset, ActionItem.Status.DONE)

    @admin.action(description="Mark as open", permissions=["change"])
    def mark_open(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._mark(request, queryset, ActionItem.Status.OPEN)

    @admin.action(description="Drop", permissions=["change"])
    def mark_dropped(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._mark(request, queryset, ActionItem.Status.DROPPED)

    def _mark(self, request: HttpRequest, queryset: QuerySet, status: ActionItem.Status) -> None:
        with change(request.user) as c:
            changed = sum(c.set(item, status=status.value) for item in queryset)
        self.message_user(request, f"{self._counted(changed)} now {status.label}; the others were so already.")


@admin.register(Decision)
class DecisionAdmin(SourcedAdmin):
    layout = ((None, {"fields": ["text"]}), WHERE_SAID)
    list_display = ("short", "workshop", "words")
    list_filter = (WorkshopFilter,)
    list_select_related = ("workshop", "turn", "theme", "talk", "session")
    search_fields = ("text",)
    autocomplete_fields = ("turn", "theme", "talk")

    @admin.display(description="decision", ordering="text")
    def short(self, obj: Decision) -> str:
        return Truncator(obj.text).chars(160)

    @admin.display(description="in the minutes")
    def words(self, obj: Decision) -> str:
        return cause_link(obj)


class ThemeForm(SourcedForm):
    topics = RecordsField(ThemeTopic, "tag", help_text=ABOUT)
    evidence = RecordsField(ThemeEvidence, "turn", help_text="The turns that bear this theme out.")


@admin.register(Theme)
class ThemeAdmin(SourcedAdmin):
    form = ThemeForm
    layout = ((None, {"fields": ["n", "text", "recurring", "topics", "evidence"]}),)
    list_display = ("n", "short", "workshop", "recurring", "about")
    list_display_links = ("short",)
    list_filter = (WorkshopFilter, ("recurring", admin.EmptyFieldListFilter))
    list_select_related = ("workshop", "recurring")
    list_prefetch = ("topic_items__tag",)
    search_fields = ("text", "recurring__title")
    autocomplete_fields = ("recurring",)

    @admin.display(description="theme", ordering="text")
    def short(self, obj: Theme) -> str:
        return Truncator(obj.text).chars(140)

    @admin.display(description="topics")
    def about(self, obj: Theme) -> str:
        return ", ".join(row.tag.name for row in obj.topic_items.all())


@admin.register(Contact)
class ContactAdmin(SourcedAdmin):
    layout = ((None, {"fields": ["person", "email", "institute", "certain"]}),)
    list_display = ("person", "email", "institute", "certain", "workshop")
    list_filter = ("certain", WorkshopFilter)
    list_select_related = ("workshop", "person")
    search_fields = ("person__name", "email", "institute")
    autocomplete_fields = ("person",)
