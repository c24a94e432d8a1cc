"""Events to the handlers of this product: each once, failures again later, hopeless ones aside.

The task `dispatch` is the bell (soon), the task `sweep` the truth (surely). Both come here, may run at the
same time and be killed anywhere: the attempt is counted in a transaction of its own before the handler
runs, the effect is written together with its inbox row, and the event is marked as handled last.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from events import clock, trace
from events.models import Attempt, Event, Inbox
from events.registry import Subscription, subscriptions_for
from events.services import handle_once

log = logging.getLogger(__name__)

MOST_TRIES = 8
LEASE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 600
SWEEP_SECONDS = 20.0
SWEEP_EVENTS = 500


def deliver(event: Event) -> bool:
    """Run every handler whose turn it is. True if the event is now done: handled, or given up."""
    if event.handled_at is not None:
        return True
    with trace.handling(event.public_id, event.type):
        results = [_deliver_to(subscription, event) for subscription in subscriptions_for(event.type)]
    if not all(results):
        return False
    Event.objects.filter(pk=event.pk, handled_at=None).update(handled_at=clock.now())
    return True


def sweep(most_events: int = SWEEP_EVENTS, most_seconds: float = SWEEP_SECONDS) -> int:
    """Deliver what the bell did not; how many are done now. One that fails holds up no other."""
    waiting = Attempt.objects.filter(event=OuterRef("pk"), dead_at=None)
    due = waiting.filter(_is_due(clock.now()))
    events = Event.objects.unhandled().filter(Exists(due) | ~Exists(waiting))
    deadline = time.monotonic() + most_seconds
    handled = 0
    for event in events[:most_events]:
        handled += deliver(event)
        if time.monotonic() > deadline:
            break
    return handled


def retry_dead() -> int:
    """Give what was set aside another round of tries; how many."""
    with transaction.atomic():
        dead = Attempt.objects.exclude(dead_at=None)
        Event.objects.filter(pk__in=list(dead.values_list("event_id", flat=True))).update(handled_at=None)
        return dead.update(dead_at=None, tries=0, next_try_at=clock.now())


def _deliver_to(subscription: Subscription, event: Event) -> bool:
    """One handler. True if there is nothing left to do for it."""
    consumer = subscription.consumer
    if Inbox.objects.filter(consumer=consumer, event_id=event.public_id).exists():
        return True
    if not _begin(consumer, event):
        return Attempt.objects.filter(event=event, consumer=consumer).exclude(dead_at=None).exists()
    mine = Attempt.objects.filter(event=event, consumer=consumer)

    def effect() -> None:
        subscription.handler(event)
        mine.delete()

    try:
        is_first = handle_once(consumer, event.public_id, effect)
    except Exception as error:
        return _failed(consumer, event, error)
    if not is_first:  # another process was faster between our look into the inbox and the lease
        mine.delete()
    return True


def _is_due(now: datetime) -> Q:
    """Its time has come, or lies further ahead than a lease or a pause ever does: then the clock was set back."""
    return Q(next_try_at__lte=now) | Q(next_try_at__gt=now + timedelta(seconds=LONGEST_PAUSE_SECONDS))


def _begin(consumer: str, event: Event) -> bool:
    """Count the try and take the lease. False if another has it, or it is not (or no longer) time."""
    now = clock.now()
    Attempt.objects.bulk_create([Attempt(event=event, consumer=consumer, next_try_at=now)], ignore_conflicts=True)
    mine = Attempt.objects.filter(_is_due(now), event=event, consumer=consumer, dead_at=None)
    if mine.filter(tries__gte=MOST_TRIES).update(dead_at=now):
        log.error("event %s (%s) is dead for %s: the process died with it", event.public_id, event.type, consumer)
        return False
    lease = now + timedelta(seconds=LEASE_SECONDS)
    return bool(mine.filter(~Q(tries__gte=MOST_TRIES)).update(tries=F("tries") + 1, next_try_at=lease))


def _failed(consumer: str, event: Event, error: Exception) -> bool:
    """Plan the next try, or give up after the last. True if given up."""
    now = clock.now()
    attempt = Attempt.objects.filter(event=event, consumer=consumer).first()
    if attempt is None:
        return False
    is_last = attempt.tries >= MOST_TRIES
    Attempt.objects.filter(pk=attempt.pk).update(
        error=type(error).__name__[:128],
        next_try_at=now + timedelta(seconds=pause_seconds(attempt.tries)),
        dead_at=now if is_last else None,
    )
    log.log(
        logging.ERROR if is_last else logging.WARNING,
        "event %s (%s) failed for %s, try %d of %d: %s",
        event.public_id,
        event.type,
        consumer,
        attempt.tries,
        MOST_TRIES,
        type(error).__name__,
    )
    return is_last


def pause_seconds(tries: int) -> int:
    """5 s after the first failure, doubled with each, at most ten minutes."""
    return int(min(LONGEST_PAUSE_SECONDS, 5 * 2 ** (tries - 1)))
