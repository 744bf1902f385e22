"""Who owns what is overdue or soon due in; one digest for each of them, with what was not told yet, out.

Only to those whose account names a person of the minutes and whose address they confirmed: an address in the minutes
is not consent. Each item is told once before it is due and once after, for each date that it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account

from .directory.followups import with_causes
from .directory.wanted import owned_by
from .mailing import Letter, stop_address
from .masking import mask
from .models import ActionItem, MailChoice, Reminder
from .rendering import plain

STALE_CLAIM = timedelta(days=1)
_QUOTED = 300  # characters of the words in the minutes
Kind = Reminder.Kind


@dataclass(frozen=True, slots=True)
class Due:
    """An item of which somebody is to be reminded."""

    item: ActionItem
    kind: str

    @property
    def key(self) -> tuple[str, str, date]:
        assert self.item.due is not None
        return self.item.public_id, self.kind, self.item.due


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one owner is told in one go."""

    user: Any
    address: str
    dues: tuple[Due, ...]


def digests(today: date, days: int) -> Iterator[Digest]:
    """The owners who have something new to be told. A few queries for each account."""
    refusing = MailChoice.objects.filter(reminders=False).values("user")
    accounts = Account.objects.filter(person__isnull=False, email_confirmed_at__isnull=False, user__is_active=True)
    for account in accounts.exclude(user__in=refusing).select_related("user", "person__canonical").order_by("pk"):
        person = account.person.lives_on
        if not account.address or person.retired_at:
            continue
        dues = _untold(account.user, _dues(account.user, person.pk, today, days))
        if dues:
            yield Digest(account.user, account.address, tuple(dues))


def _dues(user: Any, person: int, today: date, days: int) -> list[Due]:
    """What is taken up: a proposal that nobody confirmed reminds nobody."""
    last = today + timedelta(days=days)
    items = ActionItem.objects.visible_to(user).filter(owned_by(person), status=ActionItem.Status.OPEN, due__lte=last)
    found = with_causes(items).order_by("due", "priority", "pk")
    return [Due(item, Kind.OVERDUE if item.due < today else Kind.SOON) for item in found]


def _untold(user: Any, dues: Sequence[Due]) -> list[Due]:
    taken_up_again = timezone.now() - STALE_CLAIM
    rows = Reminder.objects.filter(user=user, record__in=[due.item.public_id for due in dues])
    rows = rows.exclude(sent_at=None, claimed_at__lt=taken_up_again)
    told = set(rows.values_list("record", "kind", "due"))
    return [due for due in dues if due.key not in told]


def claim(digest: Digest, now: datetime) -> bool:
    """Notes that these are about to be told; False where another run does so at the same time."""
    try:
        with transaction.atomic():
            ids = [due.item.public_id for due in digest.dues]
            old = now - STALE_CLAIM
            Reminder.objects.filter(user=digest.user, record__in=ids, sent_at=None, claimed_at__lt=old).delete()
            Reminder.objects.bulk_create(
                Reminder(user=digest.user, record_id=record, kind=kind, due=due, claimed_at=now)
                for record, kind, due in (one.key for one in digest.dues)
            )
    except IntegrityError:
        return False
    return True


def confirm(digest: Digest, claimed: datetime) -> None:
    Reminder.objects.filter(user=digest.user, claimed_at=claimed).update(sent_at=timezone.now())


def release(digest: Digest, claimed: datetime) -> None:
    """It was not sent: the next run tries again."""
    Reminder.objects.filter(user=digest.user, claimed_at=claimed, sent_at=None).delete()


# The words


def letter(digest: Digest, site: str) -> Letter:
    late = [due.item for due in digest.dues if due.kind == Kind.OVERDUE]
    soon = [due.item for due in digest.dues if due.kind == Kind.SOON]
    parts = [_section("Overdue", late, site), _section("Due soon", soon, site)]
    text = "\n\n".join(part for part in parts if part)
    own = f"{site}/actions/?owner=me&status=open"
    text += f"\n\nAll that you have to do: {own}\n"
    return Letter(digest.address, _subject(len(late), len(soon)), text, stop_address(digest.user, "reminders", site))


def _subject(late: int, soon: int) -> str:
    counts = [(late, "overdue"), (soon, "due soon")]
    some = [f"{n} {words}" for n, words in counts if n]
    total = late + soon
    return f"Action item{'' if total == 1 else 's'}: {', '.join(some)}"


def _section(head: str, items: Sequence[ActionItem], site: str) -> str:
    if not items:
        return ""
    return "\n\n".join([f"{head}\n{'=' * len(head)}", *(_told(item, site) for item in items)])


def _told(item: ActionItem, site: str) -> str:
    quote = plain(item.quote)
    if len(quote) > _QUOTED:
        quote = f"{quote[: _QUOTED - 1]}…"
    lines = [
        plain(item.title),
        f"due {item.due:%-d %B %Y}",
        f"“{quote}”" if quote else "",
        f"said in: {mask(str(item.cause.where if item.turn else item.cause))[:120]}, {site}{item.cause.permalink}",
        f"the item: {site}{item.permalink}",
    ]
    return "\n".join(line for line in lines if line)
