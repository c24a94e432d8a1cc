"""Celery tasks of the API."""

from celery import shared_task

from api import idempotency


@shared_task(name="api.tasks.forget_answers", ignore_result=True)
def forget_answers() -> None:
    """Delete stored first answers whose time is over."""
    idempotency.forget_old()
