"""The event: outbox, history and feed in one append-only row; and what handlers have done with it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from events.querysets import EventQuerySet


class TransactionId(models.Func):
    """The id of the writing transaction on PostgreSQL; 0 on SQLite, where writers stand in line anyway."""

    template = "0"
    arity = 0
    output_field = models.BigIntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """64 bits that never wrap; bigint, because Django has no field for xid8."""
        return self.as_sql(compiler, connection, template="((pg_current_xact_id())::text)::bigint", **context)


class Event(models.Model):
    """Something that happened. Written by `events.services.append` only; never changed, never deleted.

    `happened_at` is when it happened in the world, `recorded_at` when it was written down (design §9).
    `sent_at` is set by the relay once the broker confirmed it, `handled_at` once every registered handler
    did its part (at once, if none wanted it). `data` holds ids and codes, never text about people.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=64)
    subject = models.UUIDField()
    version = models.PositiveIntegerField(default=0)
    municipality = models.CharField(max_length=4, blank=True)
    audience = models.CharField(max_length=255, blank=True)
    company = models.UUIDField(null=True, blank=True)
    actor_kind = models.CharField(max_length=16)
    actor_role = models.CharField(max_length=16, blank=True)
    actor_municipality = models.CharField(max_length=4, blank=True)
    actor_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    xid = models.BigIntegerField(db_default=TransactionId(), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(sent_at=None), name="event_unsent"),
            models.Index(fields=["id"], condition=Q(handled_at=None), name="event_unhandled"),
            models.Index(fields=["subject", "id"], name="event_history"),
            models.Index(fields=["xid", "id"], name="event_feed"),
            # Whole: figures read moments out of the index alone, never the rows of a year.
            models.Index(fields=["type", "happened_at"], include=["subject", "recorded_at"], name="event_statistics"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__contains=".") & ~Q(type__contains=" "),
                name="event_types_are_subject_dot_verb",
            ),
            models.CheckConstraint(
                condition=Q(audience="") | Q(audience__startswith="|", audience__endswith="|"),
                name="audiences_are_wrapped_in_pipes",
            ),
            models.CheckConstraint(
                condition=Q(municipality="") | Exact(Length("municipality"), 4),
                name="event_municipalities_have_four_digits",
            ),
            models.CheckConstraint(condition=~Q(actor_kind=""), name="events_have_an_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises TypeError for a row that exists: what happened, happened."""
        if not self._state.adding:
            raise TypeError("events are never changed")
        super().save(*args, **kwargs)

    @property
    def audience_codes(self) -> list[str]:
        """The municipalities that may read it."""
        return [code for code in self.audience.split("|") if code]


class Inbox(models.Model):
    """A consumer has handled an event: written in the transaction of the effect, so that it happens once."""

    consumer = models.CharField(max_length=64)
    event_id = models.UUIDField()
    handled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "event_id"], name="a_consumer_handles_an_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id}"


class Attempt(models.Model):
    """A delivery to a handler that has begun and not succeeded: lease, count of tries, and gravestone.

    Counted before the handler runs, so that a handler which kills its process is counted too. Deleted in the
    transaction of the effect. `error` is the name of the exception's class, never its text.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="attempts")
    consumer = models.CharField(max_length=64)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    dead_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=128, blank=True)

    class Meta:
        indexes = [models.Index(fields=["dead_at"], condition=~Q(dead_at=None), name="attempt_dead")]
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="one_attempt_per_event_and_consumer"),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_id} x{self.tries}"
