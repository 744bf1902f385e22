"""A Document in; the JSON object of the format "minutes-document/1" out, as plain dicts and lists."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from minutes.document import PLACES, Action, Contact, Document, Link, Mention, Note, Person, Session, Talk, Turn

FORMAT = "minutes-document/1"


def as_json(document: Document) -> dict[str, Any]:
    """The whole document. Lists are flat, records refer to each other by id or key; dates are ISO strings."""
    return {
        "format": FORMAT,
        "source": {
            "name": document.name,
            "sha256": document.sha256,
            "media_type": document.media_type,
            "lines": document.line_count,
        },
        "workshop": {
            "title": document.title,
            "start": _date(document.start),
            "end": _date(document.end),
            "links": [_link(link) for link in document.links],
            "notes": [_note(note) for note in document.notes],
        },
        "participants": list(document.participants),
        "people": [_person(person) for person in document.people],
        "days": [
            {"n": day.n, "date": _date(day.date), "label": day.label, "lines": list(day.lines)} for day in document.days
        ],
        "sessions": [_session(session) for session in document.sessions],
        "talks": [_talk(talk) for talk in document.talks],
        "turns": [_turn(turn) for turn in document.turns],
        "entities": [
            {"key": entity.key, "name": entity.name, "kind": entity.kind, "labels": list(entity.labels)}
            for entity in document.entities
        ],
        "mentions": [_mention(mention) for mention in document.mentions],
        "themes": [
            {"id": theme.id, "n": theme.n, "text": theme.text, "lines": list(theme.lines)} for theme in document.themes
        ],
        "action_items": [_action(action) for action in document.actions],
        "decisions": [
            {"id": decision.id, "text": decision.text, "where": decision.where, "lines": list(decision.lines)}
            for decision in document.decisions
        ],
        "contacts": [_contact(contact) for contact in document.contacts],
        "lines": _counts(document),
        "places": [
            {"line": place.line, "place": place.place, **({"rule": place.rule} if place.rule else {})}
            for place in document.places
        ],
        "unplaced": [{"line": line, "text": text} for line, text in document.unplaced],
        "problems": [{"line": problem.line, "message": problem.message} for problem in document.problems],
    }


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _link(link: Link) -> dict[str, Any]:
    return {"label": link.label, "url": link.url}


def _note(note: Note) -> dict[str, Any]:
    return {"text": note.text, "kind": note.kind, "lines": list(note.lines)}


def _person(person: Person) -> dict[str, Any]:
    return {
        "key": person.key,
        "name": person.name,
        "in_participants": person.in_participants,
        "labels": list(person.labels),
        "affiliations": list(person.affiliations),
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "day": session.day,
        "title": session.title,
        "conveners": list(session.conveners),
        "convener_affiliations": dict(session.convener_affiliations),
        "opening": session.opening,
        "links": [_link(link) for link in session.links],
        "notes": [note.text for note in session.notes],
        "lines": list(session.lines),
    }


def _talk(talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.id,
        "session": talk.session,
        "day": talk.day,
        "title": talk.title,
        "speakers": list(talk.speakers),
        "speaker_affiliations": dict(talk.speaker_affiliations),
        "status": talk.status,
        "links": [_link(link) for link in talk.links],
        "notes": [note.text for note in talk.notes],
        "lines": list(talk.lines),
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "talk": turn.where,
        "n": turn.n,
        "label": turn.label,
        "people": list(turn.people),
        "certainty": turn.certainty,
        "voices": [
            {
                "label": voice.label,
                "person": voice.person,
                "certainty": voice.certainty,
                "suggestions": list(voice.suggestions),
                "reason": voice.reason,
            }
            for voice in turn.voices
        ],
        "text": turn.text,
        "kind": turn.kind,
        "exchange": turn.exchange,
        "addressed_to": list(turn.addressed_to),
        "lines": list(turn.lines),
    }


def _mention(mention: Mention) -> dict[str, Any]:
    return {"in": mention.where, "entity": mention.entity, "label": mention.label}


def _action(action: Action) -> dict[str, Any]:
    return {
        "id": action.id,
        "text": action.text,
        "where": action.where,
        "owner": list(action.owner),
        "due": _date(action.due),
        "explicit": action.explicit,
        "reason": action.reason,
        "lines": list(action.lines),
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "person": contact.person,
        "email": contact.email,
        "institute": contact.institute,
        "certain": contact.certain,
    }


def _counts(document: Document) -> dict[str, int]:
    counts = Counter(place.place for place in document.places)
    return {place: counts[place] for place in PLACES}
