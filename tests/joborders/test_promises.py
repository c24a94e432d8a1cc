"""Promises: when they are due, who is told when, and what a pause does. Moments in Copenhagen's time."""

from __future__ import annotations

from datetime import datetime

import pytest

from joborders.promises import (
    LEVELS,
    Promise,
    Tell,
    days_of,
    due_at,
    level_at,
    levels_of,
    moved,
    next_level_at,
    reached,
    stands_still,
)
from municipalities.working_time import DEFAULT_CALENDAR, ZONE

MONDAY = "2026-11-16 10:00"
DUE = "2026-11-23 10:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_company_is_promised_an_answer_in_one_working_day_and_a_candidate_in_five() -> None:
    assert {promise.value: days_of(promise) for promise in Promise} == {
        "first_response": 1,
        "first_candidate": 5,
        "request_answer": 1,
    }
    assert due_at(at(MONDAY), 1, DEFAULT_CALENDAR) == at("2026-11-17 10:00")
    assert due_at(at(MONDAY), 5, DEFAULT_CALENDAR) == at(DUE)


@pytest.mark.parametrize(
    ("municipality", "agreement", "days"),
    [
        ({}, {}, 5),
        ({"first_candidate": 7}, None, 7),
        ({"first_candidate": 7}, {"first_candidate": 3}, 3),
        (None, {"first_candidate": 3}, 3),
        ({"first_response": 2}, {"first_response": 3}, 5),
    ],
)
def test_the_agreements_promise_beats_the_municipalitys(
    municipality: dict[str, int] | None, agreement: dict[str, int] | None, days: int
) -> None:
    assert days_of(Promise.FIRST_CANDIDATE, municipality=municipality, agreement=agreement) == days


@pytest.mark.parametrize("days", [0, -1, 61])
def test_a_promise_that_cannot_be_meant_is_refused(days: int) -> None:
    with pytest.raises(ValueError):
        days_of(Promise.FIRST_RESPONSE, agreement={"first_response": days})


# promise, level, who, when (received Monday 16 November 10:00)
LADDER = [
    ("first_response", "response_overdue", Tell.ASSIGNEE, "2026-11-17 10:00"),
    ("first_response", "response_escalated", Tell.COORDINATOR, "2026-11-18 10:00"),
    ("first_candidate", "candidate_asked", Tell.LEAD, "2026-11-19 10:00"),
    ("first_candidate", "candidate_shared", Tell.SHARE, "2026-11-20 10:00"),
    ("first_candidate", "candidate_overdue", Tell.ASSIGNEE, "2026-11-23 10:00"),
    ("first_candidate", "candidate_escalated", Tell.COORDINATOR, "2026-11-24 10:00"),
    ("request_answer", "request_reminded", Tell.HOME, "2026-11-17 10:00"),
    ("request_answer", "request_escalated", Tell.COORDINATOR, "2026-11-18 10:00"),
]


def test_the_ladder_is_the_designs() -> None:
    rows = []
    for level in LEVELS:
        days = days_of(level.promise)
        due = due_at(at(MONDAY), days, DEFAULT_CALENDAR)
        rows.append((level.promise.value, level.name, level.tells, level_at(level, due, days, DEFAULT_CALENDAR)))
    assert rows == [(promise, name, tells, at(moment)) for promise, name, tells, moment in LADDER]


def test_levels_are_numbered_in_the_order_in_which_they_come() -> None:
    for promise in Promise:
        levels = levels_of(promise)
        assert [level.number for level in levels] == list(range(1, len(levels) + 1))
        due = due_at(at(MONDAY), days_of(promise), DEFAULT_CALENDAR)
        moments = [level_at(level, due, days_of(promise), DEFAULT_CALENDAR) for level in levels]
        assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("days", "asked", "shared"),
    [
        (1, "2026-11-16 10:00", "2026-11-16 10:00"),
        (2, "2026-11-17 10:00", "2026-11-17 10:00"),
        (3, "2026-11-17 10:00", "2026-11-18 10:00"),
        (10, "2026-11-24 10:00", "2026-11-26 10:00"),
    ],
)
def test_a_promise_of_other_length_warns_in_proportion_and_early(days: int, asked: str, shared: str) -> None:
    due = due_at(at(MONDAY), days, DEFAULT_CALENDAR)
    moments = [level_at(level, due, days, DEFAULT_CALENDAR) for level in levels_of(Promise.FIRST_CANDIDATE)[:2]]
    assert moments == [at(asked), at(shared)]


@pytest.mark.parametrize(
    ("now", "told", "names"),
    [
        ("2026-11-19 09:59", set(), []),
        ("2026-11-19 10:00", set(), ["candidate_asked"]),
        ("2026-11-19 12:00", {"candidate_asked"}, []),
        ("2026-11-20 10:00", {"candidate_asked"}, ["candidate_shared"]),
        ("2026-11-20 10:00", set(), ["candidate_asked", "candidate_shared"]),
        ("2026-11-23 10:00", {"candidate_asked", "candidate_shared"}, ["candidate_overdue"]),
    ],
)
def test_each_level_is_told_once(now: str, told: set[str], names: list[str]) -> None:
    found = reached(Promise.FIRST_CANDIDATE, due=at(DUE), days=5, now=at(now), told=told, calendar=DEFAULT_CALENDAR)
    assert [level.name for level in found] == names


def test_the_clock_knows_when_to_look_again() -> None:
    def look(told: set[str]) -> datetime | None:
        return next_level_at(
            Promise.FIRST_RESPONSE, due=at("2026-11-17 10:00"), days=1, told=told, calendar=DEFAULT_CALENDAR
        )

    assert look(set()) == at("2026-11-17 10:00")
    assert look({"response_overdue"}) == at("2026-11-18 10:00")
    assert look({"response_overdue", "response_escalated"}) is None


@pytest.mark.parametrize(
    ("paused", "waiting", "still"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_clocks_stand_still_while_paused_or_waiting_for_the_company(paused: bool, waiting: bool, still: bool) -> None:
    assert stands_still(paused=paused, waiting_for_company=waiting) is still


@pytest.mark.parametrize(
    ("stopped", "started", "due"),
    [
        ("2026-11-17 10:00", "2026-11-18 10:00", "2026-11-24 10:00"),  # 7 hours: a whole Monday later
        ("2026-11-17 10:00", "2026-11-17 12:00", "2026-11-23 12:00"),
        ("2026-11-17 15:00", "2026-11-18 08:00", DUE),  # the pause lay outside working hours
        ("2026-11-20 12:00", "2026-11-23 09:00", "2026-11-23 12:00"),  # over a weekend
        ("2026-11-23 10:00", "2026-11-25 10:00", DUE),  # overdue when it stopped: nothing mended
        ("2026-11-23 09:00", "2026-11-23 14:30", "2026-11-24 08:30"),  # resumed after the old due time
        ("2026-11-18 10:00", "2026-11-17 10:00", DUE),
    ],
)
def test_a_pause_moves_the_promise_by_its_working_time(stopped: str, started: str, due: str) -> None:
    assert moved(at(DUE), at(stopped), at(started), DEFAULT_CALENDAR) == at(due)


def test_a_pause_leaves_as_much_working_time_as_there_was() -> None:
    stopped, started = at("2026-11-20 11:00"), at("2026-12-24 12:00")
    left = DEFAULT_CALENDAR.working_seconds(stopped, at(DUE))
    due = moved(at(DUE), stopped, started, DEFAULT_CALENDAR)
    assert DEFAULT_CALENDAR.working_seconds(started, due) == left
