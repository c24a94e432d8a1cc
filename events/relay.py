"""Events to the broker: what is unsent is published, what is confirmed is marked. At least once, never lost.

One relay owns one connection. Any error throws the connection away; the next try makes a new one after a
growing pause, and after too many failures in a row the process ends for its supervisor to start it anew (an
outage may last any length: the rows wait). Messages of a batch are published without waiting, then all
their confirms are collected. An event is marked only with all earlier ones of its subject, so that a
subject's order survives a refusal.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

import orjson
from celery import current_app
from kombu import Connection, Producer

from events import bell, clock, pulse, single
from events.cloudevents import CONTENT_TYPE, cloudevent, full_type, routing_key
from events.models import Event
from events.topology import Topology, declare, headers_for, speaks_amqp

log = logging.getLogger(__name__)

BATCH = 500
CONFIRM_SECONDS = 5.0
POLL_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0  # so long may it take, at most, until the relay sees that the broker is back
MOST_FAILURES = 16  # more than a minute: a supervisor takes the next start for a new one and does not pause longer


class NotConfirmed(Exception):
    """The broker refused, returned, or did not answer in time for some messages."""


class Confirms:
    """The confirms of one channel: which tags are waiting, were confirmed, or refused."""

    def __init__(self, channel: Any) -> None:
        """Put an AMQP channel into confirm mode and listen."""
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)
        self._last_tag = 0
        self._waiting: dict[int, Event] = {}
        self._returned: set[str] = set()
        self.confirmed: list[Event] = []
        self.refused: list[Event] = []

    def expect(self, event: Event) -> None:
        """The event is published next."""
        self._last_tag += 1
        self._waiting[self._last_tag] = event

    def wait(self, connection: Connection, seconds: float) -> None:
        """Until each is answered. Raises NotConfirmed after the time, or if one was refused or returned."""
        deadline = time.monotonic() + seconds
        while self._waiting:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotConfirmed(f"{len(self._waiting)} messages without an answer after {seconds} s")
            try:
                connection.drain_events(timeout=left)
            except TimeoutError:
                continue
        if self.refused:
            raise NotConfirmed(f"{len(self.refused)} messages refused, {len(self._returned)} of them unroutable")

    def take(self) -> list[Event]:
        """What was confirmed since the last call."""
        taken, self.confirmed = self.confirmed, []
        return taken

    def _answered(self, tag: int, multiple: bool) -> list[Event]:
        if not multiple:
            return [self._waiting.pop(tag)] if tag in self._waiting else []
        return [self._waiting.pop(known) for known in sorted(self._waiting) if known <= tag]

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for event in self._answered(tag, multiple):
            is_returned = str(event.public_id) in self._returned
            (self.refused if is_returned else self.confirmed).append(event)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self.refused += self._answered(tag, multiple)

    def _on_return(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        log.error("event was returned by the broker: no queue for %s on %s (%s)", key, exchange, error)
        self._returned.add(message.properties.get("message_id", ""))


class Relay:
    """Sends unsent events. Not thread-safe; one per process."""

    def __init__(
        self,
        url: str | None = None,
        transport_options: dict[str, Any] | None = None,
        *,
        topology: Topology | None = None,
        batch: int = BATCH,
        confirm_seconds: float = CONFIRM_SECONDS,
        rings: bool = True,
    ) -> None:
        """Without a URL, Celery's broker. `rings`: send the worker a task for events that a handler wants."""
        conf = current_app.conf
        self._url = url or conf.broker_write_url or conf.broker_url
        options = conf.broker_transport_options if transport_options is None else transport_options
        # Confirms are collected per batch here; kombu's own would wait for each message.
        self._options = {**(options or {}), "confirm_publish": False}
        self._topology = topology or Topology()
        self._batch = batch
        self._confirm_seconds = confirm_seconds
        self._rings = rings
        self._connection: Connection | None = None
        self._producer: Producer | None = None
        self._confirms: Confirms | None = None

    def drain(self) -> int:
        """Send until nothing is unsent; how many were marked. Raises what broker or database raise."""
        total = 0
        while sent := self.send_batch():
            total += sent
        return total

    def send_batch(self) -> int:
        """Send the oldest unsent events, at most one batch; how many were marked as sent."""
        events = list(Event.objects.unsent()[: self._batch])
        if not events:
            return 0
        done: list[Event] = []
        try:
            done = self._publish(events)
        except BaseException:
            if self._confirms is not None:
                self._mark(in_order(events, self._confirms.take()))
            self.close()
            raise
        self._mark(done)
        if self._rings:
            self._ring_for(done)
        return len(done)

    def close(self) -> None:
        """Throw the connection away, whatever state it is in."""
        connection, self._connection, self._producer, self._confirms = self._connection, None, None, None
        if connection is not None:
            try:
                connection.release()
            except Exception:
                log.debug("closing a broken connection", exc_info=True)

    def _connect(self) -> Producer:
        """A fresh connection with the topology declared, or the one at hand."""
        if self._producer is None:
            self._connection = Connection(
                self._url, transport_options=self._options, connect_timeout=self._confirm_seconds, heartbeat=0
            )
            self._connection.connect()
            declare(self._connection, self._topology)
            channel = self._connection.channel()
            self._confirms = Confirms(channel) if speaks_amqp(self._connection) else None
            self._producer = Producer(channel, exchange=self._topology.events, auto_declare=False)
        return self._producer

    def _publish(self, events: Sequence[Event]) -> list[Event]:
        """Publish all, wait for all confirms; the embedded broker has none and is believed."""
        producer = self._connect()
        for event in events:
            if self._confirms is not None:
                self._confirms.expect(event)
            producer.publish(
                orjson.dumps(cloudevent(event)),
                routing_key=routing_key(event),
                content_type=CONTENT_TYPE,
                content_encoding="utf-8",
                delivery_mode=2,
                mandatory=self._confirms is not None,
                timeout=self._confirm_seconds,
                message_id=str(event.public_id),
                type=full_type(event.type),
                headers=headers_for(event.audience_codes),
            )
        if self._confirms is None:
            return list(events)
        self._confirms.wait(self._connection, self._confirm_seconds)
        return self._confirms.take()

    def _mark(self, events: Sequence[Event]) -> None:
        if events:
            ids = [event.pk for event in events]
            Event.objects.filter(pk__in=ids, sent_at=None).update(sent_at=clock.now())

    def _ring_for(self, events: Sequence[Event]) -> None:
        """One task per event that a handler waits for. Lost ones are found by the sweep."""
        wanted = [event for event in events if event.handled_at is None]
        if not wanted or self._connection is None:
            return
        try:
            with current_app.amqp.Producer(self._connection.channel(), auto_declare=False) as producer:
                for event in wanted:
                    current_app.send_task(
                        "events.tasks.dispatch",
                        args=[str(event.public_id)],
                        producer=producer,
                        retry=False,
                        ignore_result=True,
                    )
        except Exception:
            log.warning("events are sent, the bell for their handlers is not", exc_info=True)
            self.close()


