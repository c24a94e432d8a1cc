"""What counts for a campaign, and when two jobcentres get in each other's way: the pure rules."""

from __future__ import annotations

import datetime as dt

import pytest

from campaigns.rules import codes_of, comes_after_contact, evened_out, last_counting_day, most_at_once, versions_of

DAY = dt.date


@pytest.mark.parametrize(
    ("last", "counts_until"),
    [
        (DAY(2016, 6, 30), DAY(2016, 12, 30)),
        (DAY(2016, 8, 31), DAY(2017, 2, 28)),
        (DAY(2015, 8, 31), DAY(2016, 2, 29)),
        (DAY(2016, 12, 1), DAY(2017, 6, 1)),
        (DAY(2016, 6, 1), DAY(2016, 12, 1)),
    ],
)
def test_what_comes_counts_for_six_months_after_the_last_day(last, counts_until):
    assert last_counting_day(last) == counts_until


def test_what_came_before_the_contact_or_without_one_does_not_count():
    called = dt.datetime(2016, 3, 1, 12, tzinfo=dt.UTC)
    later, last = called + dt.timedelta(hours=1), DAY(2016, 6, 30)
    assert comes_after_contact(later, DAY(2016, 3, 1), first_contact=called, last_day=last)
    assert not comes_after_contact(called, DAY(2016, 3, 1), first_contact=called, last_day=last)
    assert not comes_after_contact(later, DAY(2016, 3, 1), first_contact=None, last_day=last)
    assert not comes_after_contact(later, DAY(2016, 12, 31), first_contact=called, last_day=last)


def test_industries_in_focus_are_counted_on_the_same_day_only():
    spring, autumn = (DAY(2016, 1, 1), DAY(2016, 6, 30)), (DAY(2016, 7, 1), None)
    assert most_at_once([]) == 0
    assert most_at_once([spring, spring, autumn, autumn]) == 2
    assert most_at_once([spring, (DAY(2016, 6, 30), None), autumn]) == 2


def test_what_is_shared_out_ends_up_even():
    assert evened_out({"a": 2, "b": 0}, [1, 2, 3, 4]) == {1: "b", 2: "b", 3: "a", 4: "b"}


def test_codes_are_read_once_each_and_mean_the_same_in_both_classifications_where_they_do():
    assert codes_of(" 41, 42 41") == ("41", "42")
    assert versions_of("41", "DB25") == ("DB07", "DB25")
    assert versions_of("47", "DB25") == versions_of("412000", "DB25") == versions_of("62", "DB25") == ("DB25",)
