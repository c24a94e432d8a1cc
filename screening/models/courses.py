"""Courses that the nine plan together: what they give, seats per municipality, and who has passed."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from joborders.models import JobOrder
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.models import Certificate, Licence, Skill


class CourseQuerySet(models.QuerySet[Any]):
    """Courses."""

    def visible_to(self, actor: Actor | None) -> CourseQuerySet:
        """All of them to consultants and coordinators; they name no candidate."""
        if actor is None or not (actor.is_consultant or actor.is_coordinator):
            return self.none()
        return self.all()


class Course(models.Model):
    """A course with a provider and dates. Planned, it makes "nearly" for the skills that it gives (design §5)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")
        COMPLETED = "completed", _("completed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    title = models.CharField(_("title"), max_length=200)
    provider = models.CharField(_("provider"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    certificates = models.ManyToManyField(Certificate, related_name="+")
    licences = models.ManyToManyField(Licence, related_name="+")
    skills = models.ManyToManyField(Skill, related_name="+")
    orders = models.ManyToManyField(JobOrder, related_name="courses")
    planned_by = models.CharField(max_length=4, blank=True, help_text="municipality; none: the coordinator")
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="a_course_ends_after_it_begins", condition=Q(ends_on__gte=models.F("starts_on"))
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_on"])]

    def __str__(self) -> str:
        return self.title


class CourseSeats(models.Model):
    """Seats that a municipality has on a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="seats")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["municipality_id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "municipality"], name="one_number_of_seats_per_municipality"),
            models.CheckConstraint(name="seats_are_1_to_999", condition=Q(seats__range=(1, 999))),
        ]


class CoursePass(models.Model):
    """A candidate who has passed a course, as the home municipality recorded."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="passes")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    home_code = models.CharField(max_length=4)
    passed_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "candidate"], name="a_course_is_passed_once"),
        ]
