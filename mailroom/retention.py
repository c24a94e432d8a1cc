"""What is not kept: tray and quarantine after 90 days, files without a row, mails in the mailbox itself."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import transaction

from events import clock, single
from joborders.services.forgetting import KEPT
from mailroom import storage
from mailroom.models import IncomingMail, Mailbox, MailFile
from mailroom.sources import Source, SourceFailed

log = logging.getLogger(__name__)
State = IncomingMail.State


def forget() -> dict[str, int]:
    """Delete what is over; how much of it. May run any number of times, and be killed anywhere."""
    border = clock.now() - KEPT
    over = IncomingMail.objects.filter(arrived_at__lt=border, state__in=[State.TRAY, State.DOUBLE, State.DELETED])
    quarantined = MailFile.objects.quarantined().filter(mail__arrived_at__lt=border)
    with transaction.atomic():
        emptied = quarantined.update(state=MailFile.State.DELETED, path="", name="-")
        gone = over.delete()[1].get(IncomingMail._meta.label, 0)
    return {"mails": gone, "quarantined": emptied, "files": sweep()}


def sweep() -> int:
    """Delete contents that no row names (any more), a day old at least; how many."""
    known = set(MailFile.objects.exclude(path="").order_by().values_list("path", flat=True))
    lost = list(storage.orphans(known))
    storage.drop(lost)
    return len(lost)


def empty_mailbox(source: AbstractContextManager[Source], keep_days: int) -> int:
    """Delete from the mailbox itself what was read and came longer ago than that; how many. 0 days keeps everything."""
    if keep_days <= 0:
        return 0
    with single.held("mailroom", wait=False) as is_held:
        if not is_held:
            return 0
        try:
            with source as opened:
                box = Mailbox.objects.filter(name=opened.name, validity=opened.validity).first()
                if box is None or box.mails.filter(state=State.CLAIMED).exists():
                    return 0
                return opened.forget(clock.now() - timedelta(days=keep_days), box.last_uid)
        except SourceFailed as problem:
            log.error("the mailbox cannot be emptied: %s", problem)
            return 0
