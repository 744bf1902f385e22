"""Whole documents in, what was understood of them out: one file per convention in tests/cases/.

A case is a document, a line of equals signs, and what `show` prints of it. `.md.txt` cases are read as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from minutes.document import Document, Session, Talk
from minutes.parsing import parse
from minutes.reading import read_source

CASES = Path(__file__).parent / "cases"
CUT = "\n" + "=" * 60 + "\n"


def show(document: Document) -> str:
    """The document in a compact form: the outline with who said what, then what stands apart."""
    names = {person.key: person.name for person in document.people}
    rows = [f"title: {document.title}"]
    if document.start:
        rows.append(f"dates: {document.start} to {document.end}")
    if document.participants:
        rows.append("present: " + "; ".join(document.participants))
    apart = [person.name for person in document.people if not person.in_participants]
    if apart:
        rows.append("others: " + "; ".join(apart))
    rows += [f"link: {link.label} <{link.url}>" for link in document.links]
    rows += [f"{note.kind}: {_flat(note.text)}" for note in document.notes]
    rows += [f"day {day.n}: {day.date or '?'}" for day in document.days]
    sections: list[Session | Talk] = [*document.sessions, *document.talks]
    for section in sorted(sections, key=lambda section: section.lines):
        rows += _section(document, section, names)
    rows += [f"theme {theme.n}: {_flat(theme.text)}" for theme in document.themes]
    rows += [
        f"action{'!' if action.explicit else ''} in {action.where or 'the whole'}: {_flat(action.text)}"
        + "".join(f" @{names[key]}" for key in action.owner)
        for action in document.actions
    ]
    rows += [f"decision in {decision.where or 'the whole'}: {_flat(decision.text)}" for decision in document.decisions]
    rows += [
        f"contact: {names[c.person]}, {c.email}, {c.institute}{'' if c.certain else ' ?'}" for c in document.contacts
    ]
    rows += [f"unplaced {line}: {text}" for line, text in document.unplaced]
    rows += [f"problem {problem.line}: {problem.message}" for problem in document.problems]
    return "\n".join(rows)


def _flat(text: str) -> str:
    return " / ".join(line.strip() for line in text.split("\n") if line.strip())


def _section(document: Document, section: Session | Talk, names: dict[str, str]) -> Iterator[str]:
    day = f" day {section.day}" if section.day else ""
    if isinstance(section, Session):
        who, orgs = section.conveners, dict(section.convener_affiliations)
        yield f"{section.id}{day}: {section.title}"
    else:
        who, orgs = section.speakers, dict(section.speaker_affiliations)
        status = "" if section.status == "given" else f" [{section.status}]"
        yield f"{section.id}{day}{' in ' + section.session if section.session else ''}: {section.title}{status}"
    if who:
        yield "  by " + "; ".join(names[key] + (f" ({orgs[key]})" if key in orgs else "") for key in who)
    for link in section.links:
        yield f"  link: {link.label} <{link.url}>"
    for note in section.notes:
        yield f"  {note.kind}: {_flat(note.text)}"
    for turn in document.turns:
        if turn.where == section.id:
            voices = "+".join(names[voice.person] if voice.person else "?" for voice in turn.voices)
            yield f"  {turn.label} = {voices} ({turn.certainty}): {_flat(turn.text)}"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_case_reads_as_written_down(path: Path) -> None:
    source, expected = path.read_text(encoding="utf-8").split(CUT)
    document = parse(read_source(path.name.removesuffix(".txt"), source.encode()))
    assert show(document) == expected.strip("\n")


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_case_accounts_for_every_line(path: Path) -> None:
    source, _ = path.read_text(encoding="utf-8").split(CUT)
    document = parse(read_source(path.name.removesuffix(".txt"), source.encode()))
    wanted = [number for number, line in enumerate(source.split("\n"), start=1) if line.strip()]
    assert [place.line for place in document.places] == wanted
