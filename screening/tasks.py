"""Celery tasks of the screening: the lists by day, everything by night, and the change feed cut once a day."""

from __future__ import annotations

from celery import shared_task
from django.db import connection, transaction

from screening import figures, keeping
from screening.live import marks
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


@shared_task(name="screening.tasks.prune_changes", ignore_result=True)
@transaction.atomic
def prune_changes() -> None:
    """Once a day: forget the changes that are older than the last call. A process that has not screened for so long
    reads everybody anew."""
    marks.prune(connection)
