"""Pages for somebody's saved searches and mail, and the way out of mail that needs no signing in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.people import account_of

from . import mailing, saved
from .models import SavedSearch


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_searches(request: HttpRequest) -> HttpResponse:
    """What somebody saved; by POST, one more, one less, or whether mail is wanted."""
    if request.method == "POST":
        return _changed(request)
    account = account_of(request.user)
    shown = {
        "searches": SavedSearch.objects.filter(user=request.user),
        "choice": mailing.wants(request.user),
        "address": account.address if account else "",
    }
    return render(request, "minutes/saved_searches.html", shown)


def _changed(request: HttpRequest) -> HttpResponse:
    stated = request.POST
    if "q" in stated:
        _save(request, stated["q"])
    elif "mail" in stated:
        for kind in mailing.KINDS:
            mailing.choose(request.user, kind, kind in stated.getlist("wanted"))
        messages.success(request, "Kept.")
    else:
        key = next((stated[name] for name in ("delete", "toggle") if name in stated), "")
        if not (key.isdecimal() and len(key) < 10):
            raise Http404("This asks for nothing that the page offers.")
        search = get_object_or_404(SavedSearch, pk=int(key), user=request.user)
        if "delete" in stated:
            search.delete()
            messages.success(request, f"“{search.text}” is saved no more.")
        else:
            saved.toggle(search)
    return redirect("minutes:saved-searches")


def _save(request: HttpRequest, text: str) -> None:
    try:
        kept = saved.save(request.user, text)
    except saved.Full as refusal:
        messages.error(request, str(refusal))
        return
    if kept is None:
        messages.error(request, "A search that asks for nothing cannot be saved.")
    else:
        messages.success(request, f"“{kept.text}” is saved.")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """By POST, as mail programs send it (RFC 8058), letters of one kind end: the token alone says whose.

    By GET nothing is changed, as programs that look for harm open every address in a letter; a script of the page
    sends its form for whoever opened it in a browser.
    """
    read = mailing.read_token(token)
    if read is None:
        raise Http404("This address is not one of ours, or the account is gone.")
    user, kind = read
    again = request.POST.get("again") == "yes"
    if request.method == "POST":
        mailing.choose(user, kind, again)
    shown = {"words": mailing.KINDS[kind], "done": request.method == "POST" and not again, "again": again}
    return render(request, "minutes/mail_stop.html", shown)
