"""Figures for health checks and alarms."""

from __future__ import annotations

from typing import TypedDict

from django.db.models import Count, Min

from events import clock
from events.models import Attempt, Event


class Summary(TypedDict):
    """Age in seconds of the oldest unsent event (0 if none), how many are unsent, unhandled, dead."""

    oldest_unsent_seconds: int
    unsent: int
    unhandled: int
    dead: int


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
