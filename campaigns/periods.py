"""Weeks and months of a period, and the middle of a heap of working hours. Pure."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Per = Literal["week", "month"]
PERS: tuple[Per, ...] = ("month", "week")


@dataclass(frozen=True)
class Period:
    """One week or month, cut at both ends of what was asked for. `name` is 2016-03 or 2016-W11 (ISO 8601)."""

    name: str
    first: dt.date
    last: dt.date


def start_of(day: dt.date, per: Per) -> dt.date:
    """The first day of the week (Monday) or month that holds the day."""
    return day - dt.timedelta(days=day.weekday()) if per == "week" else day.replace(day=1)


def name_of(day: dt.date, per: Per) -> str:
    """The name of the week or month that holds the day."""
    if per == "month":
        return f"{day:%Y-%m}"
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def periods(since: dt.date, until: dt.date, per: Per) -> Iterator[Period]:
    """Every week or month from `since` to `until`, also the empty ones."""
    start = start_of(since, per)
    while start <= until:
        following = start_of(start + dt.timedelta(days=7 if per == "week" else 31), per)
        yield Period(name_of(start, per), max(start, since), min(following - dt.timedelta(days=1), until))
        start = following


def middle(values: Sequence[float]) -> float | None:
    """The median of sorted values; of an even number the mean of the two in the middle. None of nothing."""
    if not len(values):
        return None
    half = len(values) // 2
    return round(float(values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2), 1)


def ninetieth(values: Sequence[float]) -> float | None:
    """The smallest of sorted values that at least nine in ten do not exceed (nearest rank). None of nothing."""
    return round(float(values[-(-len(values) * 9 // 10) - 1]), 1) if len(values) else None


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day and time so many months earlier; the last day of a month that is shorter."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=years, month=month + 1, day=min(moment.day, monthrange(years, month + 1)[1]))
