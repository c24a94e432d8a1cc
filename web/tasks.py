"""What the pages need done beside them."""

from __future__ import annotations

from celery import shared_task

from web import limits
from web.company import drafts


@shared_task(name="web.tasks.forget_drafts", ignore_result=True)
def forget_drafts() -> None:
    """Delete the drafts whose time is over, and the tries of hours gone by."""
    drafts.forget()
    limits.forget()
