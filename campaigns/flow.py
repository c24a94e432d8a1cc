"""Flow: what came in and what ended, week by week or month by month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import DateField
from django.db.models.functions import TruncMonth, TruncWeek

from campaigns.asked import Asked, known, led_then, open_at, registered_later, share
from campaigns.periods import Per, periods, start_of
from events import clock, replica
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
    before = open_at(question.since - dt.timedelta(days=1), question.known_at)
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
    """How often what happened, by the first day of its week or month: one statement.

    The state before is that of the span that ended when this one began. Both are found by the period and joined as
    wholes: looked up one by one, they would take longer than everything else.
    """
    first, after = question.period
    begun = known(OrderSpan.objects.filter(happened_from__gte=first, happened_from__lt=after), question.known_at)
    ended = known(OrderSpan.objects.filter(happened_to__gte=first, happened_to__lt=after), question.known_at)
    start = _TRUNC[per]("happened_from", output_field=DateField(), tzinfo=clock.COPENHAGEN)
    begun_rows = led_then(begun, question).annotate(start=start).values("order_id", "happened_from", "state", "start")
    begun_sql, begun_values = begun_rows.query.sql_with_params()
    ended_sql, ended_values = ended.values("order_id", "happened_to", "state").query.sql_with_params()
    sql = f"""
    WITH begun AS ({begun_sql}), ended AS ({ended_sql})
    SELECT begun.start, ended.state, begun.state, COUNT(*) FROM begun
    LEFT JOIN ended ON ended.order_id = begun.order_id AND ended.happened_to = begun.happened_from
    WHERE ended.state IS NULL OR ended.state <> begun.state GROUP BY 1, 2, 3
    """
    with replica.connection().cursor() as cursor:
        cursor.execute(sql, [*begun_values, *ended_values])
        rows = cursor.fetchall()
    found: Counter[tuple[dt.date, str]] = Counter()
    for begins, was, state, times in rows:
        day = _day(begins)
        if not was and state != "open":
            found[day, "received"] += times  # registered when it had ended already
            was = "open"
        if name := _CHANGES.get((was or "", state)):
            found[day, name] += times
    return found


def _day(begins: dt.date | str) -> dt.date:
    """The day as the database gives it: a moment on PostgreSQL, text on SQLite."""
    if isinstance(begins, str):
        return dt.date.fromisoformat(begins[:10])
    return begins.date() if isinstance(begins, dt.datetime) else begins
