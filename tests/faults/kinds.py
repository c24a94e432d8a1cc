"""The faults under load: each does its harm while clients hand in orders, and gives back what it saw.

A kind is a function of the scene: it may use the load's progress to choose its moments, counts what it did in
`result.faults`, and says with `scene.returned()` when the broken thing is back.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from kombu import Connection, Exchange, Producer, Queue

from events.models import Event
from tests.faults.clients import Load
from tests.faults.count import Result
from tests.faults.house import House, until

OUTAGE_S = 5.0
ROUNDS, LAST = 5, str(uuid4())


@dataclass
class Scene:
    """What a kind plays with."""

    house: House
    load: Load
    result: Result
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def at(self, share: float) -> None:
        """Wait for that share of the writes."""
        self.load.wait_for(share)

    def returned(self) -> None:
        """The thing that was away answers again: the clock of "back within 10 s" starts."""
        self.load.mark()

    def shares(self, number: int) -> list[float]:
        """Moments spread over the load."""
        return [(index + 1) / (number + 1) for index in range(number)]


def web_kill(scene: Scene) -> None:
    """kill -9 of web processes mid-request; once of all of them with their parent."""
    for index, share in enumerate(scene.shares(8)):
        scene.at(share)
        whole = index == 5
        killed = scene.house.kill("web") if whole else scene.house.kill_a_part("web", index)
        scene.result.faults += bool(killed)
        if whole:
            until(lambda: scene.house.child("web").exit_code() is None, "nobody starts web again", 10)
            scene.returned()


def worker_kill(scene: Scene) -> None:
    """kill -9 of the worker's processes mid-task, of its parent, of all of it, and of beat."""
    for index, share in enumerate(scene.shares(8)):
        scene.at(share)
        if index % 4 == 3:
            killed = scene.house.kill("worker") if index == 3 else scene.house.kill("beat")
        else:
            killed = scene.house.kill_a_part("worker", index)
        scene.result.faults += bool(killed)


def relay_kill(scene: Scene) -> None:
    """kill -9 of the relay after the broker took a batch and before it is marked: the rows are held, so it waits."""
    for share in scene.shares(4):
        scene.at(share)
        scene.result.faults += _killed_before_the_mark(scene.house)
    scene.returned()


def _killed_before_the_mark(house: House) -> bool:
    url = f"host=127.0.0.1 port={house.postgres.port} user=nrs dbname=nrs_faults"
    waiting = (
        "SELECT pid FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE \"events_event\"%sent_at%'"
    )
    with closing(psycopg.connect(url)) as holder, closing(psycopg.connect(url, autocommit=True)) as watcher:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            holder.execute("SELECT 1 FROM events_event WHERE sent_at IS NULL FOR UPDATE SKIP LOCKED")
            if found := watcher.execute(waiting).fetchall():
                house.kill("relay")
                for (pid,) in found:  # its mark dies with it, as it would on a machine that dies
                    watcher.execute("SELECT pg_terminate_backend(%s)", [pid])
                holder.rollback()
                return True
            time.sleep(0.02)
        holder.rollback()
    return False


def rabbitmq_stop(scene: Scene) -> None:
    """RabbitMQ is stopped in good order under load, and started after the web went on for a while without it."""
    _without_rabbitmq(scene, scene.house.rabbitmq.stop)


def rabbitmq_kill(scene: Scene) -> None:
    """kill -9 of RabbitMQ under load, and started after the web went on for a while without it."""
    _without_rabbitmq(scene, scene.house.rabbitmq.kill)


def _without_rabbitmq(scene: Scene, end: Callable[[], None]) -> None:
    scene.at(0.2)
    with _broker_away(scene):
        end()
        scene.result.faults += 1
        scene.at(0.8)
        time.sleep(OUTAGE_S)
    scene.house.rabbitmq.start()
    begun = time.monotonic()
    until(_one_is_sent, "the relay does not come back", 60)
    scene.result.back_s = time.monotonic() - begun


@contextmanager
def _broker_away(scene: Scene) -> Iterator[None]:
    """Nobody at the web may notice: every call is answered."""
    good, refused = len(scene.load.acked), scene.load.refused
    yield
    scene.result.away_refused = scene.load.refused - refused
    scene.result.away = len(scene.load.acked) - good
    if scene.result.away_refused:
        scene.result.notes.append(f"the web refused {scene.result.away_refused} calls while the broker was away")


def _one_is_sent() -> bool:
    """Something that waited is on its way: the newest but a few of the unsent ones is marked."""
    oldest = Event.objects.filter(sent_at=None).order_by("pk").values_list("recorded_at", flat=True).first()
    if oldest is None:
        return True
    newest_sent = Event.objects.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
    return newest_sent is not None and newest_sent > oldest


def postgres_stop(scene: Scene) -> None:
    """PostgreSQL ends at once, as when its machine dies, under load; it comes back after five seconds and recovers."""
    for share in (0.25, 0.6):
        scene.at(share)
        scene.house.postgres.stop("immediate")
        scene.result.faults += 1
        time.sleep(OUTAGE_S)
        scene.house.postgres.start()
        scene.returned()
        until(lambda: scene.load.first_good_after, "no good answer after PostgreSQL came back", 60)
        scene.result.back_s = max(scene.result.back_s, scene.load.back_after)


