"""To the companies that come to a meeting: it is confirmed, moved or cancelled, with what it does to their calendar."""

from __future__ import annotations

from django.conf import settings

from events import clock
from events.models import Event
from gatherings.models import Gathering, Invitation
from notifications import invitations, table
from notifications.table import Calendar, Letter
from notifications.writing import TOO_OLD, write


def write_for(event: Event) -> None:
    """Write what an event of a meeting calls for, once per company; nothing about a meeting that has begun."""
    letters = table.for_event(event.type, event.data)
    if not letters or clock.now() - event.recorded_at > TOO_OLD:
        return
    gathering = Gathering.objects.filter(public_id=event.subject).first()
    if gathering is None or gathering.starts_at <= clock.now():
        return
    for letter in letters:
        if _still_holds(letter, event, gathering):
            for invitation in _signed_up(event, gathering):
                _write(letter, invitation, gathering)


def _still_holds(letter: Letter, event: Event, gathering: Gathering) -> bool:
    """A meeting that was cancelled meanwhile is only told as cancelled; other changes than MOVED are no news."""
    if (gathering.cancelled_at is not None) is not (letter.calendar is Calendar.CANCEL):
        return False
    return event.type != "gathering.changed" or not table.MOVED.isdisjoint(event.data["fields"])


def _signed_up(event: Event, gathering: Gathering) -> list[Invitation]:
    """The company that has answered, or all that come; who has no address any more is left out."""
    coming = gathering.invitations.filter(answer=Invitation.Answer.COMING, contact__isnull=False)
    if event.type == "gathering.answered":
        coming = coming.filter(company__public_id=event.data["company"])
    found = coming.exclude(contact__email="").select_related("contact", "company")
    return list(found.order_by("pk"))


def _write(letter: Letter, invitation: Invitation, gathering: Gathering) -> None:
    contact = invitation.contact
    if contact is None or letter.calendar is None:
        return
    # Rendering finds the company's link by the invitation in the key; two changes before one mail are one mail.
    key = f"{letter.template}:{invitation.public_id}:{gathering.version}:{invitation.people}"
    write(
        letter.template,
        None,
        to=contact.email,
        key=key,
        subject=letter.subject,
        calendar=invitations.gathering(letter.calendar, gathering, [contact.email]),
        title=gathering.title,
        gathering=gathering,
        people=invitation.people,
        phone=settings.SERVICE_PHONE,
    )
