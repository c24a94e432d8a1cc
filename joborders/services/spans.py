"""Where an order stood from when to when, in happened and in recorded time (design §9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from events import clock, kept
from joborders.models import JobOrder, OrderSpan

STANDS = ("state", "close_reason", "positions", "hires", "filled_otherwise", "lead_code", "received_at")
_COUNTS = ("positions", "hires", "filled_otherwise")
_AS_LOADED = "_span_as_loaded"


def standing(order: JobOrder) -> dict[str, Any]:
    """The values that a span holds."""
    return {
        "state": order.state,
        "close_reason": order.close_reason,
        "positions": order.positions,
        "hires": order.hires,
        "filled_otherwise": order.filled_otherwise,
        "lead_code": order.lead_id,
        "received_at": order.received_at,
    }


def remember(order: JobOrder) -> None:
    """Note the values as loaded, so that a step which leaves them alone costs no query."""
    order.__dict__[_AS_LOADED] = standing(order)


def follow(order: JobOrder, happened_at: datetime) -> None:
    """Write what differs from the values remembered."""
    if order.__dict__.get(_AS_LOADED) != standing(order):
        write(order, happened_at)
    remember(order)


def write(order: JobOrder, happened_at: datetime) -> None:
    """Since `happened_at` the order stands as it does now; known from this moment on.

    What was believed of the time since then is closed in known time and written anew with the difference, so a
    step that is registered late corrects the past without hiding what was believed meanwhile.
    """
    now, new = clock.now(), standing(order)
    believed = list(
        OrderSpan.objects.filter(order=order, known_to__isnull=True)
        .filter(Q(happened_to__isnull=True) | Q(happened_to__gt=happened_at))
        .order_by("happened_from")
    )
    if not believed:
        OrderSpan.objects.create(order=order, happened_from=order.received_at, known_from=now, **new)
        return
    present = believed[-1]
    OrderSpan.objects.filter(pk__in=[row.pk for row in believed]).update(known_to=now)
    rows = []
    for row in believed:
        if row.happened_from < happened_at:
            rows.append(_copy(row, now, happened_to=happened_at))
        begins = max(row.happened_from, happened_at)
        patched = new if row is present else _patched(row, present, new)
        rows.append(_copy(row, now, happened_from=begins, **patched))
    OrderSpan.objects.bulk_create(rows)


def _copy(row: OrderSpan, now: datetime, **changes: Any) -> OrderSpan:
    values = {name: getattr(row, name) for name in STANDS}
    values |= {"happened_from": row.happened_from, "happened_to": row.happened_to} | changes
    return OrderSpan(order_id=row.order_id, known_from=now, **values)


def _patched(row: OrderSpan, present: OrderSpan, new: dict[str, Any]) -> dict[str, Any]:
    """An older row with the step's difference: counts move by it, the rest takes the new value."""
    changed = {name: value for name, value in new.items() if getattr(present, name) != value}
    for name in _COUNTS:
        if name in changed:
            changed[name] = max(0, getattr(row, name) + changed[name] - getattr(present, name))
    return changed


def begin(order: JobOrder) -> None:
    """The first span of a new order: from when it was received, known from now."""
    kept.insert(OrderSpan(order=order, happened_from=order.received_at, known_from=clock.now(), **standing(order)))
    remember(order)
