"""Which events somebody may know of."""

from __future__ import annotations

from django.db.models import QuerySet

from events.models import Event
from municipalities.actor import Actor, Kind


def audience(actor: Actor) -> QuerySet[Event]:
    """The events that somebody may know of. Denied by default.

    A coordinator follows all nine, but no candidates (design §6); auditors, administrators and holders of a
    follow link have no feed.
    """
    events = Event.objects
    if actor.is_coordinator:
        return events.visible_to_codes(everything=True).exclude(type__startswith="candidate.")
    if actor.is_consultant or actor.is_caseworker:
        return events.visible_to_codes(municipality=actor.municipality)
    if actor.kind is Kind.COMPANY:
        return events.visible_to_codes(company=actor.company)
    return events.none()
