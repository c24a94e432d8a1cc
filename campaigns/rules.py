"""What counts for a campaign, and when two jobcentres get in each other's way. Pure: no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

#: Two jobcentres do not call the same company within so many days without knowing of each other.
QUIET_DAYS: Final = 30
#: Orders and agreements count until so many months after the campaign's last day.
MONTHS_AFTER: Final = 6
#: As many industries in focus at a time as the steering group chooses (handbook §6.4); more is told, not refused.
USUAL_FOCUS: Final = 2


def last_counting_day(last_day: dt.date) -> dt.date:
    """The last day on which what comes in counts: six months after the campaign's, at most that month's last day."""
    months = last_day.month - 1 + MONTHS_AFTER
    year, month = last_day.year + months // 12, months % 12 + 1
    first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
    return min(dt.date(year, month, 1) + dt.timedelta(days=last_day.day - 1), first_of_next - dt.timedelta(days=1))


def comes_after_contact(
    moment: dt.datetime, day: dt.date, *, first_contact: dt.datetime | None, last_day: dt.date
) -> bool:
    """Whether something of `moment` (calendar `day`) came after the first contact and in time; no word of because."""
    return first_contact is not None and moment > first_contact and day <= last_counting_day(last_day)


def quiet_from(moment: dt.datetime) -> dt.datetime:
    """Contacts of others from here on are too near."""
    return moment - dt.timedelta(days=QUIET_DAYS)


def most_at_once(periods: Iterable[tuple[dt.date, dt.date | None]]) -> int:
    """How many of the periods (first and last day, None: open) run on the same day, at most."""
    steps: list[tuple[dt.date, int]] = []
    for first, last in periods:
        steps.append((first, 1))
        if last is not None:
            steps.append((last + dt.timedelta(days=1), -1))
    most = running = 0
    for _day, step in sorted(steps):
        running += step
        most = max(most, running)
    return most


def codes_of(text: str) -> tuple[str, ...]:
    """Codes written with spaces or commas between them, each once, in order."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def evened_out(loads: dict[str, int], free: Sequence[int]) -> dict[int, str]:
    """Who gets what: every one of `free` goes to whoever has least then (first by name of the key at a tie)."""
    held = dict(loads)
    given: dict[int, str] = {}
    for one in free:
        least = min(held, key=lambda who: (held[who], who))
        given[one] = least
        held[least] += 1
    return given


def versions_of(code: str, version: str) -> tuple[str, ...]:
    """In which classifications a code means the same as in `version`.

    The divisions up to 56 are the same in DB07 and DB25, but for trade (45 to 47); finer codes and later divisions are
    their own classification's only (handbook §3.3).
    """
    same = len(code) == 2 and code.isdecimal() and (code <= "44" or "49" <= code <= "56")
    return ("DB07", "DB25") if same else (version,)
