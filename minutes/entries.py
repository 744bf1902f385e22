"""A parsed document in, what it says of each record out: entries for the merge, in the order of creation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from people import names

from .document import Action, Document, Link, Note, Person, Session, Talk, Turn
from .matching import Entry, Ref
from .proposing import asks_everybody, due_words, propose_title
from .rendering import plain

Json = Any
NO_WORDS = "Action item"  # what stands where the words that made one are but marks


def entries_of(document: Document, known: Mapping[str, str]) -> list[Entry]:
    """All records that the document states. `known` names those of its people, by key, whom the site knows already."""
    return [
        *_people(document, known),
        _workshop(document),
        *_aliases(document),
        *_days(document),
        *_sessions(document),
        *_talks(document),
        *_turns(document),
        *_links(document),
        *_notes(document),
        *_closing(document),
    ]


def _refs(keys: tuple[str, ...], affiliations: Mapping[str, str] | None = None) -> list[Json]:
    """Rows of people, each once; with their affiliations where the field has such a column."""
    keys = tuple(dict.fromkeys(keys))
    if affiliations is None:
        return [{"person": Ref(person_ref(key))} for key in keys]
    return [{"person": Ref(person_ref(key)), "affiliation": affiliations.get(key, "")} for key in keys]


def person_ref(key: str) -> str:
    return f"p:{key}"


def _people(document: Document, known: Mapping[str, str]) -> Iterator[Entry]:
    for person in document.people:
        yield Entry(person_ref(person.key), "person", {"name": person.name}, None, known.get(person.key, ""))


def _workshop(document: Document) -> Entry:
    present = [person for person in document.people if person.in_participants]
    return Entry(
        "workshop",
        "workshop",
        {
            "title": document.title or document.name,
            "start": _iso(document.start),
            "end": _iso(document.end),
            "participants": _refs(
                tuple(person.key for person in present),
                {person.key: person.affiliations[0] for person in present if person.affiliations},
            ),
        },
    )


def _aliases(document: Document) -> Iterator[Entry]:
    """Labels that are not the name itself; those that no rule could give to anybody wait for a human."""
    meant: dict[str, tuple[str, Person | None]] = {}
    for person in document.people:
        for label in person.labels:
            if names.fold(label) != names.fold(person.name):
                meant.setdefault(names.fold(label), (label, person))
    for turn in document.turns:
        for voice in turn.voices:
            if voice.person is None:
                meant.setdefault(names.fold(voice.label), (voice.label, None))
    for folded, (label, person) in meant.items():
        fields = {
            "label": label,
            "scope": "workshop",
            "scope_id": Ref("workshop"),
            "state": "person" if person else "waiting",
            "person": Ref(person_ref(person.key)) if person else None,
        }
        yield Entry(f"alias:{folded}", "alias", fields)


def _days(document: Document) -> Iterator[Entry]:
    for day in document.days:
        yield Entry(day_ref(day.n), "day", {"n": day.n, "date": _iso(day.date), "label": day.label}, day.lines)
    if not document.days:
        yield Entry(day_ref(1), "day", {"n": 1, "date": _iso(document.start), "label": ""})


def day_ref(n: int | None) -> str:
    return f"day{n or 1}"


def _day_of(document: Document, n: int | None) -> Ref:
    """What stands before the first day belongs to it."""
    known = {day.n for day in document.days}
    return Ref(day_ref(n if n in known else min(known, default=1)))


def _sessions(document: Document) -> Iterator[Entry]:
    for order, session in enumerate(document.sessions):
        fields = {
            "day": _day_of(document, session.day),
            "order": order,
            "title": session.title,
            "conveners": _refs(session.conveners, dict(session.convener_affiliations)),
        }
        yield Entry(session.id, "session", fields, session.lines)


def _talks(document: Document) -> Iterator[Entry]:
    for order, talk in enumerate(document.talks):
        fields = {
            "day": _day_of(document, talk.day),
            "session": Ref(talk.session) if talk.session else None,
            "order": order,
            "title": talk.title,
            "status": talk.status,
            "speakers": _refs(talk.speakers, dict(talk.speaker_affiliations)),
        }
        yield Entry(talk.id, "talk", fields, talk.lines)


def _place(document: Document, where: str) -> dict[str, Json]:
    is_talk = any(talk.id == where for talk in document.talks) if where else False
    return {"talk": Ref(where) if is_talk else None, "session": Ref(where) if where and not is_talk else None}


def _turns(document: Document) -> Iterator[Entry]:
    """Exchanges first, then the turns that make them."""
    places = {record.id: _place(document, record.id) for record in (*document.talks, *document.sessions)}
    seen: set[str] = set()
    for turn in document.turns:
        ref = f"{turn.where}:e{turn.exchange}"
        if ref not in seen:
            seen.add(ref)
            fields = {**places[turn.where], "n": turn.exchange}
            yield Entry(ref, "exchange", fields, turn.lines, opening=turn.id)
    for turn in document.turns:
        yield _turn(turn, places[turn.where])


def _turn(turn: Turn, place: Mapping[str, Json]) -> Entry:
    voices = [
        {
            "person": Ref(person_ref(voice.person)) if voice.person else None,
            "label": voice.label,
            "certainty": voice.certainty,
        }
        for voice in turn.voices
    ]
    fields = {
        **place,
        "n": turn.n,
        "text": turn.text,
        "kind": turn.kind,
        "exchange": Ref(f"{turn.where}:e{turn.exchange}"),
        "voices": voices,
        "addressed": _refs(turn.addressed_to),
    }
    return Entry(turn.id, "turn", fields, turn.lines)


def _owners(document: Document) -> Iterator[tuple[str, tuple[Link, ...], tuple[Note, ...]]]:
    yield "", document.links, document.notes
    record: Session | Talk
    for record in (*document.sessions, *document.talks):
        yield record.id, record.links, record.notes


def _links(document: Document) -> Iterator[Entry]:
    for where, links, _ in _owners(document):
        for order, link in enumerate(links):
            fields = {
                **_place(document, where),
                "order": order,
                "label": plain(link.label),
                "url": safe_url(link.url),
            }
            yield Entry(f"{where or 'workshop'}:l{order}", "link", fields, link.lines)


def safe_url(url: str | None) -> str:
    """The address where it is one that a page may link to, else nothing: no `javascript:`, no lost target."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    fine = parts.scheme in ("http", "https") and parts.netloc and len(url or "") <= 2000
    return (url or "") if fine else ""


