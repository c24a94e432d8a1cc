"""Times: how long companies wait, in working hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from campaigns.asked import Asked, registered_later
from campaigns.cohort import Column, cohort
from campaigns.periods import Per, middle, ninetieth
from campaigns.working_hours import hours_until
from joborders.services.dues import calendars

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
    found = cohort(question)
    filled = np.where(found.state == "filled", found.ended, np.nan)
    ends = dict(zip(MEASURES, (found.responded, found.presented, filled), strict=True))
    hours = hours_until(found.lead, found.received, ends, calendars())
    return {
        **question.head(),
        "per": per,
        **_measured(found.everybody, hours),
        "registered_later": registered_later(question),
        "provisional_from": question.provisional_from,
        "periods": [
            {"period": period.name, "from": period.first, "to": period.last}
            | _measured(rows, hours)
            | {"provisional": period.last >= question.provisional_from}
            for period, rows in found.by_period(question, per)
        ],
        "municipalities": [{"municipality": code, **_measured(rows, hours)} for code, rows in found.by_lead(question)],
    }


def _measured(rows: Column, hours: Mapping[str, Column]) -> dict[str, Any]:
    """The three measures of some orders."""
    figures = {}
    for name, column in hours.items():
        values = np.sort(column[rows & ~np.isnan(column)])
        figures[name] = {
            "numerator": len(values),
            "denominator": int(rows.sum()),
            "median_hours": middle(values),
            "p90_hours": ninetieth(values),
        }
    return figures
