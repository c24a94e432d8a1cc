"""The business network and its gatherings: who is in it, what was promised, what is missing, who was asked and came."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Contact
from companies.querysets import STAFF
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.models import IscoGroup


class ForTheNine(models.QuerySet[Any]):
    """What the nine share, and nobody else reads."""

    def visible_to(self, actor: Actor | None) -> ForTheNine:
        """All of it for consultants, caseworkers, coordinators and auditors; nothing for others."""
        if actor is not None and (actor.is_system or (actor.is_member and actor.role in STAFF)):
            return self
        return self.none()


class NetworkMember(models.Model):
    """A company in the business network, from when to when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    objects = ForTheNine.as_manager()

    class Meta:
        verbose_name = _("member of the business network")
        verbose_name_plural = _("members of the business network")
        ordering = ["company__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(left_on=None), name="a_company_is_a_member_once"
            ),
            models.CheckConstraint(
                name="a_member_leaves_after_joining",
                condition=models.Q(left_on=None) | models.Q(left_on__gte=models.F("joined_on")),
            ),
        ]


class Commitment(models.Model):
    """What a member promised the nine, or the nine promised the member."""

    class Side(models.TextChoices):
        COMPANY = "company", _("the company")
        NINE = "nine", _("the jobcentres")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(NetworkMember, on_delete=models.CASCADE, related_name="commitments")
    side = models.CharField(max_length=8, choices=Side)
    text = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    kept_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]


class CompetenceNeed(models.Model):
    """What a company says that it will lack: by when it is needed, and until when the statement stands."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    occupation = models.ForeignKey(IscoGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    people = models.PositiveSmallIntegerField(null=True, blank=True)
    needed_by = models.DateField()
    expires_on = models.DateField(help_text="the last day that the statement stands")
    stated_on = models.DateField()
    by_name = models.CharField(max_length=120)

    objects = ForTheNine.as_manager()

    class Meta:
        verbose_name = _("statement of a need")
        verbose_name_plural = _("statements of needs")
        ordering = ["needed_by", "id"]
        constraints = [
            models.CheckConstraint(
                name="a_need_stands_for_a_while", condition=models.Q(expires_on__gte=models.F("stated_on"))
            )
        ]


class Gathering(models.Model):
    """An after-work meeting, a growth meeting or a learning meeting that companies are invited to."""

    class Kind(models.TextChoices):
        AFTER_WORK = "after_work", _("after-work meeting")
        GROWTH = "growth", _("growth meeting")
        LEARNING = "learning", _("learning meeting")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=150)
    text = models.TextField(max_length=3000, blank=True)
    place = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sign_up_until = models.DateField()
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    municipality = models.ForeignKey(Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = ForTheNine.as_manager()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a_gathering_ends_after_it_begins", condition=models.Q(ends_at__gt=models.F("starts_at"))
            )
        ]


class Invitation(models.Model):
    """One company asked to one gathering: what it answered, how many came, what was learnt."""

    class Answer(models.TextChoices):
        COMING = "coming", _("coming")
        NOT_COMING = "not_coming", _("not coming")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="invitations")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    people = models.PositiveSmallIntegerField(default=0, help_text="how many the company sends")
    answered_at = models.DateTimeField(null=True, blank=True)
    came = models.PositiveSmallIntegerField(null=True, blank=True, help_text="how many were there; none: not noted")
    entry = models.UUIDField(null=True, blank=True, help_text="public id of the contact log entry of the lead")

    class Meta:
        ordering = ["company__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "company"], name="a_company_is_invited_once"),
            models.CheckConstraint(
                name="only_who_comes_sends_people", condition=models.Q(people=0) | models.Q(answer="coming")
            ),
        ]
