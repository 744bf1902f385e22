"""A line of text in; the label that it begins with out, by how labels are printed, whoever or whatever they may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_GAP = r"[ \t\u00a0]"
#: How a label may be printed at the beginning of a line: an ordered table, first match wins.
_FORMS = [
    re.compile(pattern)
    for pattern in (
        rf"^(?:\*\*|__)(?P<label>[^*_:]{{1,60}}?){_GAP}*:{_GAP}*(?:\*\*|__){_GAP}*(?P<said>.*)$",
        rf"^(?:\*\*|__)(?P<label>[^*_:]{{1,60}}?)(?:\*\*|__){_GAP}*(?:\([^()]{{1,30}}\))?{_GAP}*:(?:{_GAP}+(?P<said>.*))?$",
        rf"^[*_](?P<label>[^*_:]{{1,60}}?)(?::[*_]|[*_]:)(?:{_GAP}+(?P<said>.*))?$",
        rf"^(?:\*\*|__)?\[@?(?P<label>[^\[\]*_:]{{1,60}})\]\([^()\s]*\)(?:\*\*|__)?{_GAP}*:(?:\*\*|__)?"
        rf"(?:{_GAP}+(?P<said>.*))?$",
        rf"^(?:\*\*|__|`)?<{_GAP}*[@+%~&]?(?P<label>\w[\w'|`^{{}}\[\].-]{{0,30}})>(?:\*\*|__|`)?:?{_GAP}+(?P<said>\S.*)$",
        rf"^[(\[](?P<label>[^()\[\]:]{{1,40}})[)\]]{_GAP}*:(?:{_GAP}+(?P<said>.*))?$",
        rf"^(?P<label>\?{{2,}}){_GAP}*:(?:{_GAP}+(?P<said>.*))?$",
        rf"^(?P<label>[^\W\d_][^:<>\[\]|*\"“”`\\]{{0,70}}?(?:{_GAP}\[[^\[\]:]{{1,30}}\])?){_GAP}*:(?:{_GAP}+(?P<said>.*))?$",
    )
]
NICK_FORM = _FORMS[4]  # nobody but a person is written like this
_REPORTED = re.compile(
    r"\s(?:said|replied|asked|answered|added|noted|wrote|commented|responded|continued|remarked|stated)(?:\s|$)"
)
LONGEST = 80  # characters in which a label inside a paragraph must end

#: Words by which minutes head a line; a label with one of them is nobody.
HEADING_WORDS = frozenset(
    """pro con beschluss aufgaben protokoll anwesend entschuldigt décision décisions actions présents excusés acuerdo
    acuerdos artifacts artefacts jury panel location deadline contact contacts dial-in duration end ended host
    quorum start started venue when where
    absent abstain abstract abstracts action actions addendum address against agenda agreed agreement ai aim
    announcement announcements answer answers aob apologies attendance attendee audience author's availability
    benefits blocked bug bugs caution cons cost costs data demo details disclaimer doc docs features feedback
    fyi hint hum important learned method methods misc miscellaneous moved nays new no now old open other others
    overview participation passed pending position post-meeting pre-meeting present pros ps ratio rationale remaining
    response responses results schedule scope seconded sponsors tally team test tests timeline tip today tomorrow
    total training tl;dr voting yes yesterday
    appendix approved assignee attendees author authors background caveat champion champions chapter chat
    clarification comment comments conclusion conclusions consensus context date day deadline decision
    decisions definition description discussion document documents done due editor editors email example
    examples excused fact figure finding findings fixed follow-up further general goal goals http https idea
    ideas info information introduction issue issues item items key lessons link links list location mailto
    meeting minutes motion motivation next note notes objective offline option options outcome outlook owner
    owners page pages paper participants phone place plan poll pr present principle problem problems proposal
    proposals proposed purpose q&a qa question questions reason recommendation recommendations recording
    reference references remark remarks remote reply request requirements resolution resolved result results
    reviewer reviewers risk risks room scribe section session slide slides solution speaker speakers status
    step steps subject suggestion suggestions summary support table task tasks time title todo topic topics
    update updates url version vote votes warning why""".split()
)


#: Those of them that begin something of their own, and so end what was being said.
APART = frozenset(
    """agenda chat consensus issue issues link links location minutes motion poll pr presentation principle proposal
    proposed recording reference references room scribe slide slides topic url vote""".split()
)


#: Words for somebody whose name nobody caught.
UNNAMED = re.compile(
    r"^(?:(?:an?|the|another|one|some) )?"
    r"(?:(?:audience|board|committee|council|panel|unidentified|unknown|unnamed|other) )?"
    r"(?:member(?: of the (?:public|audience|floor))?|audience|attendee|participant|speaker|person|man|woman|voice"
    r"|resident|questioner|student|delegate|unknown|unidentified|somebody|someone|anonymous|floor|chair(?:man|woman|person)?"
    r"|moderator|host|interviewer|interviewee|respondent|facilitator|narrator|operator|president|secretary"
    r"|clerk|mic(?:rophone)?|room|all|everyone|several)(?: \d)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line: what one person says there, or (label empty) words without a label of their own."""

    label: str
    said: str


@lru_cache(maxsize=65536)
def read_label(text: str) -> Part | None:
    """The label that a line begins with, whoever or whatever it may be. Prose that quotes somebody has none."""
    head = text[: LONGEST + 10]
    if ":" not in head and "<" not in head[:3]:
        return None
    for form in _FORMS:
        if match := form.match(text):
            if _REPORTED.search(match["label"]) and (match["said"] or "").startswith(('"', "“", "„", "«", "'", "‘")):
                return None
            return Part(match["label"].strip(), (match["said"] or "").strip())
    return None
