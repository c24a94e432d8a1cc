"""Exchanges and queues on RabbitMQ, declared at deploy (`manage.py declare_topology`) and by the relay.

`nrs.events`    durable topic exchange, routing key `joborder.claimed.0219`.
`nrs.audience`  durable headers exchange behind it: a message carries `to-0219: yes` for each municipality that may read
                it, so that a municipality's queue (`manage.py bind_municipality 0219`) holds just what its feed does.
`nrs.archive`   quorum queue bound to `#` that keeps the last events (the oldest fall out). Nobody consumes it:
                it is there to look at, and so that every event has a queue. Messages are mandatory; one that is
                returned therefore means that the topology was damaged, and is an alarm, no normal answer.
`nrs.dead`      exchange and queue where consumers' queues put what was refused or delivered too often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kombu import Connection, Exchange, Queue, binding

DELIVERY_LIMIT = 10
ARCHIVE_LENGTH = 10_000
DEAD_LENGTH = 10_000
#: What a municipality that does not read may leave lying; beyond it the oldest go to the dead letters.
MUNICIPALITY_LENGTH = 500_000


@dataclass(frozen=True)
class Topology:
    """The names, all under one prefix (tests take their own)."""

    prefix: str = "nrs"

    @property
    def events(self) -> Exchange:
        """The exchange for integrators."""
        return Exchange(f"{self.prefix}.events", type="topic", durable=True)

    @property
    def audience(self) -> Exchange:
        """Everything once more, to be bound by who may read it."""
        return Exchange(f"{self.prefix}.audience", type="headers", durable=True)

    @property
    def dead(self) -> Exchange:
        """The dead-letter exchange."""
        return Exchange(f"{self.prefix}.dead", type="topic", durable=True)

    def own_queues(self) -> list[Queue]:
        """The archive and the dead letters. No dead-lettering from either."""
        return [
            self._quorum("archive", self.events, ARCHIVE_LENGTH),
            self._quorum("dead", self.dead, DEAD_LENGTH),
        ]

    def consumer_queue(self, name: str, *patterns: str) -> Queue:
        """A quorum queue for one consumer within the house, bound by routing key (`joborder.*.0219`)."""
        return Queue(
            f"{self.prefix}.{name}",
            bindings=[binding(self.events, routing_key=pattern) for pattern in patterns],
            durable=True,
            queue_arguments=self._guarded(),
        )

    def municipality_queue(self, code: str) -> Queue:
        """The quorum queue of one municipality: all that it may read, and nothing else."""
        return Queue(
            f"{self.prefix}.municipality.{code}",
            bindings=[binding(self.audience, arguments={"x-match": "any", header_of(code): "yes"})],
            durable=True,
            queue_arguments={**self._guarded(), "x-max-length": MUNICIPALITY_LENGTH},
        )

    def _guarded(self) -> dict[str, object]:
        return {
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": self.dead.name,
        }

    def _quorum(self, name: str, exchange: Exchange, length: int) -> Queue:
        return Queue(
            f"{self.prefix}.{name}",
            exchange,
            routing_key="#",
            durable=True,
            queue_arguments={"x-queue-type": "quorum", "x-max-length": length, "x-overflow": "drop-head"},
        )


def header_of(code: str) -> str:
    """The header of a message that this municipality may read."""
    return f"to-{code}"


def headers_for(codes: Sequence[str]) -> dict[str, str]:
    """The headers of a message that these municipalities may read."""
    return {header_of(code): "yes" for code in codes}


def declare(connection: Connection, topology: Topology) -> None:
    """Declare what is not there. The embedded broker gets the exchange only: nobody reads it."""
    channel = connection.channel()
    try:
        topology.events(channel).declare()
        if speaks_amqp(connection):
            topology.dead(channel).declare()
            audience = topology.audience(channel)
            audience.declare()
            audience.bind_to(topology.events, routing_key="#")
            for queue in topology.own_queues():
                queue(channel).declare()
    finally:
        channel.close()


def give_queue(connection: Connection, topology: Topology, code: str) -> str:
    """Declare a municipality's queue with its binding, harmless if it is there; its name."""
    declare(connection, topology)
    channel = connection.channel()
    try:
        queue = topology.municipality_queue(code)
        queue(channel).declare()
        return str(queue.name)
    finally:
        channel.close()


def take_queue(connection: Connection, topology: Topology, code: str) -> int:
    """Delete a municipality's queue, whatever lies in it; how many messages did."""
    channel = connection.channel()
    try:
        return int(channel.queue_delete(topology.municipality_queue(code).name))
    finally:
        channel.close()


def speaks_amqp(connection: Connection) -> bool:
    """Whether this is a real broker with publisher confirms."""
    return connection.transport.driver_type == "amqp"
