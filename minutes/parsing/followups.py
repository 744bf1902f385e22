"""What was said and noted in; what somebody is to do and what was decided out, each with the words that say so.

A sentence becomes an action when one of `_CUES` fits it; the first that fits says why and who owns it. The cues are
narrow on purpose: a proposal that nobody made costs an editor more than one that is missed. Wishes, questions, what
"we should" do, what was done before and what a product will be able to do are no actions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from minutes.document import Action, Decision, Lines, Turn
from minutes.parsing.dates import find_span
from people.names import fold
from people.resolve import Candidate, Roster

Owner = Literal["speaker", "asked", "named", "nobody"]
_Known = Callable[[], Roster]  # those who may be named, made ready when somebody is: mostly nobody


@dataclass(frozen=True, slots=True)
class _Cue:
    what: str  # for the reason that an editor reads
    find: Callable[[str], re.Match[str] | None]
    needs: tuple[str, ...]  # in small letters; without one of these no alternative fits, which is told much faster
    owner: Owner

    def search(self, said: str, small: str) -> re.Match[str] | None:
        """Where the cue stands in what was said; `small` is that in small letters."""
        for need in self.needs:
            if need in small:
                return self.find(said)
        return None


@dataclass(frozen=True, slots=True)
class _Passage:
    """A piece of the document that may hold actions: a turn, or a text that nobody is said to have spoken."""

    where: str
    text: str
    lines: Lines
    speakers: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()  # whom a request to "you" is put to


def _cue(what: str, owner: Owner, needs: str, *alternatives: str) -> _Cue:
    """`needs` are parted by bars."""
    pattern = re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)
    at_start = all(one.startswith("^") for one in alternatives)
    return _Cue(what, pattern.match if at_start else pattern.search, tuple(needs.split("|")), owner)


# What one does for others, so that saying "we will" is a promise; the rest is a promise only from one person.
_GIVES = (
    "share|send|forward|circulate|distribute|upload|post|publish|provide|submit|report back|follow|check|verify",
    "investigate|look (?:into|at|for|up)|find out|contact|e-?mail|get (?:back|in touch)|come back|reach out",
    "keep (?:in touch|you|everybody|everyone|people)|discuss (?:with|offline)|organi[sz]e|arrange|schedule|set up",
    "contribute|help|support|assist|join|take care|coordinate|collect|gather|prepare|engage",
)
_WORKS = (
    "write|draft|make|create|add|update|fix|implement|test|try|review|propose|document|open|file|merge|put|ask",
    "talk to|call|invite|remind|take (?:this|it|that)|do (?:it|that|this|so)",
)
_GIVE = rf"(?:{'|'.join(_GIVES)})\b"
_WORK = rf"(?:{'|'.join(_WORKS)})\b"
_ADVERBS = r"(?:also |certainly |definitely |gladly |then |of course |probably |try to |just |be able to |happily )*"
_START = r"(?:^|[;:(–-]\s?)\W{0,3}"
_CLAUSE = r"(?:^|[,;:(–-]\s?|\b(?:and|but|so)\s)\W{0,3}"
_COURTESY = "hear|see|know|learn|note|say|announce|report|be|read|have|find|get|take|receive|discuss|chat|talk|answer"
_ANYBODY = r"(?:you|we|anyone|anybody|somebody|someone|people|others)"

_FIRM = re.compile(
    rf"\b(?:I|we)(?:'ll|’ll| will| shall|'m going to| am going to) {_ADVERBS}(?:{_GIVE}|{_WORK})"
    r"(?<!do it)(?<!do so)(?<!do that)(?<!do this)(?! (?:back )?to (?:this|that|it)\b)",
    re.IGNORECASE,
)
_EXPLICIT_LINE = re.compile(
    r"^[\s*_>#-]*(?:\[\s?(?P<box>[ xX]?)\]|\[?(?:(?i:actions?(?: items?| points?)?|to-?do|task)|AIs?|APs?)\]?"
    r"(?:[\s#-]*\d+)?(?:\s+(?:(?:on|for)\s+)?(?P<who>[^\W\d_][^:\n]{0,40}?))?\s*[*_]*:)[\s*_]*(?P<what>\S.*)",
)
_EXPLICIT = _cue(
    "takes an action",
    "named",
    "action",
    r"\b(?:takes?|took|taking|gets?|got|has|have|an?|the|one|new) action item\b",
    r"\b(?:takes?|took|taking) (?:an|the|one) action (?:to|on|for)\b",
)
_CUES: tuple[_Cue, ...] = (
    _cue(
        "promises",
        "speaker",
        "will|shall|'ll|going to",
        rf"\bI(?:'ll| will| shall|'m going to| am going to) {_ADVERBS}(?:{_GIVE}|{_WORK})",
        rf"\bwe(?:'ll| will| shall) {_ADVERBS}{_GIVE}",
        rf"{_START}(?:will|shall) {_ADVERBS}(?:{_GIVE}|{_WORK})",
        rf"\b(?:side|team|group|colleagues|institute|lab|laboratory)s? will {_ADVERBS}{_GIVE}",
    ),
    _cue(
        "offers",
        "speaker",
        "can|would|'d|volunteer",
        rf"\bI can {_ADVERBS}(?:share|send|provide|circulate|forward|help|ask|contact|check|look into|prepare)\b",
        r"\bwe can (?:also |gladly )?(?:share|send|circulate|forward|help (?:you|with|them|people))\b",
        r"\bI(?: would|'d) (?:also |gladly |then )?"
        r"(?:keep (?:in touch|you)|share|send|circulate|contribute|volunteer|join)\b",
        r"\bI(?:'ll| will| can)? volunteer\b",
    ),
    _cue(
        "is willing",
        "speaker",
        "happy|glad|willing|keen|eager|ready",
        r"(?:\b(?:I|we)(?:'m|'re| am| are| will be| would be|'d be) (?:also |very |quite |more than |really |always )*|"
        rf"{_CLAUSE}(?:(?:would|will) be )?(?:also |very |more than )?)(?:happy|glad|willing|keen|eager|ready)"
        rf" (?:to (?!(?:{_COURTESY})\b)[a-z]+|[a-z]+ing\b)",
    ),
    _cue(
        "leaves it for later",
        "nobody",
        "to be|line",
        r"(?:^|[(\[,;:–]\s*)to be (?:further |still )?"
        r"(?:discussed|followed|checked|clarified|confirmed|decided|investigated)\b",
        r"\b(?:let's|let us|we(?:'ll| will| can| should)) (?:follow|discuss|take|continue|talk|meet)\b"
        r".{0,40}\boff-?line\b",
    ),
    _cue(
        "asks for it",
        "nobody",
        "please|let |invited|requested|asked|grateful",
        r"\bplease (?:do |also |feel free to |don't hesitate to |everybody |everyone )?"
        r"(?!note|see|remember|find|be aware|do not|don't)[a-z]+",
        r"\blet (?:me|us) know\b",
        r"\b(?:you|everybody|everyone|all|people|participants|speakers) (?:are|is) (?:kindly )?"
        r"(?:invited|requested|asked) to\b",
        r"\b(?:I|we)(?: would|'d) be (?:very )?grateful (?:if|for)\b",
    ),
    _cue(
        "asks for it",
        "asked",
        "if ",
        rf"\bif {_ANYBODY} (?:have|has|had|can|could|want|know|see|find)\b.{{0,200}}\b(?:would|will|'d) be "
        r"(?:very |really |most )?(?:useful|helpful|great|good|nice|appreciated|welcome)\b",
    ),
    _cue(
        "says who will",
        "named",
        " will ",
        rf"^\W*(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+)? will {_ADVERBS}(?:{_GIVE}|{_WORK})",
    ),
    _cue("is given to", "named", " to ", rf"^\W*(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+)? to (?:{_GIVE}|{_WORK})"),
)

_LONGEST = 4000  # characters; more without a full stop is no sentence
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|‘[^’\n]*’|(?<!\w)'[^'\n]*'(?!\w)|\]\([^()\s]*\)|https?://\S+")
_MAY_QUOTE = re.compile(r"[\"'“‘]|\]\(|://")
_ITEM = re.compile(r"\s*(?:[-*•+]|\d+[.)])\s")
_HYPOTHETICAL = re.compile(r"\b(?:I|we)(?: would|'d)\b.{0,200}\bif\b|\b(?:if|whether) (?:I|we)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!]\s+")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|dr|prof|mr|mrs|no|fig|approx|[A-Za-z])\.$", re.IGNORECASE)
_DUE = re.compile(
    r"\b(?:by|until|till|before|due(?: on| by)?|deadline(?: is)?:?|no later than)\b(?P<when>.{6,40})", re.IGNORECASE
)
_NAMED = re.compile(
    r"^\W*@?(?P<name>[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){0,2}?)"
    r"(?:\s+(?:to|will|should|takes?|took|gets?|has)\b|\)?\s*[:,])"
)
_MENTION = re.compile(r"@(?P<name>[\w.-]+)|\((?P<last>[^()]{2,40})\)\s*$")

_DECISION_LINE = re.compile(
    r"^[\s*_>#-]*\[?(?:resol(?:ved|utions?)|decisions?|decided|conclusions?|consensus)\]?(?:[\s#-]*\d+)?"
    r"\s*[*_]*:[\s*_]*(?P<what>\S.*)",
    re.IGNORECASE,
)
_BODY = "meeting|group|committee|board|workshop|collaboration|panel"
_DECIDED = re.compile(
    r"\bit (?:was|has been|is) (?:agreed|decided|resolved) (?:to|that)\b"
    rf"|\bthe (?:{_BODY}) (?:has )?(?:agreed|decided|resolved) (?:to|that|on)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:previously|earlier|already|last (?:year|time|week|month)|in the past|at th(?:e|at) time|ago)\b",
    re.IGNORECASE,
)


def find_followups(
    turns: Sequence[Turn], other: Sequence[tuple[str, str, Lines]], people: Sequence[Candidate] = ()
) -> tuple[tuple[Action, ...], tuple[Decision, ...]]:
    """Actions "a1".. and decisions "d1".., in document order.

    `other` are texts that nobody spoke (themes, notes), each with the id of the record it belongs to; `people` are
    those who may be named as owners ("ACTION: Ada to ...").
    """
    roster = cache(lambda: Roster(people))
    passages = [*_spoken(turns), *(_Passage(where, text, lines) for where, text, lines in other)]
    passages.sort(key=lambda passage: passage.lines)
    rows = [(passage, _paragraphs(passage.text)) for passage in passages]
    marked = any(_marked(row) for _, paragraphs in rows for row in paragraphs)
    actions = [action for passage, paragraphs in rows for action in _actions(passage, paragraphs, roster, marked)]
    actions = list(
        {(fold(action.text) if action.explicit else action): action for action in reversed(actions)}.values()
    )
    actions.reverse()  # of those that the document lists again, the first
    decisions = [decision for passage, paragraphs in rows for decision in _decisions(passage, paragraphs)]
    return (
        tuple(replace(action, id=f"a{n}") for n, action in enumerate(actions, start=1)),
        tuple(replace(decision, id=f"d{n}") for n, decision in enumerate(decisions, start=1)),
    )


def _spoken(turns: Sequence[Turn]) -> Iterator[_Passage]:
    """Turns; whom one answers is whom it asks when it asks for something."""
    askers: dict[tuple[str, int], tuple[str, ...]] = {}
    for turn in turns:
        asker = askers.get((turn.where, turn.exchange), ())
        asked = turn.addressed_to or tuple(key for key in asker if key not in turn.people)
        yield _Passage(turn.id, turn.text, turn.lines, turn.people, asked)
        if turn.kind == "question":
            askers[turn.where, turn.exchange] = turn.people


# --- actions ---


def _marked(row: str) -> re.Match[str] | None:
    """A line that calls itself an action; nearly all others have neither of the signs without which none does."""
    return _EXPLICIT_LINE.match(row) if ":" in row or "[" in row else None


def _actions(passage: _Passage, paragraphs: Sequence[str], roster: _Known, marked: bool) -> Iterator[Action]:
    """Marked lines, and sentences that make an action. Where the document marks its actions, what is merely said is
    weaker evidence: nothing but somebody's own firm word counts."""
    for paragraph in paragraphs:
        line = _marked(paragraph)
        if line:
            if not line["box"] or not line["box"].strip():  # a ticked box is done
                owner = _named(line["who"] or "", roster) or _owner_in(line["what"], roster)
                yield _action(passage, line["what"].strip(" *_"), owner, "is marked as an action", explicit=True)
            continue
        for sentence in _sentences(paragraph):
            found = _read(sentence, passage, roster)
            if found and (found.explicit or not marked or (passage.speakers and _is_firm(sentence))):
                yield found


