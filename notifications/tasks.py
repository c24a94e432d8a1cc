"""Celery tasks of the mails."""

from celery import shared_task

from notifications import services


@shared_task(name="notifications.tasks.send_pending", ignore_result=True)
def send_pending() -> None:
    """Send what waits."""
    services.send_pending()
