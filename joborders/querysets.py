"""Reads of orders, intakes and nominations: scopes first, then the queue's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q

from joborders.workflow import Phase
from municipalities.actor import Actor, Kind, Role

NOTHING = Q(pk__in=())
ORDER_ROLES = {Role.CONSULTANT, Role.COORDINATOR}
#: How an open order's derived phase reads in the database; the rule is workflow.phase.
PHASES: dict[str, Q] = {
    Phase.NEW: Q(with_company=0, assignee__isnull=True),
    Phase.CLAIMED: Q(with_company=0, assignee__isnull=False, screened_at__isnull=True),
    Phase.SCREENED: Q(with_company=0, assignee__isnull=False, screened_at__isnull=False),
    Phase.PRESENTED: Q(with_company__gt=0),
}


def asked_q(municipality: str) -> Q:
    """Orders that others share with this municipality, or that lie in it."""
    return ~Q(lead=municipality) & (Q(shared_at__isnull=False) | Q(workplace_municipality=municipality))


def order_scope_q(actor: Actor | None, prefix: str = "") -> Q:
    """Which orders an actor may see. Consultants: led or taken by their own, shared, in their municipality, or
    under their tovholder agreement. Coordinators: all. A company: its own. A link: its one order."""
    if actor is None:
        return NOTHING
    p = prefix
    if actor.kind == Kind.SYSTEM or (actor.kind == Kind.MEMBER and actor.role == Role.COORDINATOR):
        return Q()
    if actor.kind == Kind.MEMBER and actor.role == Role.CONSULTANT and actor.municipality:
        code = actor.municipality
        return (
            Q(**{f"{p}lead": code})
            | Q(**{f"{p}intake_by": code})
            | Q(**{f"{p}shared_at__isnull": False})
            | Q(**{f"{p}workplace_municipality": code})
            | Q(**{f"{p}tovholder": code})
        )
    if actor.kind == Kind.COMPANY and actor.company is not None:
        return Q(**{f"{p}company__public_id": actor.company})
    if actor.kind == Kind.LINK and actor.order is not None:
        return Q(**{f"{p}public_id": actor.order})
    return NOTHING


def intake_scope_q(actor: Actor | None) -> Q:
    """Calls and mails of the own municipality's queue, and those that became its orders; all for the coordinator."""
    if actor is None:
        return NOTHING
    if actor.kind == Kind.SYSTEM or (actor.kind == Kind.MEMBER and actor.role == Role.COORDINATOR):
        return Q()
    if actor.kind == Kind.MEMBER and actor.role == Role.CONSULTANT and actor.municipality:
        return Q(municipality=actor.municipality) | Q(order__lead=actor.municipality)
    return NOTHING


def nomination_scope_q(actor: Actor | None) -> Q:
    """Home sees its own; the order's lead those on its orders; a company only whom it may see now (design §6)."""
    if actor is None:
        return NOTHING
    if actor.kind == Kind.SYSTEM:
        return Q()
    if actor.kind == Kind.MEMBER and actor.municipality and actor.role == Role.CONSULTANT:
        return Q(home_code=actor.municipality) | Q(order__lead=actor.municipality)
    if actor.kind == Kind.MEMBER and actor.municipality and actor.role == Role.CASEWORKER:
        return Q(home_code=actor.municipality)
    shown = Q(state__in=["presented", "interview", "hired"])
    if actor.kind == Kind.COMPANY and actor.company is not None:
        return Q(order__company__public_id=actor.company) & shown
    if actor.kind == Kind.LINK and actor.order is not None:
        return Q(order__public_id=actor.order) & shown
    return NOTHING


class OrderQuerySet(models.QuerySet[Any]):
    """Job orders."""

    def visible_to(self, actor: Actor | None) -> OrderQuerySet:
        """Those the actor may see; nobody sees none."""
        return self.filter(order_scope_q(actor))

    def open(self) -> OrderQuerySet:
        """Not ended."""
        return self.filter(state="open")

    def in_queue(self) -> OrderQuerySet:
        """Open and not paused."""
        return self.filter(state="open", paused_at__isnull=True)

    def advertised(self, today: dt.date) -> OrderQuerySet:
        """What anybody may read: marked public, open, not paused, in time, and a consultant has called the contact."""
        in_time = Q(deadline__isnull=True) | Q(deadline__gte=today)
        return self.in_queue().filter(in_time, is_public=True, contact_verified_at__isnull=False)

    def led_by(self, municipality: str) -> OrderQuerySet:
        """The own orders of a municipality."""
        return self.filter(lead=municipality)

    def asked_of(self, municipality: str) -> OrderQuerySet:
        """Orders that others share with this municipality, or that lie in it."""
        return self.filter(asked_q(municipality))

    def in_phase(self, phase: str) -> OrderQuerySet:
        """Open orders of one phase."""
        return self.filter(PHASES[phase], state="open")

    def overdue(self, now: dt.datetime) -> OrderQuerySet:
        """A promise has passed its time."""
        return self.filter(next_due_at__lt=now)

    def overdue_first(self) -> OrderQuerySet:
        """The most neglected promise first; orders without a running clock last."""
        return self.order_by(F("next_due_at").asc(nulls_last=True), "id")


class IntakeQuerySet(models.QuerySet[Any]):
    """Calls, mails and web forms as they came in."""

    def visible_to(self, actor: Actor | None) -> IntakeQuerySet:
        """Those the actor may see; nobody sees none."""
        return self.filter(intake_scope_q(actor))


class NominationQuerySet(models.QuerySet[Any]):
    """Nominations."""

    def visible_to(self, actor: Actor | None) -> NominationQuerySet:
        """Those the actor may see; nobody sees none."""
        return self.filter(nomination_scope_q(actor))

    def unfinished(self) -> NominationQuerySet:
        """Requested, accepted, presented or at interview."""
        return self.filter(state__in=["requested", "accepted", "presented", "interview"])

    def supplied(self) -> NominationQuerySet:
        """Accepted by their home jobcentre, and still on the order or hired."""
        return self.filter(state__in=["accepted", "presented", "interview", "hired"])

    def with_the_company(self) -> NominationQuerySet:
        """The company has the candidate and has not answered finally."""
        return self.filter(state__in=["presented", "interview"])
