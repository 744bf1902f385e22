"""The inline content of one line (runs of text with their looks, links and anchors) to text with inline Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import parse_qs, urljoin, urlsplit

_SPACE = re.compile(r"\s\s+|[^\S ]")
_BLANKS = re.compile(r" {2,}")
_TABS = re.compile(r"(?<! ) *\t[ \t]*")
_INVISIBLE = str.maketrans("", "", "\u200b\u2060\ufeff")
_SCHEMES = ("http", "https", "mailto", "ftp", "tel")
_WORDY = re.compile(r"\w")
_MARKS = re.compile(r"[*_`]")
_LABEL = 80  # characters in which the label at the beginning of a line ends
_LONGEST_ADDRESS = 4000


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. `link` is None outside links; `inner` marks the text of a link to somewhere else on the page,
    `anchor` the sign of a footnote or comment."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None
    inner: bool = False
    anchor: bool = False


def collapse(text: str) -> str:
    """White space as a reader sees it: one blank, or one tab where tabs alone part two words of a line."""
    return _SPACE.sub(lambda match: "\t" if "\t" in match[0] and "\n" not in match[0] else " ", text).translate(
        _INVISIBLE
    )


def unwrap(address: str, base: str) -> str:
    """The address meant: redirects through a search engine taken off; "#" where it leads nowhere from here."""
    address = address.strip()[:_LONGEST_ADDRESS]
    try:
        parts = urlsplit(urljoin(base, address) if base else address)
        if parts.netloc.lower().startswith("www.google.") and parts.path == "/url":
            query = parse_qs(parts.query, max_num_fields=50)
            target = (query.get("q") or query.get("url") or [""])[0]
            return unwrap(target, "") if urlsplit(target).path != "/url" else "#"
    except ValueError:
        return "#"
    if parts.scheme.lower() not in _SCHEMES:
        return "#"
    whole = parts.geturl()
    return re.sub(r"[()\s<>]", lambda match: f"%{ord(match[0]):02X}" if ord(match[0]) < 128 else "", whole)


@dataclass(slots=True)
class Line:
    """One line of text as it will be read, begun at `number` of the source."""

    number: int
    runs: list[Run] = field(default_factory=list)

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def blank(self) -> bool:
        return not any(run.text.strip() for run in self.runs)

    @property
    def leads_within(self) -> bool:
        """Nothing but links to elsewhere on the page, and page numbers."""
        worded = [run for run in self.runs if _WORDY.search(run.text)]
        return any(run.inner for run in worded) and all(run.inner or run.text.strip().isdigit() for run in worded)

    def markdown(self, *, emphasis: bool = True) -> str:
        if len(self.runs) == 1 and self.runs[0] == Run(self.runs[0].text):
            return _tidy(self.runs[0].text)
        runs = _anchors_behind_label(self.runs)
        return _tidy("".join(_bold(runs) if emphasis else (text for text, _ in _linked(runs))))


def _tidy(text: str) -> str:
    if "  " in text:
        text = _BLANKS.sub(" ", text)
    return _TABS.sub("\t", text).strip() if "\t" in text else text.strip()


def _anchors_behind_label(runs: Sequence[Run]) -> list[Run]:
    """The sign of a footnote inside a label would make it another label: it moves to the end of the line."""
    if not any(run.anchor for run in runs):
        return list(runs)
    kept: list[Run] = []
    moved: list[Run] = []
    length = sum(len(run.text) for run in runs)
    colon = "".join(run.text for run in runs).find(":")
    seen = 0
    for run in runs:
        in_label = run.anchor and 0 <= seen < colon <= min(_LABEL, length)
        (moved if in_label else kept).append(run)
        seen += len(run.text)
    return [*kept, Run(" "), *moved] if moved else kept


def _linked(runs: Iterable[Run]) -> Iterator[tuple[str, Run]]:
    """Links as Markdown, everything else as it is; each with a run that tells its look."""
    for link, group in groupby(runs, key=lambda run: run.link):
        if link is None:
            for run in group:
                yield (f"`{run.text}`" if run.code and run.text.strip() else run.text), run
            continue
        inside = list(group)
        label = "".join(run.text for run in inside)
        first = next((run for run in inside if run.text.strip()), inside[0])
        yield _link(label, link), Run("", all(r.bold for r in inside), all(r.italic for r in inside), link=first.link)


def _link(label: str, address: str) -> str:
    words = label.strip()
    if not words:
        return label
    before, after = label[: len(label) - len(label.lstrip())], label[len(label.rstrip()) :]
    if _same_address(words, address):
        return f"{before}{words}{after}"
    if words.count("[") != words.count("]") or words.count("[") > 1:
        words = words.replace("[", "(").replace("]", ")")
    words = words.replace("\t", " ")
    if words.endswith(":"):
        words, after = words[:-1], ":" + after
    return f"{before}[{words}]({address}){after}"


def _same_address(words: str, address: str) -> bool:
    def short(text: str) -> str:
        return re.sub(r"^(?:[a-z]+://|mailto:)", "", text.lower()).rstrip("/")

    return " " not in words and ("." in words or "@" in words) and short(words) == short(address)


def _bold(runs: Iterable[Run]) -> Iterator[str]:
    for bold, group in groupby(_linked(runs), key=lambda pair: pair[1].bold):
        text = "".join(_italic(group))
        yield _wrap(text, "**") if bold else text


def _italic(pairs: Iterable[tuple[str, Run]]) -> Iterator[str]:
    for italic, group in groupby(pairs, key=lambda pair: pair[1].italic):
        text = "".join(part for part, _ in group)
        yield _wrap(text, "*") if italic else text


def _wrap(text: str, mark: str) -> str:
    """Marks around the words, without the blanks and the colon at their ends: "**Name**: ", as people write it."""
    inside = text.strip()
    if not _WORDY.search(inside) or "\t" in inside or (_MARKS.search(inside) and "](" not in inside):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if inside.endswith(":"):
        inside, after = inside[:-1].rstrip(), ":" + after
    return f"{before}{mark}{inside}{mark}{after}"
