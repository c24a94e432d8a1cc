"""Reads of candidates: the home municipality, and others only through a live release."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from municipalities.actor import Actor, Kind, Role

HOME_ROLES = {Role.CONSULTANT, Role.CASEWORKER}
NOTHING = Q(pk__in=())


def candidate_scope_q(actor: Actor | None) -> Q:
    """Which named candidates an actor may see (design §6): own municipality, else by release. Nobody sees none."""
    from candidates.models import Release

    if actor is None:
        return NOTHING
    live = Release.objects.filter(candidate=OuterRef("pk"), ended_at__isnull=True)
    if actor.kind == Kind.MEMBER and actor.role in HOME_ROLES and actor.municipality:
        shared = Q(Exists(live.filter(to_municipality=actor.municipality)))
        return Q(home=actor.municipality) | (shared if actor.role == Role.CONSULTANT else NOTHING)
    if actor.kind == Kind.COMPANY and actor.company is not None:
        return Q(Exists(live.filter(to_company=actor.company)))
    return NOTHING


class CandidateQuerySet(models.QuerySet[Any]):
    """Candidates."""

    def visible_to(self, actor: Actor | None) -> CandidateQuerySet:
        """Those whom the actor may see by name."""
        return self.filter(candidate_scope_q(actor))

    def of(self, municipality: str) -> CandidateQuerySet:
        """The candidates whose home is this municipality."""
        return self.filter(home=municipality)

    def active(self) -> CandidateQuerySet:
        """Those who may be screened: available or in a course."""
        return self.filter(status__in=["available", "in_course"])
