"""The steering group's figures: one function per figure, as of any date and as known at any time (design §9).

`as_of` is the day whose end the figure describes (Europe/Copenhagen); `known_at` is up to when registrations count.
The same pair gives the same figures for ever.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from companies.models import Agreement
from events import clock
from joborders.models import OrderSpan


def spans_at(as_of: dt.date, known_at: dt.datetime) -> QuerySet[OrderSpan]:
    """One row per order received by the end of `as_of`, in the state it had then, as known at `known_at`."""
    end = clock.day_end(as_of)
    return (
        OrderSpan.objects.filter(received_at__lt=end, happened_from__lt=end, known_from__lte=known_at)
        .filter(Q(happened_to__isnull=True) | Q(happened_to__gte=end))
        .filter(Q(known_to__isnull=True) | Q(known_to__gt=known_at))
        .order_by()
    )


def agreements_at(as_of: dt.date, known_at: dt.datetime) -> int:
    """Companies with an NRS recruitment agreement in force on `as_of`, as known at `known_at`."""
    return (
        Agreement.objects.in_force(as_of, known_at)
        .filter(kind=Agreement.Kind.RECRUITMENT, holder=Agreement.Holder.NRS)
        .aggregate(n=Count("company", distinct=True))["n"]
    )


def _counts(spans: QuerySet[OrderSpan]) -> dict[str, Any]:
    found = spans.aggregate(
        received=Count("pk"),
        open=Count("pk", filter=Q(state="open")),
        filled=Count("pk", filter=Q(state="filled")),
        closed=Count("pk", filter=Q(state="closed")),
        wanted=Sum("positions"),
        hired=Sum("hires"),
        otherwise=Sum("filled_otherwise"),
    )
    wanted, hired, otherwise = (found.pop(key) or 0 for key in ("wanted", "hired", "otherwise"))
    return {**found, "positions": {"wanted": wanted, "hired": hired, "filled_otherwise": otherwise}}


def status(
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    municipality: str | None = None,
) -> dict[str, Any]:
    """Orders received by the end of `as_of` and where each stood then; positions and agreements beside them.

    `municipality` keeps the orders that this municipality led then. An order counts once, by the day it was received.
    `registered_later` is how many orders of the same days have been registered since `known_at`. Two figures are
    shares: `filled_of_ended` and `filled_of_received`, each with numerator and denominator.
    """
    as_of = as_of or clock.today()
    now = clock.now()
    known_at = known_at or now
    spans, spans_now = spans_at(as_of, known_at), spans_at(as_of, now)
    if municipality:
        spans, spans_now = spans.filter(lead_code=municipality), spans_now.filter(lead_code=municipality)
    counts = _counts(spans)
    later = spans_now.count() - counts["received"] if known_at < now else 0
    ended = counts["filled"] + counts["closed"]
    return {
        "as_of": as_of,
        "known_at": known_at,
        "municipality": municipality,
        **counts,
        "filled_of_ended": share(counts["filled"], ended),
        "filled_of_received": share(counts["filled"], counts["received"]),
        "agreements": agreements_at(as_of, known_at),
        "registered_later": later,
        "provisional": is_provisional(as_of),
    }


def share(numerator: int, denominator: int) -> dict[str, Any]:
    """A share that shows what it was made of; the percentage has one decimal, none over nothing."""
    percent = round(100 * numerator / denominator, 1) if denominator else None
    return {"numerator": numerator, "denominator": denominator, "percent": percent}


def is_provisional(as_of: dt.date) -> bool:
    """Hires of the three months before today may still be registered: such figures are marked."""
    return as_of > clock.today() - dt.timedelta(days=92)
