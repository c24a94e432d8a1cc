"""The arm for comparison: what is lost where an event is published on commit, without outbox and confirms.

It shows that this harness sees loss. Same servers, same fault as `rabbitmq-kill`; a table and a queue of its own.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from django.db import connection, connections, transaction
from kombu import Connection, Queue

from tests.faults.count import Result
from tests.faults.house import House

THREADS, OUTAGE_S = 4, 3.0
QUEUE = Queue("naive", routing_key="naive", durable=True, queue_arguments={"x-queue-type": "quorum"})


def publish_on_commit(house: House, writes: int) -> Result:
    """For comparison, expected to lose: rows are written and told to the broker on commit, while RabbitMQ is killed."""
    result = Result("naive", " ".join((publish_on_commit.__doc__ or "").split()), sent=writes, expects_loss=True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS naive_fault (id integer PRIMARY KEY)")
    with Connection(house.rabbitmq.url) as broker:
        QUEUE(broker.channel()).declare()
    written: set[int] = set()
    threads = [
        threading.Thread(target=_write, args=(house, range(index, writes, THREADS), written))
        for index in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    while len(written) < writes / 3:
        time.sleep(0.005)
    house.rabbitmq.kill()
    result.faults = 1
    time.sleep(OUTAGE_S)
    house.rabbitmq.start()
    for thread in threads:
        thread.join()
    told = _told(house)
    result.acked, result.lost, result.events = len(written), len(written - told), len(told)
    return result


def _write(house: House, numbers: range, written: set[int]) -> None:
    broker = Connection(house.rabbitmq.url, connect_timeout=1)
    for number in numbers:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO naive_fault VALUES (%s)", [number])
            transaction.on_commit(lambda number=number: _tell(broker, number))
        written.add(number)
        time.sleep(0.02)
    broker.release()
    connections.close_all()


def _tell(broker: Connection, number: int) -> None:
    """Published and forgotten; a broker that is away must not break the request."""
    with suppress(Exception):
        broker.Producer(serializer="json").publish({"id": number}, routing_key="naive", delivery_mode=2)


def _told(house: House) -> set[int]:
    found: set[int] = set()
    with Connection(house.rabbitmq.url) as broker:
        queue = QUEUE(broker.channel())
        while (message := queue.get(no_ack=True)) is not None:
            found.add(message.payload["id"])
    return found
