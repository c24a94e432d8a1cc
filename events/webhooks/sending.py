"""Sending what is due to one webhook, and what a success or a failure means for the rest."""

from __future__ import annotations

import datetime as dt
import http.client
import logging
import threading
import time
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F

from events import clock
from events.cloudevents import CONTENT_TYPE, cloudevent
from events.models import Delivery, Webhook
from events.services import append
from events.webhooks import address, signing
from events.webhooks.post import post

log = logging.getLogger(__name__)

BATCH = 50
BUDGET_SECONDS = 30.0
#: Pauses after the first, second, … failure of a delivery; the last one repeats until three days are over.
PAUSES_SECONDS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800)
GIVE_UP_AFTER = dt.timedelta(days=3)
#: From this failure in a row on the webhook itself rests, at most a minute, so that a dead one is not hammered.
RESTS_AFTER = 3
LONGEST_REST_SECONDS = 60
GONE = 410


@dataclass(frozen=True, slots=True)
class _System:
    """The product itself, as the author of the event that a webhook was switched off."""

    kind: str = "system"
    role: str | None = None
    municipality: str | None = None
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: the answer's status if there was one, else the name of the failure."""

    status: int | None
    failure: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        """Received: any answer from 200 to 299."""
        return self.status is not None and 200 <= self.status < 300


def send_due(webhook_id: int, stop: threading.Event | None = None) -> int:
    """Send what is due, in order per subject, until nothing is, a rest is needed, half a minute is over or `stop`.

    How many arrived. One failure holds up its own subject only.
    """
    arrived = 0
    deadline = time.monotonic() + BUDGET_SECONDS
    while time.monotonic() < deadline:
        webhook = Webhook.objects.live().filter(pk=webhook_id).first()
        if webhook is None or _rests(webhook):
            break
        due = list(webhook.deliveries.due().select_related("event")[:BATCH])
        if not due:
            break
        for delivery in due:
            if stop is not None and stop.is_set():
                return arrived
            outcome = attempt(webhook, delivery)
            record(webhook, delivery, outcome)
            arrived += outcome.is_good
            if not outcome.is_good and _must_rest(webhook):
                break
    return arrived


def attempt(webhook: Webhook, delivery: Delivery) -> Outcome:
    """One POST of the event as CloudEvents JSON, signed. Never raises for what the other side does."""
    begun = time.monotonic()
    allowed = settings.WEBHOOK_PRIVATE_HOSTS
    status, failure = None, ""
    try:
        target = address.parse(webhook.url, allowed)
        body = orjson.dumps(cloudevent(delivery.event))
        headers = {
            "Content-Type": CONTENT_TYPE,
            "User-Agent": "NRS-Webhook/1",
            **signing.headers(webhook, str(delivery.event.public_id), body, clock.now()),
        }
        status = post(target, address.resolve(target, allowed), body, headers)
    except address.Refused as refusal:
        failure = refusal.code
    except (OSError, http.client.HTTPException) as problem:
        failure = type(problem).__name__
    return Outcome(status, failure, int((time.monotonic() - begun) * 1000))


@transaction.atomic
def record(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    """Write the outcome to the delivery and to its webhook; the webhook given is brought up to date."""
    now = clock.now()
    delivery.tries += 1
    delivery.first_try_at = delivery.first_try_at or now
    delivery.status, delivery.milliseconds = outcome.status, outcome.milliseconds
    delivery.failure = outcome.failure[:64]
    if outcome.is_good:
        delivery.state, delivery.delivered_at = Delivery.State.DELIVERED, now
        _recovered(webhook, now)
    else:
        pause = PAUSES_SECONDS[min(delivery.tries, len(PAUSES_SECONDS)) - 1]
        delivery.next_try_at = now + dt.timedelta(seconds=pause)
        is_hopeless = now - delivery.first_try_at >= GIVE_UP_AFTER
        if is_hopeless:
            delivery.state = Delivery.State.GIVEN_UP
        _failed(webhook, now)
        has_lasted = webhook.failing_since is not None and now - webhook.failing_since >= GIVE_UP_AFTER
        if outcome.status == GONE or (is_hopeless and has_lasted):
            _switch_off(webhook)
    delivery.save()


def _recovered(webhook: Webhook, now: dt.datetime) -> None:
    """After an outage everything that waits is due at once."""
    if webhook.failing_since is None:
        return
    if webhook.failures >= RESTS_AFTER:
        webhook.deliveries.filter(state=Delivery.State.PENDING).update(next_try_at=now)
    webhook.failures, webhook.failing_since, webhook.next_try_at = 0, None, None
    Webhook.objects.filter(pk=webhook.pk).update(failures=0, failing_since=None, next_try_at=None)


def _failed(webhook: Webhook, now: dt.datetime) -> None:
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    if _must_rest(webhook):
        rest = min(LONGEST_REST_SECONDS, 5 * 2 ** min(webhook.failures - RESTS_AFTER, 10))
        webhook.next_try_at = now + dt.timedelta(seconds=rest)
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=webhook.failures, failing_since=webhook.failing_since, next_try_at=webhook.next_try_at
    )


def _switch_off(webhook: Webhook) -> None:
    """No more tries until a person starts it again; its owner is told by an event."""
    is_new = Webhook.objects.live().filter(pk=webhook.pk).update(state=Webhook.State.OFF, version=F("version") + 1)
    if not is_new:
        return
    webhook.refresh_from_db()
    log.warning("webhook %s is switched off", webhook.public_id)
    append(
        "webhook.switched_off",
        webhook.public_id,
        by=_System(),
        municipality=webhook.municipality,
        audience=[webhook.municipality] if webhook.municipality else (),
        company=webhook.company,
        version=webhook.version,
    )


def _must_rest(webhook: Webhook) -> bool:
    return webhook.failures >= RESTS_AFTER


def _rests(webhook: Webhook) -> bool:
    left = webhook.next_try_at - clock.now() if webhook.next_try_at is not None else dt.timedelta(0)
    return dt.timedelta(0) < left <= dt.timedelta(seconds=LONGEST_REST_SECONDS)  # longer: the clock was set back
