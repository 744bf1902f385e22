"""Action items in; a table for spreadsheets, a feed and a calendar of tasks out.

Who reads the list reads no address of anybody: texts are masked, as on pages. `minutes/actions_reading.py` takes the
table back.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO

from django.utils.feedgenerator import Atom1Feed
from icalendar import Calendar, Todo

from minutes.masking import mask
from minutes.models import ActionItem
from minutes.queries import once
from minutes.rendering import plain

#: What a spreadsheet may take for the beginning of a formula, and the sign that is put before it.
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
GUARD = "'"
MARK = "\ufeff"  # tells spreadsheets that the file is UTF-8

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
PRIORITIES: Mapping[int, str] = dict(ActionItem.Priority.choices)
#: iCalendar counts from 1 (highest) to 9.
_URGENCY = {1: 1, 2: 5, 3: 9}
_STATES = {"proposed": "NEEDS-ACTION", "open": "NEEDS-ACTION", "done": "COMPLETED", "dropped": "CANCELLED"}


@dataclass(frozen=True, slots=True)
class Told:
    """An item, and what is told of it beside its columns."""

    item: ActionItem
    updated: datetime
    topics: Sequence[str] = field(default_factory=tuple)  # slugs of its own topics


def people_of(item: ActionItem) -> list[str]:
    """Each owner as "Ada Byron [id]"."""
    return [f"{who.shown_name} [{who.public_id}]" for who in (row.person.lives_on for row in once(item.ownings.all()))]


#: Column by column, what the table says of an item; those after "quote" are for reading only.
COLUMNS: Mapping[str, Callable[[Told], str]] = {
    "id": lambda told: told.item.public_id,
    "version": lambda told: str(told.item.version),
    "title": lambda told: mask(told.item.title),
    "status": lambda told: told.item.status,
    "status reason": lambda told: mask(told.item.status_reason),
    "owners": lambda told: "; ".join(people_of(told.item)),
    "everybody": lambda told: "yes" if told.item.everybody else "no",
    "due": lambda told: told.item.due.isoformat() if told.item.due else "",
    "due in words": lambda told: mask(told.item.due_text),
    "priority": lambda told: PRIORITIES[told.item.priority],
    "topics": lambda told: "; ".join(told.topics),
    "links": lambda told: "\n".join(mask(link) for link in told.item.links),
    "notes": lambda told: mask(told.item.notes),
    "quote": lambda told: mask(told.item.quote),
    "workshop": lambda told: mask(told.item.workshop.title),
    "said at": lambda told: told.item.cause.permalink,
}
FOR_READING = ("quote", "workshop", "said at")


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs; `unguarded` gives back what it was."""
    return f"{GUARD}{text}" if text[:1] in FORMULA or text[:1] == GUARD else text


def unguarded(cell: str) -> str:
    behind = cell[1:2]
    return cell[1:] if cell[:1] == GUARD and behind and (behind in FORMULA or behind == GUARD) else cell


def as_csv(items: Iterable[Told]) -> str:
    written = StringIO()
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for told in items:
        rows.writerow(guarded(cell(told)) for cell in COLUMNS.values())
    return MARK + written.getvalue()


def _line(text: str) -> str:
    """One line without marks, addresses, and what XML and calendars cannot hold."""
    return _UNPRINTABLE.sub("", plain(text))


def _summary(item: ActionItem) -> str:
    """What stands under the title: who, by when, what was said."""
    names = [person.shown_name for person in (row.person.lives_on for row in once(item.ownings.all()))]
    names += ["whoever is interested"] if item.everybody else []
    due = f"due {item.due:%-d %B %Y}" if item.due else f"due {item.due_text}" if item.due_text else ""
    state = f"{item.status}: {item.status_reason}" if item.status_reason else item.status
    lines = ["; ".join(part for part in (state, ", ".join(names) or "no owner yet", due) if part), item.quote]
    return "\n".join(_line(line) for line in lines if line)


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """An empty list is no news each time that somebody asks."""
        latest: datetime = super().latest_post_date() if self.items else datetime(2000, 1, 1, tzinfo=UTC)
        return latest


def as_feed(items: Sequence[Told], title: str, page: str, address: str, site: str) -> str:
    """Atom; `page` is the list that it is of, `address` its own, `site` what links of this site begin with."""
    feed = _Feed(title=_line(title), link=page, description="", feed_url=address, feed_guid=address)
    for told in items:
        feed.add_item(
            title=_line(told.item.title),
            link=f"{site}{told.item.permalink}",
            description=_summary(told.item),
            unique_id=f"{site}{told.item.permalink}",
            updateddate=told.updated,
            categories=tuple(told.topics),
        )
    return feed.writeString("utf-8")


def as_calendar(items: Iterable[Told], title: str, site: str) -> bytes:
    """Tasks (VTODO); those with a date are due on that day, the others have none."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rapporteur//Action items//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _line(title))
    host = site.partition("://")[2].partition(":")[0]
    for told in items:
        calendar.add_component(_task(told, site, host))
    written: bytes = calendar.to_ical()
    return written


def _task(told: Told, site: str, host: str) -> Todo:
    item, task = told.item, Todo()
    task.add("uid", f"{item.public_id}@{host}")
    task.add("dtstamp", told.updated.astimezone(UTC))
    task.add("last-modified", told.updated.astimezone(UTC))
    task.add("sequence", item.version - 1)
    task.add("summary", _line(item.title))
    task.add("description", _summary(item))
    task.add("url", f"{site}{item.permalink}")
    task.add("status", _STATES[item.status])
    task.add("priority", _URGENCY[item.priority])
    if item.due:
        task.add("due", item.due)
    if item.status == ActionItem.Status.DONE:
        task.add("completed", told.updated.astimezone(UTC))
        task.add("percent-complete", 100)
    if told.topics:
        task.add("categories", list(told.topics))
    return task
