"""The admin of every record: written through `minutes.changes`, never deleted, guarded against overwriting."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from minutes import changes
from minutes.forms import ProseField
from minutes.models import Change, Workshop
from minutes.models.access import open_to
from minutes.telling import tell_changes
from records.ids import LENGTH
from records.models import Record

from .both import both_texts
from .filters import RetiredFilter
from .forms import KnownSelect, ListForm, RecordForm, RowFormSet, SourcedForm


class NeverDeleted(admin.ModelAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RecordAdmin(NeverDeleted):
    form = RecordForm
    list_form = ListForm
    layout: tuple = ()  # fieldsets; django's check would refuse fields that are rows of another model in `fieldsets`
    list_prefetch: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    actions = ("retire", "bring_back")
    change_form_template = "admin/record_form.html"
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}, models.TextField: {"form_class": ProseField}}

    # What is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Drafts are for those who may read drafts, here as everywhere."""
        records = super().get_queryset(request).prefetch_related(*self.list_prefetch)
        if self.model is Workshop:
            return records.filter(open_to(request.user))
        if _has_column(self.model, "workshop"):
            return records.filter(open_to(request.user, "workshop__"))
        return records

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Every word in any of the fields; nothing that is retired is offered in an autocomplete."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = self.offered(queryset).order_by(*self.opts.ordering)  # counts would drop the model's own order
        return super().get_search_results(request, queryset, search_term)

    def offered(self, queryset: QuerySet) -> QuerySet:
        return queryset.living()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Record | None:
        """Also by permanent id: the change log knows records by nothing else."""
        by_id = len(object_id) == LENGTH and from_field is None
        return super().get_object(request, object_id, "public_id" if by_id else from_field)

    def get_fieldsets(self, request: HttpRequest, obj: Record | None = None) -> list:
        kept = ("Where it comes from", {"classes": ["collapse"], "fields": self.provenance(obj)})
        return [*self.layout, *([kept] if obj else [])]

    def provenance(self, obj: Record | None) -> list[str]:
        return ["permanent_link", "read_from", "version", "retired"]

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> tuple[str, ...]:
        shown = tuple(self.provenance(obj)) if obj else ()
        return (*super().get_readonly_fields(request, obj), *shown)

    def get_list_filter(self, request: HttpRequest) -> list:
        return [*self.list_filter, RetiredFilter]

    @admin.display(description="permanent link")
    def permanent_link(self, obj: Record) -> str:
        return format_html('<a href="{0}">{0}</a>', obj.permalink)

    @admin.display(description="read from")
    def read_from(self, obj: Record) -> str:
        source = getattr(obj, "source", None)
        if source is None:
            return obj.get_origin_display()
        if obj.first_line == obj.last_line:
            return f"{source}, line {obj.first_line}"
        return f"{source}, lines {obj.first_line} to {obj.last_line}"

    @admin.display(description="retired")
    def retired(self, obj: Record) -> str:
        return f"{obj.retired_at:%Y-%m-%d %H:%M}: {obj.retired_reason}" if obj.retired_at else "no"

    def get_view_on_site_url(self, obj: Record | None = None) -> str | None:
        if obj is not None and obj.retired_at:
            return None
        return super().get_view_on_site_url(obj)

    # What is written

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> type:
        return super().get_changelist_form(request, form=self.list_form, fields=list(self.list_editable), **options)

    def save_model(self, request: HttpRequest, obj: Record, form: RecordForm, change: bool) -> None:
        """Nothing yet: `save_related` knows the rows as well, and brings all of it through the door at once."""

    def save_related(self, request: HttpRequest, form: RecordForm, formsets: list[RowFormSet], change: bool) -> None:
        values = form.stated()
        for rows in formsets:
            rows.save(commit=False)  # writes nothing; the admin's own log asks what it found
            if rows.has_changed():
                values |= rows.stated()
        values = {name: value for name, value in values.items() if request.POST.get(f"keep-{name}") != "theirs"}
        record = form.instance
        with changes.change(request.user, form.cleaned_data.get("why") or "") as c:
            values = self.complete(c, form, values)
            if change:
                c.set(record, seen=form.cleaned_data["seen"], **values)
            else:
                record.__dict__.update(c.create(self.model, **values, **self.columns_of_new(form)).__dict__)

    def complete(self, c: changes.ChangeSet, form: RecordForm, values: dict[str, Any]) -> dict[str, Any]:
        """What follows from what the person stated."""
        return values

    def columns_of_new(self, form: RecordForm) -> dict[str, Any]:
        """Columns of a new record that nobody changes later."""
        return {}

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if getattr(form, "stale_from", None) is not None:
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["both"] = both_texts(form, formsets)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def construct_change_message(self, request, form, formsets, add=False):
        return super().construct_change_message(request, form, [], add)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return self._unless_stale(request, super().changeform_view, object_id, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        return self._unless_stale(request, super().changelist_view, extra_context)

    def _unless_stale(self, request: HttpRequest, view, *arguments) -> HttpResponse:
        """For the moment between the form's look at the version and the write."""
        try:
            return view(request, *arguments)
        except changes.Stale as stale:
            self.message_user(request, str(stale), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    # Retiring

    def get_actions(self, request: HttpRequest) -> dict:
        return super().get_actions(request) if self.has_change_permission(request) else {}

    @admin.action(description="Retire the selected %(verbose_name_plural)s", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Asks why, on a page of its own, then takes them out of every list."""
        queryset = queryset.living()
        if not queryset.exists():
            self.message_user(request, "They are retired already.", messages.WARNING)
            return None
        if "reason" not in request.POST:
            return self._ask_why(request, queryset)
        reason = request.POST["reason"].strip()[:300]
        with changes.change(request.user, reason) as c:
            for record in queryset:
                c.retire(record, reason)
            count = len(queryset)
        self.message_user(
            request, f"{self._counted(count)} retired. The filter “Retired” shows them.", messages.SUCCESS
        )
        return None

    def _ask_why(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": f"Retire {self._counted(queryset.count())}",
            "opts": self.opts,
            "records": queryset,
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/retire.html", context)

    @admin.action(description="Bring back the selected %(verbose_name_plural)s", permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet) -> None:
        with changes.change(request.user, "brought back") as c:
            gone = list(queryset.filter(retired_at__isnull=False))
            for record in gone:
                c.bring_back(record)
        self.message_user(request, f"{self._counted(len(gone))} brought back.", messages.SUCCESS)

    def _counted(self, count: int) -> str:
        return f"{count} {self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural}"

    # History

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """What `changes` wrote down; the admin's own log knows only what was done in the admin."""
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        log = list(Change.objects.filter(record=record.public_id).select_related("record", "by"))
        context = self.admin_site.each_context(request) | {
            "title": f"History of {record}",
            "opts": self.opts,
            "original": record,
            "history": list(zip(log, tell_changes(log), strict=True)),
        }
        return TemplateResponse(request, "admin/record_history.html", context)


class SourcedAdmin(RecordAdmin):
    """Records of one workshop: a new one says of which, an old one stays there."""

    form = SourcedForm
    list_select_related = ("workshop",)

    def get_form(self, request, obj=None, change=False, **options):
        if obj is not None:
            return super().get_form(request, obj, change=change, **options)
        # The column is closed to forms, as nobody moves a record: only a new one gets to choose.
        fields = [name for name in flatten_fieldsets(self.get_fieldsets(request)) if name != "workshop"]
        form = super().get_form(request, obj, change=change, **(options | {"fields": fields}))
        form.base_fields["workshop"] = self.workshop_field()
        return form

    def workshop_field(self):
        column = self.model._meta.get_field("workshop")
        return forms.ModelChoiceField(
            Workshop.objects.living(),
            required=False,
            widget=KnownSelect(column, self.admin_site),
            help_text="May be left empty where a talk or session below says it.",
        )

    def get_fieldsets(self, request, obj=None):
        (title, options), *others = super().get_fieldsets(request, obj)
        return [(title, options | {"fields": ["workshop", *options["fields"]]}), *others]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "workshop") if obj else fields

    def columns_of_new(self, form):
        return {"workshop": form.workshop()}


class StruckOut(admin.ModelAdmin):
    """A list of what the site noted by itself: people look at it, and strike out what was seen to."""

    list_display_links = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(NeverDeleted):
    """What the importer and the log write: to be read."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def record_link(kind: str, public_id: str, name: str) -> str:
    """A link to a record's form; its name alone where it has none."""
    for app in ("minutes", "people", "themes"):
        try:
            return format_html('<a href="{}">{}</a>', reverse(f"admin:{app}_{kind}_change", args=[public_id]), name)
        except NoReverseMatch:
            continue
    return name


def _has_column(model: type[Model], name: str) -> bool:
    return any(column.name == name for column in model._meta.fields)


__all__ = ["NeverDeleted", "ReadOnlyAdmin", "RecordAdmin", "SourcedAdmin", "record_link"]
