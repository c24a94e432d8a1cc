"""The process of the webhooks: plans, and lets a thread of its own serve each webhook, so that none delays another."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from django.db import close_old_connections, connections
from django.db.models import Q

from events import bell, clock, pulse, single
from events.models import Delivery, Webhook
from events.webhooks.planning import plan
from events.webhooks.sending import LONGEST_REST_SECONDS, send_due

log = logging.getLogger(__name__)

MOST_THREADS = 32
POLL_SECONDS = 0.25
PAUSE_SECONDS = 2.0


def waiting() -> list[int]:
    """Keys of the live webhooks that have something due now and do not rest."""
    now = clock.now()
    due = Delivery.objects.timely()
    set_back = Q(next_try_at__gt=now + timedelta(seconds=LONGEST_REST_SECONDS))  # no rest lasts so long: the clock was
    awake = Webhook.objects.live().filter(Q(next_try_at=None) | Q(next_try_at__lte=now) | set_back)
    return list(awake.filter(pk__in=due.values("webhook")).values_list("pk", flat=True))


def run(stop: threading.Event) -> None:
    """Until told to stop. One process at a time; errors of the database are waited out."""
    while not stop.is_set():
        try:
            with single.held("webhooks", stop) as is_held:
                if is_held:
                    _serve(stop)
        except Exception as error:
            log.error("webhooks failed: %s", type(error).__name__)
            connections.close_all()
            stop.wait(PAUSE_SECONDS)


def _serve(stop: threading.Event) -> None:
    served: dict[int, Future[None]] = {}
    with ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="webhook") as pool:
        while not stop.is_set():
            planned = plan()
            pulse.beat("webhooks")
            served = {pk: future for pk, future in served.items() if not future.done()}
            for pk in waiting():
                if pk not in served:
                    served[pk] = pool.submit(_serve_one, pk, stop)
            if not planned:
                bell.wait(POLL_SECONDS)


def _serve_one(webhook_id: int, stop: threading.Event) -> None:
    close_old_connections()
    try:
        send_due(webhook_id, stop)
    except Exception as error:
        log.error("webhook %d: %s", webhook_id, type(error).__name__)
    finally:
        connections.close_all()
