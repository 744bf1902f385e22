"""What a person says that a label means, in; the alias and every turn under that label, changed through the log, out.

A decision holds for a workshop, a series or everywhere. A narrower one, made by a person, goes before it; and so does
what somebody set on a single turn by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from people.models import Alias, Person
from people.names import fold, words
from records.models import Origin

from .changes import ChangeSet
from .identities import by_people
from .models import Series, Turn, Voice, Workshop

CERTAINTY = {
    Alias.State.PERSON: Voice.Certainty.EXACT,
    Alias.State.NOBODY: Voice.Certainty.EXACT,  # that it is nobody is known
    Alias.State.WAITING: Voice.Certainty.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label means something."""

    scope: str
    scope_id: str = ""

    def turns(self) -> QuerySet[Turn]:
        living = Turn.objects.living()
        if self.scope == Alias.Scope.WORKSHOP:
            return living.filter(workshop__public_id=self.scope_id)
        return living.filter(workshop__series__public_id=self.scope_id) if self.scope == Alias.Scope.SERIES else living

    def within(self) -> Q:
        """Aliases of narrower places inside this one."""
        if self.scope == Alias.Scope.WORKSHOP:
            return Q(pk__in=[])
        workshops = Workshop.objects.order_by()
        if self.scope == Alias.Scope.SERIES:
            here = workshops.filter(series__public_id=self.scope_id)
            return Q(scope=Alias.Scope.WORKSHOP, scope_id__in=here.values("public_id"))
        return Q(scope__in=[Alias.Scope.WORKSHOP, Alias.Scope.SERIES])

    def check(self) -> None:
        """Raises ValidationError where there is no such place."""
        model = {Alias.Scope.WORKSHOP: Workshop, Alias.Scope.SERIES: Series}.get(self.scope)
        if self.scope not in Alias.Scope.values:
            raise ValidationError("Choose where this holds: in the workshop, in its series, or everywhere.")
        if model and not model.objects.filter(public_id=self.scope_id).exists():
            raise ValidationError("That workshop or series is not there any more: choose where this holds.")


def decide(
    c: ChangeSet,
    label: str,
    place: Place,
    state: str,
    person: Person | None = None,
    *,
    before: Person | None = None,
) -> int:
    """Says that the label means this person, nobody, or waits; returns in how many turns that changed who spoke.

    `before` is whom it meant until now, where the alias says the new meaning already.
    """
    label = " ".join(label.split())
    if not words(label):
        raise ValidationError("A label has at least one letter or figure.")
    if (state == Alias.State.PERSON) != (person is not None):
        raise ValidationError("Choose the person whom the label means, or say that it means nobody.")
    place.check()
    folded = fold(label)[:200]
    narrower = Alias.objects.filter(place.within(), folded=folded)
    kept = set(by_people(narrower.living()).exclude(state=Alias.State.WAITING).values_list("pk", flat=True))
    own = Alias.objects.filter(folded=folded, scope=place.scope, scope_id=place.scope_id).first()
    meant = {alias.person_id for alias in [own, *narrower] if alias} | {before.pk if before else None}
    _state_alias(c, own, label, place, state, person)
    for alias in narrower.living().exclude(pk__in=kept):
        c.set(alias, state=state, person=person.public_id if person else None)
    places = [Place(alias.scope, alias.scope_id) for alias in narrower.filter(pk__in=kept)]
    return _say(c, _voices(folded, place, places), meant, state, person)


def _state_alias(
    c: ChangeSet, alias: Alias | None, label: str, place: Place, state: str, person: Person | None
) -> None:
    means: dict[str, Any] = {"state": str(state), "person": person.public_id if person else None}
    if alias is None:
        c.create(Alias, label=label[:200], scope=place.scope, scope_id=place.scope_id, **means)
        return
    if alias.retired_at:
        c.bring_back(alias)
    c.set(alias, **means)


def voices_of(labels: Iterable[str], turns: QuerySet[Turn]) -> QuerySet[Voice]:
    """The voices in these turns whose label is one of these, folded. Two queries."""
    wanted = set(labels)
    rows = Voice.objects.filter(turn__in=turns.order_by())
    printed = [label for label in rows.order_by().values_list("label", flat=True).distinct() if fold(label) in wanted]
    return rows.filter(label__in=printed)


def _voices(folded: str, place: Place, except_in: Iterable[Place]) -> list[Voice]:
    turns = place.turns()
    for narrower in except_in:
        turns = turns.exclude(pk__in=narrower.turns().order_by().values("pk"))
    return list(voices_of([folded], turns).select_related("person").order_by("turn", "position"))


def _say(c: ChangeSet, voices: list[Voice], meant: set[int | None], state: str, person: Person | None) -> int:
    by_turn: dict[int, list[Voice]] = defaultdict(list)
    for voice in voices:
        by_hand = voice.origin == Origin.PERSON and voice.person_id and voice.person_id not in meant
        if not by_hand:
            by_turn[voice.turn_id].append(voice)
    value = {"person": person.public_id if person else None, "certainty": str(CERTAINTY[Alias.State(state)])}
    turns = Turn.objects.filter(pk__in=list(by_turn)).prefetch_related("voices__person")
    return sum(set_voices(c, turn, {voice.label: value for voice in by_turn[turn.pk]}) for turn in turns)


def set_voices(c: ChangeSet, turn: Turn, said: dict[str, dict[str, Any]]) -> bool:
    """Changes who speaks under some labels of a turn; the others stay. Says whether anything differed."""
    stands = [
        {
            "label": voice.label,
            "person": voice.person.public_id if voice.person else None,
            "certainty": voice.certainty,
        }
        for voice in turn.voices.all()
    ]
    rows = [row | said.get(row["label"], {}) for row in stands]
    return rows != stands and c.set(turn, voices=rows)
