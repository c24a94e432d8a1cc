"""Reads of mails and their files: scopes first."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from municipalities.actor import Actor, Kind, Role

NOTHING = Q(pk__in=())


def mail_scope_q(actor: Actor | None, prefix: str = "") -> Q:
    """Which mails an actor may see: consultants those of their municipality's queue, tray and orders; coordinators all.

    A mail that became a draft belongs where the draft stands now; a reply to the order's lead.
    """
    if actor is None:
        return NOTHING
    p = prefix
    if actor.kind == Kind.SYSTEM or (actor.kind == Kind.MEMBER and actor.role == Role.COORDINATOR):
        return Q()
    if actor.kind == Kind.MEMBER and actor.role == Role.CONSULTANT and actor.municipality:
        code = actor.municipality
        return (
            Q(**{f"{p}state": "tray", f"{p}municipality": code})
            | Q(**{f"{p}intake__municipality": code})
            | Q(**{f"{p}intake__order__lead": code})
            | Q(**{f"{p}state": "reply", f"{p}order__lead": code})
        )
    return NOTHING


class MailQuerySet(models.QuerySet[Any]):
    """Mails that came in."""

    def visible_to(self, actor: Actor | None) -> MailQuerySet:
        """Those the actor may see; nobody sees none."""
        return self.filter(mail_scope_q(actor))

    def in_tray(self) -> MailQuerySet:
        """Neither in a queue nor on an order, and not done with."""
        return self.filter(state="tray")

    def about(self, order: models.Model) -> MailQuerySet:
        """Those that became or answered this order."""
        return self.filter(Q(state="reply", order=order) | Q(intake__order=order))


class MailFileQuerySet(models.QuerySet[Any]):
    """Files that came along."""

    def visible_to(self, actor: Actor | None) -> MailFileQuerySet:
        """Those of visible mails, for consultants: coordinators route mails and open no files."""
        if actor is None or not (actor.is_consultant or actor.is_system):
            return self.none()
        return self.filter(mail_scope_q(actor, "mail__"))

    def quarantined(self) -> MailFileQuerySet:
        """Those that hold a CPR number, or could not be looked through."""
        return self.filter(state="quarantined")
