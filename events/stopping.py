"""How a process of its own is told to stop: SIGTERM and SIGINT end it after the work in hand."""

from __future__ import annotations

import signal
import threading

from events import bell


def on_signal() -> threading.Event:
    """Set by SIGTERM or SIGINT; whoever waits for the bell wakes up."""
    stop = threading.Event()

    def end(signum: int, frame: object) -> None:
        stop.set()
        bell.ring()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop
