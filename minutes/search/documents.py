"""Primary keys of records in; documents of talks, people, topics, themes, action items and decisions out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Prefetch

from minutes.directory.wanted import topic_pairs
from minutes.masking import mask
from minutes.models import (
    ActionItem,
    ActionOwner,
    ActionTopic,
    Addressed,
    Convening,
    Decision,
    Note,
    Participation,
    SessionTopic,
    Speaking,
    Talk,
    TalkTopic,
    Theme,
    ThemeTopic,
    Turn,
    TurnTopic,
    Voice,
)
from minutes.models.access import Visibility, scopes_of, widest
from minutes.queries import MEANT, living_as, with_person
from minutes.rendering import plain
from people.models import Alias, Person
from themes.models import Topic

from .schema import ACTION, DECISION, PERSON, TALK, THEME, TOPIC
from .turn_documents import Fields, place_fields

#: Rows that say that a person was there, with the way to what he or she was seen in.
_APPEARANCES = (
    (Voice, "turn"),
    (Speaking, "talk"),
    (Convening, "session"),
    (Addressed, "turn"),
    (ActionOwner, "action"),
)
_NAMINGS = ((TurnTopic,), (TalkTopic,), (SessionTopic,), (ThemeTopic,), (ActionTopic,))


def talk_documents(keys: Collection[int]) -> Iterator[Fields]:
    talks = Talk.objects.living().filter(pk__in=keys, workshop__retired_at__isnull=True)
    related = talks.select_related("workshop", "day", "session").prefetch_related(
        Prefetch("speakings", with_person(Speaking)),
        Prefetch("notes", Note.objects.living()),
        Prefetch("topic_items", TalkTopic.objects.select_related("tag")),
    )
    for talk in related:
        speakers = [living_as(row.person) for row in talk.speakings.all()]
        names = [person.shown_name for person in speakers]
        title = mask(talk.title)
        yield {
            **place_fields(talk.workshop, talk, {}, [person.pk for person in speakers]),
            "key": f"{TALK}:{talk.pk}",
            "what": TALK,
            "pk": talk.pk,
            "text": [title, *(plain(note.text) for note in talk.notes.all())],
            "exact": [title, *(plain(note.text) for note in talk.notes.all())],
            "names": names,
            "vocabulary": [title, *names],
            "topic": [row.tag_id for row in talk.topic_items.all() if row.tag.retired_at is None],
            "shown": _shown(talk, title, names, title, TALK),
        }


def person_documents(keys: Collection[int]) -> Iterator[Fields]:
    """Everybody who is seen somewhere; each form of a name with who may read the minutes that print it."""
    seen: dict[int, set[str]] = defaultdict(set)
    forms: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for rows, way in _APPEARANCES:
        label = ("label",) if rows is Voice else ()
        living = rows.objects.filter(
            person__isnull=False, **{f"{way}__retired_at": None, f"{way}__workshop__retired_at": None}
        ).annotate(meant=MEANT)
        place = (f"{way}__workshop__visibility", f"{way}__workshop")
        found = living.filter(meant__in=keys).order_by().values_list("meant", *place, *label)
        for meant, visibility, workshop, *labels in found.distinct():
            seen[meant].update(scopes_of(visibility, workshop))
            for form in labels:
                forms[meant][form].update(scopes_of(visibility, workshop))
    rows = Participation.objects.filter(workshop__retired_at=None).annotate(meant=MEANT).filter(meant__in=keys)
    there = rows.order_by().values_list("meant", "workshop__visibility", "workshop").distinct()
    for meant, visibility, workshop in there:
        seen[meant].update(scopes_of(visibility, workshop))
    aliases = Alias.objects.living().filter(person__isnull=False, scope=Alias.Scope.EVERYWHERE).annotate(meant=MEANT)
    for meant, label in aliases.filter(meant__in=keys).order_by().values_list("meant", "label"):
        forms[meant][label].update(scopes_of(Visibility.PUBLIC, 0))
    merged: dict[int, list[str]] = defaultdict(list)
    for meant, gone in Person.objects.filter(canonical__in=list(seen)).values_list("canonical", "public_id"):
        merged[meant].append(gone)
    for person in Person.objects.canonical().filter(pk__in=list(seen)):
        written = {mask(form): widest(scopes) for form, scopes in forms[person.pk].items()}
        yield {
            "key": f"{PERSON}:{person.pk}",
            "what": PERSON,
            "pk": person.pk,
            "vis": widest(seen[person.pk]),
            "text": person.shown_name,
            "exact": person.shown_name,
            "names": person.shown_name,
            "vocabulary": person.shown_name,
            "said": person.pk,
            "shown": _shown(person, person.shown_name, [person.shown_name], "", PERSON)
            | {"pk": person.pk, "forms": written, "sort": person.sort_name, "merged": merged[person.pk]},
        }


def topic_documents(keys: Collection[int]) -> Iterator[Fields]:
    seen: dict[int, set[str]] = defaultdict(set)
    for (rows,) in _NAMINGS:
        living = rows.objects.filter(content_object__retired_at=None, content_object__workshop__retired_at=None)
        named = living.filter(tag__in=keys).order_by()
        place = ("content_object__workshop__visibility", "content_object__workshop")
        for tag, visibility, workshop in named.values_list("tag", *place).distinct():
            seen[tag].update(scopes_of(visibility, workshop))
    for topic in Topic.objects.living().filter(pk__in=list(seen)).prefetch_related("labels"):
        strong = [row.label for row in topic.labels.all() if not row.weak]
        weak = [row.label for row in topic.labels.all() if row.weak]
        yield {
            "key": f"{TOPIC}:{topic.pk}",
            "what": TOPIC,
            "pk": topic.pk,
            "vis": widest(seen[topic.pk]),
            "kind": topic.kind,
            "text": [topic.name, *strong, *weak, topic.description],
            "exact": [topic.name, *strong, *weak, topic.description],
            "vocabulary": [topic.name, *strong],
            "topic": topic.pk,
            "shown": _shown(topic, topic.name, [], "", topic.kind)
            | {"pk": topic.pk, "slug": topic.slug, "labels": strong, "weak": weak},
        }


def theme_documents(keys: Collection[int]) -> Iterator[Fields]:
    themes = Theme.objects.living().filter(pk__in=keys, workshop__retired_at__isnull=True)
    for theme in themes.select_related("workshop").prefetch_related("topic_items__tag"):
        text = plain(theme.text)
        yield {
            **place_fields(theme.workshop, None, {}, []),
            "key": f"{THEME}:{theme.pk}",
            "what": THEME,
            "pk": theme.pk,
            "text": text,
            "exact": text,
            "vocabulary": text,
            "theme": theme.pk,
            "theme_words": text,
            "topic": [row.tag_id for row in theme.topic_items.all() if row.tag.retired_at is None],
            "shown": _shown(theme, mask(theme.text), [], "", THEME),
        }


_CAUSES = ("workshop", "turn__talk__day", "turn__talk__session", "turn__session__day", "talk__day", "session__day")


def action_documents(keys: Collection[int]) -> Iterator[Fields]:
    items = ActionItem.objects.living().filter(pk__in=keys, workshop__retired_at__isnull=True)
    about: dict[int, set[int]] = defaultdict(set)
    for topic, key in topic_pairs(items):
        about[key].add(topic)
    living = set(
        Topic.objects.living()
        .filter(pk__in={one for some in about.values() for one in some})
        .values_list("pk", flat=True)
    )
    related = list(items.select_related(*_CAUSES).prefetch_related(Prefetch("ownings", with_person(ActionOwner))))
    askers = _askers({item.turn.exchange_id for item in related if item.turn})
    for item in related:
        people = [living_as(row.person) for row in item.ownings.all()]
        owners = {person.pk for person in people}
        yield {
            **place_fields(item.workshop, _where(item), {}, []),
            "key": f"{ACTION}:{item.pk}",
            "what": ACTION,
            "pk": item.pk,
            "text": [plain(item.title), plain(item.quote)],
            "exact": [plain(item.title), plain(item.quote)],
            "names": [person.shown_name for person in people],
            "vocabulary": plain(item.title),
            "owner": sorted(owners),
            "owed": sorted(askers.get(item.turn.exchange_id, set()) - owners) if item.turn else [],
            "topic": sorted(about[item.pk] & living),
            "due": item.due.toordinal() if item.due else None,
            "is": ["action", item.status, *states_of(item, owners)],
            "shown": _shown(item, mask(item.title), [person.shown_name for person in people], _title(item), ACTION)
            | {"state": _state_in_words(item)},
        }


def _askers(exchanges: Collection[int]) -> dict[int, set[int]]:
    """By exchange: those who asked something in it. One query."""
    voices = Voice.objects.filter(turn__kind=Turn.Kind.QUESTION, turn__retired_at=None, person__isnull=False)
    found: dict[int, set[int]] = defaultdict(set)
    rows = voices.filter(turn__exchange__in=exchanges).annotate(meant=MEANT).order_by()
    for exchange, person in rows.values_list("turn__exchange", "meant"):
        found[exchange].add(person)
    return found


def _state_in_words(item: ActionItem) -> str:
    due = f"due {item.due:%-d %B %Y}" if item.due else f"due {mask(item.due_text)}" if item.due_text else ""
    return ", ".join(part for part in (item.status, due) if part)


def states_of(item: ActionItem, owners: Collection[int]) -> list[str]:
    """What `is:` and the words of `owner:` and `due:` ask for, beside the status."""
    states = {
        "waiting": item.waits,
        "undated": item.due is None,
        "everybody": item.everybody,
        "ownerless": not owners and not item.everybody,
    }
    return [state for state, holds in states.items() if holds]


def decision_documents(keys: Collection[int]) -> Iterator[Fields]:
    decisions = Decision.objects.living().filter(pk__in=keys, workshop__retired_at__isnull=True)
    for decision in decisions.select_related(*_CAUSES):
        text = plain(decision.text)
        yield {
            **place_fields(decision.workshop, _where(decision), {}, []),
            "key": f"{DECISION}:{decision.pk}",
            "what": DECISION,
            "pk": decision.pk,
            "text": text,
            "exact": text,
            "vocabulary": text,
            "is": "decision",
            "shown": _shown(decision, mask(decision.text), [], _title(decision), DECISION),
        }


def _where(followup):
    return followup.turn.where if followup.turn else followup.talk or followup.session


def _title(followup) -> str:
    where = _where(followup)
    return mask(where.title) if where else ""


def _shown(record, text: str, people: list[str], talk: str, kind: str) -> dict:
    return {
        "id": record.public_id,
        "text": text,
        "label": "",
        "people": people,
        "talk": talk,
        "kind": kind,
        "url": record.get_absolute_url(),
    }
