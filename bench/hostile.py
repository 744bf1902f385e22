"""Files made to harm, each read and parsed in a process of its own: `python -m bench.hostile [WORD IN NAME]`.

A file must be read or refused within LONGEST seconds and MOST megabytes of memory, the interpreter and all libraries
included, and nothing but Unreadable may come out of it. Memory is the peak that the system counted for the process;
beyond a hard limit it is ended.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tests.mutated import zipped

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 10.0  # seconds of processor time
MOST = 500  # megabytes
HARD = 1536 * 1024 * 1024  # bytes of address space, more of which than is used is only reserved

FIVE = 5 * 1024 * 1024
GIGABYTE = 1024**3
WORD = (
    b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
CELL = b"<w:tbl><w:tr><w:tc>"
SAID = b"<w:p><w:r><w:t>Ada: yes</w:t></w:r></w:p>"
ENTITY = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGH = b"<!DOCTYPE d [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
)


def word_file(document: bytes, **others: bytes) -> bytes:
    with ZipFile(ROOT / "tests" / "files" / "lighthouse.docx") as model:
        files = {name: model.read(name) for name in model.namelist()}
    return zipped(files | {"word/document.xml": document} | {f"word/{name}.xml": part for name, part in others.items()})


def lying(size: int) -> bytes:
    """A zip of a page that states that it unpacks to hardly anything."""
    made = bytearray(zipped({"a.html": b"<p>Ada: yes</p>" + b" " * size}))
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        start = made.index(mark) + at
        made[start : start + 4] = (100).to_bytes(4, "little")
    return bytes(made)


def nested_zip(depth: int) -> bytes:
    made = zipped({"a.html": b"<p>Ada: yes</p>"})
    for _ in range(depth):
        made = zipped({"a.zip": made})
    return made


def texts() -> Iterator[tuple[str, bytes]]:
    turn = b"Ada King: it is so. Bob Roe: it is not. "
    yield "one-line-of-5-mb.txt", turn * (FIVE // len(turn))
    yield "one-word-of-5-mb.txt", b"a" * FIVE
    yield "one-line-of-5-mb.md", b"[a](http://b.example/c) **x** `y` " * (FIVE // 34)
    yield "one-line-of-5-mb.log", b"17:00 <ada> " + b"hello " * (FIVE // 6)
    yield "nested-10000.md", b"> " * 10_000 + b"x\n" + b"- " * 10_000 + b"x\n"
    yield "list-nested-10000.txt", b"".join(b" " * n + b"- x\n" for n in range(3_000))
    yield "brackets.md", b"[" * 50_000 + b"](" * 50_000
    yield "nulls.txt", b"Ada: yes\n" + b"\0" * FIVE
    yield "late-null.txt", b"Ada: yes\n" * 60_000 + b"\0"
    yield "lines-of-marks.txt", b"<" * 200 + b"\n" + b": : : :\n" * 200_000
    yield "colons.txt", (b"a:" * 40 + b"\n") * 20_000
    yield "random-latin.txt", bytes(range(128, 256)) * 20_000
    yield "blank-lines.txt", b"\n" * (FIVE - 1) + b"x"
    yield "open-tags.txt", b"<b" * (FIVE // 2)
    yield "open-tags.md", b"<b" * (FIVE // 2)
    yield "turns-of-5-mb.txt", b"".join(b"Ada King: number %d is it not so?\n" % n for n in range(FIVE // 36))


def subtitles() -> Iterator[tuple[str, bytes]]:
    cue = b"\n00:00:01.000 --> 00:00:02.000\n<v Ada King>it is so\n"
    yield "cues-of-5-mb.vtt", b"WEBVTT\n" + cue * (FIVE // len(cue))
    yield "voices-in-one-line.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v Ada>a</v><v Bob>b</v>" * (FIVE // 24)
    yield "open-tags.srt", b"1\n00:00:01,000 --> 00:00:02,000\n" + b"<b" * (FIVE // 2)
    yield "times-alone.srt", b"1\n" + b"00:00:01,000 --> 00:00:02,000\n" * (FIVE // 30)


def pages() -> Iterator[tuple[str, bytes]]:
    yield "nested-10000.html", b"<html><body>" + b"<div>" * 10_000 + b"Ada: yes"
    yield "lists-nested-10000.html", b"<html><body>" + b"<ul><li>x" * 10_000
    yield "one-line-of-5-mb.html", b"<html><body><p>" + b"Ada King: it is so. " * (FIVE // 20)
    yield "marks.html", b"<html><body>" + b"<b>a</b>" * 49_000
    yield "attributes.html", b"<html><body><p " + b" ".join(b"a%d" % n for n in range(200_000)) + b">"
    yield "entity.html", ENTITY + b"<html><body><p>Ada: &x;</p>"
    yield "laugh.html", LAUGH + b"<html><body><p>Ada: &a11;</p>"
    yield "styles.html", b"<html><head><style>" + b".a{font-weight:bold}" * (FIVE // 20) + b"</style><body>x"
    yield "table.html", b"<html><body><table>" + b"<tr>" + b"<td>a" * 40_000 + b"</table>"
    yield "open-quote.html", b'<html><body><a href="' + b"x" * FIVE


def archives() -> Iterator[tuple[str, bytes]]:
    yield "bomb.docx", zeros("word/document.xml", GIGABYTE)
    yield "bomb-in-styles.docx", word_file(WORD + SAID + b"</w:body></w:document>", styles=b"<a>" * 6_000_000)
    yield "elements.docx", word_file(WORD + SAID * 19_000 + b"</w:body></w:document>")
    yield "too-many-elements.docx", word_file(WORD + SAID * 200_000 + b"</w:body></w:document>")
    yield "nested-10000.docx", word_file(WORD + CELL * 10_000)
    yield "entity.docx", word_file(ENTITY + b"<d>&x;</d>")
    yield "laugh.docx", word_file(LAUGH + b"<d>&a11;</d>")
    yield "nulls.docx", word_file(WORD + SAID + b"\0" * 1000)
    yield (
        "one-line-of-5-mb.docx",
        word_file(
            WORD + b"<w:p><w:r><w:t>" + b"Ada King: so. " * (FIVE // 14) + b"</w:t></w:r></w:p></w:body></w:document>"
        ),
    )
    yield "bomb.zip", zeros("a.html", GIGABYTE)
    yield "bomb-that-lies.zip", lying(50_000_000)
    yield "many-files.zip", zipped({f"{n}.html": b"" for n in range(60_000)})
    yield "picture-bomb.zip", zeros("a.png", GIGABYTE, a_html=b"<p>Ada: yes</p>")
    yield "nested-50.zip", nested_zip(50)
    yield "page-nested-10000.zip", zipped({"a.html": b"<html><body>" + b"<div>" * 10_000})
    yield "entity.zip", zipped({"a.html": ENTITY + b"<html><body><p>Ada: &x;</p>"})
    yield "no-end.zip", zipped({"a.html": b"<p>Ada: yes</p>"})[:-22]


def zeros(name: str, size: int, **others: bytes) -> bytes:
    """A zip in which one file unpacks to so many blanks, made without ever holding them."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for other, content in others.items():
            archive.writestr(other.replace("_", "."), content)
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(size // FIVE):
                part.write(b" " * FIVE)
    return made.getvalue()


def read_one(path: str) -> None:
    """In a process of its own: what became of the file, its seconds and its megabytes, in one line."""
    from minutes.parsing import parse
    from minutes.reading import Unreadable, read_source

    resource.setrlimit(resource.RLIMIT_AS, (HARD, HARD))
    content = Path(path).read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        reading = read_source(Path(path).name, content)
        document = parse(reading)
        full = sum(1 for line in reading.lines if line.strip())
        said = f"read: {len(document.turns)} turns" if len(document.places) == full else "FAULT: lines do not add up"
    except Unreadable as refusal:
        said = f"refused: {refusal}"
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    # What getrusage calls the peak counts the process that started this one as well.
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    print(f"{seconds:.2f}\t{peak / 1024:.0f}\t{said}")


def main(only: str = "") -> int:
    failed = 0
    print(f"{'file':<28}{'seconds':>8}{'MB':>6}  what became of it")
    with tempfile.TemporaryDirectory() as room:
        for make in (texts, subtitles, pages, archives):
            for name, content in make():
                if only and only not in name:
                    continue
                path = Path(room) / name
                path.write_bytes(content)
                del content
                failed += not _try(path)
                path.unlink()
    print(f"{failed} failed" if failed else "none took more than it may")
    return int(failed > 0)


def _try(path: Path) -> bool:
    command = [sys.executable, "-m", "bench.hostile", str(path)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        print(f"{path.name:<28}{'120+':>8}{'':>6}  FAULT: did not end")
        return False
    if done.returncode:
        print(f"{path.name:<28}{'':>8}{'':>6}  FAULT: {(done.stderr.strip().splitlines() or ['ended'])[-1][:110]}")
        return False
    seconds, megabytes, said = done.stdout.strip().split("\t", 2)
    fine = float(seconds) <= LONGEST and float(megabytes) <= MOST and not said.startswith("FAULT")
    print(f"{path.name:<28}{seconds:>8}{megabytes:>6}  {'' if fine else 'TOO MUCH: '}{said[:110]}", flush=True)
    return fine


if __name__ == "__main__":
    if len(sys.argv) > 1 and Path(sys.argv[1]).is_file():
        read_one(sys.argv[1])
    else:
        sys.exit(main(*sys.argv[1:]))
