"""Exchanges and queues on RabbitMQ, declared at deploy (`manage.py declare_topology`) and by the relay.

`nrs.events`  durable topic exchange, routing key `joborder.claimed.0219`.
`nrs.archive` quorum queue bound to `#` that keeps the last events (the oldest fall out). Nobody consumes it:
              it is there to look at, and so that every event has a queue. Messages are mandatory; one that is
              returned therefore means that the topology was damaged, and is an alarm, no normal answer.
`nrs.dead`    where consumers' queues put what was refused or delivered too often.
"""

from __future__ import annotations

from dataclasses import dataclass

from kombu import Connection, Exchange, Queue, binding

DELIVERY_LIMIT = 10
ARCHIVE_LENGTH = 10_000
DEAD_LENGTH = 10_000


@dataclass(frozen=True)
class Topology:
    """The names, all under one prefix (tests take their own)."""

    prefix: str = "nrs"

    @property
    def events(self) -> Exchange:
        """The exchange for integrators."""
        return Exchange(f"{self.prefix}.events", type="topic", durable=True)

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
        """A quorum queue for one consumer, with delivery limit and dead letters (`joborder.*.0219`)."""
        return Queue(
            f"{self.prefix}.{name}",
            bindings=[self._binding(pattern) for pattern in patterns],
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": DELIVERY_LIMIT,
                "x-dead-letter-exchange": self.dead.name,
            },
        )

    def _binding(self, pattern: str) -> binding:
        return binding(self.events, routing_key=pattern)

    def _quorum(self, name: str, exchange: Exchange, length: int) -> Queue:
        return Queue(
            f"{self.prefix}.{name}",
            exchange,
            routing_key="#",
            durable=True,
            queue_arguments={"x-queue-type": "quorum", "x-max-length": length, "x-overflow": "drop-head"},
        )


def declare(connection: Connection, topology: Topology) -> None:
    """Declare what is not there. The embedded broker gets the exchange only: nobody reads it."""
    channel = connection.channel()
    try:
        topology.events(channel).declare()
        if speaks_amqp(connection):
            topology.dead(channel).declare()
            for queue in topology.own_queues():
                queue(channel).declare()
    finally:
        channel.close()


def speaks_amqp(connection: Connection) -> bool:
    """Whether this is a real broker with publisher confirms."""
    return connection.transport.driver_type == "amqp"
