"""The clocks of an order: when promises are due, written when made or changed (design §4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet

from companies.models import Agreement
from events import kept
from joborders import promises
from joborders.models import JobOrder
from joborders.promises import Promise
from municipalities.models import ClosingDay, Municipality
from municipalities.working_time import Calendar, calendar_closed_on


def calendar_of(municipality: str) -> Calendar:
    """The working calendar of a municipality with its own closing days; one query."""
    return calendar_closed_on(frozenset(day for (day,) in kept.rows(_closing_days, (), municipality)))


def _closing_days(municipality: str) -> QuerySet[ClosingDay, tuple[date]]:
    return ClosingDay.objects.filter(municipality=municipality).order_by().values_list("day")


def calendars() -> dict[str, Calendar]:
    """The calendars of all municipalities that have closing days of their own; one query."""
    days: dict[str, set] = {}
    for code, day in ClosingDay.objects.order_by().values_list("municipality_id", "day"):
        days.setdefault(code, set()).add(day)
    return {code: calendar_closed_on(frozenset(closed)) for code, closed in days.items()}


def days_of(promise: Promise, lead: Municipality | None, agreement: Agreement | None) -> int:
    """Working days promised: the agreement's, else the municipality's, else the default."""
    return promises.days_of(promise, municipality=_values(lead), agreement=_values(agreement))


def _values(source: Municipality | Agreement | None) -> Mapping[str, int]:
    if source is None:
        return {}
    values = {
        Promise.FIRST_RESPONSE.value: source.first_response_days,
        Promise.FIRST_CANDIDATE.value: source.first_candidate_days,
    }
    return {name: days for name, days in values.items() if days}


def promise(order: JobOrder, calendar: Calendar) -> None:
    """Make both promises, counted from `received_at`."""
    start = order.received_at
    order.response_due_at = promises.due_at(
        start, days_of(Promise.FIRST_RESPONSE, order.lead, order.agreement), calendar
    )
    order.candidate_due_at = promises.due_at(
        start, days_of(Promise.FIRST_CANDIDATE, order.lead, order.agreement), calendar
    )
    refresh(order)


def refresh(order: JobOrder) -> None:
    """`next_due_at` is the earliest promise that is neither kept nor standing still."""
    running = []
    if order.state == "open" and order.paused_at is None:
        if order.responded_at is None:
            running.append(order.response_due_at)
        if order.presented_at is None:
            running.append(order.candidate_due_at)
    order.next_due_at = min((due for due in running if due is not None), default=None)


def stood_still(order: JobOrder, stopped_at: datetime, started_at: datetime) -> None:
    """Move the promises not yet kept by the working time of a standstill."""
    calendar = calendar_of(order.lead_id)
    if order.responded_at is None and order.response_due_at is not None:
        order.response_due_at = promises.moved(order.response_due_at, stopped_at, started_at, calendar)
    if order.presented_at is None and order.candidate_due_at is not None:
        order.candidate_due_at = promises.moved(order.candidate_due_at, stopped_at, started_at, calendar)
