"""When people say that the work begins, in the ways that Danish mails write a day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
          "december")  # fmt: skip
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
_IN_WORDS = re.compile(
    rf"\b(\d{{1,2}})\.?\s{{0,3}}({'|'.join(MONTHS)}|{'|'.join(_SHORT)})\b\.?(?:\s{{0,3}}(\d{{4}}))?", re.IGNORECASE
)
_IN_DIGITS = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?(?![\d/-]|\.\d)")
_ISO = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_WEEK = re.compile(r"\buge\s{1,3}(\d{1,2})\b(?:\s{1,2}(20\d\d))?", re.IGNORECASE)
#: Words before a day that say that it is the start.
_START = re.compile(
    r"(start\w*|tiltræd\w*|begynd\w*|opstart\w*|ansættelse\w*|fra\s+og\s+med|fra|pr\.?|per|til\s+den|from|as\s+of)\W{1,3}"
    r"(?:(?:omkring|ca\.?|senest|i|på|den|d\.?|on|fra|pr\.?|mandag|tirsdag|onsdag|torsdag|fredag)\W{1,3}){0,4}$",
    re.IGNORECASE,
)
LONGEST_AHEAD = timedelta(days=550)


def start_in(text: str, today: date) -> date | None:
    """The first day named as a start; else the only day to come that is named at all; None if it is not clear."""
    ahead = [(at, day) for at, day in sorted(set(_days(text, today))) if today <= day <= today + LONGEST_AHEAD]
    for at, day in ahead:
        if _START.search(text[max(0, at - 60) : at]):
            return day
    days = {day for _, day in ahead}
    return days.pop() if len(days) == 1 else None


def _days(text: str, today: date) -> Iterator[tuple[int, date]]:
    """Each day named, and where; one without a year is the next of its kind."""
    for found in _ISO.finditer(text):
        yield from _at(found, int(found[3]), int(found[2]), int(found[1]), today)
    for found in _IN_WORDS.finditer(text):
        yield from _at(found, int(found[1]), _SHORT[found[2].lower()[:3]], _year(found[3]), today)
    for found in _IN_DIGITS.finditer(text):
        yield from _at(found, int(found[1]), int(found[2]), _year(found[3]), today)
    for found in _WEEK.finditer(text):
        yield from _monday(found, today)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _at(found: re.Match[str], day: int, month: int, year: int | None, today: date) -> Iterator[tuple[int, date]]:
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            named = date(candidate, month, day)
        except ValueError:
            continue
        if year or named >= today:
            yield found.start(), named
            return


def _monday(found: re.Match[str], today: date) -> Iterator[tuple[int, date]]:
    week, told = int(found[1]), _year(found[2])
    for year in (told,) if told else (today.year, today.year + 1):
        try:
            named = date.fromisocalendar(year, week, 1)
        except ValueError:
            continue
        if told or named >= today:
            yield found.start(), named
            return
