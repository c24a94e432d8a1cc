"""Job orders that live through the services, each step on its day of March 2026 (a Monday is the 2nd)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import figures
from candidates.models import Candidate
from events import clock
from joborders.models import JobOrder, Nomination
from joborders.services import nominations, steps
from municipalities.actor import Actor
from tests import factories

ACCEPTED = {"accepted_on": "2026-01-05", "channel": "phone"} | dict.fromkeys(
    ("talk_can_do", "talk_wants_to", "cv_checked"), True
)
HIRED = {"starts_on": "2027-02-01", "weekly_hours": 37, "terms": "ordinary"}


def day(number: int, hour: int = 9, month: int = 3) -> dt.datetime:
    """That day of March, at that hour in Copenhagen."""
    return dt.datetime(2026, month, number, hour, tzinfo=clock.COPENHAGEN)


class Scene:
    """One order, received at nine on a day; every step takes its day."""

    def __init__(self, received: int, *, lead: str = factories.HILLEROED, positions: int = 1, **changes: Any) -> None:
        self.lead = factories.consultant(lead)
        with clock.at(day(received)):
            owner = factories.company(lead, **changes)
            self.id = factories.order(owner, positions=positions).public_id

    @property
    def order(self) -> JobOrder:
        """As it is now."""
        return JobOrder.objects.get(public_id=self.id)

    def take(self, number: int, step: str, *, hour: int = 9, **given: Any) -> Scene:
        """One of `joborders.services.steps` by the lead."""
        with clock.at(day(number, hour)):
            getattr(steps, step)(self.id, self.lead, self.order.version, **given)
        return self

    def answer(self, number: int, *, hour: int = 9, **given: Any) -> Scene:
        """The first contact with the company, by whoever took the order."""
        if self.order.assignee_id is None:
            self.take(number, "claim", hour=hour)
        return self.take(number, "respond", hour=hour, **given)

    def present(self, number: int, home: str = factories.HILLEROED, *, hour: int = 9) -> Nomination:
        """Home offers one of its people, and the company sees them."""
        with clock.at(day(number, hour)):
            if self.order.contact_verified_at is None:
                steps.verify_contact(self.id, self.lead, self.order.version, source="website")
            if home != self.order.lead_id and self.order.shared_at is None:
                steps.share(self.id, self.lead, self.order.version)
            person = self.person(home)
            at_home = factories.consultant(home)
            done = nominations.offer(
                self.id, at_home, self.order.version, candidate=person.public_id, acceptance=ACCEPTED
            )
        return self.nominate(number, "present", done.nomination, hour=hour, reason="Virksomheden vil se kandidaten.")

    def nominate(self, number: int, step: str, one: Nomination, *, hour: int = 9, **given: Any) -> Nomination:
        """A step of a nomination, by the lead."""
        version = Nomination.objects.values_list("version", flat=True).get(pk=one.pk)
        with clock.at(day(number, hour)):
            return getattr(nominations, step)(one.public_id, self.lead, version, **given).nomination

    def hire(self, number: int, home: str = factories.HILLEROED) -> Nomination:
        """Somebody from there is presented and hired on the same day."""
        return self.nominate(number, "hire", self.present(number, home), hour=10, **HIRED)

    def person(self, home: str) -> Candidate:
        """A new citizen there."""
        return factories.candidate(home, by=Actor.member(role="caseworker", municipality=home))


def figure(name: str, as_of: int = 31, **given: Any) -> dict[str, Any]:
    """The figure of March, seen from the first of May."""
    period = {} if name == "status" else {"since": dt.date(2026, 3, 1)}
    with clock.at(day(1, month=5)):
        return figures.figure(name, as_of=dt.date(2026, 3, as_of), **(period | given))


def queries_of(name: str, **given: Any) -> int:
    """How many queries the figure takes."""
    with CaptureQueriesContext(connection) as found:
        figure(name, **given)
    return len(found)
