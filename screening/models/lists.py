"""The standing list of every open order, the news about it, its nightly check, and the figures of the night."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from joborders.models import JobOrder
from joborders.querysets import order_scope_q
from municipalities.actor import Actor


class StandingList(models.Model):
    """Who would be listed on an open order, kept up to date by events; for notices only, never shown to anybody.

    `entries` holds for each outcome at most 50 triples [candidate, raw, tie], best first; `day` is judged for.
    """

    order = models.OneToOneField(JobOrder, on_delete=models.CASCADE, related_name="standing_list")
    home_code = models.CharField(max_length=4, blank=True, help_text="whose candidates; none: all nine")
    day = models.DateField()
    table_version = models.CharField(max_length=12)
    entries = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["order"]


class NoticeQuerySet(models.QuerySet[Any]):
    """Notices."""

    def visible_to(self, actor: Actor | None) -> NoticeQuerySet:
        """Those of orders that the actor's own municipality leads: whose list it is."""
        if actor is None or not actor.is_consultant:
            return self.none()
        return self.filter(order_scope_q(actor, "order__"), order__lead=actor.municipality)


class Notice(models.Model):
    """News in the desk: the list of an open order has changed. One row per order and hour."""

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="notices")
    hour = models.DateTimeField(help_text="the hour that it began in")
    changed_at = models.DateTimeField()
    came = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0, help_text="listed before and after, with another outcome or fit")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "hour"], name="one_notice_per_order_and_hour"),
            models.CheckConstraint(
                name="a_notice_says_what_changed", condition=Q(came__gt=0) | Q(left__gt=0) | Q(moved__gt=0)
            ),
        ]


class ListRound(models.Model):
    """One round over the standing lists: up to which event they hold, or the nightly check of all of them."""

    class Kind(models.TextChoices):
        EVENTS = "events", _("events")
        NIGHT = "night", _("night")

    kind = models.CharField(max_length=6, choices=Kind)
    cursor = models.CharField(max_length=40, blank=True, help_text="the feed's place, for the events")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    orders = models.PositiveIntegerField(default=0)
    differing = models.JSONField(default=list, help_text="numbers of the orders whose stored list was wrong")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="events"), name="one_place_in_the_feed"),
        ]


class Figures(models.Model):
    """Figures that take a night: counts by the day they describe, unhidden; readers hide small cells."""

    class Kind(models.TextChoices):
        SKILLS_GAP = "skills_gap", _("skills gap")
        CV_GAPS = "cv_gaps", _("gaps in CVs")

    kind = models.CharField(max_length=10, choices=Kind)
    as_of = models.DateField()
    made_at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        ordering = ["kind", "-as_of"]
        constraints = [models.UniqueConstraint(fields=["kind", "as_of"], name="one_set_of_figures_per_day")]
