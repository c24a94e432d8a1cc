"""What the order page says about the reader's news of it and about the company's word at its end; without a query."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from joborders.models import JobOrder
from municipalities.actor import Actor
from notifications.models import Feedback, Following


def heard_of(actor: Actor) -> dict[str, Subquery]:
    """Annotations of an order: `following` (None, True, False) of the reader, and the company's two answers."""
    own = Following.objects.filter(order=OuterRef("pk"), user=actor.user_id).order_by()
    given = Feedback.objects.filter(order=OuterRef("pk")).order_by()
    return {
        "following": Subquery(own.values("follows")[:1]),
        "said_match": Subquery(given.values("was_match")[:1]),
        "said_again": Subquery(given.values("use_again")[:1]),
    }


def said(order: JobOrder) -> dict[str, Any]:
    """The company's answers in words; empty until it has given them."""
    match, again = getattr(order, "said_match", None), getattr(order, "said_again", None)
    if not match or not again:
        return {}
    return {"said_match": Feedback.Match(match).label, "said_again": Feedback.Again(again).label}
