"""Names with affiliations as one line prints them: "A (X), B, C (Y, Z) D (W)" to credits in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from people import names

_NAME_WORD = re.compile(r"^[^\W\d_]+(?:[-'’.]{1,2}[^\W\d_]+)*\.?$")
_QUOTED = re.compile(r"\"[^\"]+\"|“[^”]+”|‘[^’]+’")
_BETWEEN = re.compile(r"^\s*(?:,|;|&|\+|/|and\b|und\b|et\b)?\s*", re.IGNORECASE)
_TRAILING_ORG = re.compile(r"^(?P<name>[^,;]+?)\s+[-–—]\s+(?P<org>[^,;]+)$")
_AND = re.compile(r"\s*(?:,|;|&|\+|\band\b)\s*", re.IGNORECASE)
_NAME_AND_ORG = re.compile(r"^(?P<name>[^,()]+),\s*(?P<org>[^()]+)$")
_SURNAME = re.compile(
    r"^(?:[a-z][\w'’]*\s+){0,3}[^\W\d_a-z][\w'’-]*(?:[ -][^\W\d_a-z][\w'’-]*)?$"
)  # "van Rijn", "Ortega Luna"
_GIVEN = re.compile(r"^[^\W\d_a-z][\w'’.-]*(?:\s[^\W\d_a-z][\w'’.-]*){0,2}$")
_MAY_PART = re.compile(r"[,;&+]|[aA][nN][dD]")  # without one of them there is nothing to split
_INITIALS = re.compile(r"^(?:[A-Z][A-Za-z]?[A-Z]{0,3}|[A-Z]{2,3}[a-z])$")
_NOISE = re.compile(
    r"^(?:partly|part(?: time)?|remote(?:ly)?|online|co-chair|scribe|(?:via|by) \w+|in person|tbc|tba|voting|late|guest"
    r"|\d{1,2}[:.]\d\d.*|until .*|from .*|\?|\*)$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:the )?(?P<role>chair(?:man|woman|person)?|president|secretary|treasurer|moderator|convener|clerk"
    r"|facilitator)$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>")
_HANDLE_IN = re.compile(r"@([\w.-]+)")
_HANDLES = re.compile(r"^@[\w.-]+(?:(?:\s*[,;&]\s*|\s+)(?:and\s+)?@[\w.-]+)+\s*[,;.]?$")
_HANDLE = re.compile(r"^@(?P<handle>[\w.-]{2,40})$")


@dataclass(frozen=True, slots=True)
class Credit:
    name: str
    affiliation: str | None = None
    initials: str | None = None  # or another short form that the line gives: an account's name
    role: str | None = None  # "chair", by which turns may call this person


def looks_like_word(text: str) -> bool:
    """One capitalised word, as a first name or surname alone would be."""
    return len(text) <= 30 and text[:1].isupper() and bool(_NAME_WORD.match(text))


def looks_like_name(text: str) -> bool:
    """Two to six capitalised words, initials and particles: the shape of a full name, whoever it is."""
    words = _QUOTED.sub(" ", text).split() if len(text) <= 60 else []
    if not 2 <= len(words) <= 6 or not looks_like_word(words[-1]):
        return False
    if any(word.endswith(".") and not _is_short(word) for word in words[:-1]):
        return False  # "Done. Ada" is no name
    return all(looks_like_word(word) or names.fold(word) in names.PARTICLES for word in words)


def _is_rank(part: str) -> bool:
    """What stands behind a name and a comma without being anybody: "Ph.D."."""
    return names.fold(part).replace(".", "") in names.RANKS


def _is_short(word: str) -> bool:
    """An initial, a title or another word that people write with a point: "A.", "Prof.", "Wm."."""
    bare = names.fold(word).strip(".")
    return len(bare) < 4 or bare in names.TITLES or "." in bare


def is_handle(text: str) -> bool:
    """The name of an account, shown as such: "@moss"."""
    return bool(_HANDLE.match(text))


def are_handles(text: str) -> bool:
    """Several names of accounts shown as such and nothing else: "@moss @reed"."""
    return text[:1] == "@" and bool(_HANDLES.match(text))


def fits(initials: str, name: str) -> bool:
    """Whether these letters may stand for that name: all of them in it, in order, its first one first.

    Or the first and last of them are those of first name and surname, with a middle name that is not printed.
    """
    if not _INITIALS.match(initials):
        return False
    folded, wanted = names.fold(name), names.fold(initials)
    if not folded or folded[0] != wanted[0]:
        return False
    rest = iter(folded.replace(" ", ""))
    return all(letter in rest for letter in wanted) or (len(wanted) == 3 and folded.split()[-1][0] == wanted[-1])


def _groups(text: str) -> list[tuple[str, list[str]]]:
    """The text before each bracket with the brackets that follow it; nested brackets stay inside."""
    groups: list[tuple[str, list[str]]] = []
    depth, start, before = 0, 0, ""
    for at, char in enumerate(text):
        if char in "([":
            if depth == 0:
                before, start = text[start:at], at + 1
            depth += 1
        elif char in ")]" and depth:
            depth -= 1
            if depth == 0:
                inside, start = text[start:at].strip(), at + 1
                if not before.strip() and groups:
                    groups[-1][1].append(inside)
                else:
                    groups.append((before, [inside]))
    if text[start:].strip(" ,;."):
        groups.append((text[start:], []))
    return groups


def _surname_first(text: str) -> str:
    """ "King, Ada; Roe, Bob (X)" as "Ada King; Bob Roe (X)": between semicolons a comma parts a name."""
    if text.count(";") < 1 or "," not in text:
        return text
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if all(looks_like_name(part.partition(",")[0].strip()) for part in parts):  # "Ada King, Harbour; Bob Roe, Quay"
        return "; ".join(_NAME_AND_ORG.sub(r"\g<name> (\g<org>)", part) for part in parts)
    turned = [_turned(part) for part in parts]
    swapped = sum(a != b for a, b in zip(parts, turned, strict=True))
    return "; ".join(turned) if 2 * swapped > len(parts) else text


def _turned(part: str) -> str:
    """ "King, Ada (X)" as "Ada King (X)"; what is no such name stays."""
    name, bracket, rest = part.partition(" (")
    surname, comma, given = (piece.strip() for piece in name.partition(","))
    if not comma or not _GIVEN.match(given) or not _SURNAME.match(surname) or looks_like_name(given):
        return part
    return f"{given} {surname}{bracket}{rest}"


def read_credits(text: str) -> tuple[Credit, ...]:
    """Everybody named in the line. A bracket belongs to the name right before it; a comma inside one parts nothing.

    A name alone may carry its affiliation behind a dash. Letters that fit the name are its initials.
    """
    credits: list[Credit] = []
    if are_handles(text):
        return tuple(Credit(handle.rstrip(".-")) for handle in _HANDLE_IN.findall(text))
    text = _surname_first(_MAIL.sub("", text) if "@" in text else text)
    for before, brackets in _groups(text.replace("\t", ", ")):
        before = _BETWEEN.sub("", before, count=1)
        several = _MAY_PART.search(before)
        printed = [part.strip(" .*_\u00a0:") for part in (_AND.split(before) if several else (before,))]
        people = [part for part in printed if any(c.isalpha() for c in part) and not _is_rank(part)]
        for place, person in enumerate(people):
            org: str | None = None
            if match := _TRAILING_ORG.match(person):
                person, org = match["name"].strip(), match["org"].strip()
            credits.append(_credit(person, org, brackets if place == len(people) - 1 else ()))
    return tuple(credits)


def _credit(person: str, org: str | None, brackets: Sequence[str]) -> Credit:
    """One person with what brackets say: initials, a role, an affiliation, or the name where an account stands."""
    initials = role = None
    if (handle := _HANDLE.match(person)) and brackets and looks_like_name(brackets[0]):
        person, initials, brackets = brackets[0], handle["handle"], brackets[1:]
    for bracket in brackets:
        rest = []
        for part in bracket.split(", "):
            if fits(part, person) or (is_handle(part) and initials is None):
                initials = part.removeprefix("@")
            elif match := _ROLE.match(part.strip()):
                role = match["role"]
            elif not _NOISE.match(part) and "@" not in part:
                rest.append(part)
        org = org or ", ".join(rest) or None
    if org and (match := _ROLE.match(org)):
        org, role = None, match["role"]
    return Credit(person.removeprefix("@"), org, initials, role)
