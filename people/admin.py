"""People, and the labels under which minutes name them."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join

from minutes import changes
from minutes.admin.base import RecordAdmin
from minutes.admin.forms import RecordForm
from minutes.deciding import Place, decide, voices_of
from minutes.models import Series, Workshop

from .models import Alias, Person


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    layout = ((None, {"fields": ["name", "also_known_as", "merged_into"]}),)
    readonly_fields = ("also_known_as", "merged_into")
    change_form_template = "admin/person_form.html"
    list_display = ("name", "talk_count", "turn_count", "also_known_as", "merged_into")
    list_filter = (("merged_into", admin.EmptyFieldListFilter),)
    list_select_related = ("merged_into",)
    list_prefetch = ("aliases",)
    search_fields = ("name", "sort_name", "aliases__label")
    search_help_text = "A name, or a label under which minutes name somebody"
    actions = ("merge", "retire", "bring_back")

    def get_queryset(self, request):
        counted = {"talks_given": Count("talks", distinct=True), "turns_spoken": Count("turns", distinct=True)}
        return super().get_queryset(request).annotate(**counted)

    def offered(self, queryset):
        return queryset.canonical()

    @admin.action(description="Merge the two selected people", permissions=["change"])
    def merge(self, request, queryset):
        """Leads to both side by side; nothing is done before."""
        chosen = [person.public_id for person in queryset[:3]]
        if len(chosen) == 2:
            return HttpResponseRedirect(f"{reverse('people:merge', args=chosen[:1])}?with={chosen[1]}")
        self.message_user(request, "Tick the two records of one person.", messages.ERROR)
        return None

    @admin.display(description="talks", ordering="talks_given")
    def talk_count(self, obj: Person) -> int:
        return obj.talks_given

    @admin.display(description="turns", ordering="turns_spoken")
    def turn_count(self, obj: Person) -> int:
        return obj.turns_spoken

    @admin.display(description="also named", empty_value="")
    def also_known_as(self, obj: Person) -> str:
        return ", ".join(sorted({alias.label for alias in obj.aliases.all() if alias.label != obj.name}))


class AliasForm(RecordForm):
    """Where a label holds is one choice here: everywhere, in a series or in a workshop."""

    holds = forms.ChoiceField(label="Holds", help_text="Where this label means that.")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        scopes = Alias.Scope
        self.fields["holds"].choices = [
            (scopes.EVERYWHERE.value, "everywhere"),
            ("In a series", [(f"{scopes.SERIES}:{s.public_id}", s.title) for s in Series.objects.living()]),
            ("In a workshop", [(f"{scopes.WORKSHOP}:{w.public_id}", w.title) for w in Workshop.objects.living()]),
        ]
        if self.instance.pk:
            self._offer_where_it_holds()

    def _offer_where_it_holds(self):
        """Also where that is a workshop or series which nobody can choose any more."""
        field, now = self.fields.get("holds"), ":".join(filter(None, (self.instance.scope, self.instance.scope_id)))
        self.initial["holds"] = now
        if field and not field.valid_value(now):
            field.choices = [*field.choices, (now, f"{self.instance.get_scope_display()}, as it stands")]

    def clean(self):
        cleaned = super().clean()
        person, state = self.cleaned_data.get("person"), self.cleaned_data.get("state")
        if person and "person" in self.changed_data:
            self.cleaned_data["state"] = Alias.State.PERSON
        elif person and state != Alias.State.PERSON:
            self.cleaned_data["person"] = None
        elif not person and state == Alias.State.PERSON:
            self.add_error("person", "Choose the person, or say that the label means nobody or waits.")
        return cleaned

    def _post_clean(self):
        self.instance.scope, _, self.instance.scope_id = self.cleaned_data.get("holds", "").partition(":")
        super()._post_clean()

    def stated(self):
        """State and person change each other, and the place is two columns."""
        alias = self.instance
        scope = {"scope": alias.scope, "scope_id": alias.scope_id} if "holds" in self.changed_data else {}
        person = alias.person.public_id if alias.person else None
        return super().stated() | scope | {"state": str(alias.state), "person": person}


@admin.register(Alias)
class AliasAdmin(RecordAdmin):
    form = AliasForm
    layout = ((None, {"fields": ["label", "holds", "person", "state"]}),)
    list_display = ("label", "state", "person", "scope", "origin")
    list_filter = ("state", "origin", "scope")
    list_select_related = ("person",)
    search_fields = ("label", "folded", "person__name")
    autocomplete_fields = ("person",)

    def provenance(self, obj):
        return ["used_in", *super().provenance(obj)]

    @admin.display(description="used in", empty_value="no turn")
    def used_in(self, obj: Alias) -> str:
        """How many turns have the label, in each workshop where it holds; each leads to them."""
        rows = voices_of([obj.folded], Place(obj.scope, obj.scope_id).turns())
        counted = rows.order_by("turn__workshop").values_list("turn__workshop__public_id", "turn__workshop__title")
        return format_html_join(
            " · ",
            '<a href="{}?{}">{} in {}</a>',
            (
                (reverse("people:label"), urlencode({"in": public_id, "label": obj.label}), turns, title)
                for public_id, title, turns in counted.annotate(turns=Count("turn", distinct=True))
            ),
        )

    def save_related(self, request, form, formsets, change):
        """What a label means takes effect on its turns at once, as at the names desk."""
        before = Alias.objects.filter(pk=form.instance.pk).select_related("person").first()
        with changes.change(request.user, form.cleaned_data.get("why") or "") as c:
            super().save_related(request, form, formsets, change)
            alias = form.instance
            if not before or (before.state, before.person) != (alias.state, alias.person):
                place = Place(alias.scope, alias.scope_id)
                decide(c, alias.label, place, alias.state, alias.person, before=before.person if before else None)
