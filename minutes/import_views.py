"""Pages on which curators bring minutes in: send them, look at what would happen, then import."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permitting import only_for
from accounts.roles import IMPORT_MINUTES

from . import importing, uploads
from .forms import COMMAND, ImportForm
from .importing import Refused, Report
from .models import Workshop
from .models.access import may_read
from .previewing import Preview, preview_of
from .reading import Unreadable
from .uploads import Batch, Upload


@dataclass(frozen=True, slots=True)
class Looked:
    """One file as it was looked at: what it would do, or the sentence that says why it cannot be imported."""

    n: int
    name: str
    preview: Preview | None
    refusal: str = ""
    namesake: Workshop | None = None  # of the same title and date, though from another file

    @property
    def importable(self) -> bool:
        return self.preview is not None and not self.preview.report.unchanged


@only_for(IMPORT_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def import_minutes(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        token = uploads.keep(request.user, form.uploads(), form.cleaned_data["visibility"])
        return redirect(_address(token))
    shown = {
        "form": form,
        "files": settings.MINUTES_BROWSER_FILES,
        "megabytes": settings.MINUTES_BROWSER_LIMIT // 1048576,
        "command": COMMAND,
    }
    return render(request, "minutes/import.html", shown, status=400 if form.errors else 200)


@only_for(IMPORT_MINUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest) -> HttpResponse:
    """What was sent, looked at: one file whole, several as a list; by POST, what is to be imported is."""
    stated = request.POST if request.method == "POST" else request.GET
    batch = uploads.find(request.user, stated.get("of", ""))
    if batch is None:
        messages.warning(request, "These files are not kept any more: previews last a day. Send them again.")
        return redirect("minutes:import")
    asked = stated.get("file", "")
    n = next((n for n in range(len(batch.uploads)) if str(n) == asked), None)
    if request.method == "POST":
        return _import(request, batch, n)
    shown = {"batch": batch, "seen": importing.applying.newest()}
    if n is None and len(batch.uploads) > 1:
        looked = [_look(request, batch, n) for n in range(len(batch.uploads))]
        return render(request, "minutes/import_list.html", shown | {"looked": looked, "ready": _ready(looked)})
    return render(request, "minutes/import_preview.html", shown | {"looked": _look(request, batch, n or 0)})


def _address(token: str) -> str:
    return f"{reverse('minutes:import-preview')}?of={token}"


def _ready(looked: list[Looked]) -> int:
    return sum(1 for one in looked if one.importable)


def _look(request: HttpRequest, batch: Batch, n: int) -> Looked:
    upload = batch.uploads[n]
    try:
        report = _read(request, upload)
    except (Unreadable, Refused) as problem:
        return Looked(n, upload.name, None, str(problem))
    document, namesake = report.document, None
    if not report.workshop and document.title:
        alike = Workshop.objects.visible_to(request.user).filter(title=document.title, start=document.start)
        namesake = alike.select_related("minutes").first()
    return Looked(n, upload.name, preview_of(report), namesake=namesake)


def _read(request: HttpRequest, upload: Upload) -> Report:
    """Raises Unreadable and Refused; also where the file would change a workshop that is closed to this person."""
    report = importing.read(upload.name, upload.content)
    if report.workshop and not may_read(request.user, report.workshop):
        raise Refused(f"{upload.name} belongs to a workshop that you may not read; give the file another name.")
    return report


def _import(request: HttpRequest, batch: Batch, n: int | None) -> HttpResponse:
    """The one file that was asked for, or all that can be imported; each for itself."""
    chosen = [batch.uploads[n]] if n is not None else list(batch.uploads)
    moved_on = request.POST.get("seen", "") != str(importing.applying.newest())
    workshops = [_bring_in(request, upload, batch.visibility, n is not None and moved_on) for upload in chosen]
    done = [workshop for workshop in workshops if workshop]
    if len(batch.uploads) > 1 or not done:
        return redirect(_address(batch.token))
    uploads.forget(request.user, batch.token)
    return redirect(done[0].permalink if done[0].retired_at else done[0])


def _bring_in(request: HttpRequest, upload: Upload, visibility: str, moved_on: bool) -> Workshop | None:
    try:
        report = _read(request, upload)
        run = importing.write(report, user=request.user, visibility=visibility)
    except (Unreadable, Refused) as problem:
        messages.error(request, str(problem))
        return None
    except DatabaseError as problem:
        messages.error(request, f"{upload.name} could not be stored ({problem}); nothing of it was written.")
        return None
    if run is None:
        messages.info(request, f"{upload.name} was imported before, word for word; there was nothing to do.")
        return report.workshop
    messages.success(request, _told(upload.name, run.counts, moved_on))
    return run.version.source.workshop


def _told(name: str, counts: dict[str, int], moved_on: bool) -> str:
    told = (
        f"{name} is imported: {counts['talks']} talks, {counts['turns']} turns, {counts['people']} people; "
        f"{counts['conflicts']} conflicts, {counts['kept']} corrections kept."
    )
    since = " Something was changed on the site since the preview, so it was compared anew."
    return told + (since if moved_on else "")
