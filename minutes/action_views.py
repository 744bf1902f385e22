"""Pages of what was agreed to do: the lists, the same as files to take along or to subscribe to, and one item."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permitting import only_for
from accounts.roles import FOLLOW_UP, may

from . import actions_reading, uploads, views
from .actions_telling import told_of, touched_last
from .changes import Stale
from .directory import actions, wanted
from .directory.followups import item_page
from .exporting.action_items import Told, as_calendar, as_csv, as_feed
from .following_up import REASONS
from .forms import TableForm
from .models import ActionItem
from .uploads import Upload

MOST = actions_reading.MOST  # items in one file
IN_FEED = 50


@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    listed = actions.action_list(request.GET, request.user, timezone.localdate())
    edits = may(request.user, FOLLOW_UP)
    return render(request, "minutes/action_list.html", {"listed": listed, "edits": edits})


@require_safe
def action(request: HttpRequest, public_id: str) -> HttpResponse:
    item = item_page(public_id, request.user, timezone.localdate())
    if item is None:
        return views.record(request, public_id)
    shown = {"item": item, "edits": may(request.user, FOLLOW_UP), "reasons": REASONS}
    return render(request, "minutes/action.html", shown)


# Files


def _asked_for(request: HttpRequest) -> wanted.Wanted:
    """Raises Http404 where the address asks for what is not there: a file must not show more than was asked for."""
    chosen = wanted.read(request.GET, request.user, timezone.localdate())
    if chosen.complaints:
        raise Http404(chosen.complaints[0])
    return chosen


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _told(request: HttpRequest, chosen: wanted.Wanted) -> list[Told]:
    return told_of(actions.sorted_by("due", chosen.of(ActionItem.objects.visible_to(request.user)))[:MOST])


def _newest(request: HttpRequest, chosen: wanted.Wanted) -> list[Told]:
    return told_of(touched_last(chosen.of(ActionItem.objects.visible_to(request.user)))[:IN_FEED])


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    made = as_csv(_told(request, _asked_for(request)))
    headers = {"Content-Disposition": 'attachment; filename="action-items.csv"'}
    return HttpResponse(made, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What changed last comes first."""
    chosen = _asked_for(request)
    newest = _newest(request, chosen)
    page = f"{_site(request)}{reverse('minutes:action-list')}"
    address = request.build_absolute_uri()
    made = as_feed(newest, chosen.title, f"{page}?{chosen.shared}" if chosen.parts else page, address, _site(request))
    return HttpResponse(made, content_type="application/atom+xml; charset=utf-8")


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    chosen = _asked_for(request)
    made = as_calendar(_told(request, chosen), chosen.title, _site(request))
    return HttpResponse(made, content_type="text/calendar; charset=utf-8")


# The table that comes back


@only_for(FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def take_table(request: HttpRequest) -> HttpResponse:
    """A table is sent, looked at, and then taken as a whole or not at all."""
    token = request.POST.get("of") or request.GET.get("of", "")
    if token:
        return _looked_at(request, token)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        token = uploads.keep(request.user, [Upload(sent.name, sent.read())], "")
        return redirect(f"{reverse('minutes:action-table')}?of={token}")
    return render(request, "minutes/action_table.html", {"form": form}, status=400 if form.errors else 200)


def _looked_at(request: HttpRequest, token: str) -> HttpResponse:
    batch = uploads.find(request.user, token)
    if batch is None or len(batch.uploads) != 1:
        messages.warning(request, "This table is not kept any more: previews last a day. Send it again.")
        return redirect("minutes:action-table")
    [upload] = batch.uploads
    sheet = actions_reading.read(upload.content, request.user)
    if request.method == "POST" and sheet.fit:
        try:
            count = actions_reading.write(sheet, request.user, upload.name)
        except (Stale, ValidationError) as refusal:
            messages.error(request, f"Nothing was changed. {' '.join(getattr(refusal, 'messages', [str(refusal)]))}")
            return redirect(f"{reverse('minutes:action-table')}?of={token}")
        uploads.forget(request.user, token)
        messages.success(
            request, f"{count} action item{' was' if count == 1 else 's were'} changed from {upload.name}."
        )
        return redirect("minutes:action-list")
    shown = {"sheet": sheet, "name": upload.name, "token": token}
    return render(request, "minutes/action_table.html", shown, status=400 if request.method == "POST" else 200)
