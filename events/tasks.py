"""Celery tasks of the events: the bell and the truth. Both may be lost, doubled or killed without harm."""

from __future__ import annotations

from uuid import UUID

from celery import current_app, shared_task

from events import delivery, pulse, single
from events.models import Event
from events.relay import Relay


@shared_task(name="events.tasks.dispatch", ignore_result=True)
def dispatch(event_id: str) -> None:
    """Show one event to its handlers. An id that is not there (any more) is nobody's business."""
    event = Event.objects.filter(public_id=UUID(event_id)).first()
    if event is not None:
        delivery.deliver(event)


@shared_task(name="events.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Deliver what no bell announced; with the embedded broker, which needs no relay process, also send."""
    pulse.beat("worker")
    if not str(current_app.conf.broker_url).startswith("amqp"):
        send_embedded()
    delivery.sweep()


def send_embedded() -> int:
    """The relay's work in the worker; nothing if a relay is running. How many were sent."""
    with single.held("relay", wait=False) as is_held:
        if not is_held:
            return 0
        # The sweep that called shows the events to their handlers itself: no bell needed.
        relay = Relay(rings=False)
        try:
            return relay.drain()
        finally:
            relay.close()
