"""The relay without a real broker: order, marking, pauses, ends. With one: tests/faults."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from kombu import Connection, Queue

from events import clock, health, relay, single, tasks
from events.models import Event
from events.topology import Topology
from tests.events.conftest import Append
from tools import supervisor


@pytest.fixture
def folder_broker(tmp_path: Path) -> dict[str, str]:
    """Transport options of an embedded broker of its own."""
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    messages = str(tmp_path / "messages")
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(tmp_path / "control"),
    }


@pytest.fixture
def embedded(folder_broker: dict[str, str]) -> Iterator[relay.Relay]:
    """A relay on the embedded broker."""
    sender = relay.Relay("filesystem://", folder_broker, rings=False, batch=2)
    yield sender
    sender.close()


@pytest.mark.django_db
def test_the_embedded_broker_gets_every_event_once(
    append: Append, embedded: relay.Relay, folder_broker: dict[str, str]
) -> None:
    received: list[Any] = []
    with Connection("filesystem://", transport_options=folder_broker) as broker:
        queue = Queue("listener", Topology().events, routing_key="joborder.*.0219")(broker.channel())
        queue.declare()
        events = [append() for _ in range(5)]
        append("nomination.accepted")
        assert embedded.drain() == 6
        while message := queue.get(no_ack=True):
            received.append(json.loads(message.body))
    # Files written in the same millisecond have no order; whoever needs one looks at `sequence`.
    assert sorted(found["id"] for found in received) == sorted(str(event.public_id) for event in events)
    assert health.summary()["unsent"] == 0
    assert embedded.drain() == 0


@pytest.mark.django_db
def test_events_that_nobody_bound_are_marked_too(append: Append, embedded: relay.Relay) -> None:
    append()
    assert embedded.drain() == 1


@pytest.mark.django_db
def test_the_sweep_sends_where_no_relay_runs(append: Append) -> None:
    append()
    assert health.summary()["unsent"] == 1
    assert tasks.send_embedded() == 1
    assert health.summary()["unsent"] == 0


@pytest.mark.django_db
def test_the_summary_tells_the_age_of_the_oldest_unsent_event(append: Append) -> None:
    with clock.at(clock.now() - timedelta(minutes=5)):
        append()
    assert 300 <= health.summary()["oldest_unsent_seconds"] < 310


@pytest.mark.django_db
def test_a_later_event_of_a_subject_is_not_marked_before_an_earlier_one(append: Append) -> None:
    subject, other = uuid4(), uuid4()
    first, second, third = append(subject=subject), append(subject=other), append(subject=subject)
    events: Sequence[Event] = [first, second, third]
    assert relay.in_order(events, [second, third]) == [second]
    assert relay.in_order(events, [first, third]) == [first, third]


class Broken(relay.Relay):
    """A relay whose broker is not there."""

    def send_batch(self) -> int:
        raise ConnectionRefusedError("no broker")


@pytest.mark.django_db(transaction=True)
def test_a_relay_that_fails_too_often_ends_with_1_for_its_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "pause_seconds", lambda failures: 0.0)
    assert relay.run(threading.Event(), Broken("memory://"), most_failures=3) == 1


@pytest.mark.django_db(transaction=True)
def test_a_relay_that_is_told_to_stop_ends_with_0() -> None:
    stop = threading.Event()
    stop.set()
    assert relay.run(stop, Broken("memory://")) == 0


def test_pauses_grow_up_to_a_limit() -> None:
    pauses = [relay.pause_seconds(failures) for failures in range(1, 9)]
    assert pauses == [0.5, 1, 2, 4, 5, 5, 5, 5]


def test_before_it_gives_up_a_relay_has_run_for_longer_than_its_supervisor_takes_for_a_quick_death() -> None:
    tried = sum(relay.pause_seconds(failures) for failures in range(1, relay.MOST_FAILURES))
    assert tried > supervisor.STEADY_AFTER


@pytest.mark.django_db(transaction=True)
def test_a_second_relay_waits_for_the_first() -> None:
    got: list[bool] = []

    def second() -> None:
        with single.held("relay", wait=False) as is_held:
            got.append(is_held)
        connection.close()

    for _ in range(2):
        with single.held("relay") as is_held:
            assert is_held
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(10)
    assert got == [False, False]
    thread = threading.Thread(target=second)
    thread.start()
    thread.join(10)
    assert got == [False, False, True]


@pytest.mark.django_db(transaction=True)
def test_the_commands_send_and_report(append: Append, capsys: pytest.CaptureFixture[str]) -> None:
    append()
    call_command("relay", "--once")
    assert "1 sent" in capsys.readouterr().out
    call_command("relay_status")
    assert json.loads(capsys.readouterr().out) == {
        "oldest_unsent_seconds": 0,
        "unsent": 0,
        "unhandled": 0,
        "dead": 0,
        "dead_deliveries": [],
    }
