"""Job orders: what a company wants, where it stands, and what was promised."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from companies.models import Agreement, Company, ProductionUnit
from joborders.querysets import OrderQuerySet
from municipalities.models import Municipality
from vocabulary.models import IscoGroup


def order_salt() -> int:
    """A random 31-bit integer that makes the order of equals differ from order to order."""
    return secrets.randbelow(2_147_483_646) + 1


class JobOrder(models.Model):
    """A company's wish for one or more people."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        FILLED = "filled", _("filled")
        CLOSED = "closed", _("closed")

    class Type(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary terms")
        SPECIAL = "special", _("special terms")
        ENQUIRY = "enquiry", _("enquiry")

    class Employment(models.TextChoices):
        PERMANENT = "permanent", _("permanent")
        FIXED_TERM = "fixed_term", _("fixed term")
        TEMPORARY_AGENCY = "temporary_agency", _("temporary agency")
        SEASONAL = "seasonal", _("seasonal")
        APPRENTICE = "apprentice", _("apprentice")

    class Channel(models.TextChoices):
        WEB = "web", _("web")
        API = "api", "API"
        MAIL = "mail", _("mail")
        PHONE = "phone", _("phone")
        CONSULTANT = "consultant", _("consultant")

    class Apply(models.TextChoices):
        NRS = "nrs", _("through NRS")
        LINK = "link", _("own link")
        ADVERTISED = "advertised", _("also advertised elsewhere")

    # identity and place in the flow
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    paused_at = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    presented_at = models.DateTimeField(null=True, blank=True)
    list_changed_at = models.DateTimeField(null=True, blank=True, help_text="last news about who would be listed")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="job_orders")
    lead = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="led_orders")
    routed_by = models.CharField(max_length=40, help_text="joborders.routing code")
    intake_by = models.CharField(max_length=4, blank=True, help_text="municipality that took the call or mail")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_orders"
    )
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="job_orders")
    tovholder = models.CharField(max_length=4, blank=True, help_text="tovholder of the agreement, copied")
    channel = models.CharField(max_length=10, choices=Channel)
    received_at = models.DateTimeField()
    submitted_at = models.DateTimeField(help_text="when it was registered")
    ended_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=24, blank=True)
    close_text = models.TextField(max_length=1000, blank=True)
    ended_itself = models.BooleanField(default=False)
    # what the company wants
    title = models.CharField(max_length=100)
    occupation = models.ForeignKey(IscoGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    description = models.TextField(max_length=5000)
    internal_note = models.TextField(max_length=2000, blank=True)
    unit = models.ForeignKey(ProductionUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    workplace_street = models.CharField(max_length=200, blank=True)
    workplace_postal_code = models.CharField(max_length=4, blank=True)
    workplace_municipality = models.CharField(max_length=4, blank=True)
    is_remote = models.BooleanField(default=False)
    positions = models.PositiveSmallIntegerField()
    hires = models.PositiveSmallIntegerField(default=0)
    filled_otherwise = models.PositiveSmallIntegerField(default=0)
    with_company = models.PositiveSmallIntegerField(default=0, help_text="candidates presented or at interview now")
    type = models.CharField(max_length=8, choices=Type, default=Type.ORDINARY)
    employment = models.CharField(max_length=16, choices=Employment, default=Employment.PERMANENT)
    employment_until = models.DateField(null=True, blank=True)
    hours_min = models.PositiveSmallIntegerField(null=True, blank=True)
    hours_max = models.PositiveSmallIntegerField(null=True, blank=True)
    shifts = models.PositiveSmallIntegerField(default=0, help_text="vocabulary.scales mask; 0 is not asked")
    starts_on = models.DateField(null=True, blank=True, help_text="none: as soon as possible")
    grace_days = models.PositiveSmallIntegerField(default=14)
    max_distance_km = models.PositiveSmallIntegerField(null=True, blank=True)
    needs_own_transport = models.BooleanField(default=False)
    wage = models.CharField(max_length=200, blank=True)
    collective_agreement = models.CharField(max_length=200, blank=True)
    deadline = models.DateField(null=True, blank=True)
    apply_how = models.CharField(max_length=10, choices=Apply, default=Apply.NRS)
    apply_link = models.URLField(blank=True)
    contact_name = models.CharField(max_length=120)
    contact_phone = models.CharField(max_length=30, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_best_time = models.CharField(max_length=120, blank=True)
    contact_language = models.CharField(max_length=2, default="da", help_text="mails to the contact are in it")
    contact_verified_at = models.DateTimeField(null=True, blank=True)
    is_public = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    revision = models.PositiveSmallIntegerField(default=1)
    salt = models.PositiveIntegerField(default=order_salt, editable=False)
    # promises: written when made or changed, so that lists sort by them without computing
    response_due_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    candidate_due_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("job order")
        verbose_name_plural = _("job orders")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(name="positions_are_1_to_999", condition=models.Q(positions__range=(1, 999))),
            models.CheckConstraint(
                name="never_more_hires_than_positions",
                condition=models.Q(positions__gte=models.F("hires") + models.F("filled_otherwise")),
            ),
            models.CheckConstraint(
                name="ended_orders_have_a_reason",
                condition=models.Q(state="open", close_reason="", ended_at__isnull=True)
                | (~models.Q(state="open") & ~models.Q(close_reason="") & models.Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="filled_orders_have_a_hire", condition=~models.Q(state="filled") | models.Q(hires__gte=1)
            ),
            models.CheckConstraint(
                name="closed_orders_have_no_hire", condition=~models.Q(state="closed") | models.Q(hires=0)
            ),
            models.CheckConstraint(
                name="another_reason_is_explained",
                condition=~models.Q(close_reason="other") | ~models.Q(close_text=""),
            ),
            models.CheckConstraint(
                name="a_fixed_term_has_an_end",
                condition=~models.Q(employment="fixed_term") | models.Q(employment_until__isnull=False),
            ),
            models.CheckConstraint(
                name="an_order_names_a_contact_who_can_be_reached",
                condition=~models.Q(contact_name="") & (~models.Q(contact_phone="") | ~models.Q(contact_email="")),
            ),
            models.CheckConstraint(name="grace_is_0_to_60_days", condition=models.Q(grace_days__lte=60)),
        ]
        indexes = [
            models.Index(
                fields=["lead", "next_due_at", "id"], condition=models.Q(state="open"), name="queue_of_the_lead"
            ),
            models.Index(fields=["next_due_at", "id"], condition=models.Q(state="open"), name="queue_of_all"),
            models.Index(fields=["company", "-received_at"]),
            models.Index(fields=["received_at", "id"]),
        ]

    def __str__(self) -> str:
        return self.number

    @cached_property
    def demands(self) -> list[Requirement]:
        """The requirements as loaded, or as just written."""
        return list(self.requirements.all())


class Requirement(models.Model):
    """One must-have or wish of an order: a skill, licence, certificate or language."""

    class Kind(models.TextChoices):
        SKILL = "skill", _("skill")
        LICENCE = "licence", _("driving licence")
        CERTIFICATE = "certificate", _("certificate")
        LANGUAGE = "language", _("language")

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(max_length=160, help_text="code of the vocabulary; a skill's public id")
    is_must = models.BooleanField(default=True)
    oral = models.PositiveSmallIntegerField(null=True, blank=True)
    written = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-is_must", "code"]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind", "code"], name="a_requirement_is_asked_once"),
            models.CheckConstraint(
                name="a_language_has_its_levels",
                condition=~models.Q(kind="language") | models.Q(oral__range=(0, 6), written__range=(0, 6)),
            ),
        ]