def _read(sentence: str, passage: _Passage, roster: _Known) -> Action | None:
    """The action that a sentence makes, by the first cue that fits what is not quoted in it."""
    said = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), sentence) if _MAY_QUOTE.search(sentence) else sentence
    small = said.lower()
    match = _EXPLICIT.search(said, small)
    if match:
        return _action(passage, sentence, _owner_in(sentence, roster), f"says: {match[0].strip()}", explicit=True)
    asks = said.rstrip(" )*_").endswith("?")
    for cue in _CUES:
        match = cue.search(said, small)
        if not match or (asks and cue.owner != "nobody") or (asks and "please" in match[0].lower()):
            continue
        if cue.owner == "speaker" and _HYPOTHETICAL.search(said):
            continue
        owner = _owners(cue.owner, sentence, passage, roster)
        if cue.owner == "named" and not owner:
            continue
        return _action(passage, sentence, owner, f"{cue.what}: {match[0].strip(' ,;:(–-')}", explicit=False)
    return None


def _is_firm(sentence: str) -> bool:
    """ "I will send it": who will and what. "I'll do that" leaves open what."""
    return bool(_FIRM.search(sentence)) and not sentence.rstrip(" )*_").endswith("?")


def _owners(owner: Owner, sentence: str, passage: _Passage, roster: _Known) -> tuple[str, ...]:
    if owner == "speaker":
        return passage.speakers
    if owner == "asked":
        return passage.asked if len(passage.asked) == 1 else ()
    return _owner_in(sentence, roster)


