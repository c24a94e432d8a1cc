"""Celery tasks of the mailbox. Lost, doubled or killed they do no harm."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from mailroom import reading, retention
from mailroom.sources import opener


@shared_task(name="mailroom.tasks.read", ignore_result=True)
def read() -> None:
    """Take in what lies in the mailbox, if one is set."""
    if settings.MAILBOX_URL:
        reading.read(opener(settings.MAILBOX_URL)())


@shared_task(name="mailroom.tasks.forget", ignore_result=True)
def forget() -> None:
    """Delete what is not kept, here and in the mailbox."""
    retention.forget()
    if settings.MAILBOX_URL:
        retention.empty_mailbox(opener(settings.MAILBOX_URL)(), settings.MAILBOX_KEEP_DAYS)
