"""The words of a question as somebody typed them in; what they say of the turn that is looked for, out.

Pure: no index, no names. A question says more than its words: “who asked” wants a question, “Ada's answer” an answer of
hers, “in the talk on tides” a title, and many of its words only hold it together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from . import schema
from .words import STOP_WORDS

Asked = tuple[str, str]  # a field of the index and its value
SHORTEST, LONGEST = 3, 5  # letters of what may be short for as many words

_ASKING = frozenset("ask asks asked asking question questions want wants wanted wonder wonders wondered".split())
_ANSWERING = frozenset(
    """answer answers answered answering reply replies replied response responses respond responds responded explain
    explains explained""".split()
)
_SAYING = frozenset(
    """say says said saying tell tells told think thinks thought mention mentions mentioned comment comments commented
    suggest suggests suggested propose proposes proposed promise promises promised""".split()
)
_GIVEN = frozenset("talk talks presentation presentations slides".split())
#: Beside stop words: words of the question, not of what it is about.
_OF_QUESTIONS = frozenset(
    """know knows knew known think thinks thought want wants wanted anything something everything nothing mention
    mentions mentioned tell tells told wonder wonders wondered opinion regarding concerning question questions
    explain explained people please say does doing happen happened happens really still there here whether response
    responses respond responded dont doesnt didnt isnt arent wasnt cant wont whats hows wheres whos theres
    each every another such""".split()
)
#: In a sentence they say little; alone they are what is looked for.
_LIGHT = frozenset(
    """use used uses using work works working make makes made making go goes going come comes came coming need needs
    needed give gives gave given take takes took taken find finds found happen other others way ways thing things lot
    possible able like look looks looking put mean means meant keep keeps kept many promised promise promises suggest
    suggested propose proposed comment comments commented""".split()
)
#: What kind of turn a sentence asks for, and the words that say so.
_WANTED: tuple[tuple[Asked, re.Pattern[str]], ...] = tuple(
    (asked, re.compile(rf"(?<!\S)(?:{words})(?!\S)"))
    for asked, words in (
        (
            ("is", "unanswered"),
            r"unanswered|(?:not|never|nobody|no one|none) (?:been |was |were |ever |really )*answer(?:s|ed)?"
            r"|(?:left |remained |got |stayed )*(?:without|no) (?:an |any )?(?:answer|answers|reply|response)",
        ),
        (
            ("kind", "question"),
            r"(?:who|anybody|anyone|somebody|someone|people|nobody) (?:else |was |were |has |have |had |ever |also )*"
            r"(?:ask|asks|asked|asking|wonder|wonders|wondered|wondering|raised|(?:want|wants|wanted) to know)"
            r"|questions? (?:about|on|regarding|concerning)|(?:was|were|been) asked",
        ),
        (
            ("kind", "answer"),
            r"(?:who|anybody|anyone|somebody|someone) (?:else |has |have |had |ever |also )*"
            r"(?:answer|answers|answered|replied|responded|explained)"
            r"|(?:the|an|any|no|what) (?:answers?|repl(?:y|ies)|responses?) (?:to|about|on|was|were)"
            r"|(?:was|were|been) (?:answered|replied)",
        ),
    )
)
_KINDS_OF_PLACES = "talk|talks|presentation|presentations|session|sessions"
_PLACES = (
    re.compile(
        rf"(?<!\S)(?:in|at|during|after|from|ask|asked|by) (?:the )?(?P<where>\S+(?: \S+){{0,3}}?)"
        rf" (?P<kind>{_KINDS_OF_PLACES}|speakers?)(?!\S)"
    ),
    re.compile(
        rf"(?<!\S)(?:the|a) (?P<kind>{_KINDS_OF_PLACES}) (?:on|about|of|called|titled)"
        r" (?:the )?(?P<where>\S+(?: \S+){0,5})"
    ),
)
_WHICH = re.compile(rf"(?<!\S)(?:which|what) (?:{_KINDS_OF_PLACES}|workshops?|speakers?|persons?|people)(?!\S)")
_ENDING = re.compile(r"(?:n['’]t|['’](?:s|re|ve|ll|d|m)?)$", re.IGNORECASE)


def bare(word: str) -> str:
    """Without what an apostrophe adds: “Ada's”, “what's”, “isn't”."""
    return _ENDING.sub("", word) or word


def lower(typed: Iterable[str]) -> list[str]:
    return [bare(word).lower() for word in typed]


