"""Pages about one record by its permanent link: its history, an old version, and how to cite it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.views.decorators.http import require_http_methods

from accounts.roles import may_edit
from people.models import Alias, Person
from records.models import Record

from . import permalinks, restoring, versions
from .changes import Stale
from .citations import NoRange, turns_between
from .comparing import Words
from .models import Contact, Series, Turn
from .permalinks import Found, Gone, look_up

#: What is said of people is history for those who curate it: a name that somebody gave up is nobody else's business.
CURATED = (Person, Alias, Contact, Series)


def readable(public_id: str, user: Any) -> tuple[Record, Found | Gone]:
    """The record, and what its permanent link answers. Raises Http404."""
    found = look_up(public_id, user)
    record = permalinks.record_by(public_id) if found is not None else None
    if found is None or record is None:
        raise Http404("No record that you may read has this permanent id.")
    return record, found


@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every version with what changed in it; by POST, an editor brings one back."""
    record, found = readable(public_id, request.user)
    edits = may_edit(request.user, record)
    if isinstance(found, Found) and found.moved:
        return redirect(f"{found.address}/history", permanent=True)
    if not edits and (isinstance(record, CURATED) or isinstance(found, Gone)):
        raise Http404("No record whose history you may read has this permanent id.")
    if request.method == "POST":
        return _restore(request, record, edits)
    shown = {
        "record": record,
        "kind": record._meta.verbose_name,
        "name": permalinks.last_words(record),
        "versions": versions.versions_of(record),
        "edits": edits,
        "gone": isinstance(found, Gone),
    }
    return render(request, "minutes/history.html", shown)


def _restore(request: HttpRequest, record: Record, edits: bool) -> HttpResponse:
    if not edits:
        raise PermissionDenied
    n, seen = request.POST.get("version", ""), request.POST.get("seen", "")
    if not (n.isdecimal() and seen.isdecimal()):
        raise Http404("This asks for no version.")
    try:
        done = restoring.restore(
            request.user, record, int(n), seen=int(seen), why=request.POST.get("why", "").strip()[:200]
        )
    except Stale:
        messages.error(request, "Somebody changed it since you opened this page: look again, then restore.")
    except (restoring.NotRestored, versions.NeverWas) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, " ".join([f"Version {n} is back.", *done.left]))
    return redirect("minutes:record-history", record.public_id)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """To the form on which this record is edited, whatever its kind."""
    record, _ = readable(public_id, request.user)
    options = record._meta
    if not may_edit(request.user, record):
        raise PermissionDenied
    try:
        return redirect(f"admin:{options.app_label}_{options.model_name}_change", record.pk)
    except NoReverseMatch:
        raise Http404("Records of this kind have no form of their own.") from None


def pinned(request: HttpRequest, public_id: str) -> HttpResponse:
    """The record as it was when somebody cited it, and what changed since."""
    record, found = readable(public_id, request.user)
    if isinstance(found, Gone):
        return render(request, "410.html", {"gone": found}, status=410)
    if found.moved:
        return redirect(found.address, permanent=True)
    shown = {"record": record, "kind": record._meta.verbose_name, "address": found.address}
    try:
        if isinstance(record, Turn) and request.GET.get("to"):
            shown |= _pinned_range(request, record)
        else:
            shown |= _pinned_record(request, record)
    except (versions.NeverWas, NoRange) as never:
        return render(request, "minutes/pinned.html", shown | {"never": str(never)}, status=404)
    return render(request, "minutes/pinned.html", shown)


def _pinned_record(request: HttpRequest, record: Record) -> dict[str, Any]:
    n = _number(request.GET["v"])
    log = versions.log_of(record)
    changed = versions.differing(record, n, log)
    if isinstance(record, CURATED) and not may_edit(request.user, record):
        raise Http404("Versions of this record are for those who curate it.")
    return {
        "asked": n,
        "words": [versions.words_at(record, n, log)],
        "changes": versions.compare_fields(record.kind_name(), changed, whole=True),
    }


def _pinned_range(request: HttpRequest, first: Turn) -> dict[str, Any]:
    """The turns that were cited together, each in its version; one more or less in between is a change as well."""
    cited = [_number(part) for part in request.GET["v"].split(".")]
    turns = turns_between(first, request.user, request.GET["to"])
    shown: dict[str, Any] = {"asked": request.GET["v"], "range": len(cited), "words": [], "changes": []}
    if len(cited) != len(turns):
        shown["words"] = [turn.text for turn in turns]
        both = tuple(Words(f"{count} turns", change) for count, change in ((len(cited), "gone"), (len(turns), "new")))
        shown["changes"] = [versions.Altered("How many turns stand between the first and the last", both)]
        return shown
    logs = versions.logs_of(turns)
    for turn, n in zip(turns, cited, strict=True):
        log = logs[turn.public_id]
        shown["words"].append(versions.words_at(turn, n, log))
        shown["changes"] += versions.compare_fields("turn", versions.differing(turn, n, log), whole=True)
    return shown


def _number(asked: str) -> int:
    if not asked.isdecimal() or len(asked) > 9:
        raise versions.NeverWas(f"“{asked[:20]}” is no number of a version.")
    return int(asked)
