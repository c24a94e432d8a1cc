"""Mails about an order that is there already: kept in its history, told to those who follow it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from joborders.models import JobOrder
from joborders.services.base import locked, tell
from municipalities.actor import Actor

LONGEST_NOTE = 2000


@transaction.atomic
def receive_mail(order_id: UUID, actor: Actor, *, mail: UUID, text: str, happened_at: datetime) -> JobOrder:
    """Add a mail of the company to the history: the words as the event's note, `mail` is its row's public id.

    It decides nothing and takes no version: whatever the order's state, a mail has come. `text` must have passed
    `vocabulary.text.shown_text`. Raises NotVisible.
    """
    order = locked(order_id, actor)
    when = max(happened_at, order.received_at)
    tell(order, "joborder.mail_received", actor, note=text[:LONGEST_NOTE], happened_at=when, mail=mail)
    return order
