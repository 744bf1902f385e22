"""Plain fields in; documents of the index out: what the index holds of a record, and how words become its terms.

One schema for all kinds of documents. The unit is the turn, with what its exchange adds to it (fields that begin with
"around"); talks, people, topics, themes, action items and decisions are documents beside it, told apart by `what`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import tantivy

#: Raised whenever documents are made in another way: an index of an older version is built anew.
VERSION = 6

TURN, TALK, PERSON, TOPIC, THEME, ACTION, DECISION = "turn", "talk", "person", "topic", "theme", "action", "decision"
MARKER = "marker"  # one document that says how far the index is

#: Words in all their forms: small, without accents, without endings.
STEMMED = (
    *("text", "together", "around", "title", "where"),
    *("talk_words", "session_words", "workshop_words", "theme_words"),
)
#: Words as they stand, small and without accents: who spoke; all words, for phrases, beginnings and spelling.
PLAIN = ("names", "exact", "vocabulary")
#: Texts compared as a whole.
RAW = ("key", "what", "vis", "kind", "is")
#: Primary keys of records, and numbers.
NUMBERS = (
    *("pk", "exchange", "talk", "session", "day", "workshop", "theme"),
    *("said", "asked", "answered", "to", "speaker", "owner", "owed", "topic"),
    *("around_said", "around_asked", "around_answered", "around_topic"),
    *("day_n", "date", "due", "place", "moment"),
)
MOST_LETTERS = 60  # of a word; longer ones are no words


def build() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in STEMMED:
        builder.add_text_field(name, tokenizer_name="stemmed")
    for name in PLAIN:
        builder.add_text_field(name, tokenizer_name="plain", index_option="position" if name == "exact" else "freq")
    for name in RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in ("what", "kind"))
    for name in NUMBERS:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def _analyzer(*, stemmed: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(MOST_LETTERS))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    return (builder.filter(tantivy.Filter.stemmer("english")) if stemmed else builder).build()


SCHEMA = build()
STEMMER, SPLITTER = _analyzer(stemmed=True), _analyzer(stemmed=False)


def register(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("stemmed", STEMMER)
    index.register_tokenizer("plain", SPLITTER)
    return index


def stems(text: str) -> list[str]:
    return STEMMER.analyze(text)


def words(text: str) -> list[str]:
    return SPLITTER.analyze(text)


def document(fields: Mapping[str, Any]) -> tantivy.Document:
    """Values may be single or lists; empty ones are left out. `shown` is kept as JSON and given back as it was."""
    made = tantivy.Document()
    for name, value in fields.items():
        if name == "shown":
            made.add_bytes(name, json.dumps(value, ensure_ascii=False).encode())
        elif name in _UNSIGNED:
            for one in value if isinstance(value, list | tuple | set) else (value,):
                if one is not None:
                    made.add_unsigned(name, one)
        else:
            for one in value if isinstance(value, list | tuple | set) else (value,):
                if one:
                    made.add_text(name, one)
    return made


_UNSIGNED = frozenset(NUMBERS)


def shown(document: tantivy.Document) -> dict[str, Any]:
    """What `document` was given as `shown`."""
    kept: dict[str, Any] = json.loads(bytes(document.get_first("shown")))
    return kept
