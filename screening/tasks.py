"""Celery tasks of the screening."""

from __future__ import annotations

from celery import shared_task
from django.db import connection, transaction

from screening.live import marks


@shared_task(name="screening.tasks.prune_changes", ignore_result=True)
@transaction.atomic
def prune_changes() -> None:
    """Once a day: forget the changes that are older than the last call. A process that has not screened for so long
    reads everybody anew."""
    marks.prune(connection)
