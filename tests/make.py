"""Rows for tests: each function makes one record with what it needs around it, unless it is given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.text import slugify

from minutes.models import (
    ActionItem,
    ActionOwner,
    Addressed,
    Convening,
    Day,
    Decision,
    Exchange,
    Link,
    Note,
    Participation,
    Session,
    Speaking,
    Talk,
    TalkTopic,
    Theme,
    ThemeEvidence,
    ThemeTopic,
    Turn,
    TurnTopic,
    Voice,
    Workshop,
)
from people.models import Person
from records.door import writing
from themes.models import Topic, TopicLabel

FIRST_DAY = date(2031, 5, 5)


def workshop(title: str = "Autumn workshop", *, people: Iterable[Person] = (), **fields) -> Workshop:
    fields = {"slug": slugify(title), "visibility": "public", "start": FIRST_DAY, "end": FIRST_DAY, **fields}
    with writing():
        made = Workshop.objects.create(title=title, **fields)
        for one in people:
            Participation.objects.create(workshop=made, person=one)
    return made


def some_workshop() -> Workshop:
    return Workshop.objects.order_by("pk").first() or workshop()


def day(n: int = 1, *, workshop: Workshop | None = None) -> Day:
    """The day of that number; made if it is not there."""
    workshop = workshop or some_workshop()
    with writing():
        made, _ = Day.objects.get_or_create(
            workshop=workshop, n=n, defaults={"date": FIRST_DAY + timedelta(days=n - 1)}
        )
    return made


def some_day(workshop: Workshop | None = None) -> Day:
    return day(workshop=workshop)


def some_talk() -> Talk:
    return Talk.objects.order_by("pk").first() or talk("A talk")


def person(name: str, **fields) -> Person:
    with writing():
        return Person.objects.create(name=name, **fields)


def session(title: str, *, conveners: Iterable[Person] = (), day: Day | None = None, **fields) -> Session:
    at = day or some_day()
    with writing():
        made = Session.objects.create(
            title=title, day=at, workshop=at.workshop, order=Session.objects.filter(day=at).count(), **fields
        )
        for position, one in enumerate(conveners):
            Convening.objects.create(session=made, person=one, position=position)
    return made


def talk(
    title: str,
    *,
    speakers: Iterable[Person] = (),
    turns: int = 0,
    topics: Iterable[Topic] = (),
    session: Session | None = None,
    day: Day | None = None,
    workshop: Workshop | None = None,
    **fields,
) -> Talk:
    """A talk; with `turns`, as many questions by a person of their own, each with an exchange of its own."""
    at = session.day if session else day or some_day(workshop)
    with writing():
        made = Talk.objects.create(
            title=title,
            session=session,
            day=at,
            workshop=at.workshop,
            order=Talk.objects.filter(workshop=at.workshop).count(),
            **fields,
        )
        for position, one in enumerate(speakers):
            Speaking.objects.create(talk=made, person=one, position=position, affiliation="Institute")
        for one in topics:
            TalkTopic.objects.create(content_object=made, tag=one, label=one.name)
    for n in range(turns):
        turn(f"Question {n} about {title}?", by=person(f"Asker {n} of {title}"), talk=made, kind="question")
    return made


def turn(
    text: str,
    *,
    by: Person | str | Iterable[Person | str] = "Somebody",
    talk: Talk | None = None,
    session: Session | None = None,
    kind: str = "comment",
    exchange: Exchange | None = None,
    to: Iterable[Person] = (),
    topics: Iterable[Topic] = (),
    label: str = "",
    certainty: str = "",
    **fields,
) -> Turn:
    """A turn at the end of its talk or session. `by`: persons, or labels of those whom nobody identified."""
    place = {"talk": talk} if talk or session is None else {"session": session}
    if not any(place.values()):
        place = {"talk": some_talk()}
    where = next(iter(place.values()))
    with writing():
        exchange = exchange or Exchange.objects.create(
            workshop=where.workshop, n=Exchange.objects.filter(**place).count() + 1, **place
        )
        made = Turn.objects.create(
            workshop=where.workshop,
            n=Turn.objects.filter(**place).count() + 1,
            text=text,
            kind=kind,
            exchange=exchange,
            **place,
            **fields,
        )
        for position, one in enumerate([by] if isinstance(by, Person | str) else by):
            known = isinstance(one, Person)
            Voice.objects.create(
                turn=made,
                position=position,
                label=label or str(one),
                person=one if known else None,
                certainty=certainty or ("exact" if known else "unknown"),
            )
        for position, one in enumerate(to):
            Addressed.objects.create(turn=made, person=one, position=position)
        for one in topics:
            TurnTopic.objects.create(content_object=made, tag=one, label=one.name)
    return made


def topic(name: str, kind: str = "technology", *, labels: Iterable[str] = (), **fields) -> Topic:
    with writing():
        made = Topic.objects.create(name=name, **{"slug": slugify(name), "kind": kind, **fields})
        for label in labels or [name]:
            TopicLabel.objects.create(topic=made, label=label)
    return made


def theme(
    text: str,
    *,
    workshop: Workshop | None = None,
    evidence: Iterable[Turn] = (),
    topics: Iterable[Topic] = (),
    **fields,
) -> Theme:
    workshop = workshop or some_workshop()
    with writing():
        made = Theme.objects.create(
            workshop=workshop, n=Theme.objects.filter(workshop=workshop).count() + 1, text=text, **fields
        )
        for position, one in enumerate(evidence):
            ThemeEvidence.objects.create(theme=made, turn=one, position=position)
        for one in topics:
            ThemeTopic.objects.create(content_object=made, tag=one, label=one.name)
    return made


def action(
    title: str, *, owners: Iterable[Person] = (), workshop: Workshop | None = None, status: str = "open", **fields
) -> ActionItem:
    """An action item; `talk`, `turn`, `session` or `theme` say what it hangs on."""
    cause = next((fields[name] for name in ("talk", "turn", "session", "theme") if name in fields), None)
    workshop = workshop or (cause.workshop if cause else some_workshop())
    with writing():
        made = ActionItem.objects.create(workshop=workshop, title=title, status=status, **fields)
        for position, one in enumerate(owners):
            ActionOwner.objects.create(action=made, person=one, position=position)
    return made


def decision(text: str, *, turn: Turn | None = None, **fields) -> Decision:
    workshop = turn.workshop if turn else some_workshop()
    with writing():
        return Decision.objects.create(workshop=workshop, text=text, turn=turn, **fields)


def note(text: str, *, talk: Talk | None = None, session: Session | None = None, kind: str = "note") -> Note:
    place = talk or session
    workshop = place.workshop if place else some_workshop()
    with writing():
        return Note.objects.create(workshop=workshop, talk=talk, session=session, kind=kind, text=text)


def link(label: str, url: str = "", *, talk: Talk | None = None, session: Session | None = None) -> Link:
    place = talk or session
    with writing():
        return Link.objects.create(
            workshop=place.workshop if place else some_workshop(), talk=talk, session=session, label=label, url=url
        )
