"""Weeks and months of a period, and the middle of a heap of working hours. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
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
    """The median; of an even number the mean of the two in the middle. None of nothing."""
    return round(median(values), 1) if values else None


def ninetieth(values: Sequence[float]) -> float | None:
    """The smallest value that at least nine in ten do not exceed (nearest rank). None of nothing."""
    return round(sorted(values)[-(-len(values) * 9 // 10) - 1], 1) if values else None
