"""What was read, and what was changed: sources, their readings, conflicts, the log. All of it only to be read."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.text import Truncator

from accounts.roles import DOWNLOAD_SOURCES, IMPORT_MINUTES, READ_CONTACTS, may
from minutes import undoing
from minutes.importing import Refused
from minutes.models import Change, Conflict, FailedImport, ImportRun, Source, SourceVersion
from minutes.models.access import may_read
from minutes.settling import conflicts_for
from minutes.telling import label_of, names_of, tell_changes, tell_conflicts

from .base import ReadOnlyAdmin, StruckOut, record_link
from .filters import SelectFilter, SettledFilter


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    fields = ("name", "kind", "media_type", "workshop", "version_list")
    readonly_fields = ("version_list",)
    list_display = ("name", "kind", "workshop", "newest")
    list_filter = ("kind",)
    list_select_related = ("workshop",)
    search_fields = ("name", "workshop__title")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(newest_version=Max("versions__n"))

    def get_urls(self):
        content = self.admin_site.admin_view(self.content_view)
        name = "minutes_source_content"
        return [path("<int:pk>/versions/<int:n>/content", content, name=name), *super().get_urls()]

    @admin.display(description="newest version", ordering="newest_version")
    def newest(self, obj: Source) -> int:
        return obj.newest_version

    @admin.display(description="versions")
    def version_list(self, obj: Source) -> str:
        rows = (
            (version.n, f"{version.added_at:%Y-%m-%d %H:%M}", version.sha256[:12], self._download(version))
            for version in obj.versions.defer("content")
        )
        return format_html_join("", "<p>Version {} of {}, SHA-256 <code>{}</code> {}</p>", rows)

    def _download(self, version: SourceVersion) -> str:
        address = reverse("admin:minutes_source_content", args=[version.source_id, version.n])
        return format_html('<a href="{}">download</a>', address)

    def content_view(self, request: HttpRequest, pk: int, n: int) -> HttpResponse:
        """The bytes as they were given; sent as a file, so that no browser shows them as a page of this site."""
        if not may(request.user, DOWNLOAD_SOURCES):
            raise PermissionDenied
        version = SourceVersion.objects.filter(source=pk, n=n).select_related("source").first()
        if version is None:
            raise Http404("There is no such version.")
        headers = {"Content-Disposition": content_disposition_header(True, version.source.name)}
        return HttpResponse(bytes(version.content), content_type="application/octet-stream", headers=headers)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    fields = ("version", "at", "by", "parser_version", "what_it_did", "undoing", "problem_list")
    readonly_fields = ("what_it_did", "undoing", "problem_list")
    list_display = ("source_name", "version_number", "at", "by", "what_it_did", "undoing", "problem_count")
    list_filter = ("version__source__kind", "by")
    list_select_related = ("version__source", "by", "undoes", "undone_by")
    search_fields = ("version__source__name",)
    date_hierarchy = "at"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("entries", "version__content")

    @admin.display(description="source", ordering="version__source__name")
    def source_name(self, obj: ImportRun) -> str:
        return obj.version.source.name

    @admin.display(description="version")
    def version_number(self, obj: ImportRun) -> int:
        return obj.version.n

    @admin.display(description="what it did")
    def what_it_did(self, obj: ImportRun) -> str:
        return ", ".join(f"{count} {label_of(name)}" for name, count in obj.counts.items() if count) or "nothing"

    @admin.display(description="undo")
    def undoing(self, obj: ImportRun) -> str:
        """Whether this is the undo of another import, or was undone itself."""
        if obj.undoes:
            return f"undo of the import on {obj.undoes.at:%Y-%m-%d %H:%M}"
        undone_by = getattr(obj, "undone_by", None)
        return f"undone on {undone_by.at:%Y-%m-%d %H:%M}" if undone_by else "-"

    def get_urls(self):
        undo = self.admin_site.admin_view(self.undo_view)
        return [path("<int:pk>/undo/", undo, name="minutes_importrun_undo"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        run = self.get_object(request, object_id)
        undone = run is not None and may(request.user, IMPORT_MINUTES) and _is_last(run)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_be_undone": undone})

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what the undo would do; by POST, does it."""
        run = get_object_or_404(self.get_queryset(request).select_related("version__source__workshop"), pk=pk)
        workshop = run.version.source.workshop
        if not may(request.user, IMPORT_MINUTES):
            raise PermissionDenied
        if workshop and not may_read(request.user, workshop):
            raise PermissionDenied
        posted = request.method == "POST"
        try:
            undone = undoing.undo(run.version.source, user=request.user, run=run.pk, rehearse=not posted)
        except Refused as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return redirect("admin:minutes_importrun_change", run.pk)
        if posted:
            self.message_user(request, undoing.told(undone), messages.SUCCESS)
            return redirect("admin:minutes_importrun_changelist")
        shown = {"title": "Undo an import", "run": run, "told": undoing.told(undone, would=True)}
        shown["kept"] = undoing.kept_by_name(undone)
        return TemplateResponse(request, "admin/undo_import.html", self.admin_site.each_context(request) | shown)

    @admin.display(description="problems")
    def problem_count(self, obj: ImportRun) -> int:
        return len(_problems(obj))

    @admin.display(description="problems")
    def problem_list(self, obj: ImportRun) -> str:
        rows = ((problem.get("line"), problem.get("message")) for problem in _problems(obj))
        return format_html_join("", "<p>Line {}: {}</p>", rows) or "none"


