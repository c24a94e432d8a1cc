"""The clock: settable, and right about Danish days."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from events import clock


def test_the_clock_stands_where_it_is_set_and_goes_back_afterwards() -> None:
    moment = datetime(2016, 3, 31, 12, tzinfo=clock.COPENHAGEN)
    with clock.at(moment):
        assert clock.now() == moment
        with clock.at(moment + timedelta(days=1)):
            assert clock.today() == date(2016, 4, 1)
        assert clock.today() == date(2016, 3, 31)
    assert clock.now() > moment + timedelta(days=365)


def test_late_in_the_evening_in_utc_it_is_the_next_day_in_copenhagen() -> None:
    with clock.at(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_days_have_the_hours_that_summer_time_gives_them(day: date, hours: int) -> None:
    assert clock.day_end(day) - clock.day_start(day) == timedelta(hours=hours)


def test_a_day_ends_where_the_next_begins() -> None:
    assert clock.day_end(date(2026, 1, 1)) == datetime(2026, 1, 1, 23, tzinfo=UTC)
    assert clock.day_end(date(2026, 1, 1)) == clock.day_start(date(2026, 1, 2))


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
    with pytest.raises(ValueError, match="naive"):
        clock.local(datetime(2026, 1, 1))  # noqa: DTZ001


def test_another_thread_keeps_its_own_time() -> None:
    seen: list[datetime] = []
    with clock.at(datetime(2016, 1, 1, tzinfo=UTC)):
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0].year > 2016
