"""Records in; the topics that their words name put beside them.

Like the HTML and the folded text that records make of their words themselves (`fill`), these are derived: never
merged, exported or kept in history; `manage.py derive` makes all of them anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from records.models import Origin, Record
from themes.models import Topic
from themes.recognise import Found, Recogniser
from themes.vocabulary import WORD

from .models import (
    ActionItem,
    ActionTopic,
    Link,
    Note,
    Session,
    SessionTopic,
    Talk,
    TalkTopic,
    Theme,
    ThemeTopic,
    TopicRefusal,
    Turn,
    TurnTopic,
    Workshop,
)
from .rendering import VERSION, fold_text

CHUNK = 500

THROUGH = {Session: SessionTopic, Talk: TalkTopic, Turn: TurnTopic, Theme: ThemeTopic, ActionItem: ActionTopic}
#: The fields whose words name topics, or are shown.
WORDS = frozenset(
    {"text", "title", "quote", "label", "speakers", "conveners", "labels", "weak_labels", "retired", "talk"}
)


def derive(records: Iterable[Record], changed: Collection[str] | None = None) -> None:
    """Finds the topics of these records anew; with `changed`, only if one of these fields matters to them."""
    if changed is not None and WORDS.isdisjoint(changed):
        return
    by_model: dict[type[Record], dict[int, Record]] = defaultdict(dict)
    for record in records:
        by_model[type(record)][record.pk] = record
    for record in [*by_model[Note].values(), *by_model[Link].values()]:
        place = record.talk or record.session
        if place:
            by_model[type(place)][place.pk] = place
    for topic in by_model[Topic].values():
        for record in _touched_by(topic):
            by_model[type(record)][record.pk] = record
    spoken = [record for model in THROUGH for record in by_model[model].values()]
    if spoken:
        derive_topics(spoken)


def _touched_by(topic: Topic) -> Iterable[Record]:
    """Records that may name the topic, now or under a label that it no longer has."""
    for model, through in THROUGH.items():
        yield from model.objects.filter(pk__in=through.objects.filter(tag=topic).values("content_object"))
    yield from Turn.objects.filter(may_name(row.label for row in topic.labels.all()))
    for model in (Session, Talk, Theme, ActionItem):
        yield from model.objects.all()


def may_name(labels: Iterable[str]) -> Q:
    """Turns whose words hold the first word of a label: few of very many, to be looked at one by one.

    Marks do not count: "X509" may be a way to write "X.509".
    """
    holds = Q(pk__in=[])
    for words in (WORD.findall(fold_text(label)) for label in labels):
        if words:
            holds |= Q(folded__contains=words[0])
    return holds


def derive_topics(records: Sequence[Record], recogniser: Recogniser | None = None) -> None:
    """Finds the topics that these records name. Rows that people set, and what they took away, stay as they are."""
    recogniser = recogniser or Recogniser(Topic.objects.vocabulary())
    topics = {topic.slug: topic for topic in Topic.objects.living()}
    by_workshop: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        by_workshop[record.workshop_id].append(record)
    for workshop, some in by_workshop.items():
        found = _find(some, workshop, recogniser)
        for model, through in THROUGH.items():
            _store(through, [r for r in some if isinstance(r, model)], found, topics)


def named_in(texts: Sequence[str], workshop: int) -> list[set[str]]:
    """Permanent ids of the topics that rules find in each text, if it were said in this workshop today."""
    recogniser = Recogniser(Topic.objects.vocabulary())
    ids = dict(Topic.objects.living().values_list("slug", "public_id"))
    around = named_around(workshop)
    named = [{one.key for one in found} for found in recogniser.find_all(list(texts))]
    return [
        {ids[one.key] for one in recogniser.find(text, around | keys) if one.key in ids}
        for text, keys in zip(texts, named, strict=True)
    ]


def _find(records: list[Record], workshop: int, recogniser: Recogniser) -> dict[Record, tuple[Found, ...]]:
    """A label may count only beside other topics, so the rest of the workshop is heard as well."""
    pieces = _pieces(records)
    texts = [text for _, text in pieces]
    named = named_around(workshop)
    together = recogniser.find_all(texts)
    named |= {one.key for found in together for one in found}
    found: dict[Record, tuple[Found, ...]] = defaultdict(tuple)
    for (record, text), _ in zip(pieces, together, strict=True):
        found[record] += recogniser.find(text, named)
    return found


def named_around(workshop: int) -> set[str]:
    """Keys of the topics that anything in the workshop names: what weak labels may stand beside. Five queries."""
    return {slug for through in THROUGH.values() for slug in _slugs_in(through, workshop)}


def _slugs_in(through, workshop: int) -> Iterable[str]:
    rows = through.objects.filter(content_object__workshop=workshop, content_object__retired_at__isnull=True)
    return rows.values_list("tag__slug", flat=True).distinct()


def _pieces(records: list[Record]) -> list[tuple[Record, str]]:
    """All words of the records: of a talk also its notes, the labels of its links, and where its speakers are from."""
    pieces: list[tuple[Record, str]] = []
    for model, rows in ((Talk, "speakings"), (Session, "convenings")):
        ids = [record.pk for record in records if isinstance(record, model)]
        for record in model.objects.filter(pk__in=ids).prefetch_related(rows, "links", "notes"):
            pieces.append((record, record.title))
            pieces += [(record, row.affiliation) for row in getattr(record, rows).all() if row.affiliation]
            pieces += [(record, link.label) for link in record.links.all() if not link.retired_at]
            pieces += [(record, note.text) for note in record.notes.all() if not note.retired_at]
    pieces += [(record, record.text) for record in records if isinstance(record, Turn | Theme)]
    items = [record for record in records if isinstance(record, ActionItem)]
    pieces += [(item, words) for item in items for words in (item.title, item.quote)]
    return pieces


def _store(through, records: list[Record], found: dict[Record, tuple[Found, ...]], topics: dict[str, Topic]) -> None:
    for start in range(0, len(records), CHUNK):
        some = records[start : start + CHUNK]
        rows = {(row.content_object_id, row.tag_id): row for row in through.objects.filter(content_object__in=some)}
        refused = set(
            TopicRefusal.objects.filter(record__in=[r.public_id for r in some]).values_list("record_id", "topic_id")
        )
        new, seen = [], set()
        for record in some:
            for one in found[record]:
                pair = (record.pk, topics[one.key].pk)
                if pair in seen or (record.public_id, pair[1]) in refused:
                    continue
                seen.add(pair)
                if rows.pop(pair, None) is None:
                    new.append(
                        through(content_object=record, tag_id=pair[1], label=one.label[:100], origin=Origin.RULE)
                    )
        gone = [row.pk for row in rows.values() if row.origin == Origin.RULE]
        through.objects.filter(pk__in=gone).delete()
        through.objects.bulk_create(new)


def derive_anew(workshop: Workshop) -> int:
    """All that is derived in a workshop; texts only where older rules made it. Says how many texts those were."""
    older = 0
    for model in (Turn, Note, ActionItem):
        texts = list(model.objects.filter(workshop=workshop, derived__lt=VERSION))
        for record in texts:
            record.fill()
        model.objects.bulk_update(texts, model.filled, batch_size=CHUNK)
        older += len(texts)
    derive_topics([record for model in THROUGH for record in model.objects.filter(workshop=workshop)])
    return older
