"""What the steering group follows: goals, test periods of a saving, and the status packs that were made.

Rows are never changed: a goal that was set otherwise is withdrawn and set anew, so that a pack as of a day, as known at
a time, says the same whenever it is made.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipalities.actor import Actor


class KnownQuerySet(models.QuerySet[Any]):
    """Rows with `recorded_at` and `withdrawn_at`."""

    def visible_to(self, actor: Actor | None) -> KnownQuerySet:
        """All of them to the members of the nine who read figures."""
        reads = actor is not None and (actor.is_consultant or actor.is_caseworker or actor.is_coordinator)
        return self.all() if reads or (actor is not None and actor.is_system) else self.none()

    def known(self, known_at: dt.datetime) -> KnownQuerySet:
        """Those that stood at that moment."""
        return self.filter(recorded_at__lte=known_at).filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=known_at))


class Goal(models.Model):
    """What the steering group wants to reach in a period: a number of something, or a share in percent."""

    class Measure(models.TextChoices):
        NEW_COMPANIES = "new_companies", _("companies that newly cooperate")
        PARTNERSHIPS = "partnerships", _("partnership agreements")
        PROMISES_KEPT = "promises_kept", _("promises kept")
        ORDERS_FILLED = "orders_filled", _("orders filled")
        ACROSS_BORDERS = "across_borders", _("people hired across a municipal border")

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every quarter")
        HALF_YEARLY = "half_yearly", _("every half year")
        YEARLY = "yearly", _("once a year")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    measure = models.CharField(_("what is measured"), max_length=16, choices=Measure)
    value = models.DecimalField(_("goal"), max_digits=8, decimal_places=1, help_text="a number, or a percentage")
    municipality = models.CharField(_("municipality"), max_length=4, blank=True, help_text="blank: all nine")
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    frequency = models.CharField(_("reported"), max_length=12, choices=Frequency, default=Frequency.MONTHLY)
    look_back_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="new: no cooperation for so many months; none: never before"
    )
    baseline = models.DecimalField(_("starting point"), max_digits=8, decimal_places=1, null=True, blank=True)
    baseline_from = models.CharField(_("where the starting point comes from"), max_length=200, blank=True)
    compared_with = models.CharField(max_length=60, blank=True, help_text="codes, with spaces between")
    assumptions = models.TextField(_("assumptions"), max_length=1000, blank=True)
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = KnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["-valid_from", "name", "id"]
        constraints = [
            models.CheckConstraint(name="a_goal_ends_after_it_begins", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(name="a_goal_is_more_than_nothing", condition=Q(value__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_share(self) -> bool:
        """Whether the goal is a percentage."""
        return self.measure not in (self.Measure.NEW_COMPANIES, self.Measure.PARTNERSHIPS)


class TestPeriod(models.Model):
    """A municipality tries whether a post pays for itself: the cost, the period, and what is assumed of a placement."""

    __test__ = False  # not a case of pytest's

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    municipality = models.CharField(_("municipality"), max_length=4)
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    cost_per_year = models.PositiveIntegerField(_("cost of a year, kroner"))
    weekly_saving = models.PositiveIntegerField(_("saved for each week without benefit, kroner"))
    weeks_low = models.PositiveSmallIntegerField(_("weeks saved for each placement, at least"))
    weeks_high = models.PositiveSmallIntegerField(_("weeks saved for each placement, at most"))
    due_low = models.PositiveSmallIntegerField(_("percent of the placements due to the post, at least"))
    due_high = models.PositiveSmallIntegerField(_("percent of the placements due to the post, at most"))
    assumptions = models.TextField(_("assumptions"), max_length=2000)
    report_due = models.DateField(_("report due"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = KnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("test period")
        verbose_name_plural = _("test periods")
        ordering = ["-valid_from", "id"]
        constraints = [
            models.CheckConstraint(name="a_test_ends_after_it_begins", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(
                name="a_range_begins_at_its_lower_end",
                condition=Q(weeks_high__gte=F("weeks_low"), due_high__gte=F("due_low"), due_high__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StatusPack(models.Model):
    """A status pack that was made: for which day, as known when. `digest` tells whether its figures are still these."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    as_of = models.DateField(_("as of"))
    known_at = models.DateTimeField(_("as known at"))
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)

    objects = KnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("status pack")
        verbose_name_plural = _("status packs")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return str(self.as_of)
