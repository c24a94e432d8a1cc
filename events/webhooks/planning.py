"""From the feed to rows: each new event becomes a delivery for every webhook that may know of it and wants it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from events import clock
from events.models import Delivery, Event, Webhook
from events.querysets import cursor_of
from events.registry import matches

WINDOW = 1000


def plan() -> int:
    """Take every webhook a window further along the feed; how many deliveries were planned.

    Webhooks at the same place share one look at the feed, so that the usual round costs two queries however many
    there are. Place and deliveries are written in one transaction.
    """
    by_cursor: dict[str, list[Webhook]] = defaultdict(list)
    for webhook in Webhook.objects.live():
        by_cursor[webhook.cursor].append(webhook)
    return sum(_plan(cursor, webhooks) for cursor, webhooks in by_cursor.items())


def wants(webhook: Webhook, event: Event) -> bool:
    """Whether the webhook's owner may know of the event, and asked for its kind."""
    if webhook.company is not None:
        may_know = event.company == webhook.company
    else:
        may_know = f"|{webhook.municipality}|" in event.audience
    return may_know and any(matches(pattern, event.type) for pattern in webhook.patterns)


def _plan(cursor: str, webhooks: Iterable[Webhook]) -> int:
    columns = ("id", "xid", "type", "subject", "audience", "company")
    window = list(Event.objects.after(cursor).only(*columns)[:WINDOW])
    if not window:
        return 0
    reached, now = cursor_of(window[-1]), clock.now()
    planned = 0
    for webhook in webhooks:
        rows = [
            Delivery(webhook=webhook, event=event, subject=event.subject, next_try_at=now)
            for event in window
            if wants(webhook, event)
        ]
        with transaction.atomic():
            moved = Webhook.objects.filter(pk=webhook.pk, cursor=cursor, state=Webhook.State.ON)
            if moved.update(cursor=reached):
                Delivery.objects.bulk_create(rows)
                planned += len(rows)
    return planned
