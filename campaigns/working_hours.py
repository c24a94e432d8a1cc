"""Working hours between many moments at once: the arithmetic of `Calendar.working_seconds` over columns.

Equal to the last digit to what the calendar says of each pair: the same spells, added in the same order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from municipalities.working_time import DEFAULT_CALENDAR, ZONE, Calendar

Column = np.ndarray[Any, np.dtype[Any]]


class Clock:
    """A calendar's opening spells of some years, to read whole columns of moments (seconds since 1970) by."""

    def __init__(self, calendar: Calendar, first: int, last: int) -> None:
        """The years that the moments lie in."""
        years = [calendar.spells(year) for year in range(first, last + 1)]
        self.starts = np.concatenate([year.starts for year in years])
        self.ends = np.concatenate([year.ends for year in years])
        self.before = np.concatenate([year.before for year in years])
        self.first_spell = np.cumsum([0, *(len(year.starts) for year in years[:-1])])
        self.begins = np.array([new_year(year) for year in range(first, last + 1)])
        self.passed = np.cumsum([0.0, *(year.total for year in years[:-1])])

    def seconds(self, start: Column, end: Column) -> Column:
        """Working seconds from start to end, 0 where the end is not later, not a number where one is none."""
        (year, until), (first_year, before) = self._read(end), self._read(start)
        passed = self.passed[year] - self.passed[first_year] + until - before
        return np.where(np.isnan(end) | np.isnan(start), np.nan, np.where(end <= start, 0.0, passed))

    def _read(self, moments: Column) -> tuple[Column, Column]:
        """The place of each moment's year, and the working seconds of that year up to the moment."""
        moments = np.where(np.isnan(moments), self.begins[0], moments)
        year = np.searchsorted(self.begins, moments, side="right") - 1
        spell = np.searchsorted(self.starts, moments, side="right") - 1
        worked = self.before[spell] + np.minimum(moments, self.ends[spell]) - self.starts[spell]
        return year, np.where(spell < self.first_spell[year], 0.0, worked)


def hours_until(lead: Column, start: Column, ends: Mapping[str, Column], closed: Mapping[str, Calendar]) -> Any:
    """For each name in `ends` the working hours from start to it, by the calendar of each order's lead."""
    found = {name: np.full(len(start), np.nan) for name in ends}
    moments = [start, *ends.values()]
    known = [column[~np.isnan(column)] for column in moments]
    if not any(len(column) for column in known):
        return found
    first = _year(min(column.min() for column in known if len(column)))
    last = _year(max(column.max() for column in known if len(column)))
    usual = Clock(DEFAULT_CALENDAR, first, last)
    for code in np.unique(lead):
        rows = lead == code
        clock = Clock(closed[code], first, last) if code in closed else usual
        for name, column in ends.items():
            found[name][rows] = clock.seconds(start[rows], column[rows]) / 3600
    return found


def new_year(year: int) -> float:
    """The first moment of the year in Copenhagen."""
    return dt.datetime(year, 1, 1, tzinfo=ZONE).timestamp()


def _year(moment: float) -> int:
    return dt.datetime.fromtimestamp(moment, ZONE).year
