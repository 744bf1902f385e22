"""Dates as minutes print them: by explicit formats only, so that no day is ever taken for a month."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_NAMES = "january february march april may june july august september october november december".split()
_MONTH = {name: n for n, name in enumerate(_NAMES, start=1)} | {name[:3]: n for n, name in enumerate(_NAMES, start=1)}
_MONTH["sept"] = 9
_M = r"(?P<month>" + "|".join(sorted(_MONTH, key=len, reverse=True)) + r")\.?"
_M2 = _M.replace("<month>", "<month2>")
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_D2 = _D.replace("<day>", "<day2>")
_Y = r"(?P<year>(?:19|20)\d\d)"
_TO = r"\s*(?:-|–|—|to|until)\s*"

Span = tuple[date, date]


def _make(year: str, month: str, day: str) -> date:
    return date(int(year), int(month) if month.isdigit() else _MONTH[month.lower()], int(day))


def _one(match: re.Match[str]) -> Span:
    day = _make(match["year"], match["month"], match["day"])
    return day, day


def _days(match: re.Match[str]) -> Span:
    return _make(match["year"], match["month"], match["day"]), _make(match["year"], match["month"], match["day2"])


def _months(match: re.Match[str]) -> Span:
    return _make(match["year"], match["month"], match["day"]), _make(match["year"], match["month2"], match["day2"])


_FORMATS: tuple[tuple[str, Callable[[re.Match[str]], Span]], ...] = (
    (rf"{_D}\s+{_M}{_TO}{_D2}\s+{_M2},?\s+{_Y}", _months),
    (rf"{_M}\s+{_D}{_TO}{_M2}\s+{_D2},?\s+{_Y}", _months),
    (rf"{_D}{_TO}{_D2}\s+(?:of\s+)?{_M},?\s+{_Y}", _days),
    (rf"{_M}\s+{_D}{_TO}{_D2},?\s+{_Y}", _days),
    (rf"{_D}\s+(?:of\s+)?{_M},?\s+{_Y}", _one),
    (rf"{_M}\s+{_D},?\s+{_Y}", _one),
    (rf"{_Y}[-/.](?P<month>0[1-9]|1[0-2])[-/.](?P<day>[0-3]\d)", _one),
)
_YEAR = re.compile(r"(?:19|20)\d\d")  # every format prints one, and few lines do
_READERS = [(re.compile(rf"(?<![\w/-]){pattern}(?![\w/])", re.IGNORECASE), read) for pattern, read in _FORMATS]
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?"
_BESIDES = re.compile(
    rf"{_WEEKDAY}|day\s*\d*|morning|afternoon|evening|session|first|second|third|fourth|fifth|\d(?:st|nd|rd|th)|[\W_]",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_OF_MINUTES = set(
    "minutes notes log transcript agenda meeting call telecon teleconference of for from on the at held".split()
)
_DAY_ONLY = re.compile(rf"^\W*(?:{_WEEKDAY}\W*)?day\s*(?P<n>\d+)\W*(?:{_WEEKDAY}\W*)?$", re.IGNORECASE)
_DAY_NUMBER = re.compile(r"\bday\s*(?P<n>\d+)", re.IGNORECASE)
_PART = re.compile(r"\b(?:morning|afternoon|evening)\b", re.IGNORECASE)


def find_span(text: str) -> tuple[Span, str] | None:
    """The first date, or first and last day of a range, with the text around it; None where there is none."""
    if not _YEAR.search(text):
        return None
    for pattern, read in _READERS:
        if match := pattern.search(text):
            try:
                first, last = read(match)
            except ValueError:
                continue
            if first <= last:
                return (first, last), text[: match.start()] + text[match.end() :]
    return None


def read_day(text: str) -> tuple[date | None, int | None] | None:
    """The date and printed number of a line that is only a day's heading ("Monday 4 May 2020 (Day 1)", "Day 2")."""
    if len(text) > 80:
        return None
    if match := _DAY_ONLY.match(text):
        return None, int(match["n"])
    found = find_span(text)
    if found is None or found[0][0] != found[0][1] or _BESIDES.sub("", found[1]):
        return None
    number = _DAY_NUMBER.search(text)
    return found[0][0], int(number["n"]) if number else None


def is_range(text: str) -> Span | None:
    """Both ends of a line that holds nothing but a date or a range of days."""
    found = find_span(text) if len(text) <= 80 else None
    return found[0] if found and not _BESIDES.sub("", found[1]) else None


def dates_minutes(text: str) -> Span | None:
    """The date in a line that says of which day minutes are and nothing else: "Minutes for 2031-10-15"."""
    found = find_span(text) if len(text) <= 80 else None
    if found is None:
        return None
    rest = re.sub(_WEEKDAY, " ", found[1], flags=re.IGNORECASE)
    return found[0] if set(_WORD.findall(rest.lower())) <= _OF_MINUTES else None


def part_of_day(text: str) -> bool:
    return bool(_PART.search(text))
