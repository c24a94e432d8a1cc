"""GET/POST webhooks, GET/PATCH webhooks/{id}, POST …/stop, /start, /rotate-secret, /replay, GET …/deliveries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from api.pagination import CursorPages
from api.serializers import StrictSerializer
from api.steps import changes, creates, step
from events.errors import NotVisible
from events.models import Delivery, Webhook
from events.webhooks import services, signing


class WebhookOut(serializers.Serializer[Any]):
    """A webhook. `failing_since` is null while deliveries arrive."""

    id = serializers.UUIDField(source="public_id")
    municipality = serializers.CharField(allow_blank=True)
    company = serializers.UUIDField(allow_null=True)
    url = serializers.CharField()
    patterns = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField(help_text="on, stopped or off")
    failing_since = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class WebhookWithSecret(WebhookOut):
    """The secret is in this answer only."""

    secret = serializers.SerializerMethodField()

    def get_secret(self, webhook: Webhook) -> str:
        """`whsec_` and base64, as Standard Webhooks has it."""
        return signing.secret(webhook)


class WebhookIn(StrictSerializer):
    """Where to send, and which kinds of events: `joborder.claimed`, `nomination.*`, `#`."""

    url = serializers.CharField(max_length=500)
    patterns = serializers.ListField(child=serializers.CharField(max_length=64), max_length=services.MOST_PATTERNS)
    municipality = serializers.CharField(max_length=4, required=False)


class WebhookChange(StrictSerializer):
    """Another address or other kinds."""

    url = serializers.CharField(max_length=500)
    patterns = serializers.ListField(child=serializers.CharField(max_length=64), max_length=services.MOST_PATTERNS)


class StartIn(StrictSerializer):
    """`skip` leaves out what happened while it stood still."""

    skip = serializers.BooleanField(default=False)


class ReplayIn(StrictSerializer):
    """Deliveries to send again."""

    deliveries = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=200)


class Replayed(serializers.Serializer[Any]):
    """How many wait to be sent again."""

    count = serializers.IntegerField()


class DeliveryRow(serializers.Serializer[Any]):
    """One delivery: what came of the last try."""

    id = serializers.UUIDField(source="public_id")
    event = serializers.UUIDField(source="event.public_id")
    type = serializers.CharField(source="event.type")
    subject = serializers.UUIDField()
    state = serializers.CharField(help_text="pending, delivered or given_up")
    tries = serializers.IntegerField()
    next_try_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    status = serializers.IntegerField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)
    milliseconds = serializers.IntegerField(allow_null=True)


class DeliveryFilter(django_filters.FilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(choices=Delivery.State.choices)


class Webhooks(Listed, Retrieved, Resource):
    """Addresses that are told of events."""

    model = Webhook
    serializer_class = WebhookOut
    row_class = WebhookOut

    def visible(self) -> QuerySet[Any]:
        """The scope, oldest first."""
        return super().visible().order_by("id")

    @creates(WebhookIn, gives=WebhookWithSecret)
    def create(self, body: dict[str, Any]) -> Any:
        """Register one; the secret is shown this once."""
        return services.register(self.actor, **body)

    @changes(WebhookChange)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Change it."""
        return services.change(self.actor, id, version, **body)

    @step()
    def stop(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Send nothing more until started."""
        return services.stop(self.actor, id, version)

    @step(takes=StartIn)
    def start(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Send again."""
        return services.start(self.actor, id, version, **body)

    @step(gives=WebhookWithSecret)
    def rotate_secret(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """A new secret, shown this once; for a day the old one signs as well."""
        return services.rotate_secret(self.actor, id, version)

    @step(takes=ReplayIn, gives=Replayed, versioned=False)
    def replay(self, id: UUID, version: None, body: dict[str, Any]) -> Any:
        """Send deliveries again."""
        return {"count": services.replay(self.actor, id, body["deliveries"])}


class Deliveries(Listed, Resource):
    """The log of one webhook, newest first."""

    model = Delivery
    serializer_class = DeliveryRow
    row_class = DeliveryRow
    filterset_class = DeliveryFilter
    pagination_class = CursorPages
    cursor_fields = ("-id",)

    def visible(self) -> QuerySet[Any]:
        """Those of a webhook in the scope. Raises NotVisible when it is not."""
        webhook = Webhook.objects.visible_to(self.actor).filter(public_id=self.kwargs["webhook"]).first()
        if webhook is None:
            raise NotVisible
        return webhook.deliveries.all()


ROUTES = [
    ("webhooks/<uuid:webhook>/deliveries", Deliveries, "webhook-deliveries"),
    ("webhooks", Webhooks, "webhooks"),
]
