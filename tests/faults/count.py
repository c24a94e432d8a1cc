"""What is left of the writes: acknowledgements, rows, events on the broker and their effects, compared by id."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from django.db import close_old_connections, connections
from kombu import Connection, Message

from events.models import Event
from events.topology import Topology, declare
from joborders.models import JobOrder
from notifications.models import Mail
from tests.faults.clients import Load
from tests.faults.house import until

QUEUE = "faults"


@dataclass
class Result:
    """One kind of fault. `lost` and `doubled` are the zeros that are promised; n is `acked`.

    `away`: calls that the web answered while what broke was gone; `left_out`: why this machine cannot play it.
    """

    kind: str
    what: str
    sent: int = 0
    acked: int = 0
    calls_refused: int = 0
    lost: int = 0
    doubled: int = 0
    events: int = 0
    events_lost: int = 0
    redelivered: int = 0
    effects: int = 0
    effects_lost: int = 0
    effects_doubled: int = 0
    wrong_states: int = 0
    faults: int = 0
    away: int = 0
    away_refused: int = 0
    back_s: float = 0.0
    back_within_s: float = 10.0
    slowest_s: float = 0.0
    seconds: float = 0.0
    expects_loss: bool = False
    left_out: str = ""
    notes: list[str] = field(default_factory=list)  # what went wrong
    remarks: list[str] = field(default_factory=list)  # what a reader should know

    @property
    def is_good(self) -> bool:
        """All writes acknowledged, nothing lost, doubled or wrong, and the fault did happen. Left out is not bad."""
        if self.left_out:
            return True
        zeros = (
            self.lost,
            self.doubled,
            self.events_lost,
            self.effects_lost,
            self.effects_doubled,
            self.wrong_states,
        )
        if self.expects_loss:  # the arm that shows that loss is seen
            return self.lost > 0
        happened = self.faults > 0 and self.acked == self.sent
        return happened and not any(zeros) and self.back_s <= self.back_within_s and not self.notes

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"is_good": self.is_good}


class Consumer:
    """A consumer's queue beside the product's: every event that the broker took, counted by id."""

    def __init__(self, url: str) -> None:
        """Bind it before the first event."""
        self.url = url
        self.topology = Topology()
        self.seen: Counter[str] = Counter()
        with Connection(url) as broker:
            declare(broker, self.topology)
            self.topology.consumer_queue(QUEUE, "#")(broker.channel()).declare()

    def read(self) -> None:
        """Take all that lies there."""

        def take(message: Message) -> None:
            self.seen[orjson.loads(message.body)["id"]] += 1
            message.ack()

        with Connection(self.url, connect_timeout=5) as broker:
            queue = self.topology.consumer_queue(QUEUE, "#")
            accept = ["application/cloudevents+json"]
            with broker.Consumer([queue], on_message=take, accept=accept, prefetch_count=500):
                while True:
                    try:
                        broker.drain_events(timeout=1.0)
                    except TimeoutError:
                        return


def settle(seconds: float = 600.0) -> float:
    """Until every event is sent and shown to its handlers; how long that took."""
    close_old_connections()
    connections.close_all()
    return until(
        lambda: not Event.objects.filter(sent_at=None).exists() and not Event.objects.filter(handled_at=None).exists(),
        "events are not all sent and handled",
        seconds,
    )


def compare(result: Result, load: Load, consumer: Consumer) -> Result:
    """Fill in what the four sets say. Call when settled."""
    consumer.read()
    orders = list(JobOrder.objects.filter(title__startswith=f"{load.kind} ").values("title", "number", "public_id"))
    per_title = Counter(row["title"] for row in orders)
    numbers = {row["number"] for row in orders}
    result.sent, result.acked, result.calls_refused = load.writes, len(load.acked), load.refused
    result.lost += sum(1 for number in load.acked.values() if number not in numbers)
    result.doubled += sum(number - 1 for number in per_title.values())
    ids = [row["public_id"] for row in orders]
    events = list(Event.objects.filter(subject__in=ids).values_list("public_id", "type", "subject"))
    result.events = len(events)
    submitted = Counter(subject for _id, type_, subject in events if type_ == "joborder.submitted")
    result.events_lost += sum(1 for event, _type, _subject in events if not consumer.seen[str(event)])
    result.events_lost += sum(1 for order in ids if submitted[order] == 0)
    result.doubled += sum(number - 1 for number in submitted.values())
    result.redelivered = sum(max(0, consumer.seen[str(event)] - 1) for event, _type, _subject in events)
    letters = Counter(Mail.objects.filter(order__in=ids, template="receipt").values_list("order", flat=True))
    result.effects = len(letters)
    result.effects_lost += sum(1 for order in ids if not letters[order])
    result.effects_doubled += sum(number - 1 for number in letters.values())
    result.slowest_s = round(load.slowest, 2)
    return result
