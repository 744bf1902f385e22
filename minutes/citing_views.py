"""How to cite a record: a page with each format to copy, and the same as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from records.models import Record

from .citations import CITED, NoRange
from .citations import cite as citation_of
from .exporting.citing import FORMS, Citation
from .history_views import readable
from .models import Turn
from .permalinks import Found, Gone


@require_safe
def cite(request: HttpRequest, public_id: str) -> HttpResponse:
    record, found = _citable(request, public_id)
    if isinstance(found, Gone):
        return render(request, "410.html", {"gone": found}, status=410)
    if found.moved:
        return redirect(f"{found.address}/cite", permanent=True)
    to = request.GET.get("to", "")
    shown = {"record": record, "kind": record._meta.verbose_name, "address": found.address, "to": to}
    try:
        cited = _cited(request, record, to)
    except NoRange as refusal:
        return render(request, "minutes/cite.html", shown | {"refusal": str(refusal)}, status=404)
    shown |= {"cited": cited, "forms": [(form, form.make(cited).strip()) for form in FORMS.values()]}
    if isinstance(record, Turn):
        place = {"talk": record.talk} if record.talk else {"session": record.session, "talk": None}
        later = Turn.objects.visible_to(request.user).filter(**place, n__gt=record.n).order_by("n", "pk")
        shown["following"] = later
    return render(request, "minutes/cite.html", shown)


@require_safe
def download(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    record, found = _citable(request, public_id)
    if form not in FORMS or not isinstance(found, Found) or found.moved:
        raise Http404("There is no such file.")
    try:
        cited = _cited(request, record, request.GET.get("to", ""))
    except NoRange as refusal:
        raise Http404(str(refusal)) from refusal
    made = FORMS[form]
    headers = {"Content-Disposition": content_disposition_header(True, f"{record.public_id}.{form}")}
    return HttpResponse(made.make(cited), content_type=f"{made.media_type}; charset=utf-8", headers=headers)


def _citable(request: HttpRequest, public_id: str) -> tuple[Record, Found | Gone]:
    record, found = readable(public_id, request.user)
    if not isinstance(record, CITED):
        raise Http404("Turns, talks and workshops can be cited; other records stand in one of them.")
    return record, found


def _cited(request: HttpRequest, record: Record, to: str) -> Citation:
    return citation_of(record, request.user, f"{request.scheme}://{request.get_host()}", to)
