"""Companies by CVR, their production units, contacts, lead municipality with history, contact log, agreements."""

from __future__ import annotations

import uuid
from collections.abc import Container

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from companies import areas
from companies.querysets import (
    AgreementQuerySet,
    CompanyQuerySet,
    ContactLogQuerySet,
    RegisterImportQuerySet,
    UnitQuerySet,
)
from events import clock
from municipalities.models import Municipality
from vocabulary.models import IscoGroup


class Company(models.Model):
    """A legal unit, registered once by its CVR number; has exactly one lead municipality and one named contact."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    cvr = models.CharField("CVR", max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=200)
    industry_code = models.CharField(_("industry"), max_length=6, blank=True)
    industry_version = models.CharField(_("classification"), max_length=4, blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    headcount_on = models.DateField(_("headcount as of"), null=True, blank=True)
    lead = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="led_companies")
    contact_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    substitute_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    substitute_until = models.DateField(null=True, blank=True)
    do_not_call = models.BooleanField(_("do not call"), default=False)
    no_letters = models.BooleanField(_("no letters"), default=False)
    created_at = models.DateTimeField()

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="cvr_numbers_have_eight_digits", condition=models.Q(cvr__regex=r"^[0-9]{8}$")),
            models.CheckConstraint(
                name="a_headcount_has_its_date",
                condition=models.Q(headcount__isnull=True) | models.Q(headcount_on__isnull=False),
            ),
            models.CheckConstraint(
                name="an_industry_has_its_classification",
                condition=models.Q(industry_code="") | models.Q(industry_version__in=["DB07", "DB25"]),
            ),
        ]
        indexes = [models.Index(fields=["lead", "name"])]

    def __str__(self) -> str:
        return self.name


class ProductionUnit(models.Model):
    """A place of work. The municipality code decides where it lies; a P-number may be lacking, then an address."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="units")
    p_number = models.CharField(_("P-number"), max_length=10, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=200)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=4, blank=True)
    municipality_code = models.CharField(_("municipality code"), max_length=4)
    industry_code = models.CharField(_("industry"), max_length=6, blank=True)
    industry_version = models.CharField(_("classification"), max_length=4, blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    is_main = models.BooleanField(_("main unit"), default=False)
    ceased_on = models.DateField(_("ceased"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("production unit")
        verbose_name_plural = _("production units")
        ordering = ["-is_main", "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="p_numbers_have_ten_digits",
                condition=models.Q(p_number__isnull=True) | models.Q(p_number__regex=r"^[0-9]{10}$"),
            ),
            models.CheckConstraint(
                name="a_unit_has_a_p_number_or_an_address",
                condition=models.Q(p_number__isnull=False) | ~models.Q(street=""),
            ),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(is_main=True), name="one_main_unit_per_company"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at the company who may be called about orders."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    unit = models.ForeignKey(ProductionUnit, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    best_time = models.CharField(_("best time to call"), max_length=120, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="a_contact_can_be_reached", condition=~models.Q(email="") | ~models.Q(phone="")
            ),
        ]


class LeadPeriod(models.Model):
    """History of the lead: who led from when, why, and who agreed. Never changed, only added to."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="lead_history")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    why = models.CharField(max_length=40, help_text=_("code of the rule, or 'override'"))
    reason = models.TextField(blank=True, max_length=1000)
    agreed_with = models.CharField(max_length=4, blank=True, help_text=_("code of the municipality that agreed"))
    agreed_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="an_override_of_the_lead_has_a_reason",
                condition=~models.Q(why="override") | ~models.Q(reason=""),
            ),
        ]


class ContactLogEntry(models.Model):
    """Who spoke with the company, when, about what, and what comes next. Factual: the text is subject to access."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        MAIL = "mail", _("mail")
        VISIT = "visit", _("visit")
        MEETING = "meeting", _("meeting")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contact_log")
    unit = models.ForeignKey(ProductionUnit, null=True, blank=True, on_delete=models.SET_NULL)
    kind = models.CharField(max_length=8, choices=Kind)
    about = models.CharField(_("about"), max_length=200)
    text = models.TextField(_("note"), max_length=2000, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    do_not_call = models.BooleanField(default=False, help_text=_("the company asked not to be called for campaigns"))
    order = models.UUIDField(null=True, blank=True, help_text=_("public id of the job order"))
    happened_at = models.DateTimeField()
    municipality_code = models.CharField(max_length=4, blank=True)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120)

    objects = ContactLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact log entry")
        verbose_name_plural = _("contact log")
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["company", "-happened_at"])]


