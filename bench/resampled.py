"""Minutes in; as many turns as are asked for, made of their sentences, as rows of the site's own database, out.

Whole sentences are drawn with a fixed seed, so that words are as frequent, and stand beside one another, as in the
minutes they come from; names are put together from those of the people in them. The rows pass the same door as an
import's (`records.door`), in transactions of one workshop each; only what an import would compute for each text is
computed once for each sentence, which is what makes a million turns a matter of minutes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SEED = 5
TURNS = 2000  # of one workshop
TALKS = 20
SESSIONS = 4
DAYS = 2
PEOPLE = 800
PRESENT = 40  # people at one workshop
UNKNOWN = 0.02  # of the turns: nobody knows who spoke

_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(])")
_ONE_PARAGRAPH = re.compile(r"<p>[^<>]*</p>")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    html: str
    topics: tuple[tuple[int, str], ...]  # primary key, and the label


@dataclass(slots=True)
class Material:
    """What turns and names are made of."""

    asked: list[Sentence] = field(default_factory=list)
    told: list[Sentence] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)  # sentences of one turn, as often as they occur
    titles: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    surnames: list[str] = field(default_factory=list)


def paths(given: Iterable[str]) -> list[Path]:
    """Files, and the minutes in folders."""
    found: list[Path] = []
    for path in map(Path, given):
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [one for one in inside if one.suffix in (".md", ".txt", ".html")]
    return found


def material(files: Iterable[Path]) -> Material:
    """Read by the project's own rules, with the topics that the site knows."""
    from minutes.importing import open_file
    from minutes.parsing import parse
    from minutes.rendering import plain, render
    from themes.models import Topic
    from themes.recognise import Recogniser

    topics = Topic.objects.vocabulary()
    keys = dict(Topic.objects.values_list("slug", "pk"))
    recogniser, named = Recogniser(topics), {topic.key for topic in topics}
    made = Material()
    for path in files:
        document = parse(open_file(path.name, path.read_bytes()), topics=topics)
        made.titles += [talk.title for talk in document.talks if 10 < len(talk.title) < 120]
        for person in document.people:
            first, *_, last = person.name.split() if " " in person.name else ("", "")
            if len(first) > 2 and len(last) > 2:
                made.given.append(first)
                made.surnames.append(last)
        for turn in document.turns:
            sentences = [one for one in _ENDS.split(plain(turn.text)) if 8 < len(one) < 600]
            made.lengths += [len(sentences)] if sentences else []
            for text in sentences:
                html = render(text)
                if _ONE_PARAGRAPH.fullmatch(html):
                    found = {keys[one.key]: one.label[:100] for one in recogniser.find(text, named)}
                    one = Sentence(text, html[3:-4], tuple(found.items()))
                    (made.asked if text.endswith("?") else made.told).append(one)
    return made


