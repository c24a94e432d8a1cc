"""Sending mail rows: claimed with a lease, sent outside any transaction, marked, or tried again with growing pauses.

A process that dies between the server's "accepted" and the mark leaves a row whose lease runs out, and it is sent
again: doubled at most, with the same Message-ID, by which mail systems know it as one. Nothing is lost: whatever
happens, a row is pending until it is marked as sent or given up.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet

from events import clock
from joborders import mail_ids
from notifications import links, rendering, writing
from notifications.models import Mail

log = logging.getLogger(__name__)

#: Minutes until the next try, growing; after the last one the mail has failed (24 hours in all).
PAUSES_MINUTES = (1, 5, 15, 30, 60, 120, 180, 240, 300, 489)
BATCH = 50
#: Longer than a batch takes when the server answers at the last moment each time (EMAIL_TIMEOUT).
LEASE = dt.timedelta(minutes=15)
#: A run ends after so many seconds; the next one goes on.
MOST_SECONDS = 50.0
EXPIRED = "expired"
METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)


def send_pending(most_seconds: float = MOST_SECONDS) -> int:
    """Send what waits; how many went out. May run in several processes at once, and be killed anywhere."""
    sent, deadline = 0, time.monotonic() + most_seconds
    while time.monotonic() < deadline and (mails := _claim()):
        sent += _send(mails, deadline)
    return sent


@transaction.atomic
def _claim() -> list[Mail]:
    """Up to a batch of mails that wait, leased to this process and counted as tried."""
    now = clock.now()
    due = Q(next_try_at__lte=now) | Q(tries=0)  # one that nobody has tried waits for no clock that was set back
    waiting = _waiting().filter(due).order_by("next_try_at", "id")
    pks = list(waiting.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:BATCH])
    _waiting().filter(pk__in=pks).update(next_try_at=now + LEASE, tries=F("tries") + 1)
    return list(_waiting().filter(pk__in=pks).order_by("id"))


def _waiting() -> QuerySet[Mail]:
    return Mail.objects.filter(state=Mail.State.PENDING)


def _send(mails: list[Mail], deadline: float) -> int:
    """Send a batch over one connection. Where none can be opened, all of it waits for its next try."""
    connection: Any = get_connection()
    sent = 0
    try:
        for at, mail in enumerate(mails):
            if time.monotonic() > deadline + LEASE.total_seconds() / 2:
                _hand_back(mails[at:])
                break
            if mail.expires_at is not None and mail.expires_at <= clock.now():
                _give_up(mail, EXPIRED)
                continue
            try:
                connection.open()
            except (OSError, SMTPException) as problem:
                for left in mails[at:]:
                    _failed(left, problem)
                break
            sent += _send_one(mail, connection)
    finally:
        _close(connection)
    return sent


def _send_one(mail: Mail, connection: Any) -> bool:
    try:
        message_of(mail, connection).send()
    except (OSError, SMTPException) as problem:
        _failed(mail, problem)
        _close(connection)  # a connection that failed may be dead, or in the middle of something
        return False
    _mark(mail, state=Mail.State.SENT, sent_at=clock.now(), failure="", secret="")
    return True


def message_of(mail: Mail, connection: Any = None) -> EmailMultiAlternatives:
    """The mail as it goes out: plain text and HTML, an invitation where there is one, and a Message-ID of its own."""
    text = rendering.filled(mail)
    message = EmailMultiAlternatives(
        mail.subject,
        rendering.plain(text),
        to=[mail.to],
        reply_to=[settings.SHARED_MAILBOX] if mail.order and mail.user_id is None else None,
        headers={
            "Message-ID": message_id(mail),
            "Content-Language": mail.language,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
        connection=connection,
    )
    message.attach_alternative(rendering.html(mail.subject, text, mail.language), "text/html")
    if mail.calendar:
        method = METHOD.search(mail.calendar)
        message.attach_alternative(mail.calendar, f"text/calendar; method={method[1] if method else 'REQUEST'}")
    return message


def message_id(mail: Mail) -> str:
    """The same for every try; of a mail about an order it leads a reply back to the order."""
    if mail.order is None:
        return f"<nrs.{mail.public_id.hex}@{links.domain()}>"
    return mail_ids.make(mail.order, mail.public_id.hex, settings.SECRET_KEY, links.domain())


def _mark(mail: Mail, **values: Any) -> bool:
    """Write what became of this try, unless the lease ran out and another process has the mail."""
    return bool(_waiting().filter(pk=mail.pk, tries=mail.tries).update(**values))


def _hand_back(mails: list[Mail]) -> None:
    """Not tried after all: at once again."""
    for mail in mails:
        _mark(mail, next_try_at=clock.now(), tries=mail.tries - 1)


def _failed(mail: Mail, problem: Exception) -> None:
    """The next try, or none: a receiver that the server does not know will not be known tomorrow either."""
    reason = reason_of(problem)
    if is_final(problem) or mail.tries > len(PAUSES_MINUTES):
        _give_up(mail, reason)
        return
    pause = dt.timedelta(minutes=PAUSES_MINUTES[mail.tries - 1])
    _mark(mail, failure=reason, next_try_at=clock.now() + pause)


@transaction.atomic
def _give_up(mail: Mail, reason: str) -> None:
    if _mark(mail, state=Mail.State.FAILED, failure=reason, secret=""):
        log.warning("mail %s failed for good after %s tries: %s", mail.public_id, mail.tries, reason)
        if reason != EXPIRED:
            writing.undelivered(mail)


def _codes(problem: Exception) -> list[int]:
    if isinstance(problem, SMTPRecipientsRefused):
        return [code for code, _text in problem.recipients.values()]
    return [problem.smtp_code] if isinstance(problem, SMTPResponseException) else []


def reason_of(problem: Exception) -> str:
    """The kind of failure and the server's number; never its text, which may repeat an address."""
    return " ".join([type(problem).__name__, *(str(code) for code in _codes(problem))])


def is_final(problem: Exception) -> bool:
    """The server has said no for good (5xx) to this receiver or this text; to a login or a sender it is our fault."""
    if isinstance(problem, SMTPAuthenticationError) or not isinstance(problem, SMTPRecipientsRefused | SMTPDataError):
        return False
    return all(500 <= code < 600 for code in _codes(problem))


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, SMTPException) as problem:
        log.debug("closing the connection to the mail server: %s", type(problem).__name__)


def may_retry(mail: Mail) -> bool:
    """It has failed, and would still be of use."""
    return mail.state == Mail.State.FAILED and mail.failure != EXPIRED


def again(mail: Mail) -> bool:
    """Give a mail that failed another 24 hours. False if it did not fail, or is of no use any more."""
    if not may_retry(mail):
        return False
    failed = Mail.objects.filter(pk=mail.pk, state=Mail.State.FAILED)
    return bool(failed.update(state=Mail.State.PENDING, tries=0, next_try_at=clock.now(), failure=""))
