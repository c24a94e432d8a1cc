"""Handlers see each event once, whatever fails in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from events import clock, delivery, health, registry, tasks
from events.models import Attempt, Event, Inbox
from events.services import handle_once
from tests.events.conftest import Append

pytestmark = pytest.mark.django_db


def listen(consumers: list[str], name: str, handler: Callable[[Event], None], pattern: str = "joborder.*") -> None:
    """Register a handler that the fixture forgets."""
    consumers.append(name)
    registry.on(pattern, consumer=name)(handler)


def test_the_same_event_has_its_effect_once() -> None:
    event_id, effects = uuid4(), []
    assert handle_once("mail", event_id, lambda: effects.append(1)) is True
    assert handle_once("mail", event_id, lambda: effects.append(2)) is False
    assert handle_once("other", event_id, lambda: effects.append(3)) is True
    assert effects == [1, 3]


def test_an_effect_that_fails_is_not_remembered() -> None:
    event_id = uuid4()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        handle_once("mail", event_id, lambda: 1 // 0)
    assert not Inbox.objects.exists()
    assert handle_once("mail", event_id, lambda: None)


def test_an_event_that_nobody_wants_is_done_at_once(append: Append, consumers: list[str]) -> None:
    listen(consumers, "mail", lambda event: None, "nomination.*")
    assert append("joborder.claimed").handled_at is not None
    assert append("nomination.accepted").handled_at is None


def test_bell_and_sweep_together_deliver_once(append: Append, consumers: list[str]) -> None:
    seen: list[Event] = []
    listen(consumers, "mail", seen.append)
    event = append()
    tasks.dispatch(str(event.public_id))
    tasks.dispatch(str(event.public_id))
    assert delivery.sweep() == 0
    assert seen == [event]
    assert not Attempt.objects.exists()
    assert health.summary()["unhandled"] == 0


def test_the_sweep_delivers_what_no_bell_announced(append: Append, consumers: list[str]) -> None:
    seen: list[Event] = []
    listen(consumers, "mail", seen.append)
    events = [append() for _ in range(3)]
    assert delivery.sweep() == 3
    assert seen == events


def test_a_bell_for_an_unknown_event_is_harmless() -> None:
    tasks.dispatch(str(uuid4()))


def test_a_handler_that_fails_is_tried_again_later_and_holds_up_nobody(append: Append, consumers: list[str]) -> None:
    seen: list[str] = []
    works = False

    def unsteady(event: Event) -> None:
        Attempt.objects.filter(event=event).update(error="written and rolled back")
        if not works:
            raise ZeroDivisionError
        seen.append("unsteady")

    listen(consumers, "unsteady", unsteady, "joborder.claimed")
    listen(consumers, "steady", lambda event: seen.append("steady"), "joborder.*")
    append("joborder.claimed")
    append("joborder.shared")
    assert delivery.sweep() == 1
    assert seen == ["steady", "steady"]
    assert Attempt.objects.get().error == "ZeroDivisionError"
    assert delivery.sweep() == 0, "it is not yet time"
    works = True
    with clock.at(clock.now() + timedelta(seconds=6)):
        assert delivery.sweep() == 1
    assert seen == ["steady", "steady", "unsteady"]


def test_what_never_works_is_set_aside_visibly_and_can_be_tried_again(append: Append, consumers: list[str]) -> None:
    calls: list[int] = []

    def hopeless(event: Event) -> None:
        calls.append(1)
        raise ZeroDivisionError

    listen(consumers, "hopeless", hopeless)
    append()
    moment = clock.now()
    for _ in range(delivery.MOST_TRIES + 3):
        moment += timedelta(hours=1)
        with clock.at(moment):
            delivery.sweep()
    assert len(calls) == delivery.MOST_TRIES
    assert health.summary()["dead"] == 1
    assert health.summary()["unhandled"] == 0
    assert delivery.retry_dead() == 1
    with clock.at(moment + timedelta(hours=1)):
        delivery.sweep()
    assert len(calls) == delivery.MOST_TRIES + 1


def test_a_handler_that_kills_its_process_is_counted_and_set_aside(append: Append, consumers: list[str]) -> None:
    calls: list[int] = []

    def killer(event: Event) -> None:
        calls.append(1)
        raise KeyboardInterrupt  # stands for SIGKILL: nothing after it runs

    listen(consumers, "killer", killer)
    append()
    moment = clock.now()
    for _ in range(delivery.MOST_TRIES):
        moment += timedelta(hours=1)
        with clock.at(moment), pytest.raises(KeyboardInterrupt):
            delivery.sweep()
    with clock.at(moment + timedelta(hours=1)):
        assert delivery.sweep() == 1
    assert len(calls) == delivery.MOST_TRIES
    assert health.summary()["dead"] == 1


def test_a_delivery_in_progress_is_left_alone_until_its_lease_is_over(append: Append, consumers: list[str]) -> None:
    seen: list[Event] = []
    listen(consumers, "mail", seen.append)
    event = append()
    Attempt.objects.create(
        event=event,
        consumer="mail",
        tries=1,
        next_try_at=clock.now() + timedelta(seconds=delivery.LEASE_SECONDS),
    )
    tasks.dispatch(str(event.public_id))
    assert (seen, delivery.sweep()) == ([], 0)
    with clock.at(clock.now() + timedelta(seconds=delivery.LEASE_SECONDS + 1)):
        assert delivery.sweep() == 1
    assert seen == [event]


def test_a_lease_from_before_the_clock_was_set_back_is_not_waited_for(append: Append, consumers: list[str]) -> None:
    seen: list[Event] = []
    listen(consumers, "mail", seen.append)
    lease = timedelta(hours=1, seconds=delivery.LEASE_SECONDS)
    event = append()
    Attempt.objects.create(event=event, consumer="mail", tries=1, next_try_at=clock.now() + lease)
    assert delivery.sweep() == 1 and seen == [event]


@pytest.mark.parametrize(
    ("pattern", "event_type", "fits"),
    [
        ("joborder.claimed", "joborder.claimed", True),
        ("joborder.*", "joborder.claimed", True),
        ("*.claimed", "joborder.claimed", True),
        ("#", "joborder.claimed", True),
        ("joborder", "joborder.claimed", False),
        ("nomination.*", "joborder.claimed", False),
        ("joborder.claim", "joborder.claimed", False),
    ],
)
def test_patterns_are_those_of_a_topic(pattern: str, event_type: str, fits: bool) -> None:
    assert registry.matches(pattern, event_type) is fits


def test_two_handlers_cannot_share_a_name(consumers: list[str]) -> None:
    def first(event: Event) -> None: ...
    def second(event: Event) -> None: ...

    listen(consumers, "mail", first)
    with pytest.raises(ValueError, match="mail"):
        listen(consumers, "mail", second)
