"""Who sees what of the monthly checks, holds and notices. Denies by default."""

from __future__ import annotations

from typing import Any

from django.db import models

from candidates.querysets import HOME_ROLES
from municipalities.actor import Actor


class CheckQuerySet(models.QuerySet[Any]):
    """Reads that a draw took."""

    def visible_to(self, actor: Actor | None) -> CheckQuerySet:
        """All to the auditor (of one municipality: its own); to others the questions about their own reads."""
        if actor is None or not actor.is_member:
            return self.none()
        if actor.is_auditor:
            return self.filter(place=actor.municipality) if actor.municipality else self.all()
        if actor.public_id is None:
            return self.none()
        return self.filter(actor_id=actor.public_id, asked_at__isnull=False)

    def waiting(self) -> CheckQuerySet:
        """Questions that nobody has answered yet."""
        return self.filter(asked_at__isnull=False, answered_at__isnull=True, conclusion="")


class OfHomeQuerySet(models.QuerySet[Any]):
    """What hangs on candidates and is their home jobcentre's alone."""

    def visible_to(self, actor: Actor | None) -> OfHomeQuerySet:
        """Those of the own municipality."""
        if actor is None or actor.role not in HOME_ROLES or actor.municipality is None:
            return self.none()
        return self.filter(candidate__home=actor.municipality)
