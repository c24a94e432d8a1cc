"""A person's calendar of what is due: promises on their orders, interviews, requests that wait. Nobody's name in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from events import clock
from joborders.models import JobOrder, Nomination
from municipalities import wall
from municipalities.actor import Role
from municipalities.membership import actor_of, current
from notifications import links
from notifications.invitations import LENGTH, PRODUCT

#: More than this nobody has due, and a calendar that is fetched every hour stays small.
MOST = 500
SHOWN = timedelta(minutes=30)


def due_for(user: User) -> bytes:
    """The calendar (RFC 5545), made anew at every reading; empty for somebody without a membership today."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "NRS")
    calendar.add("refresh-interval;value=duration", "PT1H")
    with translation.override(user.language):
        for event in _events(user):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(user: User) -> Iterable[Event]:
    rows = list(current(user=user))
    led = [row.municipality_id for row in rows if row.role == Role.CONSULTANT]
    homes = [row.municipality_id for row in rows if row.role in (Role.CONSULTANT, Role.CASEWORKER)]
    yield from _promises(user, led)
    for row in rows:  # a calendar program has not logged in: the wall opens for whom its secret stands
        with wall.through(wall.Scope.of(actor_of(row))):
            found = [*_interviews(user, [code for code in led if code == row.municipality_id])]
            found += _requests([code for code in homes if code == row.municipality_id])
        yield from found


def _promises(user: User, led: list[str | None]) -> Iterable[Event]:
    """The two promises on the user's orders, and on those of the jobcentre that nobody has yet."""
    mine = JobOrder.objects.in_queue().filter(lead__in=led).filter(Q(assignee=user) | Q(assignee__isnull=True))
    for order in mine.filter(next_due_at__isnull=False).order_by("next_due_at", "id")[:MOST]:
        owed = (
            ("response", order.responded_at, order.response_due_at, _("First response due")),
            ("candidate", order.presented_at, order.candidate_due_at, _("First candidate due")),
        )
        for name, kept, due, words in owed:
            if kept is None and due is not None:
                yield _event(f"{name}-{order.public_id.hex}", f"{words}: {order.number}", due, order)


def _interviews(user: User, led: list[str | None]) -> Iterable[Event]:
    mine = Nomination.objects.filter(state="interview", interview_at__gte=clock.now() - timedelta(days=1))
    mine = mine.filter(order__lead__in=led, order__assignee=user).select_related("order")
    for row in mine.order_by("interview_at", "id")[:MOST]:
        if row.interview_at is not None:
            words = _("Interview, job order %(number)s") % {"number": row.order.number}
            yield _event(f"talk-{row.public_id.hex}", words, row.interview_at, row.order, LENGTH)


def _requests(homes: list[str | None]) -> Iterable[Event]:
    """Requests for candidates of the user's jobcentre that wait for an answer."""
    waiting = Nomination.objects.filter(state="requested", home_code__in=homes, answer_due_at__isnull=False)
    waiting = waiting.filter(order__state="open").select_related("order")
    for row in waiting.order_by("answer_due_at", "id")[:MOST]:
        if row.answer_due_at is not None:
            words = _("Answer to a request due")
            yield _event(f"request-{row.public_id.hex}", f"{words}: {row.order.number}", row.answer_due_at, None)


def _event(uid: str, summary: str, at: datetime, order: JobOrder | None, length: timedelta = SHOWN) -> Event:
    event = Event()
    event.add("uid", f"{uid}@{links.domain()}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", at.astimezone(UTC))
    event.add("dtend", (at + length).astimezone(UTC))
    event.add("summary", summary)
    event.add(
        "url", links.full(links.path_of("order" if order is not None else "candidates", order and order.public_id))
    )
    event.add("transp", "TRANSPARENT")
    return event
