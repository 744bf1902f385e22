"""Documents cut, shuffled, doubled and otherwise broken, for tests that nothing sent in breaks the parser."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from minutes.document import IGNORING, PLACES
from minutes.exporting.minutes_document import as_json
from minutes.parsing import parse
from minutes.reading import Unreadable, read_source

ROOT = Path(__file__).resolve().parent
CUT = "\n" + "=" * 60 + "\n"
_MARKS = ("**", "[", "](", ")", "<", ">", "|", "`", "#", "- ", "1. ", ":", "\t", '"', "\u200b", "\ufeff", "\x1f", "é")

_PARAGRAPH = re.compile(rb"<w:p[ >].*?</w:p>", re.DOTALL)
_NO_CONTROLS = dict.fromkeys(range(32), " ")

Mutation = Callable[[random.Random, bytes], bytes]


def texts() -> list[tuple[str, bytes]]:
    """Every case document of the tests, by the name under which it is read."""
    paths = sorted([*(ROOT / "cases").glob("*.txt"), *(ROOT / "conventions").glob("*.txt")])
    return [(path.name.removesuffix(".txt"), path.read_text(encoding="utf-8").split(CUT)[0].encode()) for path in paths]


def files() -> list[tuple[str, bytes]]:
    """Every test file in a format of its own; a zip of each page as well."""
    found = [(path.name, path.read_bytes()) for path in sorted((ROOT / "files").iterdir())]
    return found + [(f"{name}.zip", zipped({name: content})) for name, content in found if name.endswith(".html")]


def sources() -> list[tuple[str, bytes]]:
    return texts() + files()


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def _cut_short(chance: random.Random, content: bytes) -> bytes:
    start, end = sorted((chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)))
    return content[start:end]


def _shuffle(chance: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _double(chance: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    return b"\n".join([*lines[: at + 1] * chance.choice((2, 3)), *lines[at:]])


def _join_lines(chance: random.Random, content: bytes) -> bytes:
    return b"".join(line + chance.choice((b"\n", b"\n\n", b" ", b"", b"\r\n")) for line in content.split(b"\n"))


def _flip(chance: random.Random, content: bytes) -> bytes:
    made = bytearray(content)
    for _ in range(chance.randrange(1, 20)):
        if made:
            made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def _sprinkle(chance: random.Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    for _ in range(chance.randrange(1, 30)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_MARKS) * chance.choice((1, 1, 2, 40)) + text[at:]
    return text.encode()


def _indent(chance: random.Random, content: bytes) -> bytes:
    return b"\n".join(b" " * chance.choice((0, 0, 1, 2, 4, 9)) + line for line in content.split(b"\n"))


def _recode(chance: random.Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(chance.choice(("utf-16", "latin-1", "cp1252")), "replace")


def _put_nulls(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + b"\0" * chance.choice((1, 1, 3, 400)) + content[at:]


def _deepen(chance: random.Random, content: bytes) -> bytes:
    opening = chance.choice((b"<div>", b"<ul><li>", b"<b>", b"> ", b"- ", b"[", b"(", b"**", b"<w:tbl><w:tr><w:tc>"))
    at = chance.randrange(len(content) + 1)
    return content[:at] + opening * chance.choice((3, 90, 600, 10_000)) + content[at:]


MUTATIONS: Sequence[Mutation] = (
    *(_cut_short, _shuffle, _double, _join_lines, _flip, _sprinkle, _indent, _recode, _put_nulls, _deepen),
)


def mutate(chance: random.Random, content: bytes) -> bytes:
    """One to four changes in a row; those of an archive are made as often in a file of it as in its own bytes."""
    if content.startswith(b"PK") and chance.random() < 0.5:
        return _mutate_inside(chance, content)
    for _ in range(chance.randrange(1, 5)):
        content = chance.choice(MUTATIONS)(chance, content or b"?")
    return content


def _mutate_inside(chance: random.Random, content: bytes) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    texts = [name for name in files if name.endswith((".xml", ".html"))]
    main = [name for name in texts if name.endswith((".html", "document.xml"))]
    name = chance.choice(main if chance.random() < 0.8 else texts)
    if name.endswith("document.xml") and chance.random() < 0.7:
        return zipped(files | {name: _rearrange(chance, files[name])})
    for _ in range(chance.randrange(1, 4)):
        files[name] = chance.choice(MUTATIONS)(chance, files[name] or b"?")
    return zipped(files)


def _rearrange(chance: random.Random, document: bytes) -> bytes:
    """Paragraphs of a Word file put in each other's places, doubled, dropped or given odd words: still a Word file."""
    paragraphs = _PARAGRAPH.findall(document)

    def other(match: re.Match[bytes]) -> bytes:
        drawn = chance.random()
        if drawn < 0.5:
            return match[0]
        if drawn < 0.7:
            return chance.choice(paragraphs) * chance.choice((0, 1, 1, 2))
        odd = chance.choice(_MARKS).translate(_NO_CONTROLS)
        said = html.escape(odd * chance.choice((1, 3, 400))).encode()
        return match[0].replace(b"</w:t>", said + b"</w:t>")

    return _PARAGRAPH.sub(other, document)


def kind_of(name: str) -> str:
    """How a document is named in a sum: by its ending."""
    return name.rpartition(".")[2] if "." in name else "txt"


def faults(name: str, content: bytes) -> list[str] | None:
    """What does not add up in what the parser makes of it; None where the file cannot be read at all."""
    try:
        reading = read_source(name, content)
    except Unreadable:
        return None
    document = parse(reading)
    wanted = [number for number, line in enumerate(reading.lines, start=1) if line.strip()]
    keys = [person.key for person in document.people]
    checks = {
        "a line is placed twice or not at all": [place.line for place in document.places] == wanted,
        "a place is none of the known ones": all(place.place in PLACES for place in document.places),
        "a line is ignored by no rule": all(
            place.rule in IGNORING for place in document.places if place.place == "ignored"
        ),
        "the counts do not add up": sum(as_json(document)["lines"].values()) == len(wanted),
        "two people have one key": len(set(keys)) == len(keys),
        "nobody listed spoke": all(key in keys for turn in document.turns for key in turn.people),
    }
    return [fault for fault, fine in checks.items() if not fine]
