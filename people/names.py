"""A person's name as printed in; its comparable parts out: folded words, given name and surname, initials, a slug key.

Nothing here knows who exists: these are facts about strings. `people.resolve` weighs them against candidates.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "`": "'"}
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"}  # as written without them
)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

_PARTICLES = """
al ap ben bin da dal dalla das de dei del della den der des di do dos du el ibn la las le lo los san santa st ten ter
van vom von y zu zum zur
"""
PARTICLES = frozenset(_PARTICLES.split())
TITLES = frozenset(
    """dr prof professor mr mrs ms miss mx messrs sir dame lord lady rev hon herr frau dott ing the chair chairman
    chairwoman chairperson vice president member mayor councilmember councilman councilwoman councillor councillors
    councilor cllr cllrs alderman commissioner senator
    ambassador director secretary treasurer madam trustee""".split()
)
RANKS = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "msc", "esq"})

# Short forms that are no beginning of the full name; those that are ("Alex") need no table.
_SHORT = """
abby abigail; andy andrew andreas; becky rebecca; bert albert robert hubert; beth elizabeth; betty elizabeth;
bill william; billy william; bob robert; bobby robert; cathy catherine; charlie charles charlotte; chuck charles;
debbie deborah debra; dick richard; ed edward edwin eduard edmund; eddie edward edwin; fritz friedrich;
gabi gabriele gabriela; geoff geoffrey; greg gregory gregor; hank henry; hans johannes johann; harry harold henry;
jack john; jan johannes; jeff jeffrey geoffrey; jerry gerald jerome; jim james; jimmy james;
jo joanna joanne joseph josephine; joe joseph; johnny john; kate katherine catherine katharina;
kathy katherine kathleen; katie katherine; kenny kenneth; klaus nikolaus; larry lawrence laurence;
liz elizabeth elisabeth; maggie margaret; max maximilian maxwell; meg margaret; mick michael; mickey michael;
mike michael mikhail; mikey michael; mitch mitchell; molly mary; nacho ignacio; nate nathan nathaniel; ned edward;
nick nicholas nicolas nikolas nikolai; niko nikolaus nikolaos nicolas; paco francisco; pat patrick patricia;
patty patricia; peggy margaret; penny penelope; pepe jose; pete peter; polly mary; ray raymond;
rick richard ricardo; ricky richard; rob robert roberto; ron ronald; ronnie ronald; rosie rosemary rosalind rose;
rudi rudolf; sally sarah; sandy alexander alexandra; sascha alexander; sasha alexander alexandra; sepp josef;
steve steven stephen; sue susan; susie susan; ted edward theodore; teddy theodore edward; tina christina;
tom thomas tommaso; tommy thomas; toni anton antonio antonia; tony anthony antonio; trish patricia; uli ulrich;
vicky victoria; wes wesley; will william; willy wilhelm william; woody woodrow; zach zachary; zack zachary
"""
_FULL_OF = {row.split()[0]: frozenset(row.split()[1:]) for row in _SHORT.split(";")}
_SHORT_OF = {
    full: frozenset(short for short, fulls in _FULL_OF.items() if full in fulls)
    for full in frozenset().union(*_FULL_OF.values())
}

# "Chris (via chat)", "Chris on slide 7", "Chris presenting", "Question from Chris", "Chris [remote]".
_BRACKETED = re.compile(r"\s?[(\[{<][^)\]}>]{0,80}[)\]}>]")
_AFTER = re.compile(
    r"\s*[,;-]?\s+(?:(?:on|in|via|by|from|over|through)\s+(?:the\s+)?(?:chat|zoom|vidyo|teams|webex|slides?|mail|e-?mail|phone|"
    r"jabber|slack|mattermost|remote|behalf)\b.*|on\s+behalf\s+of\b.*|slides?\s*\d.*|(?:is\s+)?(?:presenting|presents|speaking|"
    r"remotely|remote|online|again|asks|asked|answers|answered|replies|replied|responds|responded|comments|commented|says|said|"
    r"adds|added|continues|continued|cont'?d))\s*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:question|comment|answer|reply|response|remark|note|input|chat)s?\s+(?:from|by|of)|from|q\s+by)\s+(?=\S)",
    re.IGNORECASE,
)
# "Q (Chris)", "Answer 2 [Chris]"
_ASKED = re.compile(
    r"(?:q|a|c|r|question|answer|comment|reply|response|remark)s?\s*\d*\s*[(\[]\s*(\w[^()\[\]]*)[)\]]", re.IGNORECASE
)
_SEVERAL = re.compile(r"\s*(?:[+&;/|]|,\s*(?:and|&)\s|,|\s(?:and|und|et)\s)\s*", re.IGNORECASE)
_DOTTED = re.compile(r"^(?:[^\W\d_]\.[\s-]*)+$")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case, no accents or apostrophes, one kind of hyphen, single spaces: equal names become equal strings."""
    if text.isascii():  # nearly all text: the same result by a shorter way
        return " ".join(text.lower().replace("'", "").replace("`", "").split())
    text = _DASHES.sub("-", text.casefold()).translate(_LETTERS).replace("'", "")
    if text.isascii():
        return " ".join(text.split())
    text = "".join([c for c in unicodedata.normalize("NFKD", text) if c < "\x80" or not unicodedata.combining(c)])
    return " ".join(text.translate(_LETTERS).split())


