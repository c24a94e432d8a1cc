"""Reads of candidates: the home municipality, and others only through a live release."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from municipalities.actor import Actor, Kind, Role

HOME_ROLES = {Role.CONSULTANT, Role.CASEWORKER}
NOTHING = Q(pk__in=())
#: Columns that tell who somebody is; kept from the screening's role (municipalities/roles.py).
UNSCORED = ("external_reference", "cv_text", "confirmed_on", "unemployed_since")


def candidate_scope_q(actor: Actor | None, order: UUID | None = None) -> Q:
    """Which named candidates an actor may see (design §6): own municipality, else by release. Nobody sees none.

    `order` narrows releases to one order. A follow link names its company only once its code was entered: before
    that it sees nobody, and after it those released on its one order.
    """
    from candidates.models import Release

    if actor is None:
        return NOTHING
    live = Release.objects.filter(candidate=OuterRef("pk"), ended_at__isnull=True)
    if order is not None:
        live = live.filter(order=order)
    if actor.kind == Kind.MEMBER and actor.role in HOME_ROLES and actor.municipality:
        shared = Q(Exists(live.filter(to_municipality=actor.municipality)))
        return Q(home=actor.municipality) | (shared if actor.role == Role.CONSULTANT else NOTHING)
    if actor.kind == Kind.COMPANY and actor.company is not None:
        return Q(Exists(live.filter(to_company=actor.company)))
    if actor.kind == Kind.LINK and actor.company is not None:
        return Q(Exists(live.filter(to_company=actor.company, order=actor.order)))
    return NOTHING


class CandidateQuerySet(models.QuerySet[Any]):
    """Candidates."""

    def visible_to(self, actor: Actor | None, order: UUID | None = None) -> CandidateQuerySet:
        """Those whom the actor may see by name; releases only of `order` if it is given."""
        return self.filter(candidate_scope_q(actor, order))

    def as_scored(self) -> CandidateQuerySet:
        """Without what a screening never reads: all of it may be read by the screening's role of the database."""
        return self.defer(*UNSCORED)

    def of(self, municipality: str) -> CandidateQuerySet:
        """The candidates whose home is this municipality."""
        return self.filter(home=municipality)

    def active(self) -> CandidateQuerySet:
        """Those who may be screened: available or in a course."""
        return self.filter(status__in=["available", "in_course"])

    def search(self, text: str) -> CandidateQuerySet:
        """Those whose name, case reference or pseudonym holds the text; names are looked in, not read."""
        words = text.strip()
        if not words:
            return self
        found = Q(identity__name__icontains=words) | Q(external_reference__icontains=words)
        return self.filter(found | Q(pseudonym__icontains=words))


class ImportJobQuerySet(models.QuerySet[Any]):
    """Jobs of the import."""

    def visible_to(self, actor: Actor | None) -> ImportJobQuerySet:
        """Those of the municipality whose candidates the actor keeps."""
        if actor is None or actor.kind != Kind.MEMBER or actor.role not in HOME_ROLES or not actor.municipality:
            return self.filter(NOTHING)
        return self.filter(home=actor.municipality)