def _owner_in(text: str, roster: _Known) -> tuple[str, ...]:
    """Whom the words themselves name: "Ada to write", "Ada: please write", "@ada write", "write (Ada)"."""
    for match in (_NAMED.search(text), _MENTION.search(text)):
        if match:
            named = _named(next(name for name in match.groups() if name), roster)
            if named:
                return named
    return ()


def _named(label: str, roster: _Known) -> tuple[str, ...]:
    return tuple(key for found in roster().resolve_each(label) for key in found.people) if label.strip() else ()


def _action(passage: _Passage, text: str, owner: tuple[str, ...], reason: str, *, explicit: bool) -> Action:
    return Action("", text, passage.where, owner, _due(text), explicit, reason, passage.lines)


def _due(text: str) -> date | None:
    """The day by which it is to be done, where one is printed with its year."""
    match = _DUE.search(text)
    found = find_span(match["when"]) if match else None
    return found[0][1] if found else None


# --- decisions ---


def _decisions(passage: _Passage, paragraphs: Sequence[str]) -> Iterator[Decision]:
    for paragraph in paragraphs:
        line = _DECISION_LINE.match(paragraph) if ":" in paragraph else None
        if line and not line["what"].rstrip(" *_").endswith("?"):
            yield Decision("", line["what"].strip(" *_"), passage.where, passage.lines)
            continue
        small = paragraph.lower()
        if "agreed" not in small and "decided" not in small and "resolved" not in small:
            continue
        for sentence in _sentences(paragraph):
            if _DECIDED.search(sentence) and not _BEFORE.search(sentence) and not sentence.endswith("?"):
                yield Decision("", sentence, passage.where, passage.lines)