def postgres_cut(scene: Scene) -> None:
    """Every connection to PostgreSQL breaks at once, at moments that nobody chose: within statements, at commit."""
    for share in scene.shares(12):
        scene.at(share)
        time.sleep(scene.dice.uniform(0, 0.2))
        scene.result.faults += bool(scene.house.to_postgres.cut())
    scene.returned()


def postgres_slow(scene: Scene) -> None:
    """PostgreSQL answers slowly, then not at all for two seconds with its connections open, then normally."""
    proxy = scene.house.to_postgres
    for share in (0.2, 0.5):
        scene.at(share)
        proxy.delay = 0.01
        time.sleep(3)
        proxy.delay = 0.0
        proxy.hold()
        time.sleep(2)
        proxy.let_go()
        scene.result.faults += 2
    scene.returned()


def rabbitmq_cut(scene: Scene) -> None:
    """Connections to RabbitMQ break, stand still for seven seconds (longer than a confirm is waited for), break."""
    proxy = scene.house.to_rabbitmq
    for share in scene.shares(6):
        scene.at(share)
        scene.result.faults += bool(proxy.cut())
    proxy.hold()
    time.sleep(7)
    proxy.cut()
    proxy.let_go()
    scene.result.faults += 2


def rabbitmq_frozen(scene: Scene) -> None:
    """RabbitMQ is stopped with SIGSTOP for twelve seconds: its ports are open, nobody answers."""
    scene.at(0.2)
    process = scene.house.rabbitmq.process
    assert process is not None
    os.killpg(process.pid, signal.SIGSTOP)
    scene.result.faults += 1
    try:
        with _broker_away(scene):
            time.sleep(12)
    finally:
        os.killpg(process.pid, signal.SIGCONT)
    begun = time.monotonic()
    until(_one_is_sent, "the relay does not come back", 60)
    scene.result.back_s = time.monotonic() - begun


def poison(scene: Scene) -> None:
    """Messages that no task can be made of lie between the good ones: broken bodies, unknown tasks, foreign ids."""
    bodies: list[tuple[bytes, dict[str, str], str]] = [
        (b"{not json", {}, "application/json"),
        (
            b'[["no uuid"],{},{}]',
            {"task": "events.tasks.dispatch", "id": str(uuid4()), "lang": "py"},
            "application/json",
        ),
        (b'[["%s"],{},{}]' % str(uuid4()).encode(), {"task": "events.tasks.dispatch", "id": "1"}, "application/json"),
        (b"\x80\x04K\x01.", {"task": "events.tasks.sweep", "id": "2", "lang": "py"}, "application/x-python-serialize"),
        (b"\xff\xfe\x00", {}, "application/octet-stream"),
        (b"[[],{},{}]", {"task": "nobody.knows.this", "id": LAST, "lang": "py"}, "application/json"),
    ]
    for share in scene.shares(ROUNDS):
        scene.at(share)
        with Connection(scene.house.rabbitmq.url) as broker:
            producer = Producer(broker.channel(), Exchange("nrs.tasks", type="topic"), auto_declare=False)
            for body, headers, kind in bodies:
                producer.publish(
                    body, routing_key="nrs.tasks", headers=headers, content_type=kind, content_encoding="utf-8"
                )
                scene.result.faults += 1
    dead: list[str] = []
    until(lambda: _dead(scene.house, dead) >= ROUNDS, "poison stays in the queue, which comes in order", 240)


def _dead(house: House, found: list[str]) -> int:
    """How often the last message of a round has come to the dead letters; those are taken away."""
    with Connection(house.rabbitmq.url) as broker:
        queue = Queue("nrs.dead", no_declare=True)(broker.channel())
        while (message := queue.get(no_ack=True)) is not None:
            found.append(str(message.headers.get("id")))
    return found.count(LAST)


Harm = Callable[[Scene], None]
UNDER_LOAD: dict[str, Harm] = {
    "web-kill": web_kill,
    "worker-kill": worker_kill,
    "relay-kill": relay_kill,
    "rabbitmq-stop": rabbitmq_stop,
    "rabbitmq-kill": rabbitmq_kill,
    "postgres-stop": postgres_stop,
    "postgres-cut": postgres_cut,
    "postgres-slow": postgres_slow,
    "rabbitmq-cut": rabbitmq_cut,
    "rabbitmq-frozen": rabbitmq_frozen,
    "poison": poison,
}


def play(harm: Harm, house: House, load: Load, kind: str, back_within_s: float) -> Result:
    """One kind under its load, until both are over. What broke has to be back within so many seconds."""
    result = Result(kind, " ".join((harm.__doc__ or "").split()), back_within_s=back_within_s)
    begun = time.monotonic()
    scene = Scene(house, load, result)
    load.start()
    harmed = threading.Thread(target=_do, args=(harm, scene), daemon=True)
    harmed.start()
    load.finish()
    harmed.join(300)
    if harmed.is_alive():
        result.notes.append("the fault did not end in time")
    if not result.back_s:
        result.back_s = load.back_after
    result.back_s, result.seconds = round(result.back_s, 1), round(time.monotonic() - begun, 1)
    return result


def _do(harm: Harm, scene: Scene) -> None:
    from django.db import connections

    try:
        harm(scene)
    except Exception as problem:  # said in the table, so that the other kinds still run
        scene.result.notes.append(f"{type(problem).__name__}: {problem}")
    finally:
        connections.close_all()
