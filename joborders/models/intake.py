"""Intakes (an order before it is one) and the secret follow link of the company."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from joborders.models.order import JobOrder
from joborders.querysets import IntakeQuerySet
from municipalities.models import Municipality


class Intake(models.Model):
    """A call, mail, web form or API call as it came in. Clocks run from `received_at`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ENQUIRY = "enquiry", _("enquiry")
        SUBMITTED = "submitted", _("submitted")
        MERGED = "merged", _("merged")
        SPAM = "spam", _("spam")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    channel = models.CharField(max_length=10, choices=JobOrder.Channel)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, help_text=_("whose queue it stands in")
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    contact_name = models.CharField(max_length=120)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_email = models.EmailField(blank=True)
    cvr = models.CharField(max_length=8, blank=True)
    text = models.TextField(max_length=5000, blank=True)
    response_due_at = models.DateTimeField(null=True, blank=True)
    order = models.ForeignKey(JobOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="intakes")

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(
                fields=["response_due_at", "id"],
                condition=models.Q(state__in=["draft", "enquiry"]),
                name="intakes_that_wait",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_intake_names_somebody_who_can_be_reached",
                condition=~models.Q(contact_name="") & (~models.Q(contact_phone="") | ~models.Q(contact_email="")),
            ),
            models.CheckConstraint(
                name="a_submitted_intake_has_its_order",
                condition=~models.Q(state__in=["submitted", "merged"]) | models.Q(order__isnull=False),
            ),
        ]


class IntakeEscalation(models.Model):
    """One row per intake and level that was told: an event is sent once, whatever runs twice."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="escalations")
    level = models.CharField(max_length=20)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["intake", "level"], name="a_level_of_an_intake_is_told_once")]


class FollowLink(models.Model):
    """The company's secret link to one order. Kept as a digest; expires 30 days after the order's end."""

    order = models.OneToOneField(JobOrder, on_delete=models.CASCADE, related_name="follow_link")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    opened_until = models.DateTimeField(null=True, blank=True)
    opened_digest = models.CharField(max_length=64, blank=True)
