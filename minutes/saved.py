"""A user's saved searches: kept with what they found, and told by mail when they find more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from accounts.models import Account

from .mailing import Letter, stop_address
from .models import MailChoice, SavedSearch
from .rendering import plain
from .search.finding import Hit, find
from .search.tree import NOTHING, show

MOST = 50  # searches of one user
LONGEST = 1000  # characters of a query
KNOWN = 2000  # hits of a search that are compared: the newest by date
TOLD = 20  # new hits of one search in a letter


class Full(Exception):
    """It cannot be saved: there are as many as may be, or it is too long. The message is one sentence."""


def save(user: Any, text: str) -> SavedSearch | None:
    """The search in its canonical form, kept with what it finds now; None where it asks for nothing."""
    found = find(text, user)
    if found.meaning.tree == NOTHING:
        return None
    canonical = show(found.meaning.tree)
    kept = SavedSearch.objects.filter(user=user, text=canonical).first()
    if kept is not None:
        return kept
    if SavedSearch.objects.filter(user=user).count() >= MOST:
        raise Full(f"You have {MOST} saved searches. Delete one that you need no more.")
    if len(canonical) > LONGEST:
        raise Full("This search is too long to be saved.")
    return SavedSearch.objects.create(user=user, text=canonical, known=_ids(newest(canonical, user)))


def toggle(search: SavedSearch) -> None:
    """Mail about it, or none any more; what it finds meanwhile is no news later."""
    known = search.known if search.mailed else _ids(newest(search.text, search.user))
    SavedSearch.objects.filter(pk=search.pk).update(mailed=not search.mailed, known=known)


def _ids(hits: Iterable[Hit]) -> list[str]:
    return [hit.shown["id"] for hit in hits]


def newest(text: str, user: Any) -> list[Hit]:
    """What the search finds, by date, as far as it is compared."""
    return find(text, user).hits(0, KNOWN, "date", shown=True)


@dataclass(frozen=True, slots=True)
class News:
    """What one saved search found that it had not found before."""

    search: SavedSearch
    hits: tuple[Hit, ...]
    known: tuple[str, ...]  # all that it finds now, and found before


@dataclass(frozen=True, slots=True)
class Digest:
    user: Any
    address: str
    news: tuple[News, ...]


def digests() -> Iterator[Digest]:
    """Those whose saved searches found more, one by one."""
    refusing = MailChoice.objects.filter(searches=False).values("user")
    accounts = Account.objects.filter(email_confirmed_at__isnull=False, user__is_active=True)
    searching = SavedSearch.objects.filter(mailed=True).values("user")
    for account in accounts.filter(user__in=searching).exclude(user__in=refusing).select_related("user").order_by("pk"):
        if not account.address:
            continue
        searches = SavedSearch.objects.filter(user=account.user, mailed=True)
        news = tuple(found for search in searches if (found := _news(search, account.user)).hits)
        if news:
            yield Digest(account.user, account.address, news)


def _news(search: SavedSearch, user: Any) -> News:
    hits, before = newest(search.text, user), set(search.known)
    new = tuple(hit for hit in hits if hit.shown["id"] not in before)
    found = _ids(hits)
    kept = [one for one in search.known if one not in set(found)]
    return News(search, new, tuple([*found, *kept][: 2 * KNOWN]))


def claim(digest: Digest) -> bool:
    """Notes what is about to be told; False where another run told some of it at the same time."""
    claimed = [
        SavedSearch.objects.filter(pk=one.search.pk, told=one.search.told).update(
            known=list(one.known), told=one.search.told + 1
        )
        for one in digest.news
    ]
    return all(claimed)


def release(digest: Digest) -> None:
    """It was not sent: the next run tries again."""
    for one in digest.news:
        SavedSearch.objects.filter(pk=one.search.pk, told=one.search.told + 1).update(known=one.search.known)


def letter(digest: Digest, site: str) -> Letter:
    parts = []
    for one in digest.news:
        head = f"{one.search.text}: {len(one.hits)} new"
        lines = [_line(hit, site) for hit in one.hits[:TOLD]]
        lines += [f"and {len(one.hits) - TOLD} more"] if len(one.hits) > TOLD else []
        link = f"{site}{reverse('minutes:search')}?q={quote(one.search.text)}"
        parts.append("\n\n".join([f"{head}\n{'=' * len(head)}", *lines, f"All that it finds: {link}"]))
    total = sum(len(one.hits) for one in digest.news)
    subject = f"{total} new in your saved search{'es' if len(digest.news) > 1 else ''}"
    return Letter(digest.address, subject, "\n\n".join(parts) + "\n", stop_address(digest.user, "searches", site))


def _line(hit: Hit, site: str) -> str:
    words = plain(hit.shown["text"])
    told = f"{words[:279]}…" if len(words) > 280 else words
    who = ", ".join(hit.shown["people"]) or hit.shown["label"]
    return f"{f'{who}: ' if who and who != words else ''}{told}\n{site}/r/{hit.shown['id']}"
