"""The promises made to a company, their clocks and what happens when they run out (design §4). Pure.

A promise is a number of working days from `received_at`; `due_at` is written when it is made or changed.
Every level of escalation is a moment counted from `due_at`, so that a clock moved by a pause takes its levels
along.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from municipalities.working_time import Calendar


class Promise(StrEnum):
    """What is promised; `request_answer` is owed by a home jobcentre to the lead, not to the company."""

    FIRST_RESPONSE = "first_response"
    FIRST_CANDIDATE = "first_candidate"
    REQUEST_ANSWER = "request_answer"


class Tell(StrEnum):
    """Who is told, or what is done, at a level."""

    ASSIGNEE = "assignee"  # unclaimed: the consultants of the lead municipality
    LEAD = "lead"
    HOME = "home"
    COORDINATOR = "coordinator"
    SHARE = "share"


#: Working days, unless the agreement or the municipality has other values.
DEFAULT_DAYS: Mapping[Promise, int] = MappingProxyType(
    {Promise.FIRST_RESPONSE: 1, Promise.FIRST_CANDIDATE: 5, Promise.REQUEST_ANSWER: 1}
)
MAX_DAYS = 60


@dataclass(frozen=True, slots=True)
class Level:
    """One rung: `fifths_left` of the promise before it is due, or `days_late` working days after.

    A promise of other length keeps the proportions: the days left are rounded up, so that a short promise
    warns early rather than late.
    """

    name: str
    promise: Promise
    number: int
    tells: Tell
    fifths_left: int = 0
    days_late: int = 0

    @property
    def is_overdue(self) -> bool:
        """The promise is broken by then; before, it is only in danger."""
        return self.fifths_left == 0


LEVELS: tuple[Level, ...] = (
    Level("response_overdue", Promise.FIRST_RESPONSE, 1, Tell.ASSIGNEE),
    Level("response_escalated", Promise.FIRST_RESPONSE, 2, Tell.COORDINATOR, days_late=1),
    Level("candidate_asked", Promise.FIRST_CANDIDATE, 1, Tell.LEAD, fifths_left=2),
    Level("candidate_shared", Promise.FIRST_CANDIDATE, 2, Tell.SHARE, fifths_left=1),
    Level("candidate_overdue", Promise.FIRST_CANDIDATE, 3, Tell.ASSIGNEE),
    Level("candidate_escalated", Promise.FIRST_CANDIDATE, 4, Tell.COORDINATOR, days_late=1),
    Level("request_reminded", Promise.REQUEST_ANSWER, 1, Tell.HOME),
    Level("request_escalated", Promise.REQUEST_ANSWER, 2, Tell.COORDINATOR, days_late=1),
)


def levels_of(promise: Promise) -> tuple[Level, ...]:
    """The promise's levels, lowest first."""
    return tuple(level for level in LEVELS if level.promise is promise)


def days_of(
    promise: Promise,
    *,
    municipality: Mapping[str, int] | None = None,
    agreement: Mapping[str, int] | None = None,
) -> int:
    """Working days promised. The agreement's value beats the municipality's, which beats the default.

    The mappings go from the promise's name to days; a name that is not there is not overridden.
    Raises ValueError for days outside 1–60.
    """
    days = DEFAULT_DAYS[promise]
    for values in (municipality, agreement):
        days = (values or {}).get(promise.value, days)
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(f"a promise is 1 to {MAX_DAYS} working days, not {days}")
    return days


def due_at(start: datetime, days: int, calendar: Calendar) -> datetime:
    """When a promise of so many working days, made at `start` (an order's `received_at`), is due; in UTC."""
    return calendar.add_working_days(start, days)


def level_at(level: Level, due: datetime, days: int, calendar: Calendar) -> datetime:
    """When the level is reached, for a promise of `days` working days that is due at `due`; in UTC."""
    if level.is_overdue:
        return calendar.add_working_days(due, level.days_late) if level.days_late else due
    left = -(-days * level.fifths_left // 5)  # rounded up
    return calendar.add_working_days(due, -left)


def stands_still(*, paused: bool, waiting_for_company: bool) -> bool:
    """Whether the order's clocks are stopped."""
    return paused or waiting_for_company


def moved(due: datetime, stopped_at: datetime, started_at: datetime, calendar: Calendar) -> datetime:
    """The due time after a standstill: later by the working time in it; in UTC.

    A promise that was already overdue when the clock stopped stays as it was: a pause mends nothing.
    """
    lost = calendar.working_seconds(stopped_at, started_at)
    if lost == 0 or due <= stopped_at:
        return due
    return calendar.add_working_seconds(due, lost)


def reached(
    promise: Promise,
    *,
    due: datetime,
    days: int,
    now: datetime,
    told: Collection[str],
    calendar: Calendar,
) -> tuple[Level, ...]:
    """Levels that the unkept promise has reached and that nobody was told of yet, lowest first.

    `told` holds the names of levels that have had their event: one event per order and level. Ask only for
    promises that are neither kept nor standing still.
    """
    return tuple(
        level for level in levels_of(promise) if level.name not in told and level_at(level, due, days, calendar) <= now
    )


def next_level_at(
    promise: Promise, *, due: datetime, days: int, told: Collection[str], calendar: Calendar
) -> datetime | None:
    """When the clock has to look again: the earliest level not yet told of, None when all are."""
    moments = [level_at(level, due, days, calendar) for level in levels_of(promise) if level.name not in told]
    return min(moments, default=None)
