"""The turns of one talk in; the same turns out, each a question, answer or comment, with its exchange and addressees.

What a turn is follows from its words (a question asks), from who says it (the talk's speakers answer, the others ask)
and from what came before it. `_RETURNS` and `_STATEMENTS` are read from the top, and the first rule that knows decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from minutes.document import Kind, Turn
from minutes.parsing import wording
from people.names import fold

_SHARED = 0.07  # which part of a statement's words must have been said in an exchange for it to go on there
_RESUMED = 0.5  # the same for an exchange that others have followed
_REMEMBERED = 6  # how many of an exchange's last turns tell what it is about, beside the one that opened it
_WEIGHED = 20_000  # characters of a turn, the last ones
_LOOKED_BACK = 25  # how many exchanges back a turn may return


@dataclass(slots=True, eq=False)
class _Said:
    """A turn with what the rules look at."""

    turn: Turn
    who: frozenset[str]
    speaks: bool  # is one of the talk's speakers
    asks: bool
    to_you: bool  # asks the one who is there, so that others cannot answer for them
    words: frozenset[str]
    kind: Kind = "comment"


@dataclass(slots=True, eq=False)
class _Exchange:
    number: int
    said: list[_Said] = field(default_factory=list)
    members: set[frozenset[str]] = field(default_factory=set)
    questions: list[_Said] = field(default_factory=list)
    askers: set[frozenset[str]] = field(default_factory=set)

    def add(self, said: _Said) -> None:
        self.said.append(said)
        self.members.add(said.who)
        if said.asks:
            self.questions.append(said)
            self.askers.add(said.who)

    @property
    def question(self) -> _Said | None:
        """The last question asked in it."""
        return self.questions[-1] if self.questions else None

    def shares(self, words: frozenset[str]) -> float:
        """Which part of the words was said in it before."""
        known = self.said[0].words.union(*(said.words for said in self.said[-_REMEMBERED:]))
        return wording.shared(words, known) / len(words) if words else 0.0


@dataclass(slots=True)
class _Scene:
    """Where the talk stands before a turn."""

    exchanges: Sequence[_Exchange]  # the last ones
    current: _Exchange
    last: _Said


_NEW = _Exchange(0)
_Rule = Callable[[_Said, _Scene], _Exchange | None]
_Called = Callable[[str], Sequence[str]]


def thread(turns: Sequence[Turn], speakers: Sequence[str], called: _Called) -> tuple[Turn, ...]:
    """The turns of one talk (or of one session's opening), in order, with kind, exchange and addressed_to set.

    `speakers` are keys of the talk's speakers; `called` gives by a folded name the keys of all whom it may call.
    """
    exchanges: list[_Exchange] = []
    placed: list[tuple[_Said, _Exchange, int]] = []  # with the place in the exchange
    for turn in turns:
        last, current, _ = placed[-1] if placed else (None, _NEW, 0)
        said = _hear(turn, speakers, last)
        home = _place(said, _Scene(exchanges[-_LOOKED_BACK:], current, last)) if last else _NEW
        if home is _NEW:
            home = _Exchange(len(exchanges) + 1)
            exchanges.append(home)
        said.kind = _kind(said, home)
        placed.append((said, home, len(home.said)))
        home.add(said)
    return tuple(
        replace(said.turn, kind=said.kind, exchange=home.number, addressed_to=_addressees(said, home, place, called))
        for said, home, place in placed
    )


# --- what a turn is by itself ---


def _hear(turn: Turn, speakers: Sequence[str], last: _Said | None) -> _Said:
    who = frozenset(turn.people) or frozenset((fold(turn.label),))
    speaks = not who.isdisjoint(speakers)
    replies = speaks and last is not None and last.asks and last.who != who
    text = turn.text[-_WEIGHED:]
    questions = wording.questions(text)
    if replies and not wording.ends_asking(text):
        questions = []  # an answer may ask in passing; a question back comes at its end
    to_you = any(map(wording.is_to_you, questions))
    return _Said(turn, who, speaks, bool(questions), to_you, wording.content_words(text))


# --- where it belongs ---


def _place(said: _Said, scene: _Scene) -> _Exchange:
    """The exchange that a turn goes on with, or `_NEW`."""
    for rule in _RETURNS if said.asks else _STATEMENTS:
        home = rule(said, scene)
        if home is not None:
            return home
    return _NEW


def _asks_on(said: _Said, scene: _Scene) -> _Exchange | None:
    """Two questions in a row by one person are one."""
    return scene.current if scene.last.asks and scene.last.who == said.who else None


def _asks_back(said: _Said, scene: _Scene) -> _Exchange | None:
    """The talk's speaker asks the one who has just spoken."""
    return scene.current if said.speaks and not scene.last.speaks else None


def _follows_up(said: _Said, scene: _Scene) -> _Exchange | None:
    """ "Why?", "So you mean...?" by one who is in it already."""
    if said.who not in scene.current.members:
        return None
    return scene.current if wording.follows_up(said.turn.text) else None


def _refers_back(said: _Said, scene: _Scene) -> _Exchange | None:
    """ "Comment on X:" belongs where X was last spoken of."""
    what = wording.content_words(wording.referred_to(said.turn.text))
    return next((old for old in reversed(scene.exchanges) if what and old.shares(what) > 0), None)


def _opens(said: _Said, scene: _Scene) -> _Exchange | None:
    """A call to everybody, or one who is not the speaker taking up another point of the talk."""
    if said.speaks and scene.last.asks:
        return None
    picks_up = not said.speaks and wording.picks_up(said.turn.text)
    return _NEW if picks_up or wording.calls_all(said.turn.text) else None


def _returns_elsewhere(said: _Said, scene: _Scene) -> _Exchange | None:
    """Somebody passes over the question just asked and goes on with an earlier exchange."""
    if said.speaks or not scene.last.asks or wording.goes_on(said.turn.text) or scene.current.shares(said.words) > 0:
        return None
    earlier = [old for old in scene.exchanges if old is not scene.current]
    best = max(earlier, key=lambda old: (old.shares(said.words), old.number), default=None)
    return best if best and best.shares(said.words) > _SHARED else None


def _continues(said: _Said, scene: _Scene) -> _Exchange | None:
    """One person's words in two turns."""
    return scene.current if scene.last.who == said.who else None


def _replies(said: _Said, scene: _Scene) -> _Exchange | None:
    """Who speaks right after a question replies to it; a speaker, to whatever opened the exchange, or adds to another
    speaker's answer. But a question back from the talk's speaker is for the one who spoke before."""
    asked_back = scene.last.speaks and scene.last is not scene.current.said[0]
    if asked_back and not said.speaks and said.who not in scene.current.members:
        return None
    opened = scene.last is scene.current.said[0]
    adds = scene.last.speaks and scene.last.kind == "answer"
    return scene.current if scene.last.asks or (said.speaks and (opened or adds)) else None


def _goes_on(said: _Said, scene: _Scene) -> _Exchange | None:
    return scene.current if wording.goes_on(said.turn.text) else None


def _asker_returns(said: _Said, scene: _Scene) -> _Exchange | None:
    question = scene.current.question
    return scene.current if question and question.who == said.who else None


def _handed_over(said: _Said, scene: _Scene) -> _Exchange | None:
    """ "Maybe somebody of the other team can comment." """
    return scene.current if wording.hands_over(scene.last.turn.text) and scene.last.speaks else None


def _open_to_all(said: _Said, scene: _Scene) -> _Exchange | None:
    """A question that was not put to "you" may get one answer after the other, from anybody."""
    question = scene.current.question
    return scene.current if question and not question.to_you and scene.last.kind == "answer" else None


def _joins_speaker(said: _Said, scene: _Scene) -> _Exchange | None:
    """The talk's speaker said something to all, and the others say what they think."""
    first = scene.current.said[0]
    return scene.current if first.speaks and scene.current.question is None else None


def _same_matter(said: _Said, scene: _Scene) -> _Exchange | None:
    return scene.current if scene.current.shares(said.words) > _SHARED else None


def _resumes(said: _Said, scene: _Scene) -> _Exchange | None:
    return next((old for old in reversed(scene.exchanges) if old.shares(said.words) > _RESUMED), None)


_RETURNS: tuple[_Rule, ...] = (_asks_on, _asks_back, _follows_up)
_STATEMENTS: tuple[_Rule, ...] = (
    _refers_back,
    _opens,
    _returns_elsewhere,
    _continues,
    _replies,
    _goes_on,
    _asker_returns,
    _handed_over,
    _open_to_all,
    _joins_speaker,
    _same_matter,
    _resumes,
)


# --- what it is there ---


def _kind(said: _Said, home: _Exchange) -> Kind:
    """Question, answer or comment, in the exchange where it stands."""
    if said.asks:
        return "question"
    question = next((one for one in reversed(home.questions) if one.who != said.who), None)
    if question is None or wording.remarks(said.turn.text):
        return "comment"
    before = home.said[-1]
    if before.kind == "comment":
        return "comment"
    if said.speaks:
        return "answer"
    if wording.advises(said.turn.text):
        return "comment"
    asked_too = said.who in home.askers
    return "answer" if before.asks or not (question.to_you or asked_too) else "comment"


# --- to whom it was said ---


def _addressees(said: _Said, home: _Exchange, place: int, called: _Called) -> tuple[str, ...]:
    """For a question those who answer it, else whoever it calls by name; for a comment who replies to it."""
    after = home.said[place + 1 : place + 1 + _LOOKED_BACK]
    if said.asks:
        upto = next((place for place, other in enumerate(after) if other.asks), len(after))
        answers = [other for other in after[:upto] if other.kind == "answer"]
        return _people(answers, said) or _by_name(said, called)
    if said.kind == "comment" and not said.speaks and after and (after[0].speaks or said is home.said[0]):
        return _people(after[:1], said) if after[0].kind != "answer" else ()
    if wording.hands_over(said.turn.text) and after and after[0].kind == "answer":
        return _people(after[:1], said)
    return _by_name(said, called)


def _people(others: Sequence[_Said], said: _Said) -> tuple[str, ...]:
    keys = dict.fromkeys(key for other in others for key in other.turn.people)
    return tuple(key for key in keys if key not in said.who)


def _by_name(said: _Said, called: _Called) -> tuple[str, ...]:
    """The one whom the turn calls by name, where only one has it."""
    label = fold(wording.called_by_name(said.turn.text))
    if not label:
        return ()
    keys = called(label)
    return tuple(keys) if len(keys) == 1 and keys[0] not in said.who else ()
