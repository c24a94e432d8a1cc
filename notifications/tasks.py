"""Celery tasks of the news. Each may be lost, doubled or killed: the rows say what is left to do."""

from celery import shared_task

from notifications import digests, keeping, sending


@shared_task(name="notifications.tasks.send_pending", ignore_result=True)
def send_pending() -> None:
    """Send what waits."""
    sending.send_pending()


@shared_task(name="notifications.tasks.send_digests", ignore_result=True)
def send_digests() -> None:
    """Write the digests of today that are not written yet."""
    digests.send()


@shared_task(name="notifications.tasks.forget", ignore_result=True)
def forget() -> None:
    """Delete what has been kept long enough."""
    keeping.forget()
