"""What a screening was asked, counted and answered, kept so that it can be replayed and defended."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from joborders.models import JobOrder, Nomination
from joborders.querysets import order_scope_q
from municipalities.actor import Actor


class RunQuerySet(models.QuerySet[Any]):
    """Screening runs."""

    def visible_to(self, actor: Actor | None) -> RunQuerySet:
        """Runs over visible orders that the actor's own municipality asked for; the coordinator sees counts."""
        if actor is None or actor.kind != "member" or actor.role != "consultant":
            return self.none()
        return self.filter(order_scope_q(actor, "order__")).filter(municipality_code=actor.municipality)


class Run(models.Model):
    """One screening: order snapshot, table version, scope, funnel and counts."""

    class Scope(models.TextChoices):
        OWN = "own", _("own candidates")
        REGION = "region", _("all nine")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="screenings")
    order_revision = models.PositiveSmallIntegerField()
    scope = models.CharField(max_length=6, choices=Scope)
    municipality_code = models.CharField(max_length=4)
    table_version = models.CharField(max_length=12)
    snapshot = models.JSONField(help_text="the order as it was screened")
    inputs = models.JSONField(default=dict, help_text="prints of skill graph and distances, screening.prints")
    executor = models.CharField(max_length=8, default="sql")
    token = models.CharField(max_length=100, blank=True, help_text="state of the profiles that an index had read")
    pool = models.PositiveIntegerField()
    funnel = models.JSONField(help_text="people not missing after each must-have, in order")
    qualified = models.PositiveIntegerField()
    check_count = models.PositiveIntegerField()
    nearly = models.PositiveIntegerField()
    listed = models.PositiveSmallIntegerField(default=0, help_text="verdicts shown; erased candidates take theirs away")
    decided_on = models.DateField()
    created_at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = RunQuerySet.as_manager()

    #: A run is never changed.
    version = 1

    class Meta:
        ordering = ["-created_at", "-id"]

    @property
    def counts(self) -> dict[str, int]:
        """People by outcome."""
        listed = {"qualified": self.qualified, "check": self.check_count, "nearly": self.nearly}
        return {**listed, "not": self.pool - sum(listed.values())}


class VerdictRow(models.Model):
    """One listed candidate of a run, with the verdict and its evidence."""

    class Outcome(models.TextChoices):
        QUALIFIED = "qualified", _("qualified")
        CHECK = "check", _("check")
        NEARLY = "nearly", _("nearly")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="verdicts")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    home_code = models.CharField(max_length=4)
    outcome = models.CharField(max_length=10, choices=Outcome)
    rank = models.PositiveSmallIntegerField()
    fit = models.PositiveSmallIntegerField()
    raw = models.PositiveIntegerField()
    verdict = models.JSONField()
    inputs = models.JSONField(default=dict, help_text="prints of the profile, screening.prints")

    class Meta:
        ordering = ["run", "outcome", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["run", "candidate"], name="a_candidate_is_listed_once_per_run"),
            models.CheckConstraint(name="fit_is_0_to_1000", condition=Q(fit__lte=1000)),
        ]


class Pseudonym(models.Model):
    """The random name under which another municipality sees a candidate on one order."""

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="pseudonyms")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=16)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["order", "candidate"], name="one_pseudonym_per_candidate_and_order"),
            models.UniqueConstraint(fields=["order", "name"], name="a_pseudonym_names_one_candidate"),
        ]


class Override(models.Model):
    """Somebody was nominated though the last screening had listed others before them: who decided so, and why."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="overrides")
    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=VerdictRow.Outcome, blank=True, help_text="blank: not listed")
    rank = models.PositiveSmallIntegerField(null=True)
    passed_over = models.PositiveSmallIntegerField(help_text="people listed before, and not nominated on the order")
    reason = models.TextField(max_length=1000, blank=True)
    decided_at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [
            models.CheckConstraint(name="an_override_passes_somebody_over", condition=Q(passed_over__gte=1)),
            models.CheckConstraint(
                name="who_is_listed_has_a_rank",
                condition=Q(outcome="", rank__isnull=True) | (~Q(outcome="") & Q(rank__isnull=False)),
            ),
        ]
