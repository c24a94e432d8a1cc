"""The whole way of the events to a foreign queue: none is lost while RabbitMQ goes away, and each is as described."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connections
from jsonschema import Draft202012Validator, FormatChecker
from kombu import Connection, Message

from events import clock, delivery, relay
from events.cloudevents import full_type
from events.models import Event
from events.topology import Topology, declare, give_queue, take_queue
from municipalities.audience import audience
from notifications import sending
from notifications.models import Mail
from tests import factories
from tests.faults.node import Node
from tests.notifications.sink import running

REPO = Path(__file__).resolve().parents[2]
ORDERS = 500 if os.environ.get("NRS_TEST_LONG") else 40
HOME = factories.HILLEROED
PATIENCE_S = 120

pytestmark = [pytest.mark.rabbitmq, pytest.mark.django_db(transaction=True)]
#: CloudEvents envelope of this product: anything else in a message is not described.
ENVELOPE = set(
    yaml.safe_load((REPO / "docs/asyncapi.yaml").read_text())["components"]["schemas"]["envelope"]["properties"]
)


@cache
def document() -> dict[str, Any]:
    """docs/asyncapi.yaml."""
    return yaml.safe_load((REPO / "docs/asyncapi.yaml").read_text())


@cache
def validator(type: str) -> Draft202012Validator:
    """The published schema of one kind of event, with what it refers to."""
    schema = {"$ref": f"#/components/schemas/{type}", "components": document()["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def problems_of(message: dict[str, Any]) -> list[str]:
    """What a message has that its published description does not allow, or does not name."""
    short = message["type"].removeprefix("dk.nrs.").removesuffix(".v1")
    if short not in document()["components"]["schemas"]:
        return [f"{short} is not described"]
    known = document()["components"]["schemas"][short]["properties"]["data"]["properties"]
    surplus = (set(message) - ENVELOPE) | (set(message["data"]) - set(known))
    return [f"{short}: {error.message}" for error in validator(short).iter_errors(message)] + sorted(surplus)


@contextmanager
def relaying(node: Node) -> Iterator[None]:
    """A relay to the node, which waits out whatever happens to it."""
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                relay.run(stop, relay.Relay(node.url, {}, confirm_seconds=3, rings=False), most_failures=1)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


def messages_in(node: Node, queue: str, number: int) -> list[tuple[dict[str, Any], Message]]:
    """Everything in a queue, at least `number` messages or whatever comes within half a second."""
    found: list[tuple[dict[str, Any], Message]] = []
    with Connection(node.url, connect_timeout=10) as connection:
        channel = connection.channel()
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            taken = channel.basic_get(queue, no_ack=True)
            if taken is not None:
                message = channel.message_to_python(taken)
                found.append((json.loads(message.body), message))
            elif len(found) >= number:
                return found
            else:
                time.sleep(0.1)
    return found


def all_sent() -> bool:
    return not Event.objects.unsent().exists()


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def test_in_a_day_with_two_stops_of_rabbitmq_and_one_of_the_mail_server_all_arrives_and_mails_once(
    node: Node, settings: Any
) -> None:
    """RabbitMQ stops once in order and once by kill -9, the mail server for half of the orders that come in."""
    factories.load_reference()
    with Connection(node.url) as broker:
        queue = give_queue(broker, Topology(), HOME)
        broker.channel().queue_purge(queue)
    factories.consultant(HOME)
    company = factories.company()
    with relaying(node), running(settings) as sink:
        for number in range(ORDERS):
            factories.order(company, title=f"Chauffør {number}")
            if number == ORDERS // 3:
                node.stop()
            if number == 2 * ORDERS // 3:
                node.kill()
            if number in (ORDERS // 2, ORDERS - 5):
                node.start()
            if number == ORDERS // 4:
                sink.stop()
            if number % (ORDERS // 20) == 0:
                delivery.sweep()
                sending.send_pending()
            if number == 3 * ORDERS // 4:
                assert Mail.objects.filter(failure="ConnectionRefusedError").exists()
                sink.start()
        wait_for(all_sent)
        delivery.sweep()
        with clock.at(clock.now() + dt.timedelta(hours=2)):
            sending.send_pending()
    expected = Event.objects.visible_to_codes(municipality=HOME)
    submitted = set(map(str, expected.filter(type="joborder.submitted").values_list("public_id", flat=True)))
    assert len(submitted) == ORDERS
    messages = [message for message, _raw in messages_in(node, queue, expected.count())]
    assert {message["id"] for message in messages} == set(map(str, expected.values_list("public_id", flat=True)))
    assert [problem for message in messages for problem in problems_of(message)] == []
    sent = Mail.objects.filter(state=Mail.State.SENT)
    assert sent.filter(template="receipt").count() == ORDERS and not Mail.objects.exclude(state=Mail.State.SENT)
    assert sorted(sink.ids) == sorted(map(sending.message_id, sent)) and len(sink.ids) == len(set(sink.ids))


def test_every_kind_of_event_that_a_region_writes_is_as_described(node: Node) -> None:
    """The demo region, from RabbitMQ: every message against the published schema; each queue holds its own feed."""
    call_command("load_reference", verbosity=0)
    call_command("load_scenario", "demo", verbosity=0)
    codes = (HOME, factories.GRIBSKOV)
    with Connection(node.url) as broker:
        queues = {code: give_queue(broker, Topology(), code) for code in codes}
        for queue in queues.values():
            broker.channel().queue_purge(queue)
    with relaying(node):
        wait_for(all_sent)
    seen: Counter[str] = Counter()
    for code, queue in queues.items():
        feed = audience(factories.consultant(code))
        messages = messages_in(node, queue, feed.count())
        assert {message["id"] for message, _raw in messages} == set(map(str, feed.values_list("public_id", flat=True)))
        for message, raw in messages:
            assert problems_of(message) == []
            assert raw.properties["message_id"] == message["id"]
            assert raw.delivery_info["routing_key"].startswith(message["type"].split(".", 2)[2].rsplit(".", 1)[0])
            seen[message["type"]] += 1
        assert any(message.get("municipality") != code for message, _raw in messages), "only by owner, not by audience"
    types = {full_type(type) for type in Event.objects.order_by().values_list("type", flat=True).distinct()}
    assert len(seen) >= 15
    assert types >= set(seen)


def test_the_check_of_messages_sees_what_is_wrong() -> None:
    good = {
        "specversion": "1.0", "id": "6f6f1c60-4d3e-4d5e-9a41-6d1f7ad0b1c2", "source": "urn:nrs", "sequence": "2",
        "type": "dk.nrs.joborder.claimed.v1", "subject": "0d0ad7b7-6c0c-4d25-8b19-7f6a8f8a3a10",
        "time": "2026-03-02T09:12:44+01:00", "recordedtime": "2026-03-02T09:12:44+01:00", "actorkind": "member",
        "datacontenttype": "application/json", "data": {"assignee": "2f1d4c0e-8f0f-4b2e-9f5e-5a8de6e0b7aa"},
    }  # fmt: skip
    assert problems_of(good) == []
    assert problems_of({**good, "data": {}}) != []
    assert problems_of({**good, "data": {"assignee": "Ann"}}) != []
    assert problems_of({**good, "data": {**good["data"], "name": "Ann"}}) == ["name"]
    assert problems_of({**good, "type": "dk.nrs.joborder.vanished.v1"}) != []
    assert problems_of({**good, "cpr": "1"}) == ["cpr"]


def test_what_a_municipality_refuses_goes_to_the_dead_letters(node: Node) -> None:
    topology = Topology(prefix="nrs-dead-test")
    with Connection(node.url) as broker:
        queue = give_queue(broker, topology, HOME)
        assert give_queue(broker, topology, HOME) == queue, "safe to run again"
        channel = broker.channel()
        producer = broker.Producer(channel, exchange=topology.events, auto_declare=False)
        producer.publish({"n": 1}, routing_key="joborder.claimed.0217", headers={"to-0217": "yes", "to-0219": "yes"})
        producer.publish({"n": 2}, routing_key="joborder.claimed.0219", headers={"to-0217": "yes"})
        taken = wait_for_message(channel, queue)
        assert taken.payload == {"n": 1}, "by audience, not by owner"
        taken.reject()
        dead = wait_for_message(channel, f"{topology.prefix}.dead")
        assert dead.payload == {"n": 1}
        assert dead.headers["x-death"][0]["queue"] == queue
        assert channel.basic_get(queue) is None
        take_queue(broker, topology, HOME)


def wait_for_message(channel: Any, queue: str) -> Any:
    """The next message of a queue."""
    deadline = time.monotonic() + PATIENCE_S
    while (taken := channel.basic_get(queue)) is None:
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.05)
    return channel.message_to_python(taken)


def test_the_command_gives_a_queue_and_takes_it_away(
    node: Node, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from celery import current_app

    factories.load_reference()
    with pytest.raises(CommandError, match="need RabbitMQ"):
        call_command("bind_municipality", HOME)
    monkeypatch.setattr(current_app, "connection_for_write", lambda **given: Connection(node.url, **given))
    with pytest.raises(CommandError, match="not one of the nine: 0101"):
        call_command("bind_municipality", "0101", HOME)
    call_command("bind_municipality", "0250")
    call_command("bind_municipality", "0250", "--remove")
    said = capsys.readouterr().out
    assert "0250: nrs.municipality.0250" in said
    assert "0250: deleted, 0 messages with it" in said
    with Connection(node.url) as broker:
        declare(broker, Topology())
