"""Which labels before a colon are people, by what the document itself shows; a line of text to its labelled parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from minutes.parsing.credits import fits, looks_like_name, looks_like_word, read_credits
from minutes.parsing.evidence import count_words, find_openers, neighbour, said_by_each, sentence_ends, taking_turns
from minutes.parsing.persons import People
from minutes.parsing.pieces import Piece
from minutes.parsing.printed import APART, HEADING_WORDS, LONGEST, NICK_FORM, UNNAMED, Part, read_label
from minutes.parsing.wording import sounds_spoken
from people import names

_INTRODUCED = re.compile(r"(?P<name>(?:[^\W\d_][\w'’.-]*\s+){1,4}[^\W\d_][\w'’.-]*)\s+\((?P<initials>[^\W\d_]{2,5})\)")
_LEGEND = re.compile(
    r"^(?P<initials>[^\W\d_]{1,5})\s*(?:[-=]+>?|→)\s*(?P<name>[^\W\d_][^=:,(\[]{3,60}?)\s*(?:[,(\[].*)?$"
)
_IN_BRACKETS = re.compile(r"\s\([^\W\d_]{2,5}\)")
_MENTIONED = re.compile(r"(?<=[a-z,(] )[^\W\d_a-z][^\W\d_]+(?![\w:])|(?<=@)[^\W\d_][\w-]+")  # in mid-sentence
_ACRONYM = re.compile(r"^[A-Z]{2,4}$")
_BEGUN = re.compile(r"^[^\W\d_]{3,} [^\W\d_]\.?$")  # a first name and one letter of the surname
_TITLE_END = re.compile(r"(?:[(\[](?P<names>[^()\[\]]+)[)\]]|\s[-–—]\s+(?P<last>[^-–—()\[\]:]{3,60}))\s*$")
_NICK = re.compile(r"^[a-z][\w-]{1,15}$")
_NUMBERED = re.compile(r"^(?:speaker|participant|person|interviewee|respondent|voice)\s*\d{1,2}$", re.IGNORECASE)
_DIALOGUE = 0.25  # of the lines with a label must sound spoken in a document of people who talk
_QUESTION_LABEL = re.compile(
    r"^(?:q|a|question|answer|reply|response|comment)s?\s*\d*\s*(?:[(\[].*[)\]])?$", re.IGNORECASE
)


@lru_cache(maxsize=65536)
def _key(label: str) -> str:
    return names.fold(names.plain(label))


class Labels:
    """Decides once for the whole document. `is_topic` says whether words are a known experiment, technology...; `sure`
    are folded labels whose form alone shows people."""

    def __init__(
        self,
        texts: Sequence[str],
        titles: Sequence[str],
        people: People,
        has_roster: bool,
        is_topic: Callable[[str], bool],
        sure: Collection[str] = (),
    ) -> None:
        self._people = people
        self._has_roster = has_roster
        self._is_topic = is_topic
        parts = [part for part in map(read_label, texts) if part]
        # A line that stands there twice word by word is a title or a template, and counts once.
        said = {(_key(part.label), part.said) for part in parts}
        self._counts = Counter(key for key, _ in said)
        self._lists = Counter(key for key, words in said if self._lists_people(words))
        spoken = [_key(label) for label, words in said_by_each(texts) if sounds_spoken(words)]
        turns = taking_turns([_key(part.label) for part in parts])
        self._speaking = {*spoken, *turns}
        self._answering = {*spoken} & {*turns}
        self._dialogue = len(spoken) + len(turns) >= _DIALOGUE * len(parts)
        self._written = count_words(texts)
        self._mentioned = {match for text in texts for match in _MENTIONED.findall(text)}
        printed = {_key(part.label): part.label for part in reversed(parts)}
        self._by_initials = False
        self._asked = 0  # how many lines begin with "Question" or "Answer"
        self._split: dict[str, tuple[Part, ...]] = {}
        self._nicks = {_key(match["label"]) for match in map(NICK_FORM.match, texts) if match} | set(sure)
        self._letters = self._find_letters(printed.values())
        self._learnt = self._learn(printed.values(), texts, titles)
        self._strong = {key for key, label in printed.items() if self._is_strong(label)}
        self._by_initials = self._mostly_initials(printed)
        self._all = self._strong | {key for key, label in printed.items() if self._is_likely(label)}
        self._all |= {key for key, label in printed.items() if self._is_company(label)}
        self._all |= self._inline(texts)

    def welcome(self, lines: Sequence[Piece]) -> None:
        """Takes for people those whom nothing but their place shows to be so: one name before a colon, between turns
        of others on lines of the same kind. Nobody knows who they are; a person will."""
        rows = [(line, read_label(line.text)) for line in lines if line.kind in ("paragraph", "item", "heading")]
        self._asked = sum(bool(part and _QUESTION_LABEL.match(part.label.strip("*_ "))) for _, part in rows)
        turns = {at for at, (_, part) in enumerate(rows) if part and self.is_person(part.label)}
        welcomed: set[int] = set()
        for at, (line, part) in enumerate(rows):
            if part is None or at in turns:
                continue
            if self._is_marked_alike(rows, turns, at):
                self._all.add(_key(part.label))
            elif (line.opens or at - 1 in turns or at - 1 in welcomed) and (
                self._may_visit(part) or self._is_unnamed(part)
            ):
                before, after = neighbour(rows, turns, at, -1), neighbour(rows, turns, at, 1)
                enough = self._is_unnamed(part) or part.said.endswith("?")
                if (before and after) or ((before or after) and enough):
                    self._all.add(_key(part.label))
                    welcomed.add(at)
        for label in find_openers(lines, self.is_person, self._may_open):
            self._all.add(_key(label))
            if label.islower() and looks_like_name(label.title()):
                self._people.add(label, (0, 0), named=False)
        self._split.clear()

    def _may_open(self, part: Part) -> bool:
        """Whether a label is one word or the names of a person, in lower case perhaps, and no word of the text."""
        label = names.plain(part.label)
        words = label.split()
        if (
            self.is_person(label)
            or self._heads_a_line(part.label)
            or self._is_topic(label)
            or len(part.said.split()) < 3
        ):
            return False
        if self._people.decision(part.label) is None:
            return False
        if _BEGUN.match(label):
            return True
        if not 0 < len(words) < 3 or len({word.islower() for word in words}) > 1:
            return False
        if not all(_NICK.match(word) or looks_like_word(word) for word in words):
            return False
        printed = sum(self._written[form] for word in words for form in {word.lower(), word.capitalize(), word})
        return printed <= len(words) * (self._counts[_key(label)] + (label[0].isupper()))

    def _is_unnamed(self, part: Part) -> bool:
        """Words for somebody whose name nobody caught: "A member", "Audience", "Unknown", "Answer"."""
        if self._people.decision(part.label) is None or not part.said:
            return False
        label = part.label.strip("*_ ")
        return bool(UNNAMED.match(names.plain(label)) or (_QUESTION_LABEL.match(label) and self._asked > 1))

    def _may_visit(self, part: Part) -> bool:
        label = names.plain(part.label)
        if not (looks_like_word(label) and not self._is_ordinary(label)) and not self._is_nick_like_others(label):
            return False
        return (
            len(label) > 2
            and len(part.said.split()) > 2
            and self._counts[_key(part.label)] == 1
            and self._people.decision(part.label) is not None
            and not (self._heads_a_line(part.label) or self._is_topic(label))
        )

    def _is_nick_like_others(self, label: str) -> bool:
        """Whether it is in lower case, as those are who speak here, and stands nowhere else as a word."""
        parts = label.split("/")
        if not all(map(_NICK.match, parts)) or not self._nicks_speak:
            return False
        return len(parts) > 1 or self._written[label] <= 2

    @cached_property
    def _nicks_speak(self) -> bool:
        """Whether most who surely speak are printed in lower case."""
        small = sum(bool(_NICK.match(key)) and self._written[key] > 0 for key in self._strong)
        return small > 1 and 2 * small > len(self._strong)

    def _is_marked_alike(self, rows: Sequence[tuple[Piece, Part | None]], turns: Collection[int], at: int) -> bool:
        """Whether a label is printed in bold or italics between turns whose labels are, too."""
        part = rows[at][1]
        near = [place for place in (at - 1, at + 1) if place in turns and rows[place][0].text[:1] in "*_"]
        if part is None or len(near) < 2 or rows[at][0].text[:1] not in "*_" or len(part.said.split()) < 3:
            return False
        return self._people.decision(part.label) is not None and not self._heads_a_line(part.label)

    def speaks(self, text: str) -> bool:
        """Whether the line begins with the label of somebody whom more than this line shows to be a person."""
        part = read_label(text)
        return part is not None and _key(part.label) in self._strong

    def is_person(self, label: str) -> bool:
        return _key(label) in self._all

    def stands_apart(self, text: str) -> bool:
        """Whether the line begins something that nobody says: "Slide 3: ...", "Proposal: ..."."""
        part = read_label(text)
        if part is None or self.is_person(part.label) or len(part.label.split()) > 2:
            return False
        return names.fold(part.label).split()[0].strip(".,#()") in APART

    def split(self, text: str) -> tuple[Part, ...]:
        """The line as parts; a label counts at its beginning and after the end of a sentence."""
        if text not in self._split:
            self._split[text] = self._cut(text)
        return self._split[text]

    def _cut(self, text: str) -> tuple[Part, ...]:
        parts: list[Part] = []
        for stretch in self._stretches(text):
            part = read_label(stretch)
            if part and self.is_person(part.label) and not self._introduces(part):
                parts.append(part)
            elif parts:
                parts[-1] = Part(parts[-1].label, f"{parts[-1].said} {stretch}".strip())
            else:
                parts.append(Part("", stretch))
        return tuple(parts)

    def _stretches(self, text: str) -> Iterable[str]:
        if text.count(":") < 1:
            return [text]
        cuts = [0]
        for match in sentence_ends(text):
            ahead = text[match.end() : match.end() + LONGEST]
            part = read_label(ahead) if ":" in ahead else None
            if part and self.is_person(part.label) and not self._introduces(part):
                cuts.append(match.end())
        return [text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True) if text[a:b].strip()]

    def _introduces(self, part: Part) -> bool:
        """Says who holds a role and nothing else: "Chair: Ada King." """
        name = part.said.rstrip(" .")
        return (
            looks_like_name(name)
            and looks_like_word(part.label)
            and self._people.knows(name)
            and (self._people.resolve(name).people == self._people.resolve(part.label).people)
        )

    def _inline(self, texts: Sequence[str]) -> set[str]:
        """Known people whose only labels stand inside a paragraph, after the end of a sentence."""
        found: set[str] = set()
        for text in texts:
            for match in sentence_ends(text) if ":" in text else ():
                part = read_label(text[match.end() : match.end() + LONGEST])
                if part and _key(part.label) not in self._counts and self._is_strong(part.label):
                    found.add(_key(part.label))
        return found

    def _learn(self, labels: Collection[str], texts: Iterable[str], titles: Iterable[str]) -> set[str]:
        """Full names by which shorter labels may be understood; those that nothing but one label shows are returned.

        "Ada King (AK)" anywhere tells whom AK means from then on; "Engines (Ada King)" in a title, whom Ada means.
        """
        for match in filter(None, map(_LEGEND.match, texts)):
            self._introduce(match["name"].split(), match["initials"])
        for text in texts:
            for match in _INTRODUCED.finditer(text) if "(" in text and _IN_BRACKETS.search(text) else ():
                self._introduce(match["name"].split(), match["initials"])
        for title in titles:
            end = _TITLE_END.search(title)
            for name in names.people_in(end["names"] or end["last"]) if end else ():
                short = {names.fold(word) for word in name.split()} | names.initials(names.parse(name))
                if looks_like_name(name) and short & self._counts.keys():
                    self._people.expect(name, (0, 0))
        self._infer_initials(labels)
        learnt = set()
        for label in labels:
            name = names.plain(label)
            if (
                looks_like_name(name)
                and not UNNAMED.match(name)
                and not self._heads_a_line(label)
                and self._is_likely(label)
                and not self._people.knows(name)
            ):
                self._people.add(name, (0, 0), named=False)
                learnt.add(_key(label))
        return learnt

    def _infer_initials(self, labels: Collection[str]) -> None:
        """Initials with a middle name that is not printed are those of the one person whom they fit."""
        short = [label for label in labels if _ACRONYM.match(label)]
        habit = sum(self._people.resolve(label).certainty == "context" for label in short) > 1
        for label in labels:
            initials = names.plain(label).upper()
            if (
                (self._counts[_key(label)] < 2 and not (habit and label.isupper()))
                or not _ACRONYM.match(initials)
                or self._people.knows(initials)
            ):
                continue
            fitting = self._people.fitting(initials)
            if len(fitting) == 1:
                self._people.add(fitting[0], (0, 0), named=False, initials=initials)

    def _introduce(self, words: list[str], initials: str) -> None:
        """The longest run of words before the bracket that is a name with these initials."""
        for start in range(len(words) - 1):
            name = " ".join(words[start:])
            if looks_like_name(name) and fits(initials.upper(), name) and names.fold(initials) in self._counts:
                self._people.add(name, (0, 0), named=False, initials=initials)
                return

    def _is_ordinary(self, word: str) -> bool:
        """Whether the document writes this word in lower case at least as often: no name, then."""
        return self._written[word.lower()] >= max(1, self._written[word])

    def _heads_a_line(self, label: str) -> bool:
        """Words that say what a line is, or too many of them, or none that could be a name."""
        words = names.plain(label).split()
        if label.startswith("??") or (len(words) == 1 and self._people.resolve(label).certainty == "exact"):
            return False
        if 2 * self._lists[_key(label)] > self._counts[_key(label)]:
            return True
        if len(label) == 1 and label not in "QA" and label not in self._letters:
            return True
        bare = [names.fold(word).strip(".,#()") for word in words]
        return (
            not words
            or len(words) > 7
            or any(word in HEADING_WORDS for word in bare)
            or any(c.isdigit() for c in words[0])
        )

    def _find_letters(self, labels: Iterable[str]) -> frozenset[str]:
        """Single letters that are people's: some come back, and they are no list ("A:", "B:") nor "Q:", "A:"."""
        letters = {label for label in labels if len(label) == 1 and label.isupper()}
        again = [letter for letter in letters if self._counts[_key(letter)] > 1]
        if len(again) < 2 or {"A", "B"} <= letters or {"Q", "A"} <= letters:
            return frozenset()
        return frozenset(letters)

    def _is_strong(self, label: str) -> bool:
        decided = self._people.decision(label)
        if decided is None or decided.name:
            return decided is not None
        if label.startswith("??") or _key(label) in self._nicks:
            return True
        if _NUMBERED.match(label):
            return self._counts[_key(label)] > 1
        if self._heads_a_line(label):
            return False
        parts = names.people_in(label)
        if all(self._shaped(part) and self._people.knows(part) for part in parts):
            return _key(label) not in self._learnt or self._counts[_key(label)] > 1
        return (
            self._counts[_key(label)] > 1 and all(self._recurring(part) for part in parts) and not self._is_field(label)
        )

    def _is_field(self, label: str) -> bool:
        """Whether a word that comes back may as well be what a form asks for ("Severity: high"): nobody of that name is
        known, nothing behind it sounds spoken, and others of the document are known or do not speak either."""
        if len(names.plain(label).split()) > 1 or _key(label) in self._speaking:
            return False
        if names.plain(label) in self._mentioned:
            return False
        return (self._has_roster or not self._dialogue) and not self._people.knows(label)

    @staticmethod
    def _shaped(part: str) -> bool:
        return looks_like_name(part) or looks_like_word(part) or bool(_NICK.match(part) or _BEGUN.match(part))

    def _recurring(self, part: str) -> bool:
        """What a label that recurs must look like to be a person unknown so far."""
        if self._people.knows(part):
            return True
        if self._is_topic(part):
            return False
        if _ACRONYM.match(part):
            return True
        if looks_like_name(part) or looks_like_word(part) or _BEGUN.match(part):
            return not self._is_ordinary(max(part.split(), key=len))
        return bool(_NICK.match(part)) and self._counts[_key(part)] > (1 if _key(part) in self._answering else 2)

    def _is_likely(self, label: str) -> bool:
        """A label that stands there once: a full name, or any name where no roster says who was there."""
        if self._people.decision(label) is None or self._heads_a_line(label) or self._is_topic(names.plain(label)):
            return False
        if self._is_field(label):
            return False
        return all(self._likely(part) for part in names.people_in(label))

    def _likely(self, part: str) -> bool:
        if self._people.knows(part) and self._shaped(part):
            return True
        if _ACRONYM.match(part) and self._by_initials:
            return not self._is_topic(part)
        printed = [word for word in part.split() if len(word) > 1 and names.fold(word) not in names.PARTICLES]
        if any(word.isupper() and self._written[word] > 1 for word in printed) and not part.isupper():
            return False  # "Roof API": a word that the document uses by itself
        if self._is_topic(part) or any(self._is_ordinary(word) for word in printed):
            return False
        if looks_like_name(part):
            return all(len(word) > 1 for word in part.split()) and len(part.split()) < 5
        return not self._has_roster and bool(looks_like_word(part) or _BEGUN.match(part))

    def _lists_people(self, said: str) -> bool:
        """Names behind the colon and hardly more: "Authors: Ada King, Bob Roe" is a role, and nobody speaks."""
        if not 2 < len(said) < 200 or said[-1] in ".?!":
            return False
        credits = read_credits(said)
        people = [c for c in credits if looks_like_name(c.name) or (c.name[0].isupper() and self._people.knows(c.name))]
        return len(people) >= max(1, 0.6 * len(credits))

    def _mostly_initials(self, printed: Mapping[str, str]) -> bool:
        """Whether initials are how this document names who speaks: then others that stand there once are people too."""
        short = [key for key in self._strong if _ACRONYM.match(names.plain(printed[key]))]
        return len(short) > 2 and 2 * len(short) > len(self._strong)

    def _is_company(self, label: str) -> bool:
        """Several people in one label, each of whom speaks alone elsewhere."""
        parts = names.people_in(label)
        if self._people.decision(label) is None:
            return False
        return len(parts) > 1 and all(_key(part) in self._all or self._people.knows(part) for part in parts)