# --- the text in pieces ---


def _paragraphs(text: str) -> list[str]:
    """Paragraphs, list items and marked lines, each on one line; a line that only wraps goes on."""
    if "\n" not in text:
        return [text.strip()] if text.strip() else []
    parts: list[list[str]] = []
    for line in text.split("\n"):
        stripped = line.strip()
        begins = not stripped or _ITEM.match(line) or _marked(line) or (":" in line and _DECISION_LINE.match(line))
        if begins or not parts or not parts[-1][0]:
            parts.append([stripped])
        else:
            parts[-1].append(stripped)
    return [" ".join(part) for part in parts if part[0]]


def _sentences(paragraph: str) -> list[str]:
    """Its sentences as they stand, each with its mark; "e.g." does not end one."""
    parts: list[str] = []
    for part in _cut_after_marks(paragraph.strip()):
        if parts and parts[-1].endswith(".") and _ABBREVIATED.search(parts[-1][-12:]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return [part for part in parts if len(part) <= _LONGEST]


def _cut_after_marks(paragraph: str) -> Iterator[str]:
    """As splitting at white space behind a mark would, but looking for the marks, which are few."""
    start = 0
    for match in _SENTENCE_END.finditer(paragraph):
        yield paragraph[start : match.start() + 1]
        start = match.end()
    yield paragraph[start:]