def _is_last(run: ImportRun) -> bool:
    standing = undoing.standing_runs(run.version.source)
    return run.version.source.kind == Source.Kind.MINUTES and bool(standing) and standing[0].pk == run.pk


def _problems(run: ImportRun) -> list[dict]:
    return run.document.get("problems", []) if isinstance(run.document, dict) else []


class NamedRecords(ReadOnlyAdmin):
    """Lists of rows that point to records by permanent id: names and values are fetched for a page at once.

    A list says by `tell(rows)` what each of its rows tells.
    """

    list_select_related = ("record",)
    list_display_links = None

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        names = names_of({(row.record.kind, row.record_id) for row in rows})
        for row, told in zip(rows, self.tell(rows), strict=True):
            row.name, row.told = names.get(row.record_id, row.record_id), told
        changelist.result_list = rows
        return changelist

    @admin.display(description="record")
    def record_name(self, obj: Change | Conflict) -> str:
        return record_link(obj.record.kind, obj.record_id, Truncator(obj.name).chars(60))

    @admin.display(description="kind", ordering="record__kind")
    def kind(self, obj: Change | Conflict) -> str:
        return obj.record.kind

    @admin.display(description="field", ordering="field")
    def field_name(self, obj: Change | Conflict) -> str:
        return label_of(obj.field)


class KindFilter(SelectFilter):
    title = "kind of record"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = model_admin.model.objects.order_by("record__kind").values_list("record__kind", flat=True).distinct()
        return [(kind, kind) for kind in kinds]

    def queryset(self, request, queryset):
        return queryset.filter(record__kind=self.chosen()) if self.chosen() else queryset


class WhoFilter(SelectFilter):
    title = "who"
    parameter_name = "who"
    nothing = "Anybody"

    def lookups(self, request, model_admin):
        people = Change.objects.filter(by__isnull=False).order_by("by__username").values_list("by", "by__username")
        return [(str(pk), name) for pk, name in people.distinct()]

    def queryset(self, request, queryset):
        return queryset.filter(by=self.chosen()) if self.chosen() else queryset


@admin.register(Change)
class ChangeAdmin(NamedRecords):
    list_display = ("at", "by", "record_name", "kind", "field_name", "was", "became", "reason")
    list_filter = (KindFilter, WhoFilter)
    list_select_related = ("record", "by")
    search_fields = ("record__value", "field", "reason", "by__username")
    search_help_text = "A permanent id, a field, a reason or a user"
    date_hierarchy = "at"

    def get_queryset(self, request):
        """Changed contact addresses are for those who may read contacts."""
        log = super().get_queryset(request)
        return log if may(request.user, READ_CONTACTS) else log.exclude(record__kind="contact")

    def tell(self, rows):
        return tell_changes(rows)

    @admin.display(description="before")
    def was(self, obj: Change) -> str:
        return Truncator(obj.told.before).chars(120)

    @admin.display(description="after")
    def became(self, obj: Change) -> str:
        return Truncator(obj.told.after).chars(120)


@admin.register(Conflict)
class ConflictAdmin(NamedRecords):
    list_display = ("record_name", "kind", "field_name", "was", "says_now", "stands", "settled_at")
    list_filter = (SettledFilter, KindFilter)
    search_fields = ("record__value", "field")

    def get_queryset(self, request):
        """Those that the user may settle: on their own page, which has both texts and the buttons."""
        return super().get_queryset(request).filter(pk__in=conflicts_for(request.user).values("pk"))

    def tell(self, rows):
        return tell_conflicts(rows)

    @admin.display(description="the source said")
    def was(self, obj: Conflict) -> str:
        return Truncator(obj.told[0]).chars(120)

    @admin.display(description="the source says now")
    def says_now(self, obj: Conflict) -> str:
        return Truncator(obj.told[1]).chars(120)

    @admin.display(description="what stands (corrected by a person)")
    def stands(self, obj: Conflict) -> str:
        return Truncator(obj.told[2]).chars(120)


@admin.register(FailedImport)
class FailedImportAdmin(StruckOut):
    list_display = ("name", "reason", "at")
    search_fields = ("name", "reason")
    ordering = ("-at", "pk")
