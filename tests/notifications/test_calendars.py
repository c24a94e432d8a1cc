"""A person's calendar of what is due: behind a secret that can be replaced, with numbers and times, and no names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from accounts.models import User
from events import clock
from events.errors import NotVisible
from joborders.services import steps
from notifications import calendars, services
from tests import factories
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region(db: None) -> None:
    factories.load_reference()


def events(user: User) -> list[Any]:
    return list(Calendar.from_ical(calendars.due_for(user)).walk("VEVENT"))


def test_the_promises_on_own_and_unclaimed_orders_interviews_and_requests_are_there() -> None:
    actor, other = factories.consultant(), factories.consultant()
    mine, theirs, free = (factories.order() for _number in range(3))
    steps.claim(mine.public_id, actor, mine.version)
    steps.claim(theirs.public_id, other, theirs.version)
    order = cases.order(assignee_id=actor.user_id, responded_at=clock.now(), presented_at=clock.now())
    talk = cases.nomination(order, "interview")
    type(talk).objects.filter(pk=talk.pk).update(interview_at=clock.now() + dt.timedelta(days=2))
    found = events(User.objects.get(pk=actor.user_id))
    numbers = [str(event["SUMMARY"]) for event in found]
    assert sum(mine.number in words for words in numbers) == sum(free.number in words for words in numbers) == 2
    assert sum(order.number in words for words in numbers) == 1
    assert not any(theirs.number in words for words in numbers)
    text = calendars.due_for(User.objects.get(pk=actor.user_id)).decode()
    assert talk.candidate.identity.name not in text and mine.contact_name not in text


def test_a_request_stands_in_the_calendar_of_its_home() -> None:
    home = factories.caseworker(cases.HOME)
    order = cases.order()
    cases.nomination(order, "requested")
    [event] = events(User.objects.get(pk=home.user_id))
    assert order.number in str(event["SUMMARY"])


def test_a_new_address_ends_the_old_one_and_only_a_digest_is_kept(client: Any) -> None:
    user = User.objects.get(pk=factories.consultant().user_id)
    old = services.new_feed(user)
    assert client.get(f"/calendar/{old}.ics")["Content-Type"] == "text/calendar; charset=utf-8"
    new = services.new_feed(user)
    assert client.get(f"/calendar/{old}.ics").status_code == 404
    assert client.get(f"/calendar/{new}.ics").status_code == 200
    services.end_feed(user)
    with pytest.raises(NotVisible):
        services.user_of_feed(new)
