"""The words by which minutes say what a line is: an ordered table, first match wins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

MarkName = Literal[
    "participants", "absent", "speakers", "conveners", "scribe", "themes", "contacts",
    "actions", "action", "decisions", "decision", "consensus", "discussion", "note", "date", "template", "plain",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    name: MarkName
    rest: str = ""  # what stands after the mark on its line


_BRACKET = r"(?:\s*[(\[][^)\]]*[)\]])?"  # "(remote)" behind a mark
_END = r"\s*[:.]?\s*$"  # the mark stands alone
_REST = r"(?:\(s\))?\s*:\s*(?P<rest>\S.*)$"  # something stands behind it
_ANY = _BRACKET + r"\s*:\s*(?P<rest>.*)$"  # something may stand behind it
_DASHED = r"(?:\(s\))?\s*[:–-]\s*(?P<rest>\S.*)$"

_SPEAKERS = "speakers?|presenters?|presented by|presentation by|talk by|lead|led by"
_CHAIRS = "conveners?|convenors?|chairs?|chairpersons?|chaired by|moderators?|moderated by"
_WHO = r"(?:(?:those|people|staff|(?:\w+ ){0,2}\w+s) )"
_PRESENT = (
    r"(?:(?!non|list|the)[\w/&]+ ){0,3}attendees|attended(?: by)?|participants?|people|delegates"
    r"|representatives|attending|(?:in )?attendance|roster|appearances"
    rf"|{_WHO}?present(?: (?:in person|remotely|online|virtually|by phone|via \w+))?"
    r"|(?:attending|participating) (?:\w+ ){0,2}\w+s"
    rf"|{_WHO}?(?:attending|in attendance|participating)|people who (?:joined|attended|came)"
    r"|(?:voting |non-?voting |board |committee )?members|guests?|observers?"
    r"|anwesend(?:e|:innen)?|teilnehm(?:er|ende|er:?innen)|présente?s?|participante?s|asistentes|presentes?|presenti"
    r"|aanwezig(?:en)?|who|here(?: today)?|with us(?: today)?|who(?:'s| is| was) (?:here|there|present)"
)
_MEETING = r"meeting|call|session|workshop|telecon\w*|conference|\d{1,2}(?:st|nd|rd|th)|\d{4}"
_FAR = (
    r"(?:in |on |via |by )?(?:the )?(?:room|vidyo|zoom|teams|webex|phone|video|skype|site|person)|local(?:ly)?"
    r"|remote(?:ly)?|on(?:\s+the)?\s+(?:phone|zoom|vidyo|call)|in person|online|dialled in|via zoom"
)
_AWAY = (
    r"apolog(?:y|ies)(?: for absence| were received(?: from)?| received(?: from)?| from)?|regrets|excused"
    rf"|{_WHO}?(?:absent|excused|not present)|absentees|unable to attend"
    r"|entschuldigt|abwesend|excusée?s|absente?s|ausentes|assenti|afwezig(?:en)?"
)
_SCRIBES = r"scribes?|scribe[- ]?nicks?|note[- ]?takers?|notes(?: taken)? by|minutes(?: taken)? by|minute[- ]?takers?"
_SCRIBES += r"|secretary|protokoll(?:ant(?:in)?)?|secrétaire(?: de séance)?|notulist"
_WIDE = r"common|recurr\w+|cross-?cutting|overarching|general|shared"
_THEMES = "themes?|topics|issues|suggestions|threads?|points"
_MAILS = r"e-?mails?|addresses|contacts?"
_LISTED = r"names?|institutes?|institutions?|sign[- ]?up|interest(?:ed)?|list"
_BY = r"(?:,? (?:by|per) (?:person|people|owner|name))?"
_ACTIONS = (
    rf"actions?(?:\s*(?:items?|points?|list|log|register))?{_BY}|to[- ]?do(?:s| items| tasks| list)?|next steps"
    r"|follow-?ups?|tasks"
)
_ACTIONS += r"|aufgaben|nächste schritte|actions? à mener|acciones|acties"
_DECISIONS = "conclusions?|resolutions?|decisions?(?: (?:made|taken))?|outcomes?|agreements?"
_DECISIONS += r"|beschlüsse|décisions|decisiones|acuerdos|besluiten"
_DECIDED = (
    "resolved|resolution|decision|decided|agreed|agreement|conclusions?|consensus|we agreed|outcome"
    "|beschluss|décision|decisión|acuerdo|besluit"
)
_CONSENSUS = (  # what all in the room want, as a sentence: "Rough consensus was to adopt the draft."
    r"(?:(?:the|our)\s+)?(?:(?:room|rough|general|working group|wg|group|committee|clear|strong)\s+)*consensus\s+"
    r"(?:(?:in|of|from|among)\s+(?:the\s+)?[\w ]{2,20}?\s+)?(?:(?:is|was)\s+)?(?:to|that)\s+(?!be\b|date\b)"
)
_ACTION = r"action(?:\s*(?:item|point))?|ai|ap|to[- ]?do"
_AFTERWORD = r"(?:\s+(?:resulting|arising|summary|recap|assigned|taken|identified|(?:from|for|of) [\w ]{2,40}))?"
_CARRIED = r"carried|carries|passed|passes|adopted|approved|unanimous(?:ly)?|defeated|failed"
_REFERENCE = r"(?:[A-Z]?[\w/-]{0,20}\d[\w/-]{0,10}\s*[:.)]\s?)?"  # a number of its own: "R-2016-01: Resolution: ..."
_TALKING = r"q\s*(?:&|/|and)?\s*a|questions?|answers?|comments?|discussions?"

_TABLE: tuple[tuple[MarkName, str], ...] = (
    ("template", r"\{\{.*\}\}$"),
    ("template", r"\{[%:][^{}]*\}$"),
    ("template", r"\[(?:insert|your|add)\b[^\]]*\]$"),
    ("speakers", rf"(?:{_SPEAKERS}){_DASHED}"),
    ("conveners", rf"(?:session\s+)?(?:{_CHAIRS}){_DASHED}"),
    ("absent", rf"(?:{_AWAY}){_ANY}"),
    ("absent", rf"(?:{_AWAY}){_END}"),
    ("participants", rf"(?:{_PRESENT})(?:\s*[/&,]\s*[\w ]+)?{_BRACKET}\s*(?::|--?|[–—])\s*(?P<rest>.*)$"),
    ("participants", rf"(?:(?:list of|the)\s+)?(?:{_PRESENT})(?:\s*(?:list|[/&]\s*\w+))?{_BRACKET}{_END}"),
    ("participants", rf"(?:[\w,/& ]{{0,40}}\b)?(?:roll[- ]?call|sign[- ]?in){_END}"),
    ("participants", rf"(?:introductions|introduction of (?:attendees|participants)){_END}"),
    ("participants", rf"[\w,./'’ -]{{0,40}}\b(?:{_MEETING})[,:]?\s+(?:attendees|participants|attendance){_END}"),
    ("participants", r"(?:present|in attendance|attending|attendees) (?:were|was|are):?\s+(?P<rest>\S.*)$"),
    ("participants", rf"(?:{_FAR})(?:\s+(?:participants|attendees))?{_ANY}"),
    ("participants", rf"(?:{_FAR})(?:\s+(?:participants|attendees))?{_END}"),
    ("participants", r"roll[- ]?call:\s+(?P<rest>\S.*)$"),
    ("participants", r"(?:the |this )?(?:meeting|call|session) was attended by:?\s+(?P<rest>\S.*)$"),
    ("scribe", rf"(?:\w+\s+)?(?:{_SCRIBES}){_REST}"),
    ("themes", rf".{{0,40}}\b(?:{_WIDE})\s+(?:{_THEMES})\b(?P<rest>.{{0,120}})$"),
    ("themes", rf"(?:key\s+)?themes?(?:\s+noted)?{_END}"),
    ("contacts", rf"(?=.*\b(?:{_MAILS})\b)(?=.*\b(?:{_LISTED})\b)[^:]{{3,80}}(?::(?P<rest>.*))?$"),
    ("contacts", rf"(?:list of\s+)?contacts?(?:\s+(?:list|persons?|people|details))?{_END}"),
    (
        "actions",
        rf"(?:(?:list of|open|new|pending|outstanding|current|ongoing)\s+)*(?:{_ACTIONS})"
        rf"(?:\s*(?:/|and|&)\s*(?:{_ACTIONS}|{_DECISIONS}))?"
        rf"{_AFTERWORD}{_BRACKET}{_END}",
    ),
    ("action", rf"{_REFERENCE}\[?(?:{_ACTION})(?:\b|(?=\d))\]?\s*(?:[#-]?\d+(?:[./-]\d+)*\s*)?{_REST}"),
    (
        "action",
        rf"\[?(?:{_ACTION})(?:\b|(?=\d))\]?\s*(?:#?\d+\s*)?(?:(?:on|for)\s+)?(?P<rest>@?(?-i:[A-Z])[^:]{{0,30}}:\s*\S.*)$",
    ),
    ("action", rf"(?:{_ACTION})\s+[-–]\s+(?P<rest>[^:]{{2,40}}:\s*\S.*)$"),
    ("action", rf"(?:{_ACTION})\s*(?P<rest>\([^():]{{1,40}}\)\s*:\s*\S.*)$"),
    ("action", r"\[(?:ai|action)\]\s+(?P<rest>\S.*)$"),
    ("action", r"(?:AI|AP)\s?#?\d+\s+(?P<rest>(?-i:[A-Z@])\S*\s.*)$"),
    ("action", r"@(?P<rest>[^\s:@]{2,40}:\s+\S.*)$"),
    ("action", r"\[ ?\]\s+(?P<rest>\S.*)$"),
    (
        "decisions",
        rf"(?:summary\s*(?:/|and|&)\s*)?(?:{_DECISIONS})(?:\s*(?:/|and|&)\s*(?:{_DECISIONS}|{_ACTIONS}))?{_END}",
    ),
    ("decision", rf"{_REFERENCE}(?:{_DECIDED})(?:\s*#?\d+)?{_REST}"),
    ("decision", rf"(?:{_DECIDED})\s*(?:[=-]>|→|⇒)\s*(?P<rest>\S.*)$"),
    ("consensus", rf"(?P<rest>{_CONSENSUS}\S.*)$"),
    ("decision", r"(?-i:RESOLVED|Resolved),?\s+(?P<rest>that\b.*)$"),
    ("decision", rf"motion\b[^:]{{0,20}}:\s*(?P<rest>\S.*\b(?:{_CARRIED})\b.*)$"),
    ("discussion", rf"(?:{_TALKING})(?:\s*(?:and|&|/)\s*(?:{_TALKING}))?{_BRACKET}{_END}"),
    ("note", rf"(?:n\.?b\.?|notes?|remarks?){_REST}"),
    ("date", rf"(?:dates?|when|held(?: on)?|meeting date)(?:\s*(?:/|and|&)\s*time)?{_REST}"),
)
_MARKS = [(name, re.compile(r"\W{0,3}" + pattern, re.IGNORECASE)) for name, pattern in _TABLE]
_EMOJI = re.compile(r"^(?::[\w+-]{2,30}:\s*)+")
_MAY_BE_ONE = re.compile(  # one look at most lines, which are no mark at all
    r"\W{0,3}(?:" + "|".join(pattern.replace("?P<rest>", "?:") for _, pattern in _TABLE) + ")", re.IGNORECASE
)
_EMPHASISED = re.compile(r"^(?P<marks>[*_]{1,3})(?P<key>[^*_]{1,60})(?P=marks)(?P<colon>:?)")
_OUTCOME_KEY = re.compile(rf"(?:{_DECIDED}|{_ACTION})\s*$", re.IGNORECASE)
_PLAIN = Mark("plain")
_LONGEST = 400  # a mark without anything behind it is short; one with a list of names may be long


@lru_cache(maxsize=65536)
def read_mark(text: str) -> Mark:
    """What kind of line this is by its words alone; "plain" where they say nothing."""
    if text[:1] == ":" and not _MAY_BE_ONE.match(text):
        text = _EMOJI.sub("", text)
    if text[:1] in "*_" and (bold := _EMPHASISED.match(text)):
        colon = bold["colon"] or (":" if _OUTCOME_KEY.match(bold["key"]) and text[bold.end() :].startswith(" ") else "")
        text = f"{bold['key']}{colon}{text[bold.end() :]}"
    head = text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0]
    if not _MAY_BE_ONE.match(head):
        return _PLAIN
    for name, pattern in _MARKS:
        if match := pattern.match(head):
            rest = match.groupdict().get("rest")
            if rest is None:
                return Mark(name) if head is text else Mark("plain")
            return Mark(name, (rest + text[len(head) :]).strip(" *_"))
    return Mark("plain")
