"""Addresses that mails and calendars lead to. A test of the pages holds them against the routes."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from notifications.models import Notice

SETTINGS = "/notices/settings"
MANUAL = "/api/v1/docs"


def path_of(target: str, target_id: UUID | None) -> str:
    """The page that a notice is about."""
    if target == Notice.Target.ORDER and target_id is not None:
        return f"/orders/{target_id}"
    if target == Notice.Target.INTAKE and target_id is not None:
        return f"/intakes/{target_id}"
    if target == Notice.Target.AGREEMENT and target_id is not None:
        return f"/agreements/{target_id}"
    if target == Notice.Target.WEBHOOK and target_id is not None:
        return f"/webhooks/{target_id}"
    return "/candidates"


def full(path: str) -> str:
    """The whole address of a path."""
    return f"{settings.BASE_URL}{path}"


def domain() -> str:
    """The part after the @ of our own sender, for Message-IDs and calendar ids."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ").lower() or "nrs.localhost"
