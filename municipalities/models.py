"""The nine municipalities, postal codes with their points, and who may act for which municipality."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Municipality(models.Model):
    """A municipality of the region. The jobcentre's label is data: since 2026 a unit may be named freely."""

    code = models.CharField(_("code"), primary_key=True, max_length=4)
    name = models.CharField(_("name"), max_length=60, unique=True)
    jobcentre = models.CharField(_("jobcentre"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    first_response_days = models.PositiveSmallIntegerField(_("first response, working days"), default=1)
    first_candidate_days = models.PositiveSmallIntegerField(_("first candidate, working days"), default=5)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="municipality_codes_have_four_digits", condition=models.Q(code__regex=r"^[0-9]{4}$")
            ),
            models.CheckConstraint(
                name="promises_are_at_least_a_day",
                condition=models.Q(first_response_days__gte=1, first_candidate_days__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MunicipalityBoundary(models.Model):
    """The outline of a municipality, for maps: a GeoJSON MultiPolygon in longitude and latitude (WGS 84)."""

    municipality = models.OneToOneField(
        Municipality, primary_key=True, on_delete=models.CASCADE, related_name="boundary"
    )
    outline = models.JSONField()

    class Meta:
        ordering = ["municipality"]


class ClosingDay(models.Model):
    """A day on which one jobcentre is closed, beside the public holidays and the common closing days."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="closing_days")
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("closing day")
        verbose_name_plural = _("closing days")
        ordering = ["day", "municipality"]
        constraints = [models.UniqueConstraint(fields=["municipality", "day"], name="one_row_per_closing_day")]


class DutyPeriod(models.Model):
    """The municipality on duty for companies that nothing else routes, from a date until the next row."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    valid_from = models.DateField(_("from"), unique=True)

    class Meta:
        verbose_name = _("municipality on duty")
        verbose_name_plural = _("municipalities on duty")
        ordering = ["-valid_from"]


class PostalCode(models.Model):
    """A postal code with its point. It may touch several municipalities: it never decides where a unit lies."""

    code = models.CharField(primary_key=True, max_length=4)
    town = models.CharField(_("town"), max_length=60)
    latitude = models.FloatField()
    longitude = models.FloatField()
    municipality_codes = models.CharField(max_length=60, help_text=_("four-digit codes, separated by spaces"))

    class Meta:
        verbose_name = _("postal code")
        verbose_name_plural = _("postal codes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="postal_codes_have_four_digits", condition=models.Q(code__regex=r"^[0-9]{4}$")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.town}"


class PostalDistance(models.Model):
    """Metres between two postal points, great circle × 1.3, computed once; both directions are stored."""

    origin = models.CharField(max_length=4)
    target = models.CharField(max_length=4)
    metres = models.PositiveIntegerField()

    class Meta:
        ordering = ["origin", "target"]
        constraints = [models.UniqueConstraint(fields=["origin", "target"], name="one_distance_per_pair")]


class Role(models.TextChoices):
    """What a membership lets somebody do; the rules are in municipalities.actor."""

    CONSULTANT = "consultant", _("consultant")
    CASEWORKER = "caseworker", _("caseworker")
    COORDINATOR = "coordinator", _("coordinator")
    AUDITOR = "auditor", _("auditor")
    ADMIN = "admin", _("administrator")


class ClaimRule(models.Model):
    """Whom an identity provider's word makes a member: looked at anew at every login. See municipalities.claims."""

    provider = models.CharField(_("identity provider"), max_length=40, help_text=_("its id in OIDC_PROVIDERS"))
    claim = models.CharField(
        _("claim"), max_length=200, help_text=_("its name; parts of nested ones with dots: realm_access.roles")
    )
    value = models.CharField(
        _("value"),
        max_length=200,
        help_text=_("the whole value, or one of a list; an asterisk at the end: whatever begins so"),
    )
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="claim_rules"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True, help_text=_("the first day without"))

    class Meta:
        verbose_name = _("rule of an identity provider")
        verbose_name_plural = _("rules of identity providers")
        ordering = ["provider", "claim", "value", "id"]
        constraints = [
            models.CheckConstraint(
                name="rules_give_jobcentre_staff_a_municipality",
                condition=~models.Q(role__in=["consultant", "caseworker"]) | models.Q(municipality__isnull=False),
            ),
            models.CheckConstraint(
                name="rules_name_provider_claim_and_value",
                condition=~models.Q(provider="") & ~models.Q(claim="") & ~models.Q(value=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.claim} = {self.value} · {self.get_role_display()}"


class Membership(models.Model):
    """A user's role, for one municipality or (coordinator, auditor, admin) for all nine."""

    Role = Role
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    # A rule that has let somebody in is ended, not deleted: who came in by what stays known.
    granted_by = models.ForeignKey(
        ClaimRule,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("by the rule"),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "municipality", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "municipality", "role"],
                condition=models.Q(ended_on__isnull=True),
                name="one_current_membership_per_role",
            ),
            models.CheckConstraint(
                name="jobcentre_staff_belong_to_a_municipality",
                condition=~models.Q(role__in=["consultant", "caseworker"]) | models.Q(municipality__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.municipality or _('all nine')}"
