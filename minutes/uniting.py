"""Two records of one person in, one of them pointing to the other out; and the way back, which leaves no trace on rows.

No row moves and no version rises: pages read through the pointer, so that undoing it brings back exactly what was.
`minutes.changes` writes the log; nobody else calls this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from people.models import Person, PersonMerge


def join(gone: Person, kept: Person, choices: Mapping[str, str], user: Any, reason: str) -> PersonMerge:
    """Points `gone` to `kept`. Raises ValidationError, with a sentence for people, for what cannot be."""
    complaint = why_not(gone, kept)
    if complaint:
        raise ValidationError(complaint)
    chosen = {}
    if choices.get("name") and choices["name"] != kept.name:
        chosen["name"] = {"shown": choices["name"][:200], "instead_of": kept.name}
    merge = PersonMerge.objects.create(kept=kept, gone=gone, choices=chosen, by=user, reason=reason)
    _point(gone, kept)
    return merge


def why_not(gone: Person, kept: Person) -> str:
    """What speaks against merging the first into the second, in a sentence; nothing where they can be."""
    if gone.pk == kept.pk:
        return f"{kept} is one record already: choose another person to merge with."
    if gone.lives_on == kept.lives_on:
        return f"{gone.name} and {kept.name} are one person already."
    if gone.canonical:
        return f"{gone.name} is merged into {gone.merged_into.name} already: undo that first."
    if kept.canonical:
        return f"{kept.name} is merged into {kept.canonical} already: merge with {kept.canonical} instead."
    for one in (gone, kept):
        if one.retired_at:
            return f"{one} is retired: bring the record back before you merge it."
    return ""


def part(merge: PersonMerge, user: Any, moment: datetime) -> None:
    """Undoes a merge: the pointer and the choices are gone, the merge is kept as what was once thought."""
    merge.undone_at, merge.undone_by = moment, user
    merge.save()
    _point(merge.gone, None)
    merge.gone.refresh_from_db()
    merge.kept.refresh_from_db()


def repoint(gone: Person) -> list[PersonMerge]:
    """The living merges to undo before this record may point elsewhere; a pointer without one is cleared here."""
    living = list(PersonMerge.objects.filter(gone=gone, undone_at__isnull=True).select_related("gone", "kept"))
    if not living:
        _point(gone, None)
    return living


def _point(gone: Person, kept: Person | None) -> None:
    """Also the names that are shown follow: those of the record left, and of the record joined."""
    left = gone.merged_into
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    for other in filter(None, (left, kept)):
        other.refresh_from_db()
        other.save(update_fields=["shown_name"])
