"""The words that made an action item, its owners and its talk in; a title that can be read alone out. Pure.

What is proposed says no more than the minutes: who, what, and where it was said if the words alone do not tell. Nothing
is invented: where no verb is found, the words stand as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from people.names import reads_otherwise

from .rendering import plain

LONGEST = 140  # characters of the words; with owner and place a title stays under the column's 300
READ = 4000  # characters of a quote that are looked at: patterns would take long over a page on one line
SHORT = 60  # words shorter than this are told apart by the talk in which they were said
_PLACE = 70
MOST_NAMED = 2

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->")
_BROKEN_TAG = re.compile(
    r"[<‹«]/?(?:span|div|font|br|p|a|b|i|u|em|strong|td|tr|li|ul|ol)\b"
    r"(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'|[^\s<>‹›]+))*\s*/?[>›»]?",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:[\s\W_]*\[[ xX]?\]|[\s*_>#•–—-]+|\d{1,3}[.)]\s|(?:TODO|ACTION)\b:?\s+"
    r"|(?![(\[][^()\[\]]{1,40}[)\]]\s*[:\w–→-])[(\[{]+\s*(?=\S))+"
)
#: Who, before what: "Ada: ", "(AB): ", "[ada] ", "@ada ", "Ada Byron - ".
_LABEL = re.compile(
    r"(?:[(\[](?P<inside>[^()\[\]]{1,40})[)\]]\s*[:–→-]?|@(?P<account>[\w.-]{1,40}):?"
    r"|(?P<named>[^\W\d_][^()\[\]:;!?→]{0,40}?)\s*:"
    r"|(?P<before>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}) (?:→|->|–|-))\s+(?P<rest>\S.*)"
)
_AFTERWARDS = re.compile(r"\s*\((?P<who>[^()]{1,40})\)$")  # "write the report (Ada)"
_ADVERBS = r"(?:also |certainly |definitely |gladly |then |of course |probably |just |very |quite |more than )*"
_WILLING = r"(?:happy|glad|willing|keen|eager|ready)(?: to)? "
#: What goes before the verb; first match wins. What is asked of others keeps its "please" out as well.
_BEFORE_THE_VERB: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:takes?|took|taking|gets?|got|has|have) (?:an|the|one) action(?: item)?:? (?:to|on|for) ",
        rf"\b(?:I|we)(?:'ll|’ll| will| shall|'m going to| am going to| can| would|'d|’d) {_ADVERBS}",
        rf"\b(?:I|we)(?:'m|’m|'re|’re| am| are| will be| would be) {_ADVERBS}{_WILLING}",
        rf"^(?:will|shall|can) {_ADVERBS}",
        rf"^{_ADVERBS}{_WILLING}",
        rf"\b(?:side|team|group|colleagues|institute|lab|laboratory)s? will {_ADVERBS}",
        r"^@?(?-i:[A-Z])[\w.'’-]*(?: (?-i:[A-Z])[\w.'’-]*){0,2} (?:to|will|should) (?=[a-z])",
        r"\bplease,? (?:do |also |feel free to )?",
        r"\b(?:let's|let us) ",
    )
)
_PLEASE = re.compile(r"(?:please|let's|let us)\b", re.IGNORECASE)
_BACK = re.compile(
    r"\b(?:it|this|that|these|those|them|there|so|such|the same|offline|off-line|one)\b|^to be\b", re.IGNORECASE
)
_WHEN_NAMED = (
    r"(?:(?:the )?(?:end|beginning|start|middle) of (?:the |this |next )?[a-z]+|"
    r"(?:the )?(?:next|this|coming|following) (?:[a-z]+ )?[a-z]+|the (?:workshop|meeting|review|release|deadline)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|christmas|easter|summer|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?: \d{1,2}(?:st|nd|rd|th)?)?)"
)
_DUE_WORDS = re.compile(
    rf"\b(?:by|before|until|till|no later than|in time for) {_WHEN_NAMED}\b"
    r"|\b(?:next (?:week|month|year|time|meeting|workshop)|tomorrow|as soon as possible|asap)\b",
    re.IGNORECASE,
)
_EVERYBODY = re.compile(
    r"\b(?:who(?:so)?ever|anyone|anybody|everyone|everybody|all|those|people|participants) (?:who |that )?"
    r"(?:is|are|was|were|would be )?\s?(?:interested|willing|keen)\b"
    r"|\b(?:everybody|everyone|all participants|all speakers|all of you|you all) "
    r"(?:is|are|please|should|kindly|to)\b|\bplease (?:everybody|everyone|all)\b"
    r"|^[(\[]?(?:all|everyone|everybody)[)\]]?\s*:|^[(\[](?:all|everyone|everybody)[)\]]\s"
    r"|\b(?:if (?:you|somebody|someone|anyone|anybody) (?:wants?|would like|is interested|are interested) )",
    re.IGNORECASE,
)


def propose_title(quote: str, owners: Sequence[str] = (), place: str = "") -> str:
    """ "(I will send it.)" by Ada Byron in "Tides" is "Ada Byron: send it (Tides)". Empty where nothing is said."""
    words = _without_owners(bare(quote), owners)
    if not words:
        return ""
    deed = _deed(words) if owners or _PLEASE.match(words) else words
    line = _cut(deed, LONGEST)
    if place and (len(line) < SHORT or _BACK.search(line[:SHORT])):
        line = f"{line} ({_cut(plain(place).rstrip(' :'), _PLACE)})"
    if not owners or _names(line, owners):
        return line[:1].upper() + line[1:]
    return f"{_listed(owners)}: {line[:1].lower() + line[1:] if _may_be_small(line) else line}"


def bare(quote: str) -> str:
    """The words on one line, without the marks of Markdown, of pages and of lists, and without what closes them."""
    line = unescape(_BROKEN_TAG.sub(" ", _TAG.sub(" ", unescape(quote[:READ]))))
    line = re.sub(r" (?=[.,;:!?)])", "", plain(line))
    while (shorter := _LEADING.sub("", line, count=1)) != line:
        line = shorter
    line = line.strip().rstrip(".,;:!")
    for opens, closes in ("()", "[]", "{}"):
        line = line.rstrip(closes) if line.count(closes) > line.count(opens) else line
    return line.strip().rstrip(".,;:!…").strip()


def due_words(quote: str) -> str:
    """By when, in the words of the minutes; nothing where they do not say."""
    found = _DUE_WORDS.search(bare(quote))
    return found[0][:100] if found else ""


def asks_everybody(quote: str) -> bool:
    """Whether the words are put to all who listen, or to whoever is interested."""
    return bool(_EVERYBODY.search(bare(quote)))


def _without_owners(words: str, owners: Sequence[str]) -> str:
    """Without a label that names an owner, as the title does that itself; another label is written as "Ada: "."""
    found = _LABEL.match(words)
    if found:
        label = next(found[name] for name in ("inside", "account", "named", "before") if found[name]).strip()
        if _is_one_of(label, owners):
            return found["rest"]
        return f"{label}: {found['rest']}"
    behind = _AFTERWARDS.search(words)
    return words[: behind.start()] if behind and behind.start() and _is_one_of(behind["who"], owners) else words


def _is_one_of(label: str, owners: Sequence[str]) -> bool:
    return any(not reads_otherwise(label, owner) for owner in owners)


def _deed(words: str) -> str:
    """From the verb on, where what goes before it only says who; else the words as they are."""
    for pattern in _BEFORE_THE_VERB:
        found = pattern.search(words)
        rest = words[found.end() :].strip() if found else ""
        if found and len(rest) > 1 and _needs_no(words[: found.start()], rest):
            return _deed(rest)
    return words


def _needs_no(before: str, rest: str) -> bool:
    """What is left out must not be needed: a short clause, before words that do not point back to it."""
    if not before:
        return True
    ends = before.rstrip().endswith((".", ";", ":", ",", "!", "?", " and", " but", " so", "–", "-"))
    return ends and len(before) < 60 and rest.count(" ") > 1 and not _BACK.search(rest)


def _cut(line: str, longest: int) -> str:
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(".,;:") + "…" if len(line) > longest else line


def _names(line: str, owners: Sequence[str]) -> bool:
    """A title that begins with its owner's name says who already."""
    first = line.split(" ", 1)[0].strip(":,").lower()
    return any(first and first in owner.lower().split() for owner in owners)


def _may_be_small(line: str) -> bool:
    """ "Send it" may go on in a small letter; "FTS" and "I" may not."""
    return line[:1].isupper() and line[1:2].islower() and not line.split(" ", 1)[0].endswith(".")


def _listed(owners: Sequence[str]) -> str:
    named = [_cut(plain(owner), 60) for owner in owners[:MOST_NAMED]]
    more = len(owners) - len(named)
    return ", ".join(named) + f" and {more} more" if more else " and ".join(named)
