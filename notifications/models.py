"""Mail as rows: written before it is sent, sent once, retried, seen."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One mail to one address about one event. The row comes first; sending is redone until it is done."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True, help_text="event, template and receiver: sent once")
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=2, default="da")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    order = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="pending"), name="mail_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_sent_mail_has_its_time", condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False)
            ),
        ]
