"""The orders received in a period, each with the moments that times and promises are made of. Five queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, QuerySet
from django.db.models.fields.json import KT

from campaigns.asked import Asked, known, received_in
from campaigns.periods import Per, name_of
from events import clock
from events.models import Event
from joborders.models import OrderSpan


@dataclass(frozen=True, slots=True)
class Course:
    """One order as it stood at the end of the question's day, as far as it was known.

    `responded`, `presented`: the first contact with the company, the first candidate shown to it; `ended`: when it was
    filled or closed, None while it is open; `paused`: since when it pauses.
    """

    lead: str
    received: dt.datetime
    state: str
    response_due: dt.datetime | None
    candidate_due: dt.datetime | None
    responded: dt.datetime | None
    presented: dt.datetime | None
    ended: dt.datetime | None
    paused: dt.datetime | None = None

    def period(self, per: Per) -> str:
        """The name of the week or month in which it was received."""
        return name_of(clock.local(self.received).date(), per)


def courses(question: Asked, *, with_pauses: bool = False) -> list[Course]:
    """The orders received in the period."""
    responded = _first(_happened(question, "joborder.responded"), "subject")
    presented = _first(_happened(question, "nomination.presented").annotate(of=KT("data__order")), "of")
    ended = _left_open(question)
    paused = _paused(question) if with_pauses else {}
    columns = ("order_id", "order__public_id", "lead_code", "received_at", "state")
    dues = ("order__response_due_at", "order__candidate_due_at")
    found = []
    rows = received_in(question).values_list(*columns, *dues)
    for pk, public_id, lead, received, state, response_due, candidate_due in rows:
        is_open = state == "open"
        found.append(
            Course(
                lead, received, state, response_due, candidate_due,
                responded.get(public_id), presented.get(str(public_id)),
                None if is_open else ended.get(pk, received),
                paused.get(public_id) if is_open else None,
            )
        )  # fmt: skip
    return found


def grouped(found: Iterable[Course], names: Iterable[str], key: Any) -> Iterator[tuple[str, list[Course]]]:
    """The courses by `key`, one heap for each of the names, also the empty ones."""
    heaps: dict[str, list[Course]] = {name: [] for name in names}
    for one in found:
        heaps.setdefault(key(one), []).append(one)
    yield from heaps.items()


def _happened(question: Asked, *types: str) -> QuerySet[Event]:
    """Events of these types since the period began, up to the question's day, as far as they were known."""
    return Event.objects.filter(
        type__in=types,
        happened_at__gte=question.period[0],
        happened_at__lt=question.end,
        recorded_at__lte=question.known_at,
    ).order_by()


def _first(events: QuerySet[Event], key: str) -> Mapping[Any, dt.datetime]:
    return dict(events.values_list(key).annotate(first=Min("happened_at")))


def _left_open(question: Asked) -> Mapping[int, dt.datetime]:
    """When each order was last open: a filled or closed one ended then."""
    begun = OrderSpan.objects.filter(
        state="open", happened_from__gte=question.period[0], happened_to__isnull=False, happened_to__lt=question.end
    )
    return dict(known(begun, question.known_at).values_list("order_id").annotate(last=Max("happened_to")))


def _paused(question: Asked) -> Mapping[UUID, dt.datetime]:
    """Since when an order has been pausing; ending it ends the pause."""
    found: dict[UUID, dt.datetime] = {}
    told = _happened(question, "joborder.paused", "joborder.resumed", "joborder.filled", "joborder.closed")
    for subject, kind, moment in told.order_by("happened_at", "id").values_list("subject", "type", "happened_at"):
        if kind == "joborder.paused":
            found[subject] = moment
        else:
            found.pop(subject, None)
    return found
