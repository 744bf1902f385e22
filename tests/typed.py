"""Invented minutes that change as people retype them: lines moved, lost, put in, split and joined."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

PEOPLE = ("Ada Byron", "Bob Crane", "Carl Diem", "Dora Engel", "Edda Frost")
WORDS = (
    "anchor barge cable dredge ebb ferry gauge harbour inlet jetty keel ladder mooring net oar pier quay raft sluice "
    "tide valve wharf yawl copper iron timber slate marble linen cotton amber early late heavy light narrow"
).split()
OPENINGS = ("We measured", "I think that", "Could you repeat", "Nobody saw", "They wrote down", "It depends on")
PROMISES = ("I will send", "We will write")


@dataclass
class Talk:
    title: str
    speaker: str
    turns: list[tuple[str, list[str]]] = field(default_factory=list)  # who, and the sentences


class Minutes:
    """A document as its author has it, and what may happen to it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people = list(PEOPLE[:4])
        self.talks = [self._talk() for _ in range(self.chance.choice((1, 2, 3)))]

    def text(self) -> str:
        lines = ["Workshop on harbours", "", "4 May 2021", "", "Participants", "", *self.people, ""]
        lines += ["Tuesday 4 May 2021 (Day 1)", ""]
        for talk in self.talks:
            lines += [talk.title, "", f"Speaker: {talk.speaker}", "", "Q&A:", ""]
            for who, sentences in talk.turns:
                lines += [f"{who}: {' '.join(sentences)}", ""]
        return "\n".join(lines)

    def mutate(self, times: int) -> None:
        for _ in range(times):
            self.chance.choice(
                (
                    self._typo,
                    self._typo,
                    self._drop,
                    self._put_in,
                    self._move,
                    self._split,
                    self._split,
                    self._join,
                    self._join,
                    self._rename,
                    self._other_speaker,
                    self._talk_comes_or_goes,
                    self._person_comes_or_goes,
                )
            )()

    def sentence(self) -> str:
        words = [self.chance.choice(WORDS) for _ in range(self.chance.randrange(2, 9))]
        return f"{self.chance.choice((*OPENINGS, *PROMISES))} the {' '.join(words)}{self.chance.choice('..?')}"

    def _talk(self) -> Talk:
        one, other, third = self.chance.sample(WORDS, 3)
        title = f"{one.capitalize()} and {other}s of the {third}"
        return Talk(title, self.chance.choice(self.people), [self._turn() for _ in range(self.chance.randrange(1, 5))])

    def _turn(self) -> tuple[str, list[str]]:
        said = (
            ["Yes."] if self.chance.random() < 0.15 else [self.sentence() for _ in range(self.chance.randrange(1, 4))]
        )
        return self.chance.choice(self.people).split()[0], said

    def _some_talk(self) -> Talk | None:
        some = [talk for talk in self.talks if talk.turns]
        return self.chance.choice(some) if some else None

    def _typo(self) -> None:
        if talk := self._some_talk():
            n = self.chance.randrange(len(talk.turns))
            who, sentences = talk.turns[n]
            at = self.chance.randrange(len(sentences))
            words = sentences[at].split()
            place = self.chance.randrange(len(words))
            words[place] = self.chance.choice((f"{words[place][:-1]}x{words[place][-1]}", self.chance.choice(WORDS)))
            talk.turns[n] = (who, [*sentences[:at], " ".join(words), *sentences[at + 1 :]])

    def _drop(self) -> None:
        if talk := self._some_talk():
            talk.turns.pop(self.chance.randrange(len(talk.turns)))

    def _put_in(self) -> None:
        if self.talks:
            talk = self.chance.choice(self.talks)
            talk.turns.insert(self.chance.randrange(len(talk.turns) + 1), self._turn())

    def _move(self) -> None:
        if talk := self._some_talk():
            turn = talk.turns.pop(self.chance.randrange(len(talk.turns)))
            other = self.chance.choice(self.talks)
            other.turns.insert(self.chance.randrange(len(other.turns) + 1), turn)

    def _split(self) -> None:
        if talk := self._some_talk():
            n = self.chance.randrange(len(talk.turns))
            who, sentences = talk.turns[n]
            if len(sentences) > 1:
                at = self.chance.randrange(1, len(sentences))
                talk.turns[n : n + 1] = [(who, sentences[:at]), (who, sentences[at:])]

    def _join(self) -> None:
        if (talk := self._some_talk()) and len(talk.turns) > 1:
            n = self.chance.randrange(len(talk.turns) - 1)
            (who, one), (_, other) = talk.turns[n : n + 2]
            talk.turns[n : n + 2] = [(who, [*one, *other])]

    def _rename(self) -> None:
        if self.talks:
            talk = self.chance.choice(self.talks)
            talk.title = f"{talk.title.rsplit(' ', 1)[0]} {self.chance.choice(WORDS)}"

    def _other_speaker(self) -> None:
        if talk := self._some_talk():
            n = self.chance.randrange(len(talk.turns))
            talk.turns[n] = (self.chance.choice(self.people).split()[0], talk.turns[n][1])

    def _talk_comes_or_goes(self) -> None:
        if len(self.talks) > 1 and self.chance.random() < 0.5:
            self.talks.pop(self.chance.randrange(len(self.talks)))
        else:
            self.talks.insert(self.chance.randrange(len(self.talks) + 1), self._talk())

    def _person_comes_or_goes(self) -> None:
        if PEOPLE[4] in self.people:
            self.people.remove(PEOPLE[4])
        else:
            self.people.append(PEOPLE[4])