def _notes(document: Document) -> Iterator[Entry]:
    for where, _, notes in _owners(document):
        for order, note in enumerate(notes):
            fields = {**_place(document, where), "order": order, "kind": note.kind, "text": note.text}
            yield Entry(f"{where or 'workshop'}:n{order}", "note", fields, note.lines)


def _cause(document: Document, where: str) -> dict[str, Json]:
    """The turn or theme whose words created a follow-up, or the talk or session around them."""
    nobody: dict[str, Json] = {"turn": None, "theme": None, "talk": None, "session": None}
    if where.startswith("q"):
        return nobody | {"turn": Ref(where)}
    if where.startswith("th"):
        return nobody | {"theme": Ref(where)}
    return nobody | _place(document, where)


def _closing(document: Document) -> Iterator[Entry]:
    for theme in document.themes:
        yield Entry(theme.id, "theme", {"n": theme.n, "text": theme.text}, theme.lines)
    places = _titles_around(document) if document.actions else {}
    for action in document.actions:
        yield _action(document, action, places)
    for decision in document.decisions:
        fields = {**_cause(document, decision.where), "text": decision.text}
        yield Entry(decision.id, "decision", fields, decision.lines)
    for n, contact in enumerate(document.contacts):
        fields = {
            "person": Ref(person_ref(contact.person)),
            "email": contact.email or "",
            "institute": contact.institute or "",
            "certain": contact.certain,
        }
        yield Entry(f"contact:{n}", "contact", fields, contact.lines)


def _action(document: Document, action: Action, places: Mapping[str, str]) -> Entry:
    names = {person.key: person.name for person in document.people}
    owners = [names[key] for key in dict.fromkeys(action.owner) if key in names]
    fields = {
        **_cause(document, action.where),
        "title": propose_title(action.text, owners, places.get(action.where, "")) or NO_WORDS,
        "quote": action.text,
        "due": _iso(action.due),
        "due_text": "" if action.due else due_words(action.text),
        "everybody": not owners and asks_everybody(action.text),
        "explicit": action.explicit,
        "reason": action.reason,
        "owners": _refs(action.owner),
    }
    return Entry(action.id, "actionitem", fields, action.lines)


def _titles_around(document: Document) -> dict[str, str]:
    """By id of a turn, talk or session: the title of the talk or session around it."""
    titles = {record.id: record.title for record in (*document.talks, *document.sessions)}
    return titles | {turn.id: titles.get(turn.where, "") for turn in document.turns}


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