def spellings(text: str) -> tuple[str, ...]:
    """The text, and where it has umlauts also the text with these written out, ü as "ue"."""
    if text.isascii():
        return (text,)
    written_out = unicodedata.normalize("NFC", text).translate(_UMLAUTS)
    return (text,) if fold(written_out) == fold(text) else (text, written_out)


def words(text: str) -> tuple[str, ...]:
    """Folded words; a hyphenated name is one word, dotted initials are one word each."""
    folded = fold(text)
    return tuple(folded.split() if folded.replace(" ", "").isalnum() else _WORD.findall(folded))


def atoms(text: str) -> tuple[str, ...]:
    """Folded words with hyphenated names taken apart."""
    return tuple(part for word in words(text) for part in word.split("-"))


def slug(name: str) -> str:
    """A readable key: "João v. Lopes-Ortiz" gives "joao-v-lopes-ortiz"; "unnamed" where no letter is left."""
    return "-".join(re.findall(r"[^\W_]+", fold(name))) or "unnamed"


@lru_cache(maxsize=65536)
def plain(label: str) -> str:
    """A label without what is not the name: marks, brackets, "Question from ...", "... on slide 7", "... via chat"."""
    text = (
        " ".join(label.replace("*", "").replace("`", "").split()).strip("_").strip().lstrip("@-–• ").rstrip(":;,- \t")
    )
    asked = _ASKED.fullmatch(text)
    if asked:
        return plain(asked[1])
    inside = re.fullmatch(r"[(\[{<]\s*([^()\[\]{}<>]+?)\s*[)\]}>]", text)
    if inside:
        return plain(inside[1])
    text = _BRACKETED.sub("", text).strip() or text
    text = _BEFORE.sub("", text)
    return _AFTER.sub("", text).strip() or text


@lru_cache(maxsize=65536)
def people_in(label: str) -> tuple[str, ...]:
    """The labels of each person in one label: "A+B", "A/B", "A, B", "A and B". "King, A.B." is one person."""
    text = plain(label)
    _, comma, after = text.partition(",")
    if comma and _DOTTED.match(after.strip()):
        return (text,)
    parts = [plain(part) for part in _SEVERAL.split(text)]
    return tuple(part for part in parts if any(c.isalpha() for c in part)) or (text,)


@dataclass(frozen=True, slots=True)
class Name:
    """Folded words of one name. Where given names end is not always plain, so words in the middle may be either."""

    given: tuple[str, ...]
    surname: tuple[str, ...]  # with its particles; empty where only one word is known
    capitals: str = ""  # the capital letters inside the printed surname, folded: "mf" for McFayden
    words: tuple[str, ...] = field(init=False, repr=False, compare=False)  # all of them

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", self.given + self.surname)


