"""What the system asks a company about its order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from joborders.models.order import JobOrder


class StillNeeded(models.Model):
    """The question "are people still needed?" about an order that nobody has touched for long; one open at a time.

    Without `due_at` the company has no mail address: its jobcentre is told instead, and nothing happens by itself.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        PAUSE = "pause", _("pause")
        NO = "no", _("no")
        NONE = "none", _("no answer: paused")
        MOOT = "moot", _("the order moved on meanwhile")

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="questions")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=5, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(answered_at__isnull=True), name="an_order_is_asked_about_once"
            ),
            models.CheckConstraint(
                name="an_answer_has_its_time",
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(answered_at__isnull=True), name="questions_that_wait")
        ]
