"""Reasons: why job orders ended, and why nominations came to nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KT

from campaigns.asked import Asked, of_industry, received_in, registered_later, share
from candidates.hiding import hide_with_total
from events.models import Event
from joborders.models import Nomination
from joborders.nomination_workflow import DeclineReason, NotStartedReason, WithdrawReason
from joborders.workflow import Reason
from municipalities.wall import to_score

#: How a nomination ended without a hire, and the reasons that may be given.
ENDS = {"declined": DeclineReason, "withdrawn": WithdrawReason, "not_started": NotStartedReason}


def reasons(question: Asked) -> dict[str, Any]:
    """Why the job orders received in the period had ended by the day of the figure: the reason that was recorded, with
    its share of all that had ended. An order has one reason.

    Beside them, and never added to them, why nominations came to nothing in the period: declined by the company,
    withdrawn by the jobcentre, not started. These count people: a number of 1 to 4 is not shown, nor another one from
    which it could be worked out. A municipality has the nominations on orders that it led then.
    """
    ended = received_in(question).exclude(state="open")
    rows = ended.values_list("close_reason", "state").annotate(n=Count("pk"))
    counts = {(reason, state): n for reason, state, n in rows}
    total = sum(counts.values())
    return {
        **question.head(),
        "ended": total,
        "registered_later": registered_later(question),
        "orders": [
            {
                "reason": reason.value,
                "filled": counts.get((reason.value, "filled"), 0),
                "closed": counts.get((reason.value, "closed"), 0),
                **share(sum(counts.get((reason.value, state), 0) for state in ("filled", "closed")), total),
            }
            for reason in Reason
        ],
        "nominations": _nominations(question),
    }


@to_score
def _nominations(question: Asked) -> list[dict[str, Any]]:
    """One row per way to end without a hire, with its reasons: one query."""
    rows = _ended(question).annotate(reason=KT("data__reason")).values_list("type", "reason").annotate(n=Count("pk"))
    counts = {(kind, reason): n for kind, reason, n in rows}
    found = []
    for end, allowed in ENDS.items():
        cells = {reason.value: counts.get((f"nomination.{end}", reason.value), 0) for reason in allowed}
        visible, total = hide_with_total(cells)
        listed = [{"reason": reason, "people": people} for reason, people in visible.items()]
        found.append({"end": end, "people": total, "reasons": listed})
    return found


def _ended(question: Asked) -> QuerySet[Event]:
    first, after = question.period
    events = Event.objects.filter(
        type__in=[f"nomination.{end}" for end in ENDS],
        happened_at__gte=first,
        happened_at__lt=after,
        recorded_at__lte=question.known_at,
    ).order_by()
    if question.municipality:
        events = events.filter(municipality=question.municipality)
    if question.industry:
        fitting = of_industry(Nomination.objects.order_by(), question.industry)
        events = events.filter(subject__in=fitting.values("public_id"))
    return events
