"""What a reader says is wrong with a turn in; a report for the editors, and what became of it, out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.roles import READ_REPORTS, may
from people.models import Person

from . import correcting
from .models import Report, Turn

PER_READER = 5  # reports of one reader in a day
PER_DAY = 100  # of all readers without an account: a flood stops here, and those who signed in still get through
DAY = timedelta(days=1)


class TooMany(Exception):
    """Nothing was kept; the message says when to come back."""


def sender_of(address: str, now: datetime) -> str:
    """Tells one reader from the next for as long as the date is the same; nobody can tell the address from it."""
    return salted_hmac("minutes.reporting", f"{now:%Y-%m-%d} {address}", algorithm="sha256").hexdigest()


def report(user: Any, turn: Turn, text: str, *, name: str = "", person: Person | None = None, address: str) -> Report:
    """Raises TooMany. `person` is whom the minutes mean by the user, if his or her statement is to stand there."""
    now = timezone.now()
    Report.objects.filter(at__lt=now - 2 * DAY).exclude(sender="").update(sender="")
    lately = Report.objects.filter(at__gt=now - DAY)
    known = user if getattr(user, "is_authenticated", False) else None
    sender = "" if known else sender_of(address, now)
    own = lately.filter(by=known) if known else lately.filter(sender=sender)
    if own.count() >= PER_READER:
        raise TooMany(
            f"You sent {PER_READER} reports within a day: the editors will read those first. Come back tomorrow."
        )
    if not known and lately.filter(by=None).count() >= PER_DAY:
        raise TooMany("More reports came in today than the editors can read. Come back tomorrow, or sign in.")
    return Report.objects.create(
        turn=turn, text=text, name=name, person=person, by=known, sender=sender, seen=turn.version
    )


def reports_for(user: Any) -> QuerySet[Report]:
    """Those on turns that this user may read and change."""
    if not may(user, READ_REPORTS):
        return Report.objects.none()
    return Report.objects.filter(turn__in=Turn.objects.visible_to(user))


def settle(user: Any, report: Report, outcome: str) -> None:
    report.outcome, report.settled_by, report.settled_at = outcome, user, timezone.now()
    report.save(update_fields=["outcome", "settled_by", "settled_at"])


def settle_by_statement(user: Any, report: Report, person: Person, text: str) -> correcting.Step:
    """Lets what was reported stand beside the words, as the statement of this person."""
    step = correcting.state(user, report.turn, person, text, timezone.localdate(report.at))
    settle(user, report, Report.Outcome.STATED)
    return step


def reopen(report: Report) -> None:
    """The report waits again. A statement that was made of it stays: its own history takes it back."""
    report.outcome, report.settled_by, report.settled_at = "", None, None
    report.save(update_fields=["outcome", "settled_by", "settled_at"])
