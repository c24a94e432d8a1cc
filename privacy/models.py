"""What keeps the promises of data protection: dated rules, holds, proofs, and the monthly look into the access log."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from municipalities.models import Municipality
from privacy.querysets import CheckQuerySet, OfHomeQuerySet


class RetentionRule(models.Model):
    """How many days something is kept, from a date on. The latest that has begun counts."""

    class Code(models.TextChoices):
        ORDER_LINKS = "order_links", _("candidate and order, after the order's end")
        INACTIVE = "inactive", _("inactive candidates, until the notice")
        NOTICE = "notice", _("inactive candidates, from the notice to the deletion")
        INTAKE = "intake", _("intake that never became an order")
        ACCESS_LOG = "access_log", _("access log")
        LOGINS = "logins", _("attempts to log in")
        PROOFS = "proofs", _("runs of these rules")

    code = models.CharField(_("what"), max_length=12, choices=Code)
    days = models.PositiveSmallIntegerField(_("days"))
    valid_from = models.DateField(_("from"))

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_retention_rule_per_day"),
            models.CheckConstraint(name="something_is_kept_a_day", condition=Q(days__gte=1)),
            models.CheckConstraint(
                name="the_access_log_is_kept_a_year", condition=~Q(code="access_log") | Q(days__gte=366)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}: {self.days}"


class RetentionRun(models.Model):
    """The proof of one run: for each rule the days, the border, and how many were found, dealt with, and held back."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_dry = models.BooleanField()
    counts = models.JSONField(default=dict, help_text="code → days, before, found, done, held")

    class Meta:
        ordering = ["-id"]


class LegalHold(models.Model):
    """Somebody's data is not deleted for now, since a case needs it. Also stops what a retention rule would do."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="holds")
    reason = models.TextField(max_length=500)
    started_at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = OfHomeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(ended_at__isnull=True), name="one_hold_at_a_time"
            ),
        ]


class ErasureNotice(models.Model):
    """The home jobcentre was told that an inactive candidate is about to be deleted, and when."""

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="erasure_notice")
    noticed_at = models.DateTimeField()
    due_on = models.DateField()

    objects = OfHomeQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]


class Erasure(models.Model):
    """The proof that somebody was deleted, without saying who."""

    class Reason(models.TextChoices):
        REQUEST = "request", _("the citizen asked for it")
        INACTIVE = "inactive", _("inactive, after the notice")

    home = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason)
    erased_at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    counts = models.JSONField(help_text="rows by table")

    class Meta:
        ordering = ["-id"]


class Sample(models.Model):
    """The draw of one month from the access log. Seed and size say again which rows it took."""

    month = models.DateField(unique=True)
    seed = models.CharField(max_length=64)
    per_place = models.PositiveSmallIntegerField()
    reads = models.PositiveIntegerField(help_text="rows of the log in that month")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["-month"]
        constraints = [models.CheckConstraint(name="a_sample_is_of_a_month", condition=Q(month__day=1))]


class Check(models.Model):
    """One read that the draw took: asked about, answered, concluded. The facts are copied: the log may go first."""

    class Conclusion(models.TextChoices):
        JUSTIFIED = "justified", _("there was a reason")
        UNJUSTIFIED = "unjustified", _("there was no reason")
        UNCLEAR = "unclear", _("cannot be settled")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="checks")
    entry = models.BigIntegerField(help_text="key of the row in the access log")
    place = models.CharField(max_length=4, help_text="the reader's municipality; a company's reads: the home's")
    candidate = models.UUIDField()
    actor_id = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=12, blank=True)
    company = models.UUIDField(null=True)
    order = models.UUIDField(null=True)
    purpose = models.CharField(max_length=40)
    fields = models.CharField(max_length=200)
    read_at = models.DateTimeField()
    question = models.TextField(max_length=1000, blank=True)
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    conclusion = models.CharField(max_length=11, choices=Conclusion, blank=True)
    remark = models.TextField(max_length=1000, blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "entry"], name="a_read_is_drawn_once"),
            models.CheckConstraint(
                name="an_answer_follows_a_question",
                condition=Q(answered_at__isnull=True) | Q(asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_conclusion_has_its_moment",
                condition=Q(conclusion="", concluded_at__isnull=True)
                | (~Q(conclusion="") & Q(concluded_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["actor_id"], name="questions_to_a_reader")]

    @property
    def is_open(self) -> bool:
        """Waits for the reader's answer."""
        return self.asked_at is not None and self.answered_at is None and not self.conclusion
