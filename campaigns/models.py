"""Focus industries, campaigns and their frozen targets. Figures are functions, without tables of their own."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.querysets import CampaignQuerySet, FocusQuerySet, TargetQuerySet
from campaigns.steering_models import Goal, StatusPack, TestPeriod
from companies.models import Company, Contact, ContactLogEntry
from joborders.models import JobOrder
from municipalities.models import Municipality


class FocusIndustry(models.Model):
    """A dated decision of the steering group: which industries are in focus, from when to when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    industry_version = models.CharField(max_length=4, default="DB25")
    divisions = models.CharField(max_length=200, help_text=_("divisions or codes, separated by spaces"))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=200)
    decided_on = models.DateField()

    objects = FocusQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus industry")
        verbose_name_plural = _("focus industries")
        ordering = ["-valid_from", "name"]
        constraints = [
            models.CheckConstraint(
                name="a_focus_ends_after_it_begins",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """Outreach to a list of companies. Until it is frozen it holds only what the list is chosen by.

    `divisions` and `municipalities` are codes separated by spaces; no municipality means all nine. `needs` are codes of
    `campaigns.selecting.NEEDS`, looked for since `needs_since`, forecasts until the month of `needs_until`;
    `occupations` (ISCO-08, also shorter codes) narrow orders and forecasts.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("purpose"), max_length=1000, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="later_waves")
    industry_version = models.CharField(max_length=4, default="DB25")
    divisions = models.CharField(max_length=200, blank=True)
    minimum_headcount = models.PositiveIntegerField(default=5)
    municipalities = models.CharField(max_length=60, blank=True)
    not_contacted_since = models.DateField(null=True, blank=True)
    needs = models.CharField(max_length=60, blank=True)
    needs_since = models.DateField(null=True, blank=True)
    needs_until = models.DateField(null=True, blank=True)
    occupations = models.CharField(max_length=100, blank=True)
    without_earlier = models.BooleanField(default=False, help_text=_("leave out targets of the waves before"))
    ends_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    frozen_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_recorded_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="only_a_frozen_campaign_ends",
                condition=models.Q(ended_on__isnull=True, ended_recorded_at__isnull=True)
                | models.Q(frozen_at__isnull=False, ended_on__isnull=False, ended_recorded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_campaign_chooses_by_industry_or_need", condition=~models.Q(divisions="", needs="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """draft, running or ended."""
        if self.frozen_at is None:
            return "draft"
        return "running" if self.ended_on is None else "ended"

    @property
    def last_day(self) -> dt.date:
        """The day that it ended, else the planned one."""
        return self.ended_on or self.ends_on


class Target(models.Model):
    """One company of a frozen list, as it was on that day; the register may change, these columns never do.

    `municipality` is who contacts it now (history in `Placement`); what is said of contacts here repeats the attempts,
    so that lists sort and filter by it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    industry_code = models.CharField(max_length=6, blank=True)
    division = models.CharField(max_length=2, blank=True)
    headcount = models.PositiveIntegerField()
    units = models.PositiveIntegerField(help_text=_("its units in the nine"))
    lead_code = models.CharField(max_length=4)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_contact_at = models.DateTimeField(null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    last_outcome = models.CharField(max_length=16, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "company"], name="a_company_is_counted_once_in_a_campaign"),
        ]
        indexes = [models.Index(fields=["campaign", "municipality", "name"])]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """Which municipality a target belonged to from when on. Only added to, so that figures of a past day hold."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="placements")
    municipality_code = models.CharField(max_length=4)
    placed_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["placed_at", "id"]
        indexes = [models.Index(fields=["target", "placed_at"])]


class Attempt(models.Model):
    """One try to reach a target, with what came of it; what was said stands in the company's contact log."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", _("no answer")
        CALL_AGAIN = "call_again", _("call again")
        TALKED = "talked", _("talked")
        MET = "met", pgettext_lazy("outcome of a contact", "met")
        NOT_INTERESTED = "not_interested", _("not interested")
        LETTER = "letter", _("letter sent")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="attempts")
    entry = models.OneToOneField(ContactLogEntry, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    municipality_code = models.CharField(max_length=4, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["target", "happened_at"])]


class OrderLink(models.Model):
    """An order that a person has linked to a target, or (`counts` false) kept from it; the last word holds."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="order_links")
    order = models.ForeignKey(JobOrder, on_delete=models.PROTECT, related_name="+")
    counts = models.BooleanField(default=True)
    reason = models.CharField(max_length=200)
    linked_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["linked_at", "id"]


class Letter(models.Model):
    """A mail of the campaign to a company, as it was written; the mails' app sends it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="letters")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=150)
    text = models.TextField(max_length=5000)
    written_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-written_at", "-id"]


__all__ = [
    "Attempt", "Campaign", "FocusIndustry", "Goal", "Letter", "OrderLink", "Placement", "StatusPack", "Target",
    "TestPeriod",
]  # fmt: skip
