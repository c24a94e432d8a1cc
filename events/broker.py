"""Does the broker answer? Asked briefly and rarely: for some seconds everybody gets the last answer."""

from __future__ import annotations

import math
import threading
import time

from celery import current_app
from kombu import Connection

TIMEOUT_SECONDS = 1.0
KEPT_SECONDS = 10.0
OK, AWAY, EMBEDDED = "ok", "away", "embedded"
_lock = threading.Lock()
_last = (-math.inf, "", "")


def state() -> str:
    """`ok`, `away`, or `embedded` where the broker is a folder. Says nothing of address or login."""
    global _last
    url = str(current_app.conf.broker_url)
    if not url.startswith("amqp"):
        return EMBEDDED
    with _lock:
        asked, of, answer = _last
        if of != url or time.monotonic() - asked > KEPT_SECONDS:
            answer = ask(url)
            _last = (time.monotonic(), url, answer)
        return answer


def ask(url: str) -> str:
    """Log in at the broker and out again, once, giving up at the first second of silence."""
    limits = {"read_timeout": TIMEOUT_SECONDS, "write_timeout": TIMEOUT_SECONDS}
    transport = Connection(url, connect_timeout=TIMEOUT_SECONDS, transport_options=limits).transport
    try:
        transport.close_connection(transport.establish_connection())
    except (*transport.connection_errors, *transport.channel_errors, OSError):
        return AWAY
    return OK
