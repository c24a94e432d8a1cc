"""Readiness: only the database takes the web process out; what else is away is told, and the pages stay."""

from __future__ import annotations

import math
import socket
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from events import broker, clock, pulse, relay, tasks
from events.models import Pulse
from events.webhooks import planning, process

SECRET = "hemmeligt-kodeord"


@pytest.fixture
def all_alive(db: None, monday: datetime) -> None:
    """Every process has just given a sign of life."""
    Pulse.objects.bulk_create(Pulse(process=process, beaten_at=clock.now()) for process in pulse.LONGEST_SECONDS)


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has asked for the broker or written a sign of life yet."""
    monkeypatch.setattr(broker, "_last", (-math.inf, "", ""))
    monkeypatch.setattr(pulse, "_beaten", dict.fromkeys(pulse.LONGEST_SECONDS, -math.inf))


def ready() -> tuple[int, dict[str, Any]]:
    """Status and words of /healthz/ready."""
    answer = Client().get("/healthz/ready")
    return answer.status_code, answer.json()


def test_with_everything_there_it_is_ok(all_alive: None) -> None:
    status, told = ready()
    assert (status, told["status"], told["degraded"], told["broker"]) == (200, "ok", [], broker.EMBEDDED)
    assert told["processes"] == {"worker": 0, "relay": 0, "webhooks": 0}


@pytest.mark.parametrize("process_name", pulse.LONGEST_SECONDS)
def test_a_silent_process_is_told_and_the_web_process_stays(process_name: str, all_alive: None) -> None:
    longest = pulse.LONGEST_SECONDS[process_name]
    Pulse.objects.filter(process=process_name).update(beaten_at=clock.now() - timedelta(seconds=longest + 5))
    status, told = ready()
    assert (status, told["status"], told["degraded"]) == (200, "degraded", [f"{process_name} is silent"])
    assert told["processes"][process_name] >= longest + 5


def test_a_process_that_never_spoke_is_silent(db: None) -> None:
    status, told = ready()
    assert (status, told["status"], len(told["degraded"])) == (200, "degraded", 3)
    assert told["processes"] == {"worker": None, "relay": None, "webhooks": None}


def test_events_that_wait_long_are_told(all_alive: None, append: Any) -> None:
    with clock.at(clock.now() - timedelta(minutes=5)):
        append()
    status, told = ready()
    assert (status, told["degraded"]) == (200, ["events wait for the broker"])
    assert told["events"]["oldest_unsent_seconds"] >= 300


def test_a_broker_that_is_dead_or_says_nothing_is_told_without_its_password(
    all_alive: None, unasked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()  # takes connections and never answers, as a stopped process does
        url = f"amqp://nrs:{SECRET}@127.0.0.1:{mute.getsockname()[1]}//"
        monkeypatch.setattr(current_app.conf, "broker_url", url)
        answer = Client().get("/healthz/ready")
        assert (answer.status_code, answer.json()["broker"]) == (200, broker.AWAY)
        assert answer.json()["degraded"] == ["the broker does not answer"]
        assert SECRET not in answer.content.decode()
    assert broker.ask(url) == broker.AWAY, "nobody listens there any more"


def test_the_broker_is_asked_once_in_ten_seconds(unasked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(current_app.conf, "broker_url", "amqp://127.0.0.1:1//")
    monkeypatch.setattr(broker, "ask", lambda url: asked.append(url) or broker.AWAY)
    assert [broker.state() for _ in range(3)] == [broker.AWAY] * 3
    assert len(asked) == 1


def test_a_schema_that_is_behind_takes_the_process_out(all_alive: None) -> None:
    MigrationRecorder(connection).record_unapplied("events", "0005_signs_of_life")
    assert ready() == (503, {"status": "waiting", "why": "migrations are not applied"})


def test_a_database_that_does_not_answer_takes_the_process_out(
    all_alive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: Any) -> None:
        raise DatabaseError("could not connect to nrs:hemmeligt@10.0.0.5")

    with connection.execute_wrapper(gone):
        assert ready() == (503, {"status": "waiting", "why": "the database does not answer"})


def test_readiness_takes_few_queries(all_alive: None, django_assert_max_num_queries: Any) -> None:
    ready()
    with django_assert_max_num_queries(10):
        ready()


def test_the_sweep_is_the_workers_sign_of_life_and_is_written_every_ten_seconds(db: None, unasked: None) -> None:
    tasks.sweep()
    first = Pulse.objects.get(process="worker").beaten_at
    tasks.sweep()
    assert Pulse.objects.get(process="worker").beaten_at == first


class OneRound(relay.Relay):
    """A relay that is told to stop in its first round."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__("memory://")
        self.stop = stop

    def send_batch(self) -> int:
        self.stop.set()
        return 0


@pytest.mark.django_db(transaction=True)
def test_the_relay_gives_signs_of_life_round_by_round(unasked: None) -> None:
    stop = threading.Event()
    assert relay.run(stop, OneRound(stop)) == 0
    assert pulse.ages()["relay"] == 0


@pytest.mark.django_db(transaction=True)
def test_the_webhooks_give_signs_of_life_round_by_round(unasked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    def planned() -> int:
        stop.set()
        return planning.plan()

    monkeypatch.setattr(process, "plan", planned)
    process.run(stop)
    assert pulse.ages()["webhooks"] == 0
