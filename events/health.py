"""Figures for health checks and alarms."""

from __future__ import annotations

from typing import TypedDict

from django.db.models import Count, Min

from events import broker, clock, pulse
from events.models import Attempt, Event

#: An event that the broker has not had after so many seconds is an alarm.
OLDEST_UNSENT_SECONDS = 60


class Summary(TypedDict):
    """Age in seconds of the oldest unsent event (0 if none), how many are unsent, unhandled, dead."""

    oldest_unsent_seconds: int
    unsent: int
    unhandled: int
    dead: int


class Surroundings(TypedDict):
    """What the pages do without: how the broker is, seconds since each process's sign of life, and what is missing."""

    broker: str
    processes: dict[str, int | None]
    events: Summary
    degraded: list[str]


def summary() -> Summary:
    """Three small counts on partial indexes. Alarm on `oldest_unsent_seconds` and on `dead`."""
    unsent = Event.objects.filter(sent_at=None).aggregate(oldest=Min("recorded_at"), number=Count("pk"))
    age = (clock.now() - unsent["oldest"]).total_seconds() if unsent["oldest"] else 0
    return {
        "oldest_unsent_seconds": max(0, int(age)),
        "unsent": unsent["number"],
        "unhandled": Event.objects.filter(handled_at=None).count(),
        "dead": Attempt.objects.exclude(dead_at=None).count(),
    }


def surroundings() -> Surroundings:
    """What a monitor asks about. Nothing of it is a reason to take the web process away: the outbox waits."""
    at_broker, processes, events = broker.state(), pulse.ages(), summary()
    degraded = [f"{process} is silent" for process in pulse.away(processes)]
    if at_broker == broker.AWAY:
        degraded.append("the broker does not answer")
    if events["oldest_unsent_seconds"] > OLDEST_UNSENT_SECONDS:
        degraded.append("events wait for the broker")
    return {"broker": at_broker, "processes": processes, "events": events, "degraded": degraded}
