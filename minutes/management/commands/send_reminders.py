"""`send_reminders`: one digest for each owner of what is overdue or soon due, and what is new in saved searches."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from minutes import reminding, saved
from minutes.mailing import UNSENT, Letter, NotConfigured, Post, require_sender


class Command(BaseCommand):
    help = "Sends mail about action items that are overdue or soon due, and about new hits of saved searches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say how many would be told of what, and send nothing"
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        try:
            require_sender()
        except NotConfigured as reason:
            self.stdout.write(str(reason))
            return
        if dry_run:
            self._count()
            return
        self.failed = 0
        try:
            with Post() as post:
                reminders, searches = self._reminders(post), self._searches(post)
        except UNSENT as problem:
            raise CommandError(f"The mail server cannot be reached: {problem}.") from None
        self.stdout.write(f"Sent {_counted(reminders, 'reminder')} and {_counted(searches, 'letter')} about searches.")
        if self.failed:
            self.stderr.write(f"{_counted(self.failed, 'letter')} could not be sent; the next run tries again.")
            sys.exit(1)

    def _count(self) -> None:
        days, today = settings.REMINDER_DAYS, timezone.localdate()
        items = [len(digest.dues) for digest in reminding.digests(today, days)]
        found = [len(digest.news) for digest in saved.digests()]
        self.stdout.write(
            f"Would remind {_counted(len(items), 'owner')} of {_counted(sum(items), 'action item')}, "
            f"and tell {_counted(len(found), 'reader')} what {_counted(sum(found), 'search')} found."
        )

    def _reminders(self, post: Post) -> int:
        sent = 0
        for digest in reminding.digests(timezone.localdate(), settings.REMINDER_DAYS):
            now = timezone.now()
            if reminding.claim(digest, now):
                letter = reminding.letter(digest, settings.SITE_ADDRESS)
                done = self._send(post, letter, lambda digest=digest, now=now: reminding.release(digest, now))
                if done:
                    reminding.confirm(digest, now)
                sent += done
        return sent

    def _searches(self, post: Post) -> int:
        sent = 0
        for digest in saved.digests():
            if saved.claim(digest):
                letter = saved.letter(digest, settings.SITE_ADDRESS)
                sent += self._send(post, letter, lambda digest=digest: saved.release(digest))
        return sent

    def _send(self, post: Post, letter: Letter, release: Callable[[], None]) -> bool:
        """One that cannot be sent keeps nobody else's back."""
        try:
            post.send(letter)
        except UNSENT as problem:
            release()
            self.failed += 1
            self.stderr.write(f"A letter could not be sent: {problem}.")
            return False
        return True


def _counted(count: int, thing: str) -> str:
    plural = f"{thing}es" if thing.endswith("ch") else f"{thing}s"
    return f"{count} {thing if count == 1 else plural}"
