"""The relay against a RabbitMQ that goes away and comes back: at least once, never lost, in order.

It stops a RabbitMQ of its own (tests/faults/node.py), so it harms nobody.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import transaction
from kombu import Connection, Message

from events import health, relay, services
from events.models import Event
from events.topology import Topology, declare
from tests.events.conftest import Somebody
from tests.faults.node import Node

pytestmark = [pytest.mark.rabbitmq, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def broker(node: Node) -> Iterator[Connection]:
    """A connection to the broker, without retries."""
    with Connection(node.url, connect_timeout=5, heartbeat=0) as connection:
        yield connection


@pytest.fixture
def topology(node: Node, broker: Connection) -> Iterator[Topology]:
    """Exchanges and queues of this test alone, with one consumer that wants everything; gone afterwards."""
    own = Topology(prefix=f"nrs-test-{uuid4().hex[:8]}")
    declare(broker, own)
    own.consumer_queue("everything", "#")(broker.channel()).declare()
    yield own
    with Connection(node.url, connect_timeout=5) as fresh:
        channel = fresh.channel()
        for queue in ("everything", "archive", "dead"):
            channel.queue_delete(f"{own.prefix}.{queue}")
        for exchange in (own.audience, own.events, own.dead):
            channel.exchange_delete(exchange.name)


@pytest.fixture
def sender(node: Node, topology: Topology) -> Iterator[relay.Relay]:
    """A relay for this topology."""
    found = relay.Relay(node.url, {}, topology=topology, batch=50, rings=False)
    yield found
    found.close()


def append_many(subjects: list[UUID], version: int) -> list[str]:
    """One event of this version for each subject; their ids."""
    with transaction.atomic():
        events = [
            services.append(
                "joborder.changed",
                subject,
                by=Somebody(),
                municipality="0219",
                audience=["0219"],
                version=version,
            )
            for subject in subjects
        ]
    return [str(event.public_id) for event in events]


def received(node: Node, topology: Topology, number: int) -> list[dict[str, object]]:
    """Everything in the consumer's queue, at least `number` messages, acknowledged."""
    found: list[dict[str, object]] = []

    def take(message: Message) -> None:
        found.append(json.loads(message.body))
        message.ack()

    with Connection(node.url, connect_timeout=5) as connection:
        queue = topology.consumer_queue("everything", "#")
        consumer = connection.Consumer(
            [queue], on_message=take, accept=["application/cloudevents+json"], prefetch_count=500
        )
        with consumer:
            while True:
                try:
                    connection.drain_events(timeout=10 if len(found) < number else 0.5)
                except TimeoutError:
                    return found


def assert_all_arrived_in_order(messages: list[dict[str, object]], ids: list[str]) -> None:
    """Each id at least once; without repetitions each once, and the versions of each subject rising."""
    assert {message["id"] for message in messages} == set(ids)
    once = list({message["id"]: message for message in reversed(messages)}.values())
    assert len(once) == len(ids)
    seen_versions: dict[object, int] = {}
    seen_ids: set[object] = set()
    for message in messages:
        if message["id"] in seen_ids:
            continue
        seen_ids.add(message["id"])
        version = int(str(message["sequence"]))
        assert version > seen_versions.get(message["subject"], -1), "an older version came after a newer one"
        seen_versions[message["subject"]] = version


def drain_when_back(sender: relay.Relay, seconds: float) -> int:
    """As the supervised relay does: try again until everything is sent; how many tries failed."""
    deadline = time.monotonic() + seconds
    failures = 0
    while time.monotonic() < deadline:
        try:
            sender.drain()
            return failures
        except Exception:
            failures += 1
    raise AssertionError(f"not drained within {seconds} s, {health.summary()['unsent']} unsent")


def test_every_event_is_confirmed_and_arrives(node: Node, sender: relay.Relay, topology: Topology) -> None:
    subjects = [uuid4() for _ in range(10)]
    ids = [found for version in range(12) for found in append_many(subjects, version)]
    assert sender.drain() == 120
    assert health.summary()["unsent"] == 0
    messages = received(node, topology, 120)
    assert len(messages) == 120
    assert_all_arrived_in_order(messages, ids)


def test_a_message_without_a_queue_is_not_marked_as_sent(
    sender: relay.Relay, topology: Topology, broker: Connection
) -> None:
    """Somebody deleted the queues: that is an alarm. The next connection declares them again."""
    append_many([uuid4()], 0)
    sender.drain()
    channel = broker.channel()
    for queue in ("everything", "archive"):
        channel.queue_delete(f"{topology.prefix}.{queue}")
    append_many([uuid4()], 0)
    with pytest.raises(relay.NotConfirmed, match="1 of them unroutable"):
        sender.send_batch()
    assert health.summary()["unsent"] == 1
    assert sender.drain() == 1


def test_a_connection_that_was_cut_is_replaced(
    node: Node, sender: relay.Relay, topology: Topology, broker: Connection
) -> None:
    subject = uuid4()
    ids = append_many([subject], 1)
    sender.drain()
    assert sender._connection is not None
    sender._connection.connection.transport.sock.close()
    ids += append_many([subject], 2)
    with pytest.raises(Exception):  # noqa: B017 - any error will do
        sender.drain()
    assert sender.drain() == 1
    assert_all_arrived_in_order(received(node, topology, 2), ids)


def test_topology_can_be_declared_again(topology: Topology, broker: Connection) -> None:
    declare(broker, topology)


def test_all_events_arrive_once_each_after_the_broker_was_away(
    node: Node, sender: relay.Relay, topology: Topology, broker: Connection
) -> None:
    subjects = [uuid4() for _ in range(20)]
    ids = append_many(subjects, 0)
    sender.drain()
    broker.release()
    version, failures = 0, 0
    stopping = threading.Thread(target=node.stop)
    stopping.start()
    while stopping.is_alive() or failures < 3:  # work goes on while the broker goes down, and without it
        version += 1
        ids += append_many(subjects, version)
        try:
            sender.send_batch()
        except Exception:
            failures += 1
    assert health.summary()["unsent"] > 0, "the broker is away, and the work is kept"
    node.start()
    version += 1
    ids += append_many(subjects, version)
    drain_when_back(sender, 30)
    assert health.summary()["unsent"] == 0
    assert Event.objects.count() == len(ids)
    assert_all_arrived_in_order(received(node, topology, len(ids)), ids)


def test_the_command_declares_the_topology(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app, "connection_for_write", lambda **given: Connection(node.url, **given))
    call_command("declare_topology")
    with Connection(node.url) as connection:
        connection.channel().exchange_declare("nrs.events", "topic", passive=True)
