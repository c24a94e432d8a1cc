"""Flow, times and promises of small scenes, counted by hand; what happens later changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from campaigns import periods
from campaigns.kept import OUTCOMES
from events import clock
from joborders.models import OrderSpan
from joborders.services import nominations
from tests import factories
from tests.campaigns.scenes import Scene, day, figure, queries_of

pytestmark = pytest.mark.usefixtures("reference")
COUNTED = ("received", "filled", "closed", "reopened", "open")


def rows(found, *names):
    return [tuple(row[name] for name in names) for row in found["periods"]]


def test_flow_counts_what_happened_in_each_week_and_what_stood_open_at_its_end():
    first, second = Scene(2), Scene(4)
    Scene(10)
    first.hire(11)
    second.take(12, "close", reason="withdrawn").take(17, "reopen", reason="Igen")
    second.hire(24)
    found = figure("flow", per="week")
    assert rows(found, "period", *COUNTED) == [
        ("2026-W09", 0, 0, 0, 0, 0),
        ("2026-W10", 2, 0, 0, 0, 2),
        ("2026-W11", 1, 1, 1, 0, 1),
        ("2026-W12", 0, 0, 0, 1, 2),
        ("2026-W13", 0, 1, 0, 0, 1),
        ("2026-W14", 0, 0, 0, 0, 1),
    ]
    assert found["filled_of_ended"] == {"numerator": 2, "denominator": 3, "percent": 66.7}
    month = figure("flow")
    assert rows(month, "period", *COUNTED) == [("2026-03", 3, 2, 1, 1, 1)]
    april = figure("flow", since=dt.date(2026, 3, 12), until=dt.date(2026, 3, 18))
    assert (april["open_before"], april["closed"], april["reopened"], april["open"]) == (2, 1, 1, 2)


def test_a_late_registration_moves_the_flow_only_for_those_who_know_it():
    scene = Scene(2)
    scene.take(20, "close", reason="withdrawn", happened_at=day(5))
    known = figure("flow", per="week")
    assert rows(known, "closed") == [(0,), (1,), (0,), (0,), (0,), (0,)]
    before = figure("flow", per="week", known_at=day(19))
    assert (before["closed"], before["open"], before["registered_later"]) == (0, 1, 0)


def test_an_order_registered_later_is_told_as_registered_later():
    Scene(2)
    assert figure("flow", known_at=day(1))["registered_later"] == 1
    assert figure("times", known_at=day(1))["registered_later"] == 1
    assert figure("flow", known_at=day(1))["received"] == 0


def test_the_flow_of_a_municipality_is_that_of_the_orders_it_led_on_the_day():
    kept, moved = Scene(2), Scene(2)
    moved.take(10, "hand_over", to=factories.HELSINGOER, reason="Flyttet", agreed_by="Eva")
    kept.hire(12)
    assert [figure("flow", municipality=code)["received"] for code in ("0219", "0217", "0270")] == [1, 1, 0]
    assert figure("flow", as_of=9, municipality="0219")["received"] == 2


def test_an_industry_is_that_of_the_unit_or_the_company():
    Scene(2, industry_code="494100", industry_version="DB25")
    Scene(3)
    found = {code: figure("flow", industry=code)["received"] for code in ("49", "unknown", "41")}
    assert found == {"49": 1, "unknown": 1, "41": 0}
    assert figure("status", industry="49")["received"] == 1


def test_the_last_three_months_are_provisional():
    found = figure("flow", since=dt.date(2025, 12, 1))
    assert rows(found, "period", "provisional") == [
        ("2025-12", True), ("2026-01", True), ("2026-02", True), ("2026-03", True),
    ]  # fmt: skip
    assert found["provisional_from"] == dt.date(2025, 12, 30)
    assert not figure("flow", since=dt.date(2025, 11, 1))["periods"][0]["provisional"]


def test_times_are_working_hours_of_those_that_came():
    """Received Monday at nine. Monday to Thursday have seven working hours, Friday has five."""
    one, two, three = Scene(2), Scene(2), Scene(2)
    one.answer(2, hour=11)
    one.hire(9)
    two.answer(3)
    two.present(6)
    three.answer(4)
    found = figure("times")
    assert found["first_response"] == {"numerator": 3, "denominator": 3, "median_hours": 7.0, "p90_hours": 14.0}
    assert found["first_candidate"] == {"numerator": 2, "denominator": 3, "median_hours": 30.5, "p90_hours": 33.0}
    assert found["fill"] == {"numerator": 1, "denominator": 3, "median_hours": 34.0, "p90_hours": 34.0}
    [march] = found["periods"]
    [hilleroed] = [row for row in found["municipalities"] if row["municipality"] == "0219"]
    assert march["fill"] == hilleroed["fill"] == found["fill"]
    then = figure("times", as_of=3)
    assert then["first_response"] == {"numerator": 2, "denominator": 3, "median_hours": 4.5, "p90_hours": 7.0}
    assert then["fill"]["median_hours"] is None


def test_a_reopened_order_is_filled_by_its_last_filling():
    scene = Scene(2)
    one = scene.hire(3)
    scene.nominate(4, "not_started", one, reason="no_show")
    assert figure("times", as_of=3)["fill"]["median_hours"] == 8.0
    assert figure("times", as_of=4)["fill"]["numerator"] == 0
    scene.hire(5)
    assert figure("times")["fill"]["median_hours"] == 22.0


def test_a_change_of_an_ended_order_does_not_fill_it_again():
    """Two hires, the order closed by hand as partly filled, and one of the two did not start."""
    scene = Scene(2, positions=3)
    scene.hire(3)
    one = scene.hire(4)
    scene.take(5, "close", reason="partly_filled")
    scene.nominate(10, "not_started", one, reason="no_show")
    assert OrderSpan.objects.filter(order__public_id=scene.id, state="filled").count() >= 2
    assert figure("times")["fill"]["median_hours"] == 21.0


def outcome(found, promise):
    return {name: n for name, n in found[promise].items() if n and name in OUTCOMES}


def test_promises_are_kept_broken_or_not_due_yet():
    """Received on Monday at nine: an answer is due on Tuesday at nine, a candidate the Monday after."""
    in_time, late, silent, ended = Scene(2), Scene(2), Scene(2), Scene(2)
    in_time.answer(3, hour=9)
    in_time.present(9)
    late.answer(3, hour=10)
    late.present(10)
    ended.take(2, "close", hour=10, reason="withdrawn")
    found = figure("promises")
    assert outcome(found, "first_response") == {"kept": 1, "broken": 2, "not_needed": 1}
    assert outcome(found, "first_candidate") == {"kept": 1, "broken": 2, "not_needed": 1}
    assert found["first_response"]["percent"] == 33.3 and found["first_response"]["denominator"] == 3
    early = figure("promises", as_of=2)
    assert outcome(early, "first_response") == {"running": 3, "not_needed": 1}
    assert outcome(figure("promises", as_of=3), "first_candidate") == {"running": 3, "not_needed": 1}
    silent.answer(20)
    assert outcome(figure("promises", as_of=10), "first_response") == {"kept": 1, "broken": 2, "not_needed": 1}


def test_a_paused_promise_stands_still_before_and_after_it_is_resumed():
    scene = Scene(2)
    scene.answer(2, hour=10)
    scene.take(4, "pause")
    assert outcome(figure("promises", as_of=12), "first_candidate") == {"paused": 1}
    scene.take(16, "resume")
    then = outcome(figure("promises", as_of=12), "first_candidate")
    assert then == {"paused": 1}
    scene.present(18)
    assert outcome(figure("promises"), "first_candidate") == {"kept": 1}
    assert outcome(figure("promises", as_of=12), "first_candidate") == then


def test_an_answer_registered_late_was_not_known_before():
    scene = Scene(2)
    scene.answer(10, happened_at=day(2, 14))
    assert outcome(figure("promises"), "first_response") == {"kept": 1}
    assert outcome(figure("promises", known_at=day(9)), "first_response") == {"broken": 1}


@pytest.mark.parametrize("name", ["status", "flow", "times", "promises", "exchange", "reasons"])
def test_a_figure_takes_as_many_queries_for_many_orders_as_for_one(name):
    Scene(2).hire(4)
    few = queries_of(name, known_at=day(25))
    for number in range(3, 7):
        Scene(number).hire(9)
    assert queries_of(name, known_at=day(25)) == few


@pytest.mark.parametrize("name", ["status", "flow", "times", "promises", "exchange", "reasons"])
def test_what_happens_later_changes_no_figure(name):
    first = Scene(2, positions=2)
    first.answer(2, hour=12)
    one = first.hire(3)
    Scene(5).take(9, "close", reason="withdrawn")
    before = figure(name, as_of=10)
    first.nominate(11, "not_started", one, reason="no_show")
    first.hire(12, factories.HELSINGOER)
    Scene(11)
    assert figure(name, as_of=10) == before


@pytest.mark.parametrize("name", ["flow", "times", "promises", "exchange", "reasons"])
def test_what_is_registered_later_changes_nothing_for_those_who_did_not_know(name):
    first, second = Scene(2), Scene(2)
    one = first.present(4)
    asked = {"as_of": 10, "known_at": day(10, 23)}
    before = {**figure(name, **asked), "registered_later": None}
    second.take(20, "close", reason="withdrawn", happened_at=day(6))
    with clock.at(day(20)):
        nominations.decline(one.public_id, first.lead, one.version, reason="experience", happened_at=day(8))
    assert {**figure(name, **asked), "registered_later": None} == before


def test_periods_are_whole_weeks_and_months_cut_at_both_ends():
    found = list(periods.periods(dt.date(2025, 12, 30), dt.date(2026, 2, 2), "month"))
    assert [(one.name, one.first.day, one.last.day) for one in found] == [
        ("2025-12", 30, 31), ("2026-01", 1, 31), ("2026-02", 1, 2),
    ]  # fmt: skip
    weeks = list(periods.periods(dt.date(2025, 12, 30), dt.date(2026, 1, 5), "week"))
    assert [(one.name, one.first.day, one.last.day) for one in weeks] == [("2026-W01", 30, 4), ("2026-W02", 5, 5)]


@pytest.mark.parametrize(
    ("values", "middle", "ninetieth"),
    [([], None, None), ([3], 3, 3), ([2, 4], 3, 4), (list(range(1, 11)), 5.5, 9), (list(range(1, 12)), 6, 10)],
)
def test_the_median_and_what_nine_in_ten_do_not_exceed(values, middle, ninetieth):
    assert (periods.middle(values), periods.ninetieth(values)) == (middle, ninetieth)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        figure("flow", since=dt.date(2026, 4, 1))
