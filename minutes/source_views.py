"""Where a record was read from: the original lines of the minutes, with those around them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .history_views import readable
from .models.record import SourcedRecord
from .origins import excerpt
from .permalinks import Gone, last_words


@require_safe
def source(request: HttpRequest, public_id: str) -> HttpResponse:
    record, found = readable(public_id, request.user)
    if isinstance(found, Gone):
        return render(request, "410.html", {"gone": found}, status=410)
    if found.moved:
        return redirect(f"{found.address}/source", permanent=True)
    if not isinstance(record, SourcedRecord):
        raise Http404("Only what was read from minutes has lines there.")
    shown = {
        "record": record,
        "kind": record._meta.verbose_name,
        "words": last_words(record),
        "address": found.address,
        "excerpt": excerpt(record),
    }
    return render(request, "minutes/source.html", shown)
