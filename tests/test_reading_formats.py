"""Logs, subtitles, zipped pages and the pages of pads and calendars: all invented, read by the same parser."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from minutes.document import Document
from minutes.parsing import parse
from minutes.reading import Limits, Reading, Unreadable, read_source

FILES = Path(__file__).parent / "files"
KITES = [
    ("torvi", "hello everybody"),
    ("maribel", "hi, the kites are torn"),
    ("maribel", "*sighs*"),
    ("lunk", "I mend them"),
    ("torvi", "good"),
]


def read(name: str) -> tuple[Reading, Document]:
    reading = read_source(name, (FILES / name).read_bytes())
    return reading, parse(reading)


def said(document: Document) -> list[tuple[str, str]]:
    return [(turn.label, turn.text) for turn in document.turns]


def ignored(document: Document) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place in document.places:
        if place.place == "ignored":
            found.setdefault(place.rule, []).append(place.line)
    return found


def zipped(*files: tuple[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


# --- chat logs ---


def test_log_has_nicks_as_speakers_and_ignores_who_comes_and_goes() -> None:
    reading, document = read("kites.irssi.log")
    assert reading.media_type == "text/x-irc-log"
    assert said(document) == [
        ("torvi", "hello everybody"),
        ("maribel", "hi torvi"),
        ("lunk", "o/"),
        ("lunk", "*waves to all*"),
        ("torvi", "who mends the torn ones?"),
        ("lunk", "I can take two"),
        ("torvi", "thanks: all of you"),
    ]
    assert ignored(document) == {"comings and goings of a log": [2, 7, 11, 13, 14], "times of a log": [17]}
    assert [talk.title for talk in document.talks] == ["", "Torn kites"]
    assert [action.text for action in document.actions] == ["lunk to mend two kites"]
    assert [decision.text for decision in document.decisions] == ["the spare stays whole"]
    assert str(document.start) == "2024-05-14"


@pytest.mark.parametrize(
    ("name", "turns"),
    [
        ("kites.hexchat.log", KITES),
        (
            "kites.weechat.log",
            [
                ("torvi", "hello everybody"),
                ("maribel", "hi torvi, how are the kites?"),
                ("torvi", "two are torn: the big ones"),
                ("maribel", "*sighs*"),
                ("lunk", "I can mend them"),
            ],
        ),
        (
            "kites.znc.log",
            [
                ("torvi", "hello everybody"),
                ("maribel", "hi"),
                ("lunk", "*waves*"),
                ("lunk", "two kites are torn"),
                ("maribel", "lunk will mend them"),
                ("torvi", "fine"),
            ],
        ),
    ],
)
def test_logs_of_other_programs_say_the_same_kind_of_thing(name: str, turns: list[tuple[str, str]]) -> None:
    _, document = read(name)
    assert said(document) == turns
    assert document.unplaced == ()


def test_nick_with_signs_of_its_own_is_a_label() -> None:
    log = "".join(f"17:0{n} <{nick}> word {n}\n" for n, nick in enumerate(["ada|away", "[bob]", "ada`", "[bob]"]))
    document = parse(read_source("a.log", log.encode()))
    assert [turn.label for turn in document.turns] == ["ada", "bob", "ada", "bob"]


def test_text_that_quotes_a_few_lines_of_a_log_is_no_log() -> None:
    text = "# Title\n\nWe saw this:\n\n" + "Words of nobody.\n" * 9 + "<ada> hi\n<bob> hi\n<ada> so\n<bob> so\n"
    assert read_source("a.txt", text.encode()).media_type == "text/plain"


# --- subtitles ---


def test_voices_of_subtitles_are_turns_on_the_lines_of_their_words() -> None:
    reading, document = read("voices.vtt")
    assert reading.media_type == "text/vtt"
    assert [(turn.label, turn.text, turn.lines) for turn in document.turns] == [
        (
            "Amara Diallo",
            "Welcome to the kite meeting. We have two things to settle. Who has counted the kites?",
            (12, 17),
        ),
        ("Benedikt Huss", "I did, there are 14 & a spare.", (21, 21)),
        ("Chiyo Mori", "Note: two are torn.", (25, 25)),
        ("Amara Diallo", "Then we mend them.", (33, 33)),
        ("Dov", "Agreed.", (33, 33)),
    ]
    assert [note.text for talk in document.talks for note in talk.notes] == ["(laughter)"]
    assert sorted(ignored(document)) == ["comment", "number or time of a subtitle"]
    assert document.unplaced == ()


def test_names_in_subtitles_hold_until_somebody_else_is_named() -> None:
    reading, document = read("names.srt")
    assert reading.media_type == "application/x-subrip"
    assert said(document) == [
        ("Amara", "Welcome to the kite meeting. Sit down, please. Who has counted them?"),
        ("Benedikt", "I did. - The big ones are torn."),
        ("Amara", "Both of them?"),
        ("Benedikt", "Yes."),
    ]
    assert [place.line for place in document.places if place.place == "turn"] == [3, 4, 8, 12, 15, 18, 22]


def test_subtitles_without_names_are_a_note_and_no_titles() -> None:
    text = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\nwords number {n}\n\n" for n in range(1, 6))
    document = parse(read_source("a.srt", text.encode()))
    assert (document.title, document.turns, document.talks) == ("", (), ())
    assert [place.place for place in document.places].count("note") == 5


def test_voice_with_signs_that_no_label_has_is_still_a_voice() -> None:
    text = 'WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada "Ace" King [Works]: guest>Good morning.\n'
    document = parse(read_source("a.vtt", text.encode()))
    assert said(document) == [("Ada Ace King Works guest", "Good morning.")]


# --- zipped pages ---


def test_zip_of_a_page_and_pictures_is_read_as_the_page() -> None:
    page = (FILES / "google-docs.html").read_bytes()
    packed = zipped(
        ("images/image1.png", b"\x89PNG" * 50), ("__MACOSX/._Harbour.html", b"\0\5"), ("Harbour.html", page)
    )
    reading, bare = read_source("harbour.zip", packed), read_source("google-docs.html", page)
    assert (reading.blocks, reading.lines, reading.media_type) == (bare.blocks, bare.lines, "application/zip")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (zipped(("a.txt", b"Ada: yes")), "without a web page or a Word file in it; unpack it"),
        (zipped(("a.html", b"<p>a"), ("b.html", b"<p>b")), "a zip archive of 2 web pages; unpack it and give each"),
        (zipped(("a.html", b"<p>" + b" " * 2_000_000)), "holds more than 1 MB of text when unpacked"),
        (zipped(*((f"{n}.png", b"") for n in range(11)), ("a.html", b"<p>a")), "an archive of more than 10 files"),
        (zipped(("a.html", b"<p>" + b"words " * 99))[:-30], "is a damaged zip archive; pack it again"),
        (zipped(("a.html", b" \n ")), "is empty"),
        (zipped(("a.html", b"\0\1\2\3" * 99)), "is a binary file"),
        (zipped(("a.zip", zipped(("a.html", b"<p>a")))), "without a web page"),
    ],
    ids=["no page", "two pages", "bomb", "many files", "cut", "empty", "binary", "nested"],
)
def test_zip_that_is_no_page_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_source("a.zip", content, limits=Limits(unpacked=1024 * 1024, entries=10))
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("a.zip ")


# --- pages of pads and calendars ---


def test_page_of_a_pad_is_read_with_its_footnote_and_without_its_contents() -> None:
    _, document = read("hedgedoc.html")
    assert [(turn.people, turn.text) for turn in document.turns] == [
        (("pim-haversum",), "Where do they begin?"),
        (("wanda-orell",), "At the lip. Always at the lip."),
        (("sefa-kolt",), "We saw one at the crown.[1]"),
        (("sefa-kolt",), "Who has spare ones?"),
        (("wanda-orell",), "See [the list](https://bells.example/list)."),
    ]
    assert [(talk.title, talk.speakers) for talk in document.talks] == [
        ("Cracks", ("wanda-orell",)),
        ("Clappers", ()),
    ]
    assert [note.text for talk in document.talks for note in talk.notes] == ["[1] The tower of 1760."]
    assert ignored(document) == {"navigation": [14]}
    assert len(document.actions) == len(document.decisions) == 1


def test_minutes_of_a_calendar_are_read_by_contribution() -> None:
    _, document = read("indico.html")
    assert (document.title, str(document.start)) == ("Tide gauges: weekly meeting", "2024-06-04")
    assert document.participants == ("Lars Tveit", "Inga Moe", "Odd Sund")
    assert [(turn.where, turn.people, turn.text) for turn in document.turns] == [
        ("t1", ("inga-moe",), "How large is the drift?"),
        ("t1", ("lars-tveit",), "Two millimetres a year."),
        ("t1", ("odd-sund",), "That is more than last time."),
        ("t1", ("lars-tveit",), "The ground sinks."),
        ("t2", ("odd-sund",), "Who orders them?"),
    ]
    assert [(talk.title, talk.speakers) for talk in document.talks] == [
        ("Drift of the northern gauges", ("lars-tveit",)),
        ("Spare floats", ()),
    ]
    assert [(str(action.due), action.owner) for action in document.actions] == [("2024-06-30", ("inga-moe",))]
    assert document.unplaced == ()