@lru_cache(maxsize=65536)
def parse(text: str) -> Name:
    """Given name and surname of "Ada van Dijk", "van Dijk, Ada", "DIJK Ada", "A.B. Dijk", "Dr Ada Dijk Jr."."""
    text = plain(text)
    before, comma, after = text.partition(",")
    if comma and words(after) and words(after)[0] not in RANKS and "," not in after:
        given, surname = words(after), words(before)
        return Name(given, surname, _capitals(before))
    printed = [word for word in re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", _DASHES.sub("-", text)) if words(word)]
    while len(printed) > 1 and fold(printed[0]) in TITLES:
        printed = printed[1:]
    while len(printed) > 1 and fold(printed[-1]) in RANKS:
        printed = printed[:-1]
    printed = _surname_last(printed)
    if len(printed) < 2:
        return Name(tuple(fold(word) for word in printed), ())
    start = _surname_start(printed)
    folded = tuple(fold(word) for word in printed)
    return Name(folded[:start], folded[start:], _capitals(" ".join(printed[start:])))


def _surname_last(printed: list[str]) -> list[str]:
    """Words in the order given name, surname, also where the surname stands first in capitals ("DIJK Ada")."""
    shouted = [len(word) > 2 and word.isupper() for word in printed]
    if any(shouted) and not all(shouted) and shouted[0] and not shouted[-1]:
        end = shouted.index(False)
        return printed[end:] + printed[:end]
    return printed


def _surname_start(printed: list[str]) -> int:
    """Where the surname begins: at words in capitals, at a particle, else at the last word."""
    shouted = [len(word) > 2 and word.isupper() for word in printed]
    if shouted[-1] and not all(shouted):
        start = len(printed) - 1
        while start > 1 and shouted[start - 1]:
            start -= 1
        return start
    for place in range(1, len(printed) - 1):
        if fold(printed[place]) in PARTICLES:
            return place
    return len(printed) - 1


def _capitals(surname: str) -> str:
    return "" if surname.isupper() else fold("".join(c for c in surname if c.isupper()))


def initials(name: Name) -> frozenset[str]:
    """All that may stand for the whole name: "rdm" and "rm" for Rosa di Marco.

    A hyphenated part may count once or by each piece, middle names and particles may count or not, and a surname may
    bring its capitals along ("McFayden": m, mf).
    """
    if not name.surname:
        return frozenset()
    pieces = "".join(piece[0] for word in name.given for piece in word.split("-"))
    parts = "".join(word[0] for word in name.given)
    return frozenset(head + tail for head in (pieces, parts, parts[0]) for tail in surname_initials(name))


def surname_initials(name: Name) -> frozenset[str]:
    """Those of the surname alone, with and without its particles."""
    main = [word for word in name.surname if word not in PARTICLES] or list(name.surname)
    tails = {"".join(word[0] for word in row) for row in (name.surname, main, main[:1], main[-1:])}
    tails |= {"".join(piece[0] for word in row for piece in word.split("-")) for row in (name.surname, main)}
    return frozenset((tails | {name.capitals}) - {""})


def is_short_for(short: str, full: str) -> bool:
    """Evidence in the strings alone that `short` is a familiar form of the given name `full`, both folded.

    A beginning of three to five letters counts ("xavi", "alex") where two letters or more are missing: one missing
    letter is rather another name ("jan" and "jana").
    """
    if full in _FULL_OF.get(short, ()):
        return True
    return 3 <= len(short) <= 5 and len(full) >= len(short) + 2 and full.startswith(short)


def full_forms(short: str) -> frozenset[str]:
    """The given names for which the table has this short form."""
    return _FULL_OF.get(short, frozenset())


def short_forms(full: str) -> frozenset[str]:
    """The short forms that the table has for a given name."""
    return _SHORT_OF.get(full, frozenset())


def shortened(a: str, b: str) -> bool:
    """One is short for the other."""
    return is_short_for(a, b) or is_short_for(b, a)


def shares_piece(a: str, b: str) -> bool:
    """One is part of the other, a double name: "anna" and "anna-lena". Two double names must be equal."""
    return ("-" in a) != ("-" in b) and (a in b.split("-") or b in a.split("-"))


def agrees(a: str, b: str) -> bool:
    """Two given names that one person may have: the same, one short for the other, or one the other's initial."""
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return a == b or shortened(a, b) or shares_piece(a, b)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A spelling with the letters merged that people mix up when they write what they hear."""
    for written, heard in (("ph", "f"), ("th", "t"), ("ck", "k"), ("sch", "sh"), ("c", "k"), ("q", "k"), ("y", "i")):
        word = word.replace(written, heard)
    word = word.replace("j", "i").replace("z", "s").replace("w", "v")
    return re.sub(r"(.)\1+", r"\1", word)


def alike(a: str, b: str) -> bool:
    """One or two slips of the pen apart, fewer in a short word."""
    if a == b or min(len(a), len(b)) < 4 or abs(len(a) - len(b)) > 2:
        return a == b
    allowed = 1 if min(len(a), len(b)) < 7 else 2
    return OSA.distance(a, b, score_cutoff=allowed) <= allowed or (len(a) > 4 and sound(a) == sound(b))


def given_alike(a: str, b: str) -> bool:
    """A given name misspelt, not another one: "Marco" is no "Mario", "Martina" no "Martin", "Andrea" no "Andreas"."""
    if a == b or min(len(a), len(b)) < 4:
        return a == b
    if sound(a) == sound(b):
        return True
    if min(len(a), len(b)) < 5 or a.rstrip("aeios") == b.rstrip("aeios"):
        return False
    letters_swapped = len(a) == len(b) and sorted(a) == sorted(b)
    letter_dropped = abs(len(a) - len(b)) == 1
    return (letters_swapped or letter_dropped) and OSA.distance(a, b, score_cutoff=1) <= 1


def reads_otherwise(label: str, name: str) -> bool:
    """Whether a label is neither the name, nor a part or short form of it, nor its initials."""
    written = atoms(label)
    if "".join(written) in initials(parse(name)):
        return False
    return not all(any(part.startswith(word) or shortened(word, part) for part in atoms(name)) for word in written)
