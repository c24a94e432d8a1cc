"""Reads of companies: scopes first, then the domain's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from municipalities.actor import Actor, Kind, Role

STAFF = {Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR, Role.AUDITOR}
NOTHING = Q(pk__in=())


def company_scope_q(actor: Actor | None, prefix: str = "") -> Q:
    """Which companies an actor may see: the register is common to the nine; a company sees itself only."""
    if actor is None:
        return NOTHING
    if actor.kind == Kind.SYSTEM or (actor.kind == Kind.MEMBER and actor.role in STAFF):
        return Q()
    if actor.kind == Kind.COMPANY and actor.company is not None:
        return Q(**{f"{prefix}public_id": actor.company})
    return NOTHING


class CompanyQuerySet(models.QuerySet[Any]):
    """Companies."""

    def visible_to(self, actor: Actor | None) -> CompanyQuerySet:
        """Those the actor may see; nobody sees none."""
        return self.filter(company_scope_q(actor))

    def with_cvr(self, cvr: str) -> CompanyQuerySet:
        """The company of a CVR number, if registered."""
        return self.filter(cvr=cvr)

    def search(self, text: str) -> CompanyQuerySet:
        """Those whose name, CVR number or P-number holds the text; numbers may be written with spaces."""
        words, digits = text.strip(), "".join(text.split())
        if not words:
            return self
        found = Q(name__icontains=words)
        if digits.isdecimal():
            from companies.models import ProductionUnit

            units = ProductionUnit.objects.filter(company=OuterRef("pk"), p_number=digits)
            found |= Q(cvr__startswith=digits) | Q(Exists(units))
        return self.filter(found)


class UnitQuerySet(models.QuerySet[Any]):
    """Production units."""

    def visible_to(self, actor: Actor | None) -> UnitQuerySet:
        """Units of visible companies."""
        return self.filter(company_scope_q(actor, "company__"))

    def active(self) -> UnitQuerySet:
        """Units that have not ceased."""
        return self.filter(ceased_on__isnull=True)


class ContactLogQuerySet(models.QuerySet[Any]):
    """Contact log: staff of the nine only, never the company (which has its own right of access)."""

    def visible_to(self, actor: Actor | None) -> ContactLogQuerySet:
        """Entries that the actor may read."""
        if actor is None or actor.kind not in {Kind.MEMBER, Kind.SYSTEM}:
            return self.none()
        return self.filter(company_scope_q(actor, "company__"))


class AgreementQuerySet(models.QuerySet[Any]):
    """Agreements."""

    def visible_to(self, actor: Actor | None) -> AgreementQuerySet:
        """Agreements of visible companies."""
        return self.filter(company_scope_q(actor, "company__"))

    def in_force(self, day: dt.date, known_at: dt.datetime | None = None) -> AgreementQuerySet:
        """Agreements in force on `day`, as known at `known_at` (default: everything recorded)."""
        found = self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        if known_at is None:
            return found.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
        ended = Q(ended_on__lte=day, ended_recorded_at__lte=known_at)
        return found.filter(recorded_at__lte=known_at).exclude(ended)
