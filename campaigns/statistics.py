"""The steering group's figures: one function per figure, as of any date and as known at any time (design §9).

`as_of` is the day whose end the figure describes (Europe/Copenhagen); `known_at` is up to when registrations count.
The same pair gives the same figures for ever.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from campaigns.asked import Asked, division, of_industry, received_in, share, spans_at
from companies.models import Agreement
from events import clock
from events.replica import from_replica
from joborders.models import JobOrder, OrderSpan


def agreements_at(as_of: dt.date, known_at: dt.datetime) -> int:
    """Companies with an NRS recruitment agreement in force on `as_of`, as known at `known_at`."""
    return (
        Agreement.objects.in_force(as_of, known_at)
        .filter(kind=Agreement.Kind.RECRUITMENT, holder=Agreement.Holder.NRS)
        .aggregate(n=Count("company", distinct=True))["n"]
    )


STATES = {
    "received": Count("pk"),
    **{state: Count("pk", filter=Q(state=state)) for state in ("open", "filled", "closed")},
}


def _counts(spans: QuerySet[OrderSpan]) -> dict[str, Any]:
    found = spans.aggregate(
        **STATES,
        wanted=Sum("positions"),
        hired=Sum("hires"),
        otherwise=Sum("filled_otherwise"),
    )
    wanted, hired, otherwise = (found.pop(key) or 0 for key in ("wanted", "hired", "otherwise"))
    return {**found, "positions": {"wanted": wanted, "hired": hired, "filled_otherwise": otherwise}}


@from_replica
def status(
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    municipality: str | None = None,
    industry: str | None = None,
) -> dict[str, Any]:
    """Job orders received by the end of the day of the figure, and where each stood then: open, filled or closed.

    An order counts once, by the day on which it was received; filled means ended with at least one hire from the nine,
    closed means ended without. Received is open, filled and closed together. Two shares: filled out of filled and
    closed, and filled out of received. A municipality has the orders that it led on that day.

    Positions are those of the same orders: wanted, hired from the nine, filled otherwise. Agreements are companies with
    an NRS recruitment agreement in force on that day; they are the same for every municipality and industry.

    Registered later is how many orders received by that day have been registered since the figure was known.
    """
    as_of = as_of or clock.today()
    now = clock.now()
    known_at = known_at or now
    spans, spans_now = spans_at(as_of, known_at), spans_at(as_of, now)
    if municipality:
        spans, spans_now = spans.filter(lead_code=municipality), spans_now.filter(lead_code=municipality)
    spans, spans_now = of_industry(spans, industry), of_industry(spans_now, industry)
    counts = _counts(spans)
    later = spans_now.count() - counts["received"] if known_at < now else 0
    ended = counts["filled"] + counts["closed"]
    return {
        "as_of": as_of,
        "known_at": known_at,
        "municipality": municipality,
        "industry": industry,
        **counts,
        "filled_of_ended": share(counts["filled"], ended),
        "filled_of_received": share(counts["filled"], counts["received"]),
        "agreements": agreements_at(as_of, known_at),
        "registered_later": later,
        "provisional": is_provisional(as_of),
    }


@from_replica
def status_by(
    field: str,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    municipality: str | None = None,
    industry: str | None = None,
) -> list[dict[str, Any]]:
    """The status for each `municipality` or `industry` (`field`) that has orders: received, open, filled, closed."""
    spans = spans_at(as_of or clock.today(), known_at or clock.now())
    if municipality:
        spans = spans.filter(lead_code=municipality)
    key = F("lead_code") if field == "municipality" else division()
    rows = of_industry(spans, industry).annotate(key=key).values("key").annotate(**STATES).order_by("key")
    return [{field: row.pop("key"), **row} for row in rows]


@from_replica
def today(municipality: str | None = None) -> list[dict[str, Any]]:
    """Today's picture, a row for each municipality that has something: orders open now, those with an overdue promise,
    new ones that nobody has claimed, and those filled this month. Two queries.
    """
    month = clock.day_start(clock.today().replace(day=1))
    standing = JobOrder.objects.open().values("lead_id").annotate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(next_due_at__lt=clock.now())),
        new=Count("pk", filter=Q(assignee__isnull=True)),
    )  # fmt: skip
    filled = OrderSpan.objects.filter(
        state="filled", happened_from__gte=month, happened_to__isnull=True, known_to__isnull=True
    ).filter(order__ended_at__gte=month)
    rows: dict[str, dict[str, Any]] = {}
    for found in (standing.order_by(), filled.order_by().values(lead_id=F("lead_code")).annotate(filled=Count("pk"))):
        for counts in found:
            code = counts.pop("lead_id")
            if municipality in (None, code):
                empty = {"municipality": code, "open": 0, "overdue": 0, "new": 0, "filled": 0}
                rows.setdefault(code, empty).update(counts)
    return [rows[code] for code in sorted(rows)]


@from_replica
def industries() -> set[str]:
    """The divisions of all orders, "unknown" among them where an order has none; one query."""
    rows = OrderSpan.objects.filter(happened_to__isnull=True, known_to__isnull=True).order_by()
    return set(rows.annotate(key=division()).values_list("key", flat=True).distinct())


def is_provisional(as_of: dt.date) -> bool:
    """Hires of the three months before today may still be registered: such figures are marked."""
    return as_of > clock.today() - dt.timedelta(days=92)


def ended_in(question: Asked) -> tuple[int, int]:
    """Orders filled, and orders ended, of those received in the period; one query."""
    found = received_in(question).exclude(state="open").aggregate(**STATES)
    return found["filled"], found["received"]
