"""How long news are kept."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from events import clock
from notifications.models import Mail, Notice

#: Mails that are done, and notices: long enough to answer "did they hear of it?", then gone.
MAIL_DAYS, NOTICE_DAYS = 90, 180


def forget() -> int:
    """Delete mails that were sent or failed long ago, and old notices that were read; how many."""
    now = clock.now()
    done = ~Q(state=Mail.State.PENDING) & Q(created_at__lt=now - timedelta(days=MAIL_DAYS))
    old = Q(read_at__isnull=False, created_at__lt=now - timedelta(days=NOTICE_DAYS))
    mails, notices = Mail.objects.filter(done), Notice.objects.filter(old)
    return mails.delete()[0] + notices.delete()[0]
