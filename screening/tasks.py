"""Celery tasks of the screening: the lists by day, everything by night."""

from __future__ import annotations

from celery import shared_task

from screening import figures, keeping
from screening.models import Figures

#: Below the half hour after which the broker gives an unacknowledged task to somebody else.
LONGEST_SECONDS = 1500


@shared_task(name="screening.tasks.keep_lists", ignore_result=True, time_limit=LONGEST_SECONDS)
def keep_lists() -> None:
    """Read what is new in the feed into the standing lists."""
    keeping.catch_up()


@shared_task(name="screening.tasks.night", ignore_result=True, time_limit=LONGEST_SECONDS)
def night() -> None:
    """Check all lists, and keep the figures that take a night."""
    keeping.check()
    for kind in Figures.Kind:
        figures.make(kind)
