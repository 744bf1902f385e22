"""Invented minutes of any length, and lines of them retyped."""

from __future__ import annotations

import random

PER_TALK = 25
SYLLABLES = "ba ke li mo nu pra sto ver wim xan yo zed tor gal fin dul cor".split()
GIVEN = "Ada Bert Carl Dora Edda Finn Gita Hugo Ines Jonas Klara Ludo Mira Nils Olga Pavel Quin Rosa Sven Tilda".split()


def document(chance: random.Random, turns: int) -> list[str]:
    """Minutes in the most usual form: participants, days, talks with a speaker, questions and answers."""
    names = [f"{one} {word(chance).capitalize()}son" for one in GIVEN]
    lines = ["Workshop on large minutes", "", "4 May 2031", "", "Participants", "", *names, ""]
    lines += ["Tuesday 4 May 2031 (Day 1)", ""]
    for n in range(turns):
        if n % PER_TALK == 0:
            lines += [
                f"{sentence(chance, 6)[:-1]} {n // PER_TALK}",
                "",
                f"Speaker: {chance.choice(names)}",
                "",
                "Q&A:",
                "",
            ]
        mark = "?" if n % 2 == 0 else "."
        lines += [f"{chance.choice(GIVEN)}: {sentence(chance, chance.randrange(6, 40))[:-1]}{mark}", ""]
    return lines


def sentence(chance: random.Random, words: int) -> str:
    return f"{' '.join(word(chance) for _ in range(words)).capitalize()}."


def word(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.choice((1, 2, 2, 3))))


def retyped(chance: random.Random, text: str) -> str:
    """The text with one word changed and one put in."""
    words = text.split()
    at = chance.randrange(len(words) - 1)
    return " ".join([*words[:at], word(chance), f"{words[at]}n", *words[at + 1 :]])
