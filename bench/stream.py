"""Events on their way out: the relay to RabbitMQ, and webhooks to a receiver on this machine.

Relay and webhooks run as processes of their own, as in production: no bell of this process wakes them. The queues have
a prefix of their own and are deleted afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
from kombu import Connection

from bench.database import REPO

if TYPE_CHECKING:
    from bench.parts import Bench

BROKER = os.environ.get("TEST_BROKER_URL") or "amqp://guest:guest@127.0.0.1:5672//"
PREFIX = "nrs-bench"
BACKLOG = 10_000
STEADY_PER_SECOND, STEADY_SECONDS = 50, 30
QUIET_EVENTS, QUIET_PER_SECOND = 100, 5
PATIENCE_S = 60
RELAY = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "nrs.settings"
django.setup()
from events import relay, stopping
from events.topology import Topology
stop = stopping.on_signal()
sys.exit(relay.run(stop, relay.Relay(sys.argv[1], {}, topology=Topology(sys.argv[2]), rings=False)))
"""


def stream(bench: Bench) -> None:
    """Backlog and rate of the relay, the age of the oldest unsent event, and how soon a webhook is told."""
    with queues():
        backlog(bench)
        steady(bench)
    webhook(bench)


@contextmanager
def queues() -> Iterator[None]:
    """Exchanges, archive, and one municipality's queue; gone afterwards."""
    from events.topology import Topology, give_queue, take_queue

    topology = Topology(PREFIX)
    with Connection(BROKER, connect_timeout=5) as connection:
        give_queue(connection, topology, "0219")
    try:
        yield
    finally:
        with Connection(BROKER, connect_timeout=5) as connection:
            take_queue(connection, topology, "0219")
            channel = connection.channel()
            for queue in topology.own_queues():
                channel.queue_delete(queue.name)
            for exchange in (topology.audience, topology.events, topology.dead):
                channel.exchange_delete(exchange.name)


def append(count: int) -> list[str]:
    """Write events in one transaction; their ids."""
    from django.db import transaction

    from events import services
    from municipalities.actor import Actor

    fixed = {"by": Actor.system("bench"), "municipality": "0219", "audience": ["0219"], "data": {"assignee": uuid4()}}
    with transaction.atomic():
        made = services.append_many({"type": "joborder.claimed", "subject": uuid4(), **fixed} for _ in range(count))
    return [str(event.public_id) for event in made]


def backlog(bench: Bench) -> None:
    """As after an outage: how long until everything is sent, three times."""
    from events import clock, relay
    from events.models import Event
    from events.topology import Topology

    Event.objects.unsent().update(sent_at=clock.now())  # what the region's own making has left
    sender = relay.Relay(BROKER, {}, topology=Topology(PREFIX), rings=False)
    seconds = []
    for _round in range(3):
        append(BACKLOG)
        begun = time.perf_counter()
        assert sender.drain() == BACKLOG
        seconds.append(time.perf_counter() - begun)
    sender.close()
    middle = sorted(seconds)[1]
    note = f"3 rounds: {', '.join(f'{each:.1f}' for each in seconds)} s"
    bench.add("stream", f"backlog of {BACKLOG:,} drained", middle, "s", target=30, note=note)
    rate = BACKLOG / middle
    bench.add("stream", "relay to quorum queues, confirmed in batches", rate, "/s", target=2000, at_most=False)


def steady(bench: Bench) -> None:
    """The age of the oldest unsent event while events come in evenly."""
    from events import health

    ages: list[int] = []
    with running([sys.executable, "-c", RELAY, BROKER, PREFIX]):
        append(1)
        until(lambda: health.summary()["unsent"] == 0)  # the process is up
        for number in evenly(STEADY_PER_SECOND * STEADY_SECONDS, STEADY_PER_SECOND):
            append(1)
            if number % (STEADY_PER_SECOND // 2) == 0:
                ages.append(health.summary()["oldest_unsent_seconds"])
        until(lambda: health.summary()["unsent"] == 0)
    note = f"over {STEADY_SECONDS} s"
    bench.add("stream", f"oldest unsent at {STEADY_PER_SECOND} events/s", max(ages), "s", target=5, note=note)


def webhook(bench: Bench) -> None:
    """From the commit of an event to its arrival at a receiver, on a system without other work."""
    from django.conf import settings

    from events.webhooks import services
    from municipalities.actor import Actor, Role

    arrived: dict[str, float] = {}
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    written: dict[str, float] = {}
    with receiving(arrived) as url:
        admin = Actor.member(role=Role.ADMIN, municipality="0219")
        services.register(admin, url=url, patterns=["#"])
        command = [sys.executable, "manage.py", "webhooks"]
        with running(command, WEBHOOK_PRIVATE_HOSTS="127.0.0.1"):
            first = append(1)[0]
            until(lambda: first in arrived)  # the process is up
            for _ in evenly(QUIET_EVENTS, QUIET_PER_SECOND):
                written[append(1)[0]] = time.perf_counter()
            until(lambda: written.keys() <= arrived.keys())
    took = sorted(arrived[event] - at for event, at in written.items())
    bench.add("stream", "event to webhook, p50", took[len(took) // 2], "s", note=f"n={len(took)}")
    bench.add("stream", "event to webhook, p95", took[int(len(took) * 0.95)], "s", target=2)


@contextmanager
def receiving(arrived: dict[str, float]) -> Iterator[str]:
    """A receiver that notes when each event came first."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.setdefault(event["id"], time.perf_counter())
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def running(command: list[str], **env: str) -> Iterator[None]:
    """A process that ends with the block."""
    process = subprocess.Popen(command, cwd=REPO, env={**os.environ, **env}, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(40)


def evenly(count: int, per_second: int) -> Iterator[int]:
    """Numbers, so many a second; late ones are not left out."""
    begun = time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
        yield number


def until(condition: Any) -> None:
    """Wait for it, bounded. Raises RuntimeError."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("it did not happen")
        time.sleep(0.02)
