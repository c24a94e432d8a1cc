"""Readiness while a real RabbitMQ is killed and comes back: the web process stays in, the monitor is told."""

from __future__ import annotations

import pytest
from celery import current_app
from django.test import Client

from events import broker, clock, pulse
from events.models import Pulse
from tests.faults.node import Node

pytestmark = [pytest.mark.rabbitmq, pytest.mark.django_db]


def test_readiness_tells_of_a_killed_broker_and_of_its_return(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "KEPT_SECONDS", -1.0)
    monkeypatch.setattr(current_app.conf, "broker_url", node.url)
    Pulse.objects.bulk_create(Pulse(process=process, beaten_at=clock.now()) for process in pulse.LONGEST_SECONDS)

    def told() -> tuple[int, str, str]:
        answer = Client().get("/healthz/ready")
        return answer.status_code, answer.json()["status"], answer.json()["broker"]

    assert told() == (200, "ok", broker.OK)
    node.kill()
    assert told() == (200, "degraded", broker.AWAY)
    node.start()
    assert told() == (200, "ok", broker.OK)
