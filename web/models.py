"""What the pages keep for themselves: an order while a company writes it, and the counts of their brake."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from joborders.models import JobOrder


class OrderDraft(models.Model):
    """Known by a secret that only the browser (and the company's own link) holds; here is its digest."""

    digest = models.CharField(max_length=64, unique=True)
    data = models.JSONField(default=dict, help_text="step → what was typed there")
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    order = models.ForeignKey(JobOrder, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("order draft")
        verbose_name_plural = _("order drafts")
        constraints = [
            models.CheckConstraint(
                name="a_sent_draft_keeps_nothing_of_what_was_typed",
                condition=models.Q(order__isnull=True) | models.Q(data={}),
            )
        ]


class Tries(models.Model):
    """How often an address, known by its digest only, used something within an hour (web.limits)."""

    what = models.CharField(max_length=20)
    address = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("tries of an address")
        verbose_name_plural = _("tries of an address")
        constraints = [models.UniqueConstraint(fields=["what", "address", "hour"], name="one_count_per_hour")]