def is_weak(words: Iterable[str]) -> bool:
    """Whether these words hold a question together and say nothing of what it is about."""
    return all(word in STOP_WORDS or word in _OF_QUESTIONS for word in words)


def is_light(words: Sequence[str]) -> bool:
    return all(word in _LIGHT for word in words)


def is_sentence(typed: Sequence[str]) -> bool:
    return any(word in STOP_WORDS for word in lower(typed))


# What it asks for


def wanted(typed: Sequence[str]) -> dict[int, Asked | None]:
    """By the place of a word: what the turn should be; None for words that only help to say so."""
    line = " ".join(lower(typed))
    found: dict[int, Asked | None] = {}
    for asked, pattern in _WANTED:
        for match in pattern.finditer(line):
            places = _places(line, match.span())
            if not found.keys() & set(places):
                found |= dict.fromkeys(places) | {places[0]: asked}
    helping = [match.span() for match in _WHICH.finditer(line)]
    helping += [match.span("kind") for match in _titling(line)]
    return dict.fromkeys(place for span in helping for place in _places(line, span)) | found


def titled(typed: Sequence[str]) -> set[int]:
    """The places of the words that say in which talk: “in the tides talk”, “the talk on tides”."""
    line = " ".join(lower(typed))
    return {place for match in _titling(line) for place in _places(line, match.span("where"))}


def _titling(line: str) -> Iterator[re.Match[str]]:
    for pattern in _PLACES:
        yield from (match for match in pattern.finditer(line) if not is_weak(match["where"].split()))


def _places(line: str, span: tuple[int, int]) -> list[int]:
    first = line[: span[0]].count(" ")
    return list(range(first, first + line[span[0] : span[1]].count(" ") + 1))


# What a person does in it


def cue(typed: Sequence[str], at: int, size: int) -> str:
    """What the sentence says of the person: "asked", "answered", "said", "to" who was asked, "gave" a talk; or ""."""
    words = lower(typed)
    before, after = words[max(at - 5, 0) : at], words[at + size : at + size + 3]
    last = before[-1] if before else ""
    if last in (_ASKING | _ANSWERING) - {"question", "questions", "answers", "response"}:
        return "to"
    if last in ("to", "of", "from", "by"):
        done = next((name for word in reversed(before[:-1]) if (name := _did(word))), "")
        return "to" if last == "to" and done in ("asked", "answered") else done if last != "to" else ""
    return next((name for word in after if (name := _did(word))), "")


def _did(word: str) -> str:
    for name, words in (("asked", _ASKING), ("answered", _ANSWERING), ("said", _SAYING), ("gave", _GIVEN)):
        if word in words:
            return name
    return ""


def speaks_near(typed: Sequence[str], at: int) -> bool:
    """Whether the words around this one are about somebody who asks, answers or says."""
    return bool(set(lower(typed[max(at - 1, 0) : at + 4])) & (_ASKING | _ANSWERING | _SAYING))


# Words that stand for others


def shorts(typed: Sequence[str]) -> Iterator[tuple[tuple[int, ...], str]]:
    """What words side by side may be written as: their initials, or together with a number. With their places."""
    words = [schema.words(bare(word)) for word in typed]
    single = [some[0] if len(some) == 1 else "" for some in words]
    for at, one in enumerate(single[:-1]):
        other = single[at + 1]
        if one and other and one.isdigit() != other.isdigit():
            yield (at, at + 1), one + other
    for first in range(len(single)):
        for last in range(first + SHORTEST - 1, min(first + LONGEST + 2, len(single))):
            run = range(first, last + 1)
            if not all(words[at] for at in run) or is_weak(words[first]) or is_weak(words[last]):
                continue
            for places in {tuple(run), tuple(at for at in run if not is_weak(words[at]))}:
                initials = "".join(word[0] for at in places for word in words[at])
                if SHORTEST <= len(initials) <= LONGEST and initials not in STOP_WORDS:
                    yield tuple(at for at in run if not is_weak(words[at])), initials


_SUFFIX = re.compile(r"(?:ers?|ors?|ings?|ed|es|s|ions?|ations?|ments?|able|ly|al|ists?)$")
LEAST_ROOT = 4


def root(word: str) -> str:
    """What words of one family begin with: writers, writing; "" where too little is left to tell."""
    short = _SUFFIX.sub("", word)
    return short if len(short) >= LEAST_ROOT else ""
