"""Flow: what came in and what ended, week by week or month by month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count, DateField, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth, TruncWeek

from campaigns.asked import Asked, known, led_then, registered_later, share, spans_at
from campaigns.periods import Per, periods, start_of
from events import clock
from joborders.models import OrderSpan

_TRUNC = {"week": TruncWeek, "month": TruncMonth}
#: (state before, state after) of an order, and what that is called.
_CHANGES = {
    ("", "open"): "received",
    ("open", "filled"): "filled",
    ("open", "closed"): "closed",
    ("filled", "open"): "reopened",
    ("closed", "open"): "reopened",
}
COUNTED = ("received", "filled", "closed", "reopened")


def flow(question: Asked, per: Per = "month") -> dict[str, Any]:
    """Job orders received, filled, closed and reopened in each week or month, and how many stood open at its end.

    An order counts in the period in which it happened, each time that it happened: one that is filled, reopened and
    filled again counts twice as filled. Open at the end is open at the beginning plus received and reopened, less
    filled and closed. The share is filled out of filled and closed.

    Filled means ended with at least one hire from the nine, closed means ended without. Where the only hire on an
    ended order did not start, the status shows it as closed; that is no second ending here.

    A municipality has the orders that it led on the day of the figure. What was filled in the last three months before
    that day is provisional.
    """
    counts = _counts(question, per)
    before = spans_at(question.since - dt.timedelta(days=1), question.known_at).filter(state="open")
    standing = open_before = led_then(before, question).count()
    rows = []
    for period in periods(question.since, question.until, per):
        start = start_of(period.first, per)
        found = {name: counts[start, name] for name in COUNTED}
        standing += found["received"] + found["reopened"] - found["filled"] - found["closed"]
        rows.append(
            {"period": period.name, "from": period.first, "to": period.last, **found, "open": standing}
            | {"provisional": period.last >= question.provisional_from}
        )
    totals = {name: sum(row[name] for row in rows) for name in COUNTED}
    return {
        **question.head(),
        "per": per,
        "open_before": open_before,
        **totals,
        "open": standing,
        "filled_of_ended": share(totals["filled"], totals["filled"] + totals["closed"]),
        "registered_later": registered_later(question),
        "provisional_from": question.provisional_from,
        "periods": rows,
    }


def _counts(question: Asked, per: Per) -> Counter[tuple[dt.date, str]]:
    """How often what happened, by the first day of its week or month: one query."""
    first, after = question.period
    begun = known(OrderSpan.objects.filter(happened_from__gte=first, happened_from__lt=after), question.known_at)
    ended = OrderSpan.objects.filter(order=OuterRef("order"), happened_to=OuterRef("happened_from"))
    before = Subquery(known(ended, question.known_at).values("state")[:1])
    start = _TRUNC[per]("happened_from", output_field=DateField(), tzinfo=clock.COPENHAGEN)
    rows = (
        led_then(begun, question)
        .annotate(before=before, start=start)
        .filter(Q(before__isnull=True) | ~Q(before=F("state")))
        .values_list("start", "before", "state")
        .annotate(times=Count("pk"))
    )
    found: Counter[tuple[dt.date, str]] = Counter()
    for day, was, state, times in rows:
        if not was and state != "open":
            found[day, "received"] += times  # registered when it had ended already
            was = "open"
        if name := _CHANGES.get((was or "", state)):
            found[day, name] += times
    return found
