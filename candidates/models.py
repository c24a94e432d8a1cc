"""Candidates: the profile that screening reads, Identity apart from it, releases to others, and the access log.

No CPR, age, sex, origin or health is held anywhere; free text that holds a CPR number is refused on the way in.
"""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.querysets import CandidateQuerySet, ImportJobQuerySet
from municipalities.models import Municipality
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill


def tie_seed() -> int:
    """A random 31-bit integer that orders equals, differently on every order (design §5)."""
    return secrets.randbelow(2_147_483_646) + 1


class Candidate(models.Model):
    """An unemployed person as their home municipality describes them for screening; the name is in Identity."""

    class Status(models.TextChoices):
        AVAILABLE = "available", _("available")
        IN_COURSE = "in_course", _("in a course")
        HIRED = "hired", _("hired")
        INACTIVE = "inactive", _("inactive")

    SECTIONS = ("licences", "certificates", "languages", "skills", "occupations", "hours", "transport")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    home = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="candidates")
    external_reference = models.CharField(_("case reference"), max_length=64)
    pseudonym = models.CharField(max_length=16, unique=True, editable=False)
    postal_code = models.CharField(_("postal code"), max_length=4, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.AVAILABLE)
    status_until = models.DateField(null=True, blank=True)
    unemployed_since = models.DateField(_("unemployed since (month)"), null=True, blank=True)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    hours_min = models.PositiveSmallIntegerField(_("weekly hours from"), null=True, blank=True)
    hours_max = models.PositiveSmallIntegerField(_("weekly hours to"), null=True, blank=True)
    shifts = models.PositiveSmallIntegerField(_("shifts"), null=True, blank=True, help_text="vocabulary.scales mask")
    own_transport = models.BooleanField(_("own transport"), null=True, blank=True)
    max_distance_km = models.PositiveSmallIntegerField(_("reach, km"), null=True, blank=True)
    cv_text = models.TextField("CV", max_length=10_000, blank=True)
    confirmed_on = models.DateField(_("confirmed by the citizen"), null=True, blank=True)
    licences_reviewed_on = models.DateField(null=True, blank=True)
    certificates_reviewed_on = models.DateField(null=True, blank=True)
    languages_reviewed_on = models.DateField(null=True, blank=True)
    skills_reviewed_on = models.DateField(null=True, blank=True)
    occupations_reviewed_on = models.DateField(null=True, blank=True)
    hours_reviewed_on = models.DateField(null=True, blank=True)
    transport_reviewed_on = models.DateField(null=True, blank=True)
    hired_from = models.DateField(null=True, blank=True, help_text="start of a hire: out of screening from then")
    tie_seed = models.PositiveIntegerField(default=tie_seed, editable=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["home", "external_reference"], name="one_profile_per_case"),
            models.CheckConstraint(
                name="weekly_hours_are_an_interval",
                condition=models.Q(hours_min__isnull=True, hours_max__isnull=True)
                | models.Q(
                    hours_min__isnull=False,
                    hours_max__isnull=False,
                    hours_max__gte=models.F("hours_min"),
                    hours_max__lte=60,
                ),
            ),
            models.CheckConstraint(
                name="unemployed_since_is_a_month",
                condition=models.Q(unemployed_since__isnull=True) | models.Q(unemployed_since__day=1),
            ),
            models.CheckConstraint(
                name="reach_is_1_to_200_km",
                condition=models.Q(max_distance_km__isnull=True) | models.Q(max_distance_km__range=(1, 200)),
            ),
        ]
        indexes = [
            models.Index(fields=["home", "status"]),
            # All that a screening reads of the candidate, so that a pool is read from the index alone.
            models.Index(
                fields=[
                    "status", "hired_from", "home", "id", "postal_code", "tie_seed", "hours_min", "hours_max", "shifts",
                    "available_from", "status_until", "own_transport", "max_distance_km", "licences_reviewed_on",
                    "certificates_reviewed_on", "languages_reviewed_on", "skills_reviewed_on",
                    "occupations_reviewed_on", "hours_reviewed_on", "transport_reviewed_on",
                ],
                name="screening_pool",
            ),
        ]  # fmt: skip


class Identity(models.Model):
    """Name and ways of contact. Read only through `candidates.access`, which logs every person shown."""

    class ContactWay(models.TextChoices):
        PHONE = "phone", _("phone")
        MAIL = "mail", _("mail")
        JOBCENTRE = "jobcentre", _("through the jobcentre")

    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="identity")
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    contact_way = models.CharField(max_length=10, choices=ContactWay, default=ContactWay.JOBCENTRE)


