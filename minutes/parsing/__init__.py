"""Blocks of a minutes file to the Document they hold. Odd content is a Problem in it, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from minutes.document import Document, Problem
from minutes.parsing.assembly import Records, assemble, find_outcomes
from minutes.parsing.closing import find_closing
from minutes.parsing.forms import read_forms
from minutes.parsing.heads import find_heads
from minutes.parsing.labels import Labels
from minutes.parsing.ledger import UNPLACED_SHARE, Ledger
from minutes.parsing.outline import build_outline, find_credits
from minutes.parsing.persons import People
from minutes.parsing.pieces import Piece, cut
from minutes.parsing.roster import find_accounts, find_roles, find_roster
from minutes.parsing.sections import Outline
from minutes.parsing.tables import read_talk_tables
from minutes.reading.blocks import Reading
from minutes.reading.collecting import without_collecting
from people import names
from people.resolve import Candidate
from themes.recognise import Recogniser, pieces_of, recognise, recogniser_of
from themes.vocabulary import Topic

__all__ = ["PARSER_VERSION", "parse"]

#: Raised with every change of the rules that changes what some document says; import runs keep it.
PARSER_VERSION = 6


@without_collecting()
def parse(
    reading: Reading,
    *,
    people: Sequence[Candidate] = (),
    topics: Sequence[Topic] = (),
    decided: Mapping[str, Candidate | None] = MappingProxyType({}),
    unplaced_share: float = UNPLACED_SHARE,
) -> Document:
    """All that the document says. `people` are known beforehand and may be named in running text; `topics` are the
    vocabulary by whose words mentions are found; `decided` is by folded label whom people said that it means in this
    document, whether it names them or not, or None for nobody: their keys are kept as they are. Where a larger share
    of lines than `unplaced_share` has no place, a problem names them."""
    ledger = Ledger(reading.lines, unplaced_share)
    known = People(people, decided)
    recogniser = recogniser_of(tuple(topics))

    pieces = cut(reading.blocks)
    roster = find_roster(pieces)
    roster.enter(known)
    for role, name in find_roles(pieces):
        key = known.expect(name, (0, 0))
        if role:
            known.called_by_role(key, role)
    for name, account in find_accounts(pieces):
        known.add(name, (0, 0), named=False, initials=account)
    pieces = _without(pieces, roster.places, ledger)
    closing = find_closing(pieces)
    pieces = _without(pieces, closing.places, ledger)
    for name, lines in find_credits(pieces):
        known.expect(name, lines)
    pieces, heads = read_talk_tables(pieces, known.knows)
    spoken = read_forms(pieces, known.knows)
    for piece in (*heads, *spoken.ignored):
        ledger.put(piece.lines, "ignored", "marks of a table or a log")
    pieces = spoken.pieces

    sure = spoken.labels | {names.fold(names.plain(name)) for name in reading.speakers}
    strict = bool(roster.present or sure)
    labels = Labels(_spoken(pieces), _titles(pieces), known, strict, _is_topic(recogniser), sure)
    labels.welcome(pieces)
    pieces = find_heads(pieces, labels.speaks, known.knows)
    outline = build_outline(pieces, labels, ledger, known.knows)
    records = assemble(outline, known, labels, ledger)
    contacts = closing.contacts(known)
    actions, decisions = find_outcomes(records, closing.themes, known)
    known.find_in_text(reading.lines)

    document = _document(reading, known, outline, records, ledger)
    document = replace(
        document,
        participants=tuple(dict.fromkeys(credit.name for credit, _ in roster.present)),
        themes=tuple(closing.themes),
        actions=actions,
        decisions=decisions,
        contacts=contacts,
    )
    entities, mentions = recognise(pieces_of(document), recogniser)
    return replace(document, entities=entities, mentions=mentions)


def _document(reading: Reading, known: People, outline: Outline, records: Records, ledger: Ledger) -> Document:
    """What was read, but for what stands in lists of its own."""
    return Document(
        name=reading.name,
        sha256=reading.sha256,
        media_type=reading.media_type,
        line_count=reading.line_count,
        title=outline.title,
        start=outline.start,
        end=outline.end,
        people=known.listed(),
        days=tuple(outline.days),
        sessions=tuple(records.sessions),
        talks=tuple(records.talks),
        turns=tuple(records.turns),
        links=tuple(records.links),
        notes=tuple(records.notes),
        places=ledger.places(),
        unplaced=ledger.unplaced(),
        problems=_problems(outline.problems, records, ledger, reading),
    )


def _without(pieces: Sequence[Piece], places: Mapping[int, tuple[str, str]], ledger: Ledger) -> tuple[Piece, ...]:
    """The pieces that a stage has not taken; those that it has are entered in the ledger."""
    for piece in pieces:
        if piece.index in places:
            ledger.put(piece.lines, *places[piece.index])
    return tuple(piece for piece in pieces if piece.index not in places)


def _is_topic(recogniser: Recogniser) -> Callable[[str], bool]:
    """Whether words are the name of a topic and nothing else."""

    def is_topic(words: str) -> bool:
        return any(found.start == 0 and found.end == len(words) for found in recogniser.find(words))

    return is_topic


def _spoken(pieces: Iterable[Piece]) -> list[str]:
    """The lines in which somebody may speak."""
    return [piece.text for piece in pieces if piece.kind in ("paragraph", "item")]


def _titles(pieces: Iterable[Piece]) -> list[str]:
    return [
        piece.plain
        for piece in pieces
        if piece.kind == "heading" or (piece.alone and piece.kind == "paragraph" and piece.plain.endswith(")"))
    ]


def _problems(found: Sequence[Problem], records: Records, ledger: Ledger, reading: Reading) -> tuple[Problem, ...]:
    """What was odd, by line; with a word of its own where much could not be placed."""
    problems = [*found, *records.problems]
    if missing := ledger.complain():
        problems.append(missing)
    if not records.talks and not records.sessions:
        problems.append(Problem(1, "no talks found"))
    return tuple(sorted(problems, key=lambda problem: problem.line))
