"""A cheap, lossy wake-up after a commit. The truth is the table; relay and sweep find what it missed."""

from __future__ import annotations

import logging
import threading
import time

from celery import current_app
from django.conf import settings

log = logging.getLogger(__name__)

_rung = threading.Event()
_PAUSE_SECONDS = 0.25
_next_message_at = 0.0


def ring() -> None:
    """Wake a relay in this process; with the embedded broker also the worker, at most four times a second.

    Never talks to a server: no request waits for a broker that is down.
    """
    global _next_message_at
    _rung.set()
    moment = time.monotonic()
    if moment < _next_message_at or getattr(settings, "TEST", False):
        return
    if not str(current_app.conf.broker_url).startswith("filesystem"):
        return
    _next_message_at = moment + _PAUSE_SECONDS
    try:
        current_app.send_task("events.tasks.sweep", expires=10, retry=False, ignore_result=True)
    except Exception:  # the next sweep by the clock does it
        log.warning("event bell was not heard", exc_info=True)


def wait(seconds: float) -> bool:
    """Wait for the bell or the time. True if it rang."""
    rang = _rung.wait(seconds)
    _rung.clear()
    return rang
