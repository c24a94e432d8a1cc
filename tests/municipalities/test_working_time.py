"""Working time at its edges: evenings, Fridays, holidays, the clock's changes, closing days of one jobcentre.

Moments are written in Copenhagen's time. 2026: 1 January Thursday, Easter Sunday 5 April, 5 June Friday,
24 December Thursday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from municipalities.working_time import (
    DEFAULT_CALENDAR,
    DEFAULT_WEEK,
    ZONE,
    Calendar,
    calendar_closed_on,
    public_holidays,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-18 10:00", "2026-11-18 10:00"),  # Wednesday, open
        ("2026-11-18 08:00", "2026-11-18 08:00"),  # the opening itself is inside
        ("2026-11-18 07:59", "2026-11-18 08:00"),
        ("2026-11-18 15:00", "2026-11-19 08:00"),  # the closing itself is outside
        ("2026-11-18 14:59:59", "2026-11-18 14:59:59"),
        ("2026-11-20 13:00", "2026-11-23 08:00"),  # Friday closes early
        ("2026-11-20 18:30", "2026-11-23 08:00"),
        ("2026-11-21 12:00", "2026-11-23 08:00"),
        ("2026-04-01 16:00", "2026-04-07 08:00"),  # from Maundy Thursday to Easter Monday
        ("2026-06-04 15:30", "2026-06-08 08:00"),  # 5 June, no public holiday, a closing day
        ("2026-12-23 15:00", "2026-12-28 08:00"),  # 24 is closed, 25 and 26 are holidays, then Sunday
        ("2026-12-30 15:00", "2027-01-04 08:00"),  # 31 is closed, 1 January, weekend
    ],
)
def test_what_lies_outside_counts_as_the_next_opening(moment: str, opening: str) -> None:
    assert DEFAULT_CALENDAR.next_opening(at(moment)) == at(opening)
    assert DEFAULT_CALENDAR.is_open(at(moment)) is (moment == opening)


@pytest.mark.parametrize(
    ("moment", "days", "due"),
    [
        ("2026-11-18 10:00", 1, "2026-11-19 10:00"),
        ("2026-11-18 10:00", 5, "2026-11-25 10:00"),
        ("2026-11-18 10:00", 0, "2026-11-18 10:00"),
        ("2026-11-18 22:00", 0, "2026-11-19 08:00"),
        ("2026-11-18 22:00", 1, "2026-11-20 08:00"),
        ("2026-11-20 12:00", 1, "2026-11-23 12:00"),  # over a weekend
        ("2026-11-20 18:30", 1, "2026-11-24 08:00"),  # Friday evening is Monday 8, plus a day
        ("2026-11-19 13:30", 1, "2026-11-23 08:00"),  # Thursday afternoon: Friday is closed by then
        ("2026-11-19 13:00", 1, "2026-11-23 08:00"),
        ("2026-11-19 12:59", 1, "2026-11-20 12:59"),
        ("2026-03-31 14:00", 1, "2026-04-01 14:00"),
        ("2026-04-01 09:00", 1, "2026-04-07 09:00"),  # Easter
        ("2026-05-13 09:00", 1, "2026-05-15 09:00"),  # Ascension Day
        ("2026-05-22 09:00", 1, "2026-05-26 09:00"),  # Pentecost Monday
        ("2026-06-04 09:00", 1, "2026-06-08 09:00"),  # 5 June
        ("2026-12-22 09:00", 5, "2027-01-04 09:00"),  # 23, 28, 29, 30 December, 4 January
        ("2026-11-25 10:00", -5, "2026-11-18 10:00"),
        ("2026-11-23 08:00", -1, "2026-11-20 08:00"),
        ("2026-04-07 09:00", -1, "2026-04-01 09:00"),
    ],
)
def test_a_promise_is_due_at_the_same_time_of_day_so_many_working_days_later(moment: str, days: int, due: str) -> None:
    assert DEFAULT_CALENDAR.add_working_days(at(moment), days) == at(due)


@pytest.mark.parametrize(
    ("moment", "due", "hours_between"),
    [
        ("2026-03-27 10:00", "2026-03-30 10:00", 71),  # spring: the night to Sunday 29 March lost an hour
        ("2026-10-23 10:00", "2026-10-26 10:00", 73),  # autumn: the night to Sunday 25 October had one more
    ],
)
def test_the_time_of_day_stays_when_the_clock_changes(moment: str, due: str, hours_between: int) -> None:
    found = DEFAULT_CALENDAR.add_working_days(at(moment), 1)
    assert found == at(due)
    assert found - at(moment).astimezone(UTC) == timedelta(hours=hours_between)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 5), ("2026-10-25", 7), ("2026-11-22", 6)])
def test_an_opening_over_the_change_of_the_clock_is_as_long_as_it_really_is(day: str, hours: int) -> None:
    sundays = Calendar(week=(None, None, None, None, None, None, (time(0), time(6))))
    whole = sundays.working_seconds(at(f"{day} 00:00"), at(f"{day} 23:00"))
    assert whole == hours * 3600
    end = sundays.add_working_seconds(at(f"{day} 00:00"), whole - 60)
    assert end == at(f"{day} 05:59")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-18 10:00", "2026-11-18 11:30", 90),
        ("2026-11-18 10:00", "2026-11-18 10:00", 0),
        ("2026-11-18 11:00", "2026-11-18 10:00", 0),
        ("2026-11-18 06:00", "2026-11-18 23:00", 7 * 60),
        ("2026-11-18 14:00", "2026-11-19 09:00", 2 * 60),
        ("2026-11-20 12:00", "2026-11-23 09:00", 2 * 60),  # over a weekend
        ("2026-11-20 13:00", "2026-11-23 08:00", 0),
        ("2026-11-16 00:00", "2026-11-23 00:00", (4 * 7 + 5) * 60),  # a whole week
        ("2026-04-01 15:00", "2026-04-07 08:00", 0),  # Easter
        ("2026-12-30 14:00", "2027-01-04 09:00", 2 * 60),  # over the turn of the year
        ("2026-11-18 10:00", "2026-11-18 10:00:59", 0),  # whole minutes
    ],
)
def test_working_time_counts_only_opening_hours(start: str, end: str, minutes: int) -> None:
    assert DEFAULT_CALENDAR.working_minutes_between(at(start), at(end)) == minutes


def test_working_time_over_several_years_is_the_sum_of_its_parts() -> None:
    marks = [at("2024-05-01 00:00"), at("2025-01-01 00:00"), at("2026-07-01 12:00"), at("2027-02-01 00:00")]
    parts = [DEFAULT_CALENDAR.working_seconds(a, b) for a, b in zip(marks, marks[1:], strict=False)]
    assert DEFAULT_CALENDAR.working_seconds(marks[0], marks[-1]) == sum(parts)


@pytest.mark.parametrize(
    ("moment", "minutes", "end"),
    [
        ("2026-11-18 10:00", 60, "2026-11-18 11:00"),
        ("2026-11-18 10:00", 0, "2026-11-18 10:00"),
        ("2026-11-18 14:00", 59, "2026-11-18 14:59"),
        ("2026-11-18 14:00", 60, "2026-11-19 08:00"),  # a closing counts as the next opening
        ("2026-11-20 12:00", 120, "2026-11-23 09:00"),
        ("2026-11-21 03:00", 30, "2026-11-23 08:30"),
        ("2026-04-01 14:30", 60, "2026-04-07 08:30"),
        ("2026-11-16 08:00", (4 * 7 + 5) * 60, "2026-11-23 08:00"),
    ],
)
def test_working_time_is_added_over_closed_hours(moment: str, minutes: int, end: str) -> None:
    assert DEFAULT_CALENDAR.add_working_seconds(at(moment), minutes * 60) == at(end)


def test_working_time_is_never_taken_back() -> None:
    with pytest.raises(ValueError):
        DEFAULT_CALENDAR.add_working_seconds(at("2026-11-18 10:00"), -1)


MOMENTS = st.integers(int(at("2023-01-01 00:00").timestamp()), int(at("2028-12-01 00:00").timestamp())).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
# No deadline and no example database: the machine may be busy, and the tree stays clean.
repeatable = settings(deadline=None, database=None, derandomize=True, max_examples=100)


@repeatable
@given(MOMENTS, st.integers(0, 200 * 3600))
def test_what_was_added_is_what_is_measured(moment: datetime, seconds: int) -> None:
    end = DEFAULT_CALENDAR.add_working_seconds(moment, seconds)
    assert DEFAULT_CALENDAR.is_open(end)
    assert abs(DEFAULT_CALENDAR.working_seconds(moment, end) - seconds) < 0.001


@repeatable
@given(MOMENTS, st.integers(0, 30))
def test_more_days_are_never_due_earlier(moment: datetime, days: int) -> None:
    due = DEFAULT_CALENDAR.add_working_days(moment, days)
    assert DEFAULT_CALENDAR.is_open(due)
    assert moment <= due < DEFAULT_CALENDAR.add_working_days(moment, days + 1)


def test_great_prayer_day_was_a_holiday_until_2023() -> None:
    assert date(2023, 5, 5) in public_holidays(2023)
    assert date(2024, 4, 26) not in public_holidays(2024)


def test_a_jobcentre_has_its_own_closing_days() -> None:
    friday_after_ascension = date(2026, 5, 15)
    theirs = calendar_closed_on(frozenset({friday_after_ascension}))
    assert theirs.add_working_days(at("2026-05-13 09:00"), 1) == at("2026-05-18 09:00")
    assert DEFAULT_CALENDAR.add_working_days(at("2026-05-13 09:00"), 1) == at("2026-05-15 09:00")
    assert calendar_closed_on(frozenset({friday_after_ascension})) is theirs
    assert calendar_closed_on(frozenset()) is DEFAULT_CALENDAR


def test_a_single_day_may_have_other_hours() -> None:
    calendar = Calendar(hours_on=((date(2026, 12, 23), (time(8), time(12))), (date(2026, 12, 22), None)))
    assert calendar.working_minutes_between(at("2026-12-21 15:00"), at("2026-12-24 00:00")) == 4 * 60
    assert not calendar.is_working_day(date(2026, 12, 22))
    assert calendar.is_working_day(date(2026, 12, 23))


@pytest.mark.parametrize("week", [DEFAULT_WEEK[:6], (None,) * 7, ((time(15), time(8)),) * 7, ((time(8), time(8)),) * 7])
def test_a_week_that_cannot_be_worked_is_refused(week: tuple[tuple[time, time] | None, ...]) -> None:
    with pytest.raises(ValueError):
        Calendar(week=week)


def test_a_calendar_that_never_opens_again_is_an_error_not_a_loop() -> None:
    start = date(2026, 1, 1)
    shut = Calendar(closed_on=frozenset(start + timedelta(days=n) for n in range(500)))
    with pytest.raises(ValueError):
        shut.next_opening(at("2026-01-02 10:00"))


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        DEFAULT_CALENDAR.next_opening(datetime(2026, 11, 18, 10))  # noqa: DTZ001