def fill(count: int, files: Iterable[Path], told: Any = lambda done: None) -> None:
    """Writes so many turns; the site has the seed's vocabulary already."""
    chance = random.Random(SEED)
    stuff = material(files)
    people = _people(chance, stuff)
    done = 0
    for n in range(-(-count // TURNS)):
        done += _workshop(chance, stuff, people, n, min(TURNS, count - done))
        told(done)


def _people(chance: random.Random, stuff: Material) -> list[Any]:
    from people.models import Person
    from records.door import writing

    names = sorted({f"{first} {last}" for first in stuff.given for last in stuff.surnames})
    people = [Person(name=name) for name in chance.sample(names, min(PEOPLE, len(names)))]
    with writing():
        Person.objects.bulk_create(people, batch_size=500)
    return people


def _workshop(chance: random.Random, stuff: Material, people: list[Any], n: int, count: int) -> int:
    from minutes.models import Day, Participation, Session, Speaking, Talk, Workshop
    from records.door import writing

    start = date(2000, 1, 3) + timedelta(days=17 * n)
    present = chance.sample(people, min(PRESENT, len(people)))
    with writing():
        workshop = Workshop.objects.create(
            slug=f"resampled-{n + 1}", title=f"Resampled workshop {n + 1}", visibility="public", start=start, end=start
        )
        Participation.objects.bulk_create([Participation(workshop=workshop, person=one) for one in present])
        days = [Day(workshop=workshop, n=d + 1, date=start + timedelta(days=d)) for d in range(DAYS)]
        Day.objects.bulk_create(days)
        sessions = [
            Session(workshop=workshop, day=days[s * DAYS // SESSIONS], order=s + 1, title=chance.choice(stuff.titles))
            for s in range(SESSIONS)
        ]
        Session.objects.bulk_create(sessions)
        talks = []
        for t in range(TALKS):
            session = sessions[t * SESSIONS // TALKS]
            title = chance.choice(stuff.titles)
            talks.append(Talk(workshop=workshop, day=session.day, session=session, order=t + 1, title=title))
        Talk.objects.bulk_create(talks)
        speakers = [chance.choice(present) for _ in talks]
        rows = zip(talks, speakers, strict=True)
        Speaking.objects.bulk_create([Speaking(talk=talk, person=person) for talk, person in rows])
        _turns(chance, stuff, workshop, talks, speakers, present, count)
    return count


def _turns(
    chance: random.Random,
    stuff: Material,
    workshop: Any,
    talks: list[Any],
    speakers: list[Any],
    present: list[Any],
    count: int,
) -> None:
    from minutes.models import Exchange, Turn, TurnTopic, Voice

    exchanges, turns, voices, topics = [], [], [], []
    per_talk = [count // len(talks) + (t < count % len(talks)) for t in range(len(talks))]
    for talk, speaker, size in zip(talks, speakers, per_talk, strict=True):
        for n, (opens, kind) in enumerate(_shape(chance, size), 1):
            if opens:
                exchanges.append(Exchange(workshop=workshop, talk=talk, n=n))
            sentences = _draw(chance, stuff, kind)
            turn = Turn(workshop=workshop, talk=talk, n=n, kind=kind, exchange=exchanges[-1])
            _word(turn, sentences)
            person = speaker if kind == "answer" and chance.random() < 0.7 else chance.choice(present)
            known = chance.random() >= UNKNOWN
            label = person.name.split()[0]
            voices.append(
                Voice(
                    turn=turn,
                    label=label,
                    person=person if known else None,
                    certainty=Voice.Certainty.EXACT if known else Voice.Certainty.UNKNOWN,
                )
            )
            found = {key: label for sentence in sentences for key, label in sentence.topics}
            topics += [TurnTopic(content_object=turn, tag_id=k, label=v, origin="rule") for k, v in found.items()]
            turns.append(turn)
    Exchange.objects.bulk_create(exchanges, batch_size=500)
    for turn in turns:
        turn.exchange_id = turn.exchange.pk
    _create_worded(turns)
    for row in voices:
        row.turn_id = row.turn.pk
    for topic in topics:
        topic.content_object_id = topic.content_object.pk
    Voice.objects.bulk_create(voices, batch_size=500)
    TurnTopic.objects.bulk_create(topics, batch_size=500)


def _shape(chance: random.Random, size: int) -> Iterator[tuple[bool, str]]:
    """Whether each turn opens an exchange, and its kind: a question, then what answers it."""
    left = size
    while left:
        long = min(left, chance.choice((1, 2, 2, 2, 3, 3, 4, 6)))
        asked = chance.random() < 0.75
        for at in range(long):
            yield at == 0, "comment" if not asked else "question" if at % 2 == 0 else "answer"
        left -= long


def _draw(chance: random.Random, stuff: Material, kind: str) -> list[Sentence]:
    length = chance.choice(stuff.lengths)
    if kind == "question":
        return [*chance.choices(stuff.told, k=min(length - 1, 2)), chance.choice(stuff.asked)]
    return chance.choices(stuff.told, k=length)


def _word(turn: Any, sentences: list[Sentence]) -> None:
    """What `Turn.fill` would make of the text, from what it made of each sentence."""
    from minutes import rendering

    turn.text = " ".join(one.text for one in sentences)
    turn.html = f"<p>{' '.join(one.html for one in sentences)}</p>"
    turn.folded = rendering.fold_text(turn.text)
    turn.derived = rendering.VERSION


def _create_worded(turns: list[Any]) -> None:
    """Like `bulk_create` of records, but that the texts are rendered already."""
    from minutes.models import Turn
    from records.models import GuardedQuerySet, PublicId

    for turn, value in zip(turns, PublicId.mint(Turn.kind_name(), len(turns)), strict=True):
        turn.public_id = value
    GuardedQuerySet.bulk_create(Turn.objects.all(), turns, batch_size=500)
