"""What is cited in (authors, title, occasion, date, address), a reference in five formats out. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from people.names import fold, parse

Kind = Literal["turn", "talk", "workshop"]
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True, slots=True)
class Author:
    """A person's name in two parts; `literal` for a label that nobody identified, or an organisation."""

    family: str = ""
    given: str = ""
    literal: str = ""

    @property
    def full(self) -> str:
        return self.literal or f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference. `title` is what is cited, `part` what it is ("question on “Tides”"), `occasion` the workshop."""

    id: str
    kind: Kind
    title: str
    address: str  # permanent, with the version that is cited
    authors: tuple[Author, ...] = ()
    part: str = ""
    occasion: str = ""
    place: str = ""
    first: date | None = None
    last: date | None = None
    licence: str = ""
    publisher: str = ""
    turns: int = 1  # how many are cited together


@dataclass(frozen=True, slots=True)
class Form:
    """A format: its name on the page, the ending of its file, its media type, and how it is made."""

    slug: str
    name: str
    media_type: str
    make: Callable[[Citation], str]


def author_of(name: str) -> Author:
    """Family and given name as printed, where one can tell them apart."""
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and before and after:
        return Author(before, after)
    surname, tokens = parse(name).surname, name.split()
    count = len(surname)
    if 0 < count < len(tokens):
        if tuple(fold(token) for token in tokens[-count:]) == surname:
            return Author(" ".join(tokens[-count:]), " ".join(tokens[:-count]))
        if tuple(fold(token) for token in tokens[:count]) == surname:
            return Author(" ".join(tokens[:count]), " ".join(tokens[count:]))
    return Author(literal=name.strip())


def as_text(cited: Citation) -> str:
    title = _line(cited.title)
    quoted = title if cited.kind == "workshop" else f"“{_unended(title)}”"
    return _sentence(cited, quoted, cited.address, _line)


def as_markdown(cited: Citation) -> str:
    title = _markdown(cited.title)
    quoted = f"*{title}*" if cited.kind == "workshop" else f"“{_unended(title)}”"
    return _sentence(cited, quoted, f"<{cited.address}>", _markdown)


def as_bibtex(cited: Citation) -> str:
    fields: dict[str, str] = {"title": f"{{{_tex(cited.title)}}}"}
    if cited.authors:
        fields["author"] = " and ".join(_tex_author(author) for author in cited.authors)
    if cited.kind != "workshop":
        fields["booktitle"] = _tex(cited.occasion)
        fields["note"] = _tex(cited.part)
    if cited.kind == "workshop":
        fields["organization"] = _tex(cited.publisher)
    fields["address"] = _tex(cited.place)
    fields["year"] = str(cited.first.year) if cited.first else ""
    fields["url"] = _tex_address(cited.address)
    fields["copyright"] = _tex(cited.licence)
    rows = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if cited.first:
        rows.append(f"  month = {MONTHS[cited.first.month - 1]}")
    entry = "proceedings" if cited.kind == "workshop" else "inproceedings"
    return f"@{entry}{{{_key(cited)},\n" + ",\n".join(rows) + "\n}\n"


def as_ris(cited: Citation) -> str:
    rows = [("TY", "CONF" if cited.kind == "workshop" else "CPAPER"), ("ID", cited.id)]
    rows += [("AU", a.literal or f"{a.family}, {a.given}") for a in cited.authors]
    rows += [("TI", cited.title), ("T2", cited.occasion if cited.kind != "workshop" else "")]
    if cited.first:
        rows += [("PY", str(cited.first.year)), ("DA", f"{cited.first:%Y/%m/%d}")]
    rows += [("CY", cited.place), ("PB", cited.publisher), ("N1", cited.part)]
    rows += [("UR", cited.address), ("C1", f"Licence: {cited.licence}" if cited.licence else "")]
    kept = [(tag, _line(value)) for tag, value in rows if _line(value)]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in [*kept, ("ER", "")])


def as_csl(cited: Citation) -> str:
    item: dict[str, Any] = {
        "id": cited.id,
        "type": "report" if cited.kind == "workshop" else "speech",
        "title": _line(cited.title),
        "URL": cited.address,
    }
    if cited.authors:
        item["author"] = [
            {"literal": a.literal} if a.literal else {"family": a.family, "given": a.given} for a in cited.authors
        ]
    if cited.kind != "workshop":
        item |= {"event-title": _line(cited.occasion), "container-title": _line(cited.occasion)}
    if cited.first:
        days = [cited.first] + ([cited.last] if cited.last and cited.last != cited.first else [])
        item["issued"] = {"date-parts": [[day.year, day.month, day.day] for day in days]}
    more = {"genre": cited.part, "event-place": cited.place, "publisher": cited.publisher}
    more["note"] = f"Licence: {cited.licence}" if cited.licence else ""
    item |= {name: _line(value) for name, value in more.items() if _line(value)}
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


FORMS: Mapping[str, Form] = {
    form.slug: form
    for form in (
        Form("txt", "Plain text", "text/plain", as_text),
        Form("md", "Markdown", "text/markdown", as_markdown),
        Form("bib", "BibTeX", "application/x-bibtex", as_bibtex),
        Form("ris", "RIS", "application/x-research-info-systems", as_ris),
        Form("json", "CSL-JSON", "application/vnd.citationstyles.csl+json", as_csl),
    )
}


def _sentence(cited: Citation, quoted: str, address: str, clean: Callable[[str], str]) -> str:
    names = [clean(author.full) for author in cited.authors]
    who = names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}" if names else ""
    what = ", ".join(part for part in (quoted, clean(cited.part)) if part)
    occasion = "" if cited.kind == "workshop" else clean(cited.occasion)
    where = ", ".join(part for part in (occasion, clean(cited.place), _days(cited)) if part)
    said = f"{who}: {what}" if who else what
    licence = f" ({clean(cited.licence)})" if cited.licence else ""
    return f"{said}. {where}. {address}{licence}" if where else f"{said}. {address}{licence}"


def _unended(title: str) -> str:
    """Without the full stop of a sentence that goes on."""
    return title if title.endswith("..") else title.removesuffix(".")


def _days(cited: Citation) -> str:
    if cited.first is None:
        return ""
    last = cited.last or cited.first
    if last == cited.first:
        return f"{cited.first.day} {cited.first:%B %Y}"
    if (last.year, last.month) == (cited.first.year, cited.first.month):
        return f"{cited.first.day}–{last.day} {last:%B %Y}"
    return f"{cited.first.day} {cited.first:%B %Y} – {last.day} {last:%B %Y}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", _line(text))


_TEX = {
    **{sign: f"\\{sign}" for sign in "{}#$%&_"},
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
}


def _tex(text: str) -> str:
    """BibTeX counts braces even where a backslash stands before them, so those get there by name."""
    signs = _TEX | {"{": r"{\textbraceleft}", "}": r"{\textbraceright}"}
    return "".join(signs.get(sign, sign) for sign in _line(text))


def _tex_address(address: str) -> str:
    """Readable by \\url; no sign of an address that would end the field or begin a comment."""
    return address.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D").replace("%", r"\%").replace("#", r"\#")


def _tex_author(author: Author) -> str:
    if author.literal:
        return f"{{{_tex(author.literal)}}}"
    family, given = _tex(author.family), _tex(author.given)
    return ", ".join(f"{{{part}}}" if re.search(r"\band\b", part) else part for part in (family, given) if part)


def _key(cited: Citation) -> str:
    name = fold(cited.authors[0].family or cited.authors[0].literal) if cited.authors else fold(cited.title)
    word = re.sub(r"[^a-z0-9]", "", name.split()[-1] if name.split() else "")[:20]
    year = str(cited.first.year) if cited.first else ""
    return f"{word}{year}-{cited.id}" if word or year else cited.id
