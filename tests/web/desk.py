"""What the tests of the desk share: somebody at the desk, and orders at every stage."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from joborders.models import JobOrder, Nomination
from joborders.services import nominations, steps
from municipalities.actor import Actor
from tests import factories

ACCEPTED = {
    "accepted_on": date(2026, 3, 2),
    "channel": "phone",
    "talk_can_do": True,
    "talk_wants_to": True,
    "cv_checked": True,
}


def at_desk(actor: Actor) -> Client:
    """A browser in which the actor is logged in."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend="municipalities.login.MemberBackend")
    return client


def text_of(response: Any) -> str:
    """The words of a page, without its tags."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(plain).split())


def fresh(order: JobOrder) -> JobOrder:
    """The order as it is now."""
    return JobOrder.objects.get(pk=order.pk)


def claimed(actor: Actor, **changes: Any) -> JobOrder:
    """An order that the actor has claimed."""
    made = factories.order(factories.company(str(actor.municipality)), **changes)
    return steps.claim(made.public_id, actor, made.version)


def shared(lead: Actor, **changes: Any) -> JobOrder:
    """An order of the lead's, shared with all nine."""
    made = claimed(lead, **changes)
    return steps.share(made.public_id, lead, made.version)


def offered(order: JobOrder, by: Actor, **profile: Any) -> Nomination:
    """One of the actor's candidates, accepted on the order."""
    person = factories.candidate(str(by.municipality), **profile)
    done = nominations.offer(
        order.public_id,
        by,
        fresh(order).version,
        candidate=person.public_id,
        acceptance={**ACCEPTED, "accepted_on": order.received_at.date()},
    )
    return done.nomination


def verified(order: JobOrder, by: Actor) -> JobOrder:
    """The order with its contact verified."""
    return steps.verify_contact(order.public_id, by, fresh(order).version, source="website")


def presented(order: JobOrder, by: Actor) -> Nomination:
    """A candidate of the lead whom the company has seen."""
    made = offered(order, by)
    if fresh(order).contact_verified_at is None:
        verified(order, by)
    return nominations.present(made.public_id, by, made.version, reason="Kendt af os").nomination


def chosen(*made: Nomination) -> list[str]:
    """Nominations as the page's checkboxes name them."""
    return [f"{one.public_id}.{Nomination.objects.get(pk=one.pk).version}" for one in made]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that was run inside, without the marks of transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    found += [each["sql"] for each in queries if not each["sql"].startswith(marks)]