class OrderSpan(models.Model):
    """Where an order stood from when to when (happened), as known from when to when (recorded).

    Written by the services, so that the figures of any date, as known at any date, are one indexed count.
    """

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="spans")
    state = models.CharField(max_length=6, choices=JobOrder.State)
    close_reason = models.CharField(max_length=24, blank=True)
    positions = models.PositiveSmallIntegerField()
    hires = models.PositiveSmallIntegerField()
    filled_otherwise = models.PositiveSmallIntegerField(default=0)
    lead_code = models.CharField(max_length=4)
    received_at = models.DateTimeField()
    happened_from = models.DateTimeField()
    happened_to = models.DateTimeField(null=True, blank=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "happened_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(happened_to__isnull=True, known_to__isnull=True),
                name="an_order_stands_in_one_place_now",
            ),
        ]
        indexes = [
            models.Index(fields=["happened_from", "happened_to"]),
            models.Index(fields=["lead_code"]),
            models.Index(fields=["received_at"], name="spans_by_receipt"),
            models.Index(fields=["happened_to"], name="spans_by_end"),
            # What stood open on a day: few of all spans, found without reading those that were open once.
            models.Index(
                fields=["known_to", "happened_to"], condition=models.Q(state="open"), name="spans_of_open_orders"
            ),
        ]


class Revision(models.Model):
    """What the company wanted at each version of the order, so that a screening can be replayed."""

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    wanted = models.JSONField()
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="one_row_per_revision")]


class SupplyAnswer(models.Model):
    """What one asked municipality can supply: n by a date, or none (n = 0). Changeable; the last word counts."""

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="supply_answers")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveSmallIntegerField()
    by_date = models.DateField(null=True, blank=True)
    note = models.TextField(max_length=500, blank=True)
    answered_at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["municipality"]
        constraints = [
            models.UniqueConstraint(fields=["order", "municipality"], name="one_answer_per_municipality"),
            models.CheckConstraint(
                name="a_promise_of_people_has_a_date", condition=models.Q(count=0) | models.Q(by_date__isnull=False)
            ),
        ]


class HistoryNote(models.Model):
    """Free text that belongs to an event: reasons, notes, proposals. Events hold ids and codes only."""

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="notes")
    event = models.UUIDField(unique=True)
    text = models.TextField(max_length=2000)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]


class Escalation(models.Model):
    """One row per order, promise and level that was told: an event is sent once, whatever runs twice."""

    order = models.ForeignKey(JobOrder, on_delete=models.CASCADE, related_name="escalations")
    promise = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["order", "promise", "level"], name="a_level_is_told_once")]


class NumberSeries(models.Model):
    """The last used running number of each year; its row is locked while an order is submitted."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
