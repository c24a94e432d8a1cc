"""The process of the webhooks: one that hangs delays no other, and it stops when told."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connections

from events.models import Delivery
from events.webhooks import process, services
from municipalities.actor import Actor, Role
from tests.events.receiver import receiving
from tests.settled import wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 60


def until(condition) -> None:
    """Wait for it, bounded."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        threading.Event().wait(0.02)


def test_a_receiver_that_hangs_delays_no_other(append, settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    admin = Actor.member(role=Role.ADMIN, municipality="0219")
    release, stop = threading.Event(), threading.Event()

    def serve() -> None:
        try:
            process.run(stop)
        finally:
            connections.close_all()

    with receiving() as slow, receiving() as quick:
        slow.answer = lambda message: 200 if release.wait(PATIENCE_S) else 500
        services.register(admin, url=slow.url, patterns=["#"])
        other = services.register(admin, url=quick.url, patterns=["#"])
        events = [append() for _ in range(5)]
        wait_until_settled()
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            until(lambda: len(quick.messages) == len(events))
            assert len(slow.messages) <= 1
            until(lambda: Delivery.objects.filter(webhook=other, state="delivered").count() == len(events))
        finally:
            release.set()
            stop.set()
            thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert quick.ids == [str(event.public_id) for event in events]
