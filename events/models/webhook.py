"""A webhook: an address that is told of events, and what was sent to it."""

from __future__ import annotations

import uuid
from typing import Protocol
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events import clock
from events.models.event import Event


class Asker(Protocol):
    """Who asks; `municipalities.actor.Actor` fits."""

    @property
    def kind(self) -> str: ...
    @property
    def role(self) -> str | None: ...
    @property
    def municipality(self) -> str | None: ...
    @property
    def company(self) -> UUID | None: ...


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """By who may keep them."""

    def visible_to(self, actor: Asker) -> WebhookQuerySet:
        """An administrator's own municipality's, all nine's for one without; a company's own; else none."""
        if actor.role == "admin":
            return self.filter(company=None, **({"municipality": actor.municipality} if actor.municipality else {}))
        if actor.kind == "company":
            return self.filter(company=actor.company)
        return self.none()

    def live(self) -> WebhookQuerySet:
        """Those that are sent to."""
        return self.filter(state=Webhook.State.ON)


class Webhook(models.Model):
    """Tells one address, of one municipality or one company, of the events that it may know of.

    `cursor` is the place in the feed up to which deliveries have been planned. The secret is not stored: it is
    derived (events/webhooks/signing.py) from the product's secret and `secret_round`.
    """

    class State(models.TextChoices):
        ON = "on", _("on")
        STOPPED = "stopped", _("stopped by hand")
        OFF = "off", _("switched off after lasting failure")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    municipality = models.CharField(max_length=4, blank=True)
    company = models.UUIDField(null=True, blank=True)
    url = models.CharField(max_length=500)
    patterns = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.ON)
    cursor = models.CharField(max_length=40, blank=True)
    secret_round = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(company=None) ^ Q(municipality=""), name="a_webhook_is_of_a_municipality_or_a_company"
            ),
            models.CheckConstraint(condition=~Q(url=""), name="a_webhook_has_an_address"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """What is to be sent now."""

    def due(self) -> DeliveryQuerySet:
        """Pending, its time come, and nothing earlier of the same subject still pending; in feed order."""
        earlier = Delivery.objects.filter(
            webhook=OuterRef("webhook"),
            subject=OuterRef("subject"),
            state=Delivery.State.PENDING,
            pk__lt=OuterRef("pk"),
        )
        return self.timely().filter(~Exists(earlier)).order_by("pk")

    def timely(self) -> DeliveryQuerySet:
        """Pending, and its time has come; what was never tried waits for no clock that was set back."""
        come = Q(next_try_at__lte=clock.now()) | Q(tries=0)
        return self.filter(come, state=Delivery.State.PENDING)


class Delivery(models.Model):
    """One event for one webhook: planned in feed order, sent at least once. The row is the visible log."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    subject = models.UUIDField()
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    tries = models.PositiveIntegerField(default=0)
    first_try_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    failure = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="a_webhook_is_told_of_an_event_once"),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="delivered_has_its_time"
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "next_try_at"], condition=Q(state="pending"), name="delivery_due"),
            models.Index(fields=["webhook", "subject", "id"], condition=Q(state="pending"), name="delivery_order"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.event_id} {self.state}"
