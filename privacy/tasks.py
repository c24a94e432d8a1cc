"""Celery tasks of data protection. Lost, doubled or killed they do no harm."""

from __future__ import annotations

from celery import shared_task

from privacy import retention, sampling


@shared_task(name="privacy.tasks.retain", ignore_result=True)
def retain() -> None:
    """Apply the rules of retention."""
    retention.run(is_dry=False)


@shared_task(name="privacy.tasks.draw", ignore_result=True)
def draw() -> None:
    """Draw last month's sample from the access log, where it has not been drawn."""
    sampling.draw_last_month()
