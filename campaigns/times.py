"""Times: how long companies wait, in working hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.asked import NINE, Asked, registered_later
from campaigns.cohort import Course, courses, grouped
from campaigns.periods import Per, middle, ninetieth, periods
from joborders.services.dues import calendars
from municipalities.working_time import DEFAULT_CALENDAR, Calendar

MEASURES = ("first_response", "first_candidate", "fill")


def times(question: Asked, per: Per = "month") -> dict[str, Any]:
    """Working hours from the moment a job order was received to the first contact with the company, to the first
    candidate presented to it, and until it was filled: the median, and the time that nine in ten did not exceed.

    Counted are the orders received in the period, in the week or month in which they were received. The numerator is
    how many had come so far by the day of the figure, the denominator how many were received. Who still waits is in no
    median, so the newest periods look quicker than they will in the end.

    Working hours are those of the municipality that led the order, without its closing days and holidays. Pauses count:
    it is the time that passed for the company. An order that was reopened counts by its last filling.

    Times until filled of the last three months before the day of the figure are provisional.
    """
    found = courses(question)
    hours = _hours(found, calendars())
    spans = list(periods(question.since, question.until, per))
    by_period = dict(grouped(found, [period.name for period in spans], lambda one: one.period(per)))
    return {
        **question.head(),
        "per": per,
        **_measured(found, hours),
        "registered_later": registered_later(question),
        "provisional_from": question.provisional_from,
        "periods": [
            {"period": period.name, "from": period.first, "to": period.last}
            | _measured(by_period[period.name], hours)
            | {"provisional": period.last >= question.provisional_from}
            for period in spans
        ],
        "municipalities": [
            {"municipality": code, **_measured(heap, hours)}
            for code, heap in grouped(found, NINE, lambda one: one.lead)
            if question.municipality in (None, code)
        ],
    }


Hours = Mapping[int, tuple[float | None, ...]]


def _hours(found: Iterable[Course], closed: Mapping[str, Calendar]) -> Hours:
    """Working hours to each of the three, by the id() of the course; None where it has not come."""

    def until(one: Course, moment: dt.datetime | None) -> float | None:
        if moment is None:
            return None
        return closed.get(one.lead, DEFAULT_CALENDAR).working_seconds(one.received, moment) / 3600

    return {
        id(one): tuple(
            until(one, moment)
            for moment in (one.responded, one.presented, one.ended if one.state == "filled" else None)
        )
        for one in found
    }


def _measured(heap: list[Course], hours: Hours) -> dict[str, Any]:
    """The three measures of some orders."""
    figures = {}
    for place, name in enumerate(MEASURES):
        values = [value for one in heap if (value := hours[id(one)][place]) is not None]
        figures[name] = {
            "numerator": len(values),
            "denominator": len(heap),
            "median_hours": middle(values),
            "p90_hours": ninetieth(values),
        }
    return figures
