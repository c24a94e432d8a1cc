"""Interviews and meetings as iCalendar invitations (RFC 5545, RFC 5546): a request, its updates, its cancellation.

Nobody's name stands in them: a calendar is read by colleagues, phones and whatever they are synchronised with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar as Ical
from icalendar import Event as IcalEvent
from icalendar import vCalAddress, vText

from events import clock
from gatherings.models import Gathering
from joborders.models import JobOrder
from notifications import links
from notifications.table import Calendar

LENGTH = dt.timedelta(hours=1)
PRODUCT = "-//Nordsjællands Rekrutteringsservice//NRS//DA"


def interview(
    method: Calendar,
    nomination: UUID,
    sequence: int,
    at: dt.datetime,
    order: JobOrder,
    to: Sequence[str],
    language: str,
) -> str:
    """The invitation as text. `sequence` grows with every change, so that a late mail does not undo a newer one."""
    event = _event(method, f"interview-{nomination.hex}", sequence, at, at + LENGTH)
    with translation.override(language):
        event.add("summary", _("Interview, job order %(number)s") % {"number": order.number})
        event.add("description", _("Who comes stands behind the link in our mail, and nowhere in this calendar."))
    place = ", ".join(part for part in (order.workplace_street, order.workplace_postal_code) if part)
    return _invitation(method, event, place, to)


def gathering(method: Calendar, about: Gathering, to: Sequence[str]) -> str:
    """The invitation of a meeting for companies as text; its version is the sequence."""
    event = _event(method, f"gathering-{about.public_id.hex}", about.version, about.starts_at, about.ends_at)
    event.add("summary", about.title)
    return _invitation(method, event, about.place, to)


def _event(method: Calendar, name: str, sequence: int, begins: dt.datetime, ends: dt.datetime) -> IcalEvent:
    event = IcalEvent()
    event.add("uid", f"{name}@{links.domain()}")
    event.add("sequence", sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", begins.astimezone(dt.UTC))
    event.add("dtend", ends.astimezone(dt.UTC))
    event.add("status", "CANCELLED" if method is Calendar.CANCEL else "CONFIRMED")
    return event


def _invitation(method: Calendar, event: IcalEvent, place: str, to: Sequence[str]) -> str:
    calendar = Ical()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if place:
        event.add("location", place)
    organizer = vCalAddress(f"MAILTO:{settings.SHARED_MAILBOX}")
    organizer.params["CN"] = vText("Nordsjællands Rekrutteringsservice")
    event["organizer"] = organizer
    for address in to:
        event.add("attendee", _attendee(address), encode=0)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _attendee(address: str) -> vCalAddress:
    found = vCalAddress(f"MAILTO:{address}")
    found.params["ROLE"] = vText("REQ-PARTICIPANT")
    found.params["PARTSTAT"] = vText("NEEDS-ACTION")
    found.params["RSVP"] = vText("FALSE")
    return found
