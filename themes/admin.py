"""Topics with their labels, and themes that recur across workshops."""

import taggit.admin
from django import forms
from django.contrib import admin
from django.db.models import Count

from minutes.admin.base import RecordAdmin
from minutes.admin.forms import KnownSelectMultiple, LabelFormSet, RecordForm
from minutes.admin.rows import RowInline
from minutes.models import TurnTopic

from .models import RecurringTheme, Topic, TopicLabel

# Topics are this site's tags; those of taggit itself stay empty.
admin.site.unregister(taggit.admin.Tag)


class SlugsField(forms.ModelMultipleChoiceField):
    """Other topics, chosen by autocomplete and kept by their slugs."""

    def __init__(self, help_text: str):
        widget = KnownSelectMultiple(TurnTopic._meta.get_field("tag"), admin.site)
        super().__init__(Topic.objects.all(), required=False, widget=widget, help_text=help_text)

    def clean(self, value):
        return sorted(topic.slug for topic in super().clean(value))


class TopicForm(RecordForm):
    context = SlugsField("Topics beside which the weak labels of this one count.")
    includes = SlugsField("Topics that are named too where their label is part of this one's.")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("context", "includes"):
            if name in self.fields:
                chosen = list(Topic.objects.filter(slug__in=getattr(self.instance, name)))
                self.initial[name] = [topic.pk for topic in chosen]
                self.fields[name].widget.known = {str(topic.pk): topic for topic in chosen}


class LabelInline(RowInline):
    model = TopicLabel
    formset = LabelFormSet
    states = "labels"
    key = ""
    fields = ("label", "weak")
    verbose_name = "label"
    verbose_name_plural = "labels: the forms under which minutes name it"


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    form = TopicForm
    layout = (
        (None, {"fields": ["name", "slug", "kind", "description", "url"]}),
        ("How it is recognised", {"fields": ["context", "includes"]}),
    )
    list_display = ("name", "kind", "label_list", "turn_count", "description")
    list_filter = ("kind",)
    list_prefetch = ("labels",)
    search_fields = ("name", "labels__label", "description")
    search_help_text = "A name, a label or words of the description"
    inlines = (LabelInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(turns_tagged=Count("turntopic_items", distinct=True))

    def get_readonly_fields(self, request, obj=None):
        """The slug is the topic's address and its key in the seeds: it is chosen once."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "slug") if obj else fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ("name",)}

    @admin.display(description="labels")
    def label_list(self, obj: Topic) -> str:
        return ", ".join(row.label for row in obj.labels.all())

    @admin.display(description="turns", ordering="turns_tagged")
    def turn_count(self, obj: Topic) -> int:
        return obj.turns_tagged


@admin.register(RecurringTheme)
class RecurringThemeAdmin(RecordAdmin):
    layout = ((None, {"fields": ["title", "description"]}),)
    list_display = ("title", "noted_count")
    search_fields = ("title", "description")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(times_noted=Count("noted", distinct=True))

    @admin.display(description="noted in workshops", ordering="times_noted")
    def noted_count(self, obj: RecurringTheme) -> int:
        return obj.times_noted
