"""Nominations: one candidate on one order."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from joborders.models.order import JobOrder
from joborders.querysets import NominationQuerySet

UNFINISHED = ("requested", "accepted", "presented", "interview")


class Nomination(models.Model):
    """One candidate on one order; one unfinished at a time. Trying again is a new nomination, never a way back."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        ACCEPTED = "accepted", _("accepted")
        PRESENTED = "presented", _("presented")
        INTERVIEW = "interview", _("interview")
        HIRED = "hired", _("hired")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", _("lapsed")
        NOT_STARTED = "not_started", _("did not start")

    class Terms(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        SUBSIDISED = "subsidised", _("subsidised")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    order = models.ForeignKey(JobOrder, on_delete=models.PROTECT, related_name="nominations")
    #: None once the person was erased or the link to the order forgotten (privacy).
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.PROTECT, related_name="nominations")
    home_code = models.CharField(max_length=4)
    pseudonym = models.CharField(max_length=16)
    state = models.CharField(max_length=12, choices=State)
    requested_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    acceptance_channel = models.CharField(max_length=20, blank=True, help_text="how the candidate said yes")
    acceptance_on = models.DateField(null=True, blank=True)
    acceptance_by = models.CharField(max_length=120, blank=True)
    talk_can_do = models.BooleanField(default=False)
    talk_wants_to = models.BooleanField(default=False)
    cv_checked = models.BooleanField(default=False)
    special_terms_fit = models.BooleanField(null=True, blank=True)
    cv_text = models.TextField(max_length=10_000, blank=True, help_text="the CV as confirmed for this order")
    presented_at = models.DateTimeField(null=True, blank=True)
    cv_principles = models.CharField(max_length=12, blank=True, help_text="the checklist's version when presented")
    cv_gaps = models.CharField(max_length=200, blank=True, help_text="principles that failed, separated by commas")
    cv_reason = models.TextField(max_length=1000, blank=True, help_text="why it was presented nevertheless")
    interviewed_at = models.DateTimeField(null=True, blank=True)
    interview_at = models.DateTimeField(null=True, blank=True, help_text="when they meet, if a time is agreed")
    reported_start_on = models.DateField(null=True, blank=True, help_text="the company's report, to be confirmed")
    hired_at = models.DateTimeField(null=True, blank=True)
    hire_starts_on = models.DateField(null=True, blank=True)
    hire_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    hire_terms = models.CharField(max_length=10, choices=Terms, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    end_text = models.TextField(max_length=1000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "candidate"],
                condition=models.Q(state__in=UNFINISHED),
                name="one_unfinished_nomination_per_candidate_and_order",
            ),
            models.CheckConstraint(
                name="an_unfinished_nomination_has_its_candidate",
                condition=models.Q(candidate__isnull=False) | ~models.Q(state__in=UNFINISHED),
            ),
            models.CheckConstraint(
                name="a_hire_has_start_hours_and_terms",
                condition=~models.Q(state="hired")
                | (models.Q(hire_starts_on__isnull=False, hire_hours__isnull=False) & ~models.Q(hire_terms="")),
            ),
            models.CheckConstraint(
                name="an_accepted_nomination_records_the_acceptance",
                condition=models.Q(state__in=["requested", "withdrawn", "lapsed"])
                | (models.Q(accepted_at__isnull=False, acceptance_on__isnull=False) & ~models.Q(acceptance_channel="")),
            ),
            models.CheckConstraint(
                name="a_finished_nomination_has_a_reason",
                condition=~models.Q(state__in=["declined", "withdrawn", "not_started"]) | ~models.Q(end_reason=""),
            ),
            models.CheckConstraint(
                name="a_failing_cv_is_presented_with_a_reason",
                condition=models.Q(cv_gaps="") | ~models.Q(cv_reason=""),
            ),
        ]
        indexes = [models.Index(fields=["home_code", "state"]), models.Index(fields=["candidate", "state"])]
