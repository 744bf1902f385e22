"""What somebody said in; what its words alone tell out: whether it asks, goes on, opens, advises, and what it is about.

English cues only, each a way of speaking found in meetings at large; who speaks and what came before is weighed in
`exchanges`, which knows the talk.
"""

from __future__ import annotations

import re
from functools import lru_cache

from people.names import fold

_ASIDES = (
    r"\([^()]*\)",
    r"\[[^\[\]]*\]\([^()]*\)",
    r"<[^<>]*>",
    r"https?://\S+",
    r"\"[^\"]*\"",
    r"“[^”]*”",
    r"‘[^’]*’",
    r"(?<!\w)'[^']*'(?!\w)",
)
_ASIDE = re.compile("|".join(_ASIDES))
_MAY_HOLD_ASIDE = re.compile(r"[(\[<\"“‘']|://")
_SENTENCE_END = re.compile(r"(?P<mark>[.?!])\s+|\n\s*\n|\n(?=\s*[-*•])|;\s+")
_LETTERS = re.compile(r"[^\W_]{3,}")
_LINK_TARGET = re.compile(r"\]\([^()]*\)|https?://\S+")


def _cues(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


def _openings(*alternatives: str) -> re.Pattern[str]:
    """To be matched, not searched: a search would try every place of the text."""
    return re.compile(rf"^\W*(?:{'|'.join(alternatives)})", re.IGNORECASE)


_TAG = _openings(r"(?:right|ok|okay|no|yes|huh|eh|well|really|you know|does that (?:answer|help|make sense).*)\W*$")
_I_AM = r"\b(?:i|we)(?:'d|'m| am| was| were| would)?(?: just| also)?"
_COULD_YOU = r"\b(?:can|could|would|will) you(?: please| also| briefly| maybe)?"
_INDIRECT = _cues(
    rf"{_I_AM} (?:like|want(?:ed)?) to (?:know|ask|understand|hear)\b",
    rf"{_I_AM} wonder(?:ed|ing)?\b",
    r"\b(?:wondering|curious|unsure) (?:if|whether|how|what|why|about)\b",
    rf"{_COULD_YOU} (?:explain|expand|elaborate|clarify|comment|tell|say|describe|give|show|repeat|confirm)\b",
    r"\b(?:un|not (?:yet |so |very |quite |at all )?)clear to (?:me|us)\b",
    r"\b(?:i|we) (?:do not|don't|didn't) understand (?:how|why|what|whether)\b",
    r"\b(?:have|had|got) (?:a|one|two|another|some) (?:\w+ )?questions?\b",
    r"\bask(?:s|ed) (?:if|whether|how|what|why|about|when|who)\b",
    r"^(?:q|question)s?\s*[:.\-]",
)
_NEEDED_TO_ASK = tuple(
    "to know|to hear|ask|understand|wonder|curious|unsure|can you|ould you|will you|clear to|question".split("|")
)
_AUXILIARY = "is|are|do|does|did|can|could|would|will|should|was|were|has|have"
_SO = r"(?:(?:so|and|but|then|also|ok|well),? )?"
_THEY = "we|you|i|they|it|he|she|that"
_NO_CLEFT = r"(?!.*\bis (?:that|to)\b)"  # "What is missing is that..." tells
_INVERTED = _openings(
    rf"{_SO}(?:what|how|which|whose) (?!(?:{_THEY}|{_AUXILIARY})\b)(?:\w+ ){{1,2}}(?:{_AUXILIARY})\b{_NO_CLEFT}",
    rf"{_SO}(?:what|how|why|when|where|who) (?:{_AUXILIARY}|about)\b{_NO_CLEFT}",
    r"(?:is|are|was|were) (?:it|there|this|that|these|those|you|we|they|any)\b",
    r"(?:can|could|would|will|should|may) (?:you|we|they|i|it|one)\b",
    r"(?:do|did|have) (?:you|we|they|people)\b",
    r"(?:does|has) (?:it|this|that|the|anyone|anybody|someone)\b",
)
_TO_YOU = _cues(r"\byou(?:r|rs|'\w+)?\b")
_TIMES = "week|month|year|time|morning|afternoon|session|workshop|meeting"
_GOES_ON = _openings(
    r"(?:yes|yeah|yep|no|nope|not|agree[ds]?|exactly|indeed|right|true|sure|correct|likewise|same|\+1)\b",
    r"i (?:fully |totally |also |would )?(?:agree|disagree)\b",
    r"(?:thanks?|thank you|cool|ok|okay|well)\b",
    r"(?:but|and|so|or|also|because|however|then|maybe|perhaps)\b",
    r"(?:it|they|he|she)\b",
    rf"(?:\w+\W+){{0,6}}(?:this|these|those|such)\b(?! (?:{_TIMES}))",
    r"that(?:'s|\b)",
    r"(?:.*?\b)(?:this|that|these|those|it) (?:as well|too)\b",
)
_FOLLOWS_UP = _openings(
    r"(?:so|but|and|then|or|why|really)\b",
    r"(?:do )?you mean\b",
    r"does (?:that|this|it) mean\b",
    r"what do you mean\W*$",
)
_REFERS = _openings(
    r"(?:(?:just )?(?:(?:a|one|another) )?(?:comment|remark|note|question|follow[- ]?up)s? (?:on|about|to|regarding)"
    r"|(?:coming |going |getting |to (?:come|go) )?back to"
    r"|relat(?:ed|ing) to|regarding|concerning|with regards? to|as (?:for|to))\s*:?\s+(?P<what>[^:,.;?!]+)",
)
_CALLS_ALL = _openings(
    r"for (?:whoever|anyone|anybody|everyone|everybody|all|those)\b",
    r"(?:everyone|everybody|all)\W*[,:!]",
    r"(?:whoever|reminder|announcement|fyi|btw|by the way)\b",
    r"(?:one more thing|another (?:point|topic|thing)|finally|last(?:ly)?|next)\b",
)
_PICKS_UP = _openings(
    r"(?:as )?you (?:have |had |also |just )?(?:mentioned|said|say|showed|talked|were talking|wrote)\b",
    r"when you (?:talk|say|speak|mention|write)\w*",
    r"(?:in|on|about) (?:the |your )?(?:slide|talk|presentation)s?\b",
    r"slide \d",
)
_REMARKS = _openings(
    r"(?:just )?(?:(?:a|one|another|small) )*(?:comment|remark|note)s?\b",
    r"(?:relat(?:ed|ing) to|fyi|for the record|\+1)\b",
)
_ADVISES = _cues(
    r"^\W*you (?:can|could|should|might|may)\b",
    r"^\W*we (?:should|could|need to|must)\b",
    r"^\W*(?:let's|let us|why not|maybe (?:you|we))\b",
    r"\bi(?:'d| would)? (?:suggest|propose|recommend|advise)\b",
)
_HANDS_OVER = _cues(
    r"\w (?:can|could|may|might|should|would|will) (?:also |maybe |perhaps |probably )?"
    r"(?:comment|answer|say more|tell|explain|add|confirm|clarify)\b"
)
_CALL = 200  # characters in which a call must end
_VOCATIVE = re.compile(
    r"\W*(?:(?:question|comment) (?:for|to) |thanks?,? |thank you,? |hi |@)?"
    r"(?P<name>[^\W\d_][\w.'-]*(?:\s[^\W\d_][\w.'-]*){0,2}\s?)[,:]",
    re.IGNORECASE,
)

_EAR = 600  # characters by which one hears that somebody speaks
_SPOKEN = re.compile(
    r"\b(?:i|i'm|i’m|i've|i’ve|i'd|i’d|i'll|i’ll|we|we're|we’re|we've|we’ve|you|your|my|me|us|let's|let’s|don't|don’t|it's|it’s"
    r"|that's|that’s)\b|^\W*(?:yes|yeah|yep|no|nope|ok|okay|sure|agreed?|right|thanks?|thank|well|so|but|hi|hello|sorry"
    r"|please|[+-]1|\+\+)(?!\w)|\b(?:think|maybe|perhaps|guess|wonder|please)\b",
    re.IGNORECASE,
)
#: Without one of these words, or "++", nothing of it is there, and that is told much faster.
_SAID = frozenset(
    """i we you your my me us let don it that yes yeah yep no nope ok okay sure agree agreed right thank thanks well so
    but hi hello sorry please 1 think maybe perhaps guess wonder""".split()
)
_TOKEN = re.compile(r"\w+")

# Words that turn up in any talk and so say nothing about which matter is spoken of.
_COMMON = """
about above after again all also although always among and another any anybody anyone anything are around because been
before being below best better between both but can cannot case come could did different does doing done down during
each either else enough even ever every everything example few first for from further get getting give given goes going
good got great had happen has have having here how however idea important interest interesting into issue its itself
just keep kind know large later less let like likely long look lot made main make making many may maybe mean mention
mentioned might more most much must need needs never new next nobody not nothing now off often okay one only open other
others our out over own part particular people perhaps person place point possible probably problem put question quite
rather really related right said same say see seem seen shall should show side since slide some somebody someone
something sometimes soon still such sure take talk than thank thanks that the their them then there these they thing
things think this those though thought through time too towards two under understand until upon use used useful user
using various very via want wanted was way well were what when where whether which while who whole whom whose why will
with within without work would year years yes yet you your
"""
_STOP = frozenset(_COMMON.split())
#: By the last letter: endings that say nothing of the matter, with the letters that a word must have to lose one.
_ENDINGS = {
    "s": (("ations", 10), ("ings", 8), ("ions", 8), ("ers", 8), ("es", 6), ("s", 4)),
    "n": (("ation", 9), ("ion", 7)),
    "g": (("ing", 7),),
    "r": (("er", 7),),
    "d": (("ed", 6),),
    "e": (("e", 5),),
}
_NOTHING = frozenset([""])
_LONGEST_WORD = 60  # letters: more in a row are no word, and have too many parts to look at each


def sentences(text: str) -> list[str]:
    """Its sentences without asides: what stands in brackets or quotation marks is not the speaker asking."""
    text = _ASIDE.sub(" ", text) if _MAY_HOLD_ASIDE.search(text) else text
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        found.append(text[start : end.end("mark") if end["mark"] else end.start()])
        start = end.end()
    found.append(text[start:])
    return [sentence.strip() for sentence in found if sentence.strip(" .,-")]


def asks(sentence: str) -> bool:
    """With or without a question mark: "How is it done", "I wanted to know...". A mere "Right?" does not ask."""
    if sentence.rstrip(" )\"'*_").endswith("?"):
        return not _TAG.match(sentence)
    return _asks_indirectly(sentence) or bool(_INVERTED.match(sentence))


def _asks_indirectly(sentence: str) -> bool:
    """Most sentences have none of the words without which no cue fits, and that is told much faster."""
    small = sentence.lower()
    for word in _NEEDED_TO_ASK:
        if word in small:
            return bool(_INDIRECT.search(sentence))
    return small.startswith("q") and bool(_INDIRECT.search(sentence))


def questions(text: str) -> list[str]:
    """The sentences that ask."""
    return [sentence for sentence in sentences(text) if asks(sentence)]


def ends_asking(text: str) -> bool:
    """Its last sentence asks."""
    said = sentences(text)
    return bool(said) and asks(said[-1])


def is_to_you(sentence: str) -> bool:
    """Says "you": nobody else can answer for the one it is put to."""
    return bool(_TO_YOU.search(sentence))


def goes_on(text: str) -> bool:
    """Begins by pointing at what was just said ("Yes", "I agree", "It...", "these"), or is too short to stand alone."""
    return len(text.split()) < 4 or bool(_GOES_ON.match(text))


@lru_cache(maxsize=8192)
def sounds_spoken(text: str) -> bool:
    """Words of somebody who talks to others: "I", "we", "you", a question, "yes", "+1"."""
    head = text[:_EAR]
    may = not head.isascii() or "++" in head or not _SAID.isdisjoint(_TOKEN.findall(head.lower()))
    return (may and bool(_SPOKEN.search(head))) or text.rstrip(" )\"'*_").endswith("?")


def follows_up(text: str) -> bool:
    """A question that hangs on the answer before it: "So...?", "Why?", "You mean...?"."""
    return len(text.split()) < 4 or bool(_FOLLOWS_UP.match(text))


def referred_to(text: str) -> str:
    """The matter that it says it comes back to ("Comment on X: ..."), or nothing."""
    match = _REFERS.match(text)
    return match["what"].strip() if match else ""


def calls_all(text: str) -> bool:
    """Turns to everybody or announces another point: "For whoever...", "Reminder", "One more thing"."""
    return bool(_CALLS_ALL.match(text))


def picks_up(text: str) -> bool:
    """Takes up a point of the talk itself: "You mentioned...", "When you talk about...", "On slide 3"."""
    return bool(_PICKS_UP.match(text))


def remarks(text: str) -> bool:
    """Calls itself a comment: "Comment on...", "Just a remark", "Related to..."."""
    return bool(_REMARKS.match(text))


def advises(text: str) -> bool:
    """Advice or a proposal: "You can...", "We should...", "I suggest..."."""
    return bool(_ADVISES.search(text))


def hands_over(text: str) -> bool:
    """Invites others to speak: "Maybe the experts can comment"."""
    return bool(_HANDS_OVER.search(text))


def called_by_name(text: str) -> str:
    """What may be the name of the one spoken to: "Ada, ...", "Question for Ada: ...", "@Ada, ..."; or nothing."""
    match = _VOCATIVE.match(text[:_CALL]) if "," in text or ":" in text else None
    return match["name"].strip() if match else ""


@lru_cache(maxsize=8192)
def content_words(text: str) -> frozenset[str]:
    """The words that say what a text is about, folded and without their endings."""
    found = _LETTERS.findall(fold.__wrapped__(_LINK_TARGET.sub(" ", text) if "](" in text or "://" in text else text))
    return frozenset(map(_stem, found)) - _NOTHING


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """The word without its ending; empty where it says nothing of the matter."""
    if word in _STOP or word.isdigit() or len(word) > _LONGEST_WORD:
        return ""
    for ending, least in _ENDINGS.get(word[-1], ()):
        if len(word) >= least and word.endswith(ending):
            return word[: -len(ending)]
    return word


def shared(words: frozenset[str], known: frozenset[str]) -> int:
    """How many of the stems are of the same matter as one that is known: the same, or one part of the other.

    "Meta" is too short to tell. One search in all known stems together and one look for each part of a stem stand for
    comparing every pair.
    """
    together = "\n".join(known)
    return sum(
        word in known or (len(word) >= _TELLING and (word in together or not known.isdisjoint(_parts(word))))
        for word in words
    )


_TELLING = 5


@lru_cache(maxsize=65536)
def _parts(word: str) -> frozenset[str]:
    """What stands in a stem and is long enough to tell the matter."""
    ends = range(_TELLING, len(word) + 1)
    return frozenset(word[start:end] for end in ends for start in range(end - _TELLING + 1))
