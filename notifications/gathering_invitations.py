"""Invitations to gatherings as mails, each with the company's own link to sign up."""

from __future__ import annotations

from django.conf import settings

from events import clock
from events.models import Event
from events.registry import on
from gatherings.models import Invitation
from notifications.writing import TOO_OLD, write

TEMPLATE = "gathering_invitation"


@on("gathering.invited", consumer="notifications.gathering_invitations")
def write_invitation(event: Event) -> None:
    """Write the mail of an invitation, in the transaction of its inbox row."""
    if clock.now() - event.recorded_at > TOO_OLD:
        return
    seen = Invitation.objects.select_related("contact", "company", "gathering")
    found = seen.filter(public_id=event.data["invitation"]).first()
    if found is None or found.contact is None or found.company.no_letters or found.gathering.cancelled_at is not None:
        return
    key = f"{TEMPLATE}:{found.public_id}"  # rendering finds the company's secret link by it
    about = {"gathering": found.gathering, "phone": settings.SERVICE_PHONE}
    write(TEMPLATE, None, to=found.contact.email, key=key, subject=found.gathering.title.replace("%", "%%"), **about)
