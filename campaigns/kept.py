"""Promises kept: the clocks that were promised to the companies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from campaigns.asked import Asked, registered_later, share
from campaigns.cohort import Cohort, Column, cohort
from campaigns.periods import Per

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
    found = cohort(question)
    became = {name: _outcomes(found, name, question.end.timestamp()) for name in PROMISES}
    return {
        **question.head(),
        "per": per,
        **_judged(found.everybody, became),
        "registered_later": registered_later(question),
        "periods": [
            {"period": period.name, "from": period.first, "to": period.last} | _judged(rows, became)
            for period, rows in found.by_period(question, per)
        ],
        "municipalities": [{"municipality": code, **_judged(rows, became)} for code, rows in found.by_lead(question)],
    }


def _judged(rows: Column, became: Mapping[str, Column]) -> dict[str, Any]:
    """Both promises of some orders."""
    figures = {}
    for name, places in became.items():
        found = np.bincount(places[rows], minlength=len(OUTCOMES))
        counts = {outcome: int(found[place]) for place, outcome in enumerate(OUTCOMES)}
        figures[name] = {**share(counts["kept"], counts["kept"] + counts["broken"]), **counts}
    return figures


def _outcomes(found: Cohort, promise: str, end: float) -> Column:
    """What became of a promise by the end of the day, for each order: the place in OUTCOMES. The first that is so."""
    is_response = promise == "first_response"
    due, done = (found.response_due, found.responded) if is_response else (found.candidate_due, found.presented)
    is_done, is_due = ~np.isnan(done), ~np.isnan(due)
    cases = [
        (is_done & (~is_due | (done <= due)), "kept"),
        (~is_done & ~is_due, "not_needed"),
        (is_done, "broken"),
        (found.ended < due, "not_needed"),
        (found.paused < due, "paused"),
        (due < end, "broken"),
    ]
    names, places = [name for _rows, name in cases], {name: place for place, name in enumerate(OUTCOMES)}
    return np.select([rows for rows, _name in cases], [places[name] for name in names], places["running"])
