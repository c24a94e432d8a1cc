"""Promises kept: the clocks that were promised to the companies."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from campaigns.asked import NINE, Asked, registered_later, share
from campaigns.cohort import Course, courses, grouped
from campaigns.periods import Per, periods

PROMISES = ("first_response", "first_candidate")
OUTCOMES = ("kept", "broken", "running", "paused", "not_needed")


def promises(question: Asked, per: Per = "month") -> dict[str, Any]:
    """Of the promises made to companies whose time has come, how many were kept: the first response, and the first
    candidate presented.

    Counted are the job orders received in the period, in the week or month in which they were received; each makes both
    promises. Kept is what happened by the time it was due, broken is what did not. The share is kept out of kept and
    broken.

    Running is what is not due yet on the day of the figure, paused is what stands still, not needed is what was not due
    yet when the order ended: these three are in no share. What is due moves with pauses.
    """
    found = courses(question, with_pauses=True)
    spans = list(periods(question.since, question.until, per))
    by_period = dict(grouped(found, [period.name for period in spans], lambda one: one.period(per)))
    return {
        **question.head(),
        "per": per,
        **_judged(found, question.end),
        "registered_later": registered_later(question),
        "periods": [
            {"period": period.name, "from": period.first, "to": period.last}
            | _judged(by_period[period.name], question.end)
            for period in spans
        ],
        "municipalities": [
            {"municipality": code, **_judged(heap, question.end)}
            for code, heap in grouped(found, NINE, lambda one: one.lead)
            if question.municipality in (None, code)
        ],
    }


def _judged(heap: list[Course], end: dt.datetime) -> dict[str, Any]:
    """Both promises of some orders."""
    figures = {}
    for name in PROMISES:
        counts = Counter(_outcome(one, name, end) for one in heap)
        figures[name] = {
            **share(counts["kept"], counts["kept"] + counts["broken"]),
            **{outcome: counts[outcome] for outcome in OUTCOMES},
        }
    return figures


def _outcome(one: Course, promise: str, end: dt.datetime) -> str:
    """What became of a promise by the end of the day."""
    is_response = promise == "first_response"
    due, done = (one.response_due, one.responded) if is_response else (one.candidate_due, one.presented)
    if due is None or (done is not None and done <= due):
        return "kept" if done is not None else "not_needed"
    if done is not None:
        return "broken"
    if one.ended is not None and one.ended < due:
        return "not_needed"
    if one.paused is not None and one.paused < due:
        return "paused"
    return "broken" if due < end else "running"
