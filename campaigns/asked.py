"""What a figure is asked about: its day, what was known, the period, and which orders. Shared by all figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Left, NullIf

from companies import lead
from events import clock
from joborders.models import OrderSpan

#: Codes of the nine, in the order in which figures list them.
NINE = tuple(sorted(lead.NINE))
#: Hires of this many days before a figure's day may still turn out not to have started.
PROVISIONAL_DAYS = 92


@dataclass(frozen=True)
class Asked:
    """`since` to `until` are days of the period, both included; `until` never lies after `as_of`.

    `asked_at` is now. `municipality` keeps what this municipality led, `industry` the orders of one division ("unknown"
    for those without).
    """

    as_of: dt.date
    known_at: dt.datetime
    since: dt.date
    until: dt.date
    asked_at: dt.datetime
    municipality: str | None = None
    industry: str | None = None

    @property
    def end(self) -> dt.datetime:
        """The end of the day that the figure describes."""
        return clock.day_end(self.as_of)

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime]:
        """The first moment of the period, and the first one after it."""
        return clock.day_start(self.since), clock.day_end(self.until)

    @property
    def provisional_from(self) -> dt.date:
        """Hires from this day on are provisional: the three months before `as_of`."""
        return self.as_of - dt.timedelta(days=PROVISIONAL_DAYS - 1)

    def head(self) -> dict[str, Any]:
        """What every figure says about itself."""
        return {
            "as_of": self.as_of,
            "known_at": self.known_at,
            "from": self.since,
            "to": self.until,
            "municipality": self.municipality,
            "industry": self.industry,
        }


def asked(
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    municipality: str | None = None,
    industry: str | None = None,
) -> Asked:
    """Fill in what was not said: today, everything known now, the twelve months that end with `as_of`'s.

    Raises ValueError for a period that ends before it begins.
    """
    as_of = as_of or clock.today()
    until = min(until or as_of, as_of)
    since = since or until.replace(year=until.year - (until.month < 12), month=until.month % 12 + 1, day=1)
    if since > until:
        raise ValueError("the period ends before it begins")
    now = clock.now()
    return Asked(as_of, min(known_at or now, now), since, until, now, municipality, industry)


def known(rows: QuerySet[OrderSpan], known_at: dt.datetime) -> QuerySet[OrderSpan]:
    """The spans that were believed at that moment."""
    return rows.filter(known_from__lte=known_at).filter(Q(known_to__isnull=True) | Q(known_to__gt=known_at)).order_by()


def spans_at(as_of: dt.date, known_at: dt.datetime) -> QuerySet[OrderSpan]:
    """One row per order received by the end of `as_of`, in the state it had then, as known at `known_at`."""
    end = clock.day_end(as_of)
    rows = OrderSpan.objects.filter(received_at__lt=end, happened_from__lt=end)
    return known(rows.filter(Q(happened_to__isnull=True) | Q(happened_to__gte=end)), known_at)


def open_at(as_of: dt.date, known_at: dt.datetime) -> QuerySet[OrderSpan]:
    """`spans_at` of the orders that stood open then. Asked in the way in which the index of open spans answers."""
    end = clock.day_end(as_of)
    still, until = Q(happened_to__isnull=True), Q(happened_to__gte=end)
    believed, corrected = Q(known_to__isnull=True), Q(known_to__gt=known_at)
    rows = OrderSpan.objects.filter(state="open", happened_from__lt=end, received_at__lt=end, known_from__lte=known_at)
    return rows.filter((believed & still) | (believed & until) | (corrected & (still | until))).order_by()


def received_in(question: Asked, known_at: dt.datetime | None = None) -> QuerySet[OrderSpan]:
    """`spans_at` the question's day, of the orders received in its period that it asks about."""
    first, after = question.period
    rows = spans_at(question.as_of, known_at or question.known_at).filter(
        received_at__gte=first, received_at__lt=after, happened_from__gte=first
    )
    if question.municipality:
        rows = rows.filter(lead_code=question.municipality)
    return of_industry(rows, question.industry)


def registered_later(question: Asked) -> int:
    """How many more orders of the same period are registered now than were at `known_at`."""
    if question.known_at == question.asked_at:
        return 0
    return received_in(question, question.asked_at).count() - received_in(question).count()


def led_then(rows: QuerySet[OrderSpan], question: Asked) -> QuerySet[OrderSpan]:
    """Spans of any time, of the orders that the question asks about by lead (on its day) and industry."""
    if question.municipality:
        then = spans_at(question.as_of, question.known_at).filter(lead_code=question.municipality)
        rows = rows.filter(Exists(then.filter(order=OuterRef("order"))))
    return of_industry(rows, question.industry)


def of_industry(rows: QuerySet[Any], industry: str | None) -> QuerySet[Any]:
    """Those whose order is of that division."""
    if industry is None:
        return rows
    return rows.annotate(division=division()).filter(division=industry)


def division(order: str = "order") -> Combinable:
    """The order's industry as SQL: the two-digit division of its unit, else of its company, else unknown."""

    def two_digits(path: str) -> Combinable:
        return Left(NullIf(F(f"{order}__{path}__industry_code"), Value("")), 2)

    return Coalesce(two_digits("unit"), two_digits("company"), Value("unknown"))


def share(numerator: int, denominator: int) -> dict[str, Any]:
    """A share that shows what it was made of; the percentage has one decimal, none over nothing."""
    percent = round(100 * numerator / denominator, 1) if denominator else None
    return {"numerator": numerator, "denominator": denominator, "percent": percent}