def in_order(events: Sequence[Event], confirmed: Sequence[Event]) -> list[Event]:
    """Those confirmed whose earlier ones of the same subject are confirmed too; the others are sent again."""
    known = {event.pk for event in confirmed}
    held_back: set[Any] = set()
    good = []
    for event in events:
        if event.pk not in known:
            held_back.add(event.subject)
        elif event.subject not in held_back:
            good.append(event)
    return good


def run(stop: threading.Event, relay: Relay | None = None, most_failures: int = MOST_FAILURES) -> int:
    """Relay until told to stop. Exit code: 0 when stopped, 1 after too many failures in a row."""
    relay = relay or Relay()
    failures = 0
    try:
        while not stop.is_set():
            try:
                with single.held("relay", stop) as is_held:
                    while is_held and not stop.is_set():
                        sent = relay.send_batch()
                        failures = 0
                        pulse.beat("relay")
                        if not sent:
                            bell.wait(POLL_SECONDS)
            except Exception as error:
                failures += 1
                log.error("relay failed (%d of %d): %s", failures, most_failures, _named(error))
                relay.close()
                if failures >= most_failures:
                    return 1
                stop.wait(pause_seconds(failures))
    finally:
        relay.close()
    return 0


def pause_seconds(failures: int) -> float:
    """Half a second, doubled with each failure, at most 5 s."""
    return float(min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** min(failures - 1, 10)))


def _named(error: Exception) -> str:
    """Class and text; broker and database errors hold no personal data."""
    return f"{type(error).__name__}: {error}"