class RegisterImport(models.Model):
    """One file of the business register on its way in: looked at first, then taken in, by a background job.

    The row is the job: a worker takes it by its state, writes how far it is, and goes on where another one stopped.
    `content` is emptied when the file is in, or after a week.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being read")
        CHECKED = "checked", _("read")
        APPLYING = "applying", _("being taken in")
        DONE = "done", _("taken in")
        REFUSED = "refused", _("refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    worked_until = models.DateTimeField(null=True, blank=True, help_text="a worker has it; after this it has died")

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("register import")
        verbose_name_plural = _("register imports")
        ordering = ["-created_at", "-id"]


class Agreement(models.Model):
    """A written agreement: kind, who holds it, its period, the covered units and their tovholder."""

    class Kind(models.TextChoices):
        RECRUITMENT = "recruitment", _("recruitment agreement")
        COOPERATION = "cooperation", _("cooperation agreement")
        PARTNERSHIP = "partnership", _("partnership agreement")

    class Holder(models.TextChoices):
        NRS = "nrs", "NRS"
        MUNICIPALITY = "municipality", _("one municipality")
        JOBSERVICE = "jobservice", "Jobservice Danmark"

    class Scheme(models.TextChoices):
        """What the nine offer the company besides ordinary jobs, under the law on active employment."""

        WAGE_SUBSIDY = "wage_subsidy", _("wage subsidy")
        TRAINEESHIP = "traineeship", _("company traineeship")
        ADULT_APPRENTICE = "adult_apprentice", _("adult apprentice")
        MENTOR = "mentor", _("mentor")
        JOB_ROTATION = "job_rotation", _("job rotation")
        UPSKILLING = "upskilling", _("upskilling before the job")
        FLEX_JOB = "flex_job", _("flex job")
        BASIC_TRAINING = "basic_training", _("basic integration training (IGU)")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=12, choices=Kind)
    holder = models.CharField(max_length=12, choices=Holder, default=Holder.NRS)
    holder_municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tovholder = models.ForeignKey(Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    covers_all_units = models.BooleanField(default=True)
    area = models.JSONField(default=list, blank=True, help_text="codes as in companies.areas; besides the chosen units")
    units = models.ManyToManyField(ProductionUnit, blank=True, related_name="agreements")
    parties = models.CharField(max_length=500, blank=True, help_text="who signed, besides the company and the holder")
    schemes = models.JSONField(default=list, blank=True, help_text="codes of Scheme")
    signed_on = models.DateField(null=True, blank=True, default=clock.today, help_text="none: a draft")
    first_response_days = models.PositiveSmallIntegerField(null=True, blank=True)
    first_candidate_days = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(max_length=5000, blank=True)
    recorded_at = models.DateTimeField(help_text=_("when the agreement was registered"))
    renewal_told_at = models.DateTimeField(null=True, blank=True, help_text="when the nine were told that it runs out")
    ended_on = models.DateField(null=True, blank=True)
    ended_recorded_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="an_agreement_ends_after_it_begins",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="a_municipal_agreement_names_the_municipality",
                condition=~models.Q(holder="municipality") | models.Q(holder_municipality__isnull=False),
            ),
            models.CheckConstraint(
                name="an_ended_agreement_was_recorded",
                condition=models.Q(ended_on__isnull=True, ended_recorded_at__isnull=True)
                | models.Q(ended_on__isnull=False, ended_recorded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_draft_has_not_ended",
                condition=models.Q(signed_on__isnull=False) | models.Q(ended_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["valid_to"], condition=models.Q(renewal_told_at=None), name="agreements_to_renew"),
        ]

    @property
    def state(self) -> str:
        """`draft` before it is signed and in force, `active`, `ended`: by the dates, as of today."""
        today = clock.today()
        if self.signed_on is None or self.valid_from > today:
            return "draft"
        over = self.ended_on is not None and self.ended_on <= today
        return "ended" if over or (self.valid_to is not None and self.valid_to < today) else "active"

    def covers(self, unit: ProductionUnit, chosen: Container[int]) -> bool:
        """Whether it covers the unit: all, those in the area, those chosen (by primary key)."""
        if self.covers_all_units or unit.pk in chosen:
            return True
        return bool(self.area) and areas.parse(self.area).holds(unit.municipality_code, unit.postal_code)


class ForecastLine(models.Model):
    """How many people of one occupation a company of an agreement expects to need in one month."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="forecast")
    month = models.DateField(help_text="the first of the month")
    occupation = models.ForeignKey(IscoGroup, on_delete=models.PROTECT, related_name="+")
    positions = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["month", "occupation"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "month", "occupation"], name="one_forecast_per_month"),
            models.CheckConstraint(name="a_forecast_counts_people", condition=models.Q(positions__gte=1)),
            models.CheckConstraint(name="a_forecast_names_a_month", condition=models.Q(month__day=1)),
        ]


class AgreementDocument(models.Model):
    """A signed agreement as PDF. The content lies in private storage (companies.private_files)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=120)
    stored_as = models.CharField(max_length=60, unique=True)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["agreement", "sha256"], name="a_document_is_kept_once")]