class CandidateLicence(models.Model):
    """A driving licence held."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="licences")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["licence"]
        constraints = [models.UniqueConstraint(fields=["candidate", "licence"], name="a_licence_is_held_once")]


class CandidateCertificate(models.Model):
    """A certificate with the last day it is valid; none means that it does not lapse."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="certificates")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    valid_through = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["certificate"]
        constraints = [models.UniqueConstraint(fields=["candidate", "certificate"], name="a_certificate_is_held_once")]
        indexes = [models.Index(fields=["candidate", "certificate", "valid_through"], name="screening_certificates")]


class CandidateSkill(models.Model):
    """A skill, stated by the citizen or documented by a competence card, certificate or course."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    documented = models.BooleanField(default=False)

    class Meta:
        ordering = ["skill"]
        constraints = [models.UniqueConstraint(fields=["candidate", "skill"], name="a_skill_is_held_once")]
        indexes = [models.Index(fields=["candidate", "skill", "documented"], name="screening_skills")]


class CandidateOccupation(models.Model):
    """An occupation held, with its months; several rows of one ISCO-4 code are summed."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="occupations")
    isco = models.ForeignKey(IscoGroup, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, blank=True)
    months = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-months", "id"]
        indexes = [models.Index(fields=["candidate", "isco", "months"], name="screening_occupations")]


class CandidateLanguage(models.Model):
    """A language with oral and written level, 0 (none) to 6 (C2)."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(Language, on_delete=models.PROTECT, related_name="+")
    oral = models.PositiveSmallIntegerField()
    written = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "language"], name="a_language_is_listed_once"),
            models.CheckConstraint(
                name="language_levels_are_0_to_6",
                condition=models.Q(oral__range=(0, 6), written__range=(0, 6)),
            ),
        ]
        indexes = [models.Index(fields=["candidate", "language", "oral", "written"], name="screening_languages")]


class JobGoal(models.Model):
    """What the citizen wants to work as, an ISCO-08 unit group."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="job_goals")
    isco = models.ForeignKey(IscoGroup, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["isco"]
        constraints = [models.UniqueConstraint(fields=["candidate", "isco"], name="a_job_goal_is_listed_once")]


class Release(models.Model):
    """Leave for others to see a named candidate on one order. Written by the nomination services, read by scopes."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="releases")
    order = models.UUIDField(help_text="public id of the job order")
    to_municipality = models.CharField(max_length=4, blank=True)
    to_company = models.UUIDField(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="a_release_has_one_receiver",
                condition=models.Q(to_company__isnull=True) & ~models.Q(to_municipality="")
                | models.Q(to_company__isnull=False, to_municipality=""),
            ),
            models.UniqueConstraint(
                fields=["candidate", "order", "to_municipality"],
                condition=models.Q(ended_at__isnull=True, to_company__isnull=True),
                name="one_live_release_to_a_municipality",
            ),
            models.UniqueConstraint(
                fields=["candidate", "order", "to_company"],
                condition=models.Q(ended_at__isnull=True, to_company__isnull=False),
                name="one_live_release_to_a_company",
            ),
        ]
        indexes = [models.Index(fields=["to_municipality", "candidate"], name="release_to_municipality")]


class AccessLog(models.Model):
    """One row per named candidate shown: who, when, which fields, for which order. Only ever added to."""

    candidate = models.UUIDField(db_index=True)
    home = models.CharField(max_length=4)
    actor_kind = models.CharField(max_length=8)
    actor_role = models.CharField(max_length=12, blank=True)
    actor_id = models.UUIDField(null=True)
    actor_municipality = models.CharField(max_length=4, blank=True)
    company = models.UUIDField(null=True)
    order = models.UUIDField(null=True)
    purpose = models.CharField(max_length=40)
    fields = models.CharField(max_length=200)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-read_at", "-id"]
        indexes = [models.Index(fields=["home", "-read_at"])]


class ImportJob(models.Model):
    """A file that somebody sent; `content` is empty once it has been read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for its turn")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        REFUSED = "refused", _("stopped: the sender has no access any more")
        FAILED = "failed", _("stopped by a fault of ours")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    home = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    format = models.CharField(max_length=6)
    content = models.BinaryField()
    rows = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(db_index=True)
    worked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="imports_under_way")
        ]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in (self.State.WAITING, self.State.RUNNING)


class ImportRow(models.Model):
    """What became of one row. Nothing of the profile is repeated but the case reference."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="report")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=9)
    external_reference = models.CharField(max_length=64, blank=True)
    candidate = models.UUIDField(null=True)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_report_per_row")]
        indexes = [models.Index(fields=["job", "status", "number"], name="import_row_by_status")]
