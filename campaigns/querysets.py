"""Reads of campaigns: scopes first, then the domain's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from companies.querysets import NOTHING, STAFF
from municipalities.actor import Actor, Kind


def scope_q(actor: Actor | None) -> Q:
    """Campaigns are common to the staff of the nine; companies and strangers see none."""
    if actor is not None and (actor.kind == Kind.SYSTEM or (actor.kind == Kind.MEMBER and actor.role in STAFF)):
        return Q()
    return NOTHING


class FocusQuerySet(models.QuerySet[Any]):
    """Decisions about focus industries."""

    def visible_to(self, actor: Actor | None) -> FocusQuerySet:
        """Those the actor may see."""
        return self.filter(scope_q(actor))

    def in_force(self, day: dt.date, until: dt.date | None = None) -> FocusQuerySet:
        """Those in force on `day`, or at some time from it to `until` (both included; None: that day)."""
        begun = self.filter(valid_from__lte=until or day)
        return begun.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class CampaignQuerySet(models.QuerySet[Any]):
    """Campaigns."""

    def visible_to(self, actor: Actor | None) -> CampaignQuerySet:
        """Those the actor may see."""
        return self.filter(scope_q(actor))

    def running(self) -> CampaignQuerySet:
        """Frozen and not ended."""
        return self.filter(frozen_at__isnull=False, ended_on__isnull=True)


class TargetQuerySet(models.QuerySet[Any]):
    """Targets of campaigns."""

    def visible_to(self, actor: Actor | None) -> TargetQuerySet:
        """Those the actor may see."""
        return self.filter(scope_q(actor))

    def to_call(self, day: dt.date) -> TargetQuerySet:
        """Whom to call that day: agreed follow-ups first, then those that nobody has reached yet.

        Of running campaigns; never who does not want to be called or has said no.
        """
        due = Q(next_on__lte=day) | Q(next_on__isnull=True, last_outcome__in=("", "letter", "no_answer", "call_again"))
        found = self.filter(due, campaign__frozen_at__isnull=False, campaign__ended_on__isnull=True)
        found = found.filter(company__do_not_call=False).exclude(last_outcome="not_interested")
        return found.order_by(models.F("next_on").asc(nulls_last=True), "last_contact_at", "name", "pk")
