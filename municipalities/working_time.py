"""Working time of a jobcentre: opening hours, closing days, and arithmetic on both (design §4, promises).

Pure, no Django. Days and times of day are Europe/Copenhagen's; what comes out is UTC. A moment is inside
working hours from the opening up to, not including, the closing: whatever lies outside counts as the next
opening. So Thursday 14:00 plus one working day is not Friday 14:00 (closed since 13:00) but Monday 8:00.
Lengths are measured in UTC, so a change of the clock inside opening hours neither adds nor loses an hour.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Copenhagen")

Hours = tuple[time, time]
Week = tuple[Hours | None, ...]

_LONG, _SHORT = (time(8), time(15)), (time(8), time(13))
DEFAULT_WEEK: Week = (_LONG, _LONG, _LONG, _LONG, _SHORT, None, None)
# Day and month of days that jobcentres keep closed although they are no public holidays.
DEFAULT_CLOSINGS: frozenset[tuple[int, int]] = frozenset({(6, 5), (12, 24), (12, 31)})
# Nobody promises anything further away than this; a calendar that is always closed must not loop for ever.
_MAX_CLOSED_DAYS = 400


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """Public holidays of Denmark in that year."""
    return frozenset(holidays.country_holidays("DK", years=year))


@dataclass(frozen=True, slots=True)
class Year:
    """Opening spells of one year as UTC seconds, and the working seconds before each of them."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    before: tuple[float, ...]
    total: float

    def until(self, moment: float) -> float:
        """Working seconds of this year up to the moment."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0.0
        return self.before[index] + min(moment, self.ends[index]) - self.starts[index]


@dataclass(frozen=True)
class Calendar:
    """Opening hours and closing days of one municipality.

    `week` has seven entries from Monday, each (opens, closes) or None; `closings` are (month, day) of every
    year; `closed_on` are single dates; `hours_on` gives single dates other hours (it opens even a holiday, or
    closes with None). Raises ValueError for a week that is not seven days, never opens, or closes before it
    opens.
    """

    week: Week = DEFAULT_WEEK
    closings: frozenset[tuple[int, int]] = DEFAULT_CLOSINGS
    closed_on: frozenset[date] = frozenset()
    hours_on: tuple[tuple[date, Hours | None], ...] = ()
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)
    _exceptions: dict[date, Hours | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the week, and index the single days."""
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a week has seven days and opens on at least one of them")
        for hours in (*self.week, *(hours for _, hours in self.hours_on)):
            if hours is not None and hours[0] >= hours[1]:
                raise ValueError("a day closes after it opens")
        self._exceptions.update(self.hours_on)

    def hours(self, day: date) -> Hours | None:
        """Opening and closing time of that day, None when closed."""
        if day in self._exceptions:
            return self._exceptions[day]
        if day in self.closed_on or (day.month, day.day) in self.closings or day in public_holidays(day.year):
            return None
        return self.week[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether the jobcentre opens at all on that day."""
        return self.hours(day) is not None

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment is inside working hours."""
        return self._spell_at(_local(moment)) is not None

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself if inside working hours, else when it opens next."""
        local = _local(moment)
        if self._spell_at(local) is not None:
            return moment.astimezone(UTC)
        day = local.date()
        hours = self.hours(day)
        if hours is None or _at(day, hours[0]) <= moment.astimezone(UTC):
            day = self._step(day, 1)
        return _at(day, self._opens(day))

    def add_working_days(self, moment: datetime, days: int) -> datetime:
        """Same time of day so many working days later (earlier, if negative).

        Start and result outside working hours count as the next opening (so does a time of day after Friday's
        early closing). With 0 days: the moment, or the next opening.
        """
        start = _local(self.next_opening(moment))
        if days == 0:
            return start.astimezone(UTC)
        day = start.date()
        for _ in range(abs(days)):
            day = self._step(day, 1 if days > 0 else -1)
        return self.next_opening(_at(day, start.timetz().replace(tzinfo=None)))

    def working_seconds(self, start: datetime, end: datetime) -> float:
        """Seconds of working time from start to end; 0 if the end is not later."""
        if end.astimezone(UTC) <= start.astimezone(UTC):
            return 0.0
        first, last = _local(start).year, _local(end).year
        between = sum(self._year(year).total for year in range(first, last))
        return between + self._year(last).until(end.timestamp()) - self._year(first).until(start.timestamp())

    def spells(self, year: int) -> Year:
        """The opening spells of a year, for who reads many moments at once."""
        return self._year(year)

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of working time from start to end; 0 if the end is not later."""
        return int(self.working_seconds(start, end) // 60)

    def add_working_seconds(self, moment: datetime, seconds: float) -> datetime:
        """The moment after so much working time; one that falls on a closing counts as the next opening.

        Raises ValueError for a negative length.
        """
        if seconds < 0:
            raise ValueError("working time is added, never taken back")
        start = self.next_opening(moment)
        day = _local(start).date()
        while True:
            hours = self.hours(day)
            assert hours is not None  # `day` only ever stands on working days
            left = (_at(day, hours[1]) - start).total_seconds()
            if seconds < left:
                return start + timedelta(seconds=seconds)
            seconds -= left
            day = self._step(day, 1)
            start = _at(day, self._opens(day))

    def _spell_at(self, local: datetime) -> Hours | None:
        hours = self.hours(local.date())
        if hours is None:
            return None
        day, moment = local.date(), local.astimezone(UTC)
        return hours if _at(day, hours[0]) <= moment < _at(day, hours[1]) else None

    def _opens(self, day: date) -> time:
        hours = self.hours(day)
        assert hours is not None  # asked only for working days
        return hours[0]

    def _step(self, day: date, direction: int) -> date:
        """The nearest working day after (1) or before (-1) the day. Raises ValueError if there is none."""
        for _ in range(_MAX_CLOSED_DAYS):
            day += timedelta(days=direction)
            if self.hours(day) is not None:
                return day
        raise ValueError("no working day within a year: check the closing days")

    def _year(self, year: int) -> Year:
        if year not in self._years:
            self._years[year] = self._computed(year)
        return self._years[year]

    def _computed(self, year: int) -> Year:
        starts: list[float] = []
        ends: list[float] = []
        before: list[float] = []
        total = 0.0
        day = date(year, 1, 1)
        while day.year == year:
            hours = self.hours(day)
            if hours is not None:
                starts.append(_at(day, hours[0]).timestamp())
                ends.append(_at(day, hours[1]).timestamp())
                before.append(total)
                total += ends[-1] - starts[-1]
            day += timedelta(days=1)
        return Year(tuple(starts), tuple(ends), tuple(before), total)


DEFAULT_CALENDAR = Calendar()


@lru_cache(maxsize=64)
def calendar_closed_on(days: frozenset[date]) -> Calendar:
    """The usual week with a municipality's own closing days; one shared calendar per set of days."""
    return Calendar(closed_on=days) if days else DEFAULT_CALENDAR


def _local(moment: datetime) -> datetime:
    """The same moment on Copenhagen's clock. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(ZONE)


def _at(day: date, clock_time: time) -> datetime:
    """That time of day in Copenhagen, in UTC."""
    return datetime.combine(day, clock_time, tzinfo=ZONE).astimezone(UTC)
