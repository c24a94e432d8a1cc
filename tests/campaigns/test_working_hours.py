"""Working hours over columns are the calendar's own: equal to the last digit, for any moments and any calendar."""

from __future__ import annotations

import datetime as dt
from random import Random

import numpy as np
import pytest

from campaigns.working_hours import Clock
from municipalities.working_time import DEFAULT_WEEK, ZONE, Calendar, Week

FIRST, LAST = 2015, 2019
OPENINGS = (dt.time(0), dt.time(7, 30), dt.time(8), dt.time(9, 15))
CLOSINGS = (dt.time(12), dt.time(15), dt.time(23, 59))
#: Moments at which a clock goes wrong: turns of the year, summer time, opening, closing, and a holiday.
EDGES = [
    dt.datetime(*moment, tzinfo=ZONE)
    for moment in (
        (2016, 1, 1), (2015, 12, 31, 23, 59, 59), (2016, 3, 27, 1, 59), (2016, 3, 27, 3), (2016, 10, 30, 2, 30),
        (2016, 2, 29, 8), (2016, 2, 29, 15), (2016, 3, 24, 10), (2016, 6, 5, 9), (2018, 12, 31, 12), (2019, 1, 1, 8),
    )
]  # fmt: skip


def a_calendar(rng: Random) -> Calendar:
    """The usual week or a drawn one, with closing days and single days with other hours."""
    drawn: Week = tuple((rng.choice(OPENINGS), rng.choice(CLOSINGS)) if rng.random() < 0.7 else None for _ in range(7))
    week = drawn if any(drawn) and rng.random() < 0.7 else DEFAULT_WEEK
    closed = frozenset(a_moment(rng).date() for _ in range(rng.randint(0, 60)))
    other = tuple(
        (a_moment(rng).date(), (rng.choice(OPENINGS), rng.choice(CLOSINGS))) for _ in range(rng.randint(0, 9))
    )
    return Calendar(week=week, closed_on=closed, hours_on=other)


def a_moment(rng: Random) -> dt.datetime:
    """Any microsecond of the years, now and then one of the edges."""
    if rng.random() < 0.1:
        return rng.choice(EDGES)
    first = dt.datetime(FIRST, 1, 1, tzinfo=ZONE)
    days = (dt.date(LAST + 1, 1, 1) - first.date()).days
    moment = first + dt.timedelta(days=rng.randrange(days), microseconds=rng.randrange(86_400_000_000))
    return moment if rng.random() < 0.5 else moment.replace(minute=0, second=0, microsecond=0)


def as_the_calendar_says(seed: int, pairs: int) -> None:
    rng = Random(seed)
    calendar = a_calendar(rng)
    starts, ends = ([a_moment(rng) for _ in range(pairs)] for _ in range(2))
    read = Clock(calendar, FIRST, LAST).seconds(
        np.array([one.timestamp() for one in starts]), np.array([one.timestamp() for one in ends])
    )
    said = [calendar.working_seconds(start, end) for start, end in zip(starts, ends, strict=True)]
    assert read.tolist() == said, seed


@pytest.mark.parametrize("seed", range(12))
def test_columns_of_random_moments_are_read_as_the_calendar_reads_them(seed: int) -> None:
    as_the_calendar_says(seed, 150)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_columns_of_random_moments_are_read_as_the_calendar_reads_them(seed: int) -> None:
    as_the_calendar_says(seed, 1000)


def test_what_has_no_end_has_no_length() -> None:
    clock = Clock(Calendar(), FIRST, LAST)
    start = np.array([dt.datetime(2016, 3, 1, 9, tzinfo=ZONE).timestamp(), np.nan])
    assert np.isnan(clock.seconds(start, np.array([np.nan, start[0]]))).all()
