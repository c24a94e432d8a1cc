"""Signs of life: worker, relay and webhooks write down that they did a round. Beat is in it: without it no round."""

from __future__ import annotations

import math
import time

from events import clock
from events.models import Pulse

#: A process without a sign of life for so many seconds is away. The worker may be busy with two long tasks.
LONGEST_SECONDS = {"worker": 120, "relay": 60, "webhooks": 60}
EVERY_SECONDS = 10.0
_beaten = dict.fromkeys(LONGEST_SECONDS, -math.inf)


def beat(process: str) -> None:
    """Called once a round; writes every ten seconds. Raises the database's errors."""
    moment = time.monotonic()
    if moment - _beaten[process] < EVERY_SECONDS:
        return
    row = Pulse(process=process, beaten_at=clock.now())
    Pulse.objects.bulk_create([row], update_conflicts=True, unique_fields=["process"], update_fields=["beaten_at"])
    _beaten[process] = moment


def ages() -> dict[str, int | None]:
    """Seconds since each process's last sign of life, None for one that has never given any. One query."""
    now, last = clock.now(), dict(Pulse.objects.values_list("process", "beaten_at"))
    return {
        process: max(0, int((now - last[process]).total_seconds())) if process in last else None
        for process in LONGEST_SECONDS
    }


def away(ages: dict[str, int | None]) -> list[str]:
    """The processes that have been silent for too long."""
    return [process for process, age in ages.items() if age is None or age > LONGEST_SECONDS[process]]
