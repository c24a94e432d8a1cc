"""Reads of companies: scopes first, then the domain's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from municipalities.actor import Actor, Kind, Role

STAFF = {Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR, Role.AUDITOR}
NOTHING = Q(pk__in=())
#: The nine are told so long before an agreement runs out.
RENEWAL_DAYS = 60


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

    def search(self, text: str) -> UnitQuerySet:
        """Those whose name or street holds the text, or whose postal code or P-number begins with it."""
        words = text.strip()
        found = Q(name__icontains=words) | Q(street__icontains=words)
        return self.filter(found | Q(postal_code__startswith=words) | Q(p_number__startswith=words))


class ContactLogQuerySet(models.QuerySet[Any]):
    """Contact log: for those who work with companies, not for auditors, and not for the company, who asks for it."""

    def visible_to(self, actor: Actor | None) -> ContactLogQuerySet:
        """Entries that the actor may read."""
        if actor is None or actor.kind not in {Kind.MEMBER, Kind.SYSTEM} or actor.is_auditor:
            return self.none()
        return self.filter(company_scope_q(actor, "company__"))


class AgreementQuerySet(models.QuerySet[Any]):
    """Agreements."""

    def visible_to(self, actor: Actor | None) -> AgreementQuerySet:
        """Agreements of visible companies."""
        return self.filter(company_scope_q(actor, "company__"))

    def in_force(self, day: dt.date, known_at: dt.datetime | None = None) -> AgreementQuerySet:
        """Signed agreements in force on `day`, as known at `known_at` (default: everything recorded)."""
        found = self.filter(signed_on__isnull=False, valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )
        if known_at is None:
            return found.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
        ended = Q(ended_on__lte=day, ended_recorded_at__lte=known_at)
        return found.filter(recorded_at__lte=known_at).exclude(ended)

    def in_state(self, state: str, day: dt.date) -> AgreementQuerySet:
        """Those that are `draft`, `active` or `ended` on that day; nothing for another word."""
        over = Q(signed_on__isnull=False) & (Q(ended_on__lte=day) | Q(valid_to__lt=day))
        match state:
            case "draft":
                return self.filter(Q(signed_on__isnull=True) | Q(valid_from__gt=day))
            case "active":
                return self.in_force(day)
            case "ended":
                return self.filter(over, valid_from__lte=day)
        return self.none()

    def to_renew(self, day: dt.date) -> AgreementQuerySet:
        """Those in force that run out within RENEWAL_DAYS of `day`."""
        return self.in_force(day).filter(valid_to__lte=day + dt.timedelta(days=RENEWAL_DAYS), ended_on__isnull=True)


class RegisterImportQuerySet(models.QuerySet[Any]):
    """Imports of the business register."""

    def visible_to(self, actor: Actor | None) -> RegisterImportQuerySet:
        """The coordinator's, and the system's."""
        if actor is not None and (actor.is_system or actor.is_coordinator):
            return self
        return self.none()

    def waiting(self) -> RegisterImportQuerySet:
        """Those that a worker has to go on with, the oldest first."""
        return self.filter(state__in=("checking", "applying")).order_by("created_at", "pk")
