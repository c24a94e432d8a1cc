"""Mail: a row first, then the sending, redone until it is done or given up after 24 hours."""

from __future__ import annotations

import datetime as dt
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from events import clock
from events.models import Event
from joborders.models import JobOrder, Nomination
from municipalities.models import Municipality
from notifications.models import Mail
from notifications.table import LETTERS, Audience, Letter

log = logging.getLogger(__name__)

#: Minutes until the next try, growing; after the last one the mail has failed (24 hours in all).
PAUSES_MINUTES = (1, 5, 15, 60, 180, 360, 819)
BATCH = 100
#: News older than this is history (a scenario, an import, a restored outbox): mail about it would only confuse.
#: Longer than the longest row of closed days, so that an outage over Easter loses nothing.
TOO_OLD = dt.timedelta(days=7)


def write_for(event: Event) -> list[Mail]:
    """The mail rows that an event calls for; an order's mails exist once per event, template and receiver.

    None about an event recorded longer ago than `TOO_OLD`.
    """
    if clock.now() - event.recorded_at > TOO_OLD:
        return []
    letters = [letter for letter in LETTERS if letter.event == event.type]
    order, home = _about(event)
    if order is None:
        return []
    return [mail for letter in letters if (mail := _write(letter, event, order, home)) is not None]


def _about(event: Event) -> tuple[JobOrder | None, str]:
    orders = JobOrder.objects.select_related("company", "lead")
    if event.type.startswith("nomination."):
        found = Nomination.objects.filter(public_id=event.subject).values_list("order_id", "home_code").first()
        return (orders.get(pk=found[0]), found[1]) if found else (None, "")
    return orders.filter(public_id=event.subject).first(), ""


def _address(letter: Letter, order: JobOrder, home: str) -> str:
    if letter.audience is Audience.COMPANY:
        return order.contact_email
    code = home if letter.audience is Audience.HOME else order.lead_id
    return Municipality.objects.filter(code=code).values_list("email", flat=True).first() or ""


def _key(letter: Letter, event: Event) -> str:
    """Candidates presented together make one mail: their events carry the same id of the step."""
    return f"{letter.template}:{event.data.get('together') or event.public_id}"


def _write(letter: Letter, event: Event, order: JobOrder, home: str) -> Mail | None:
    to = _address(letter, order, home)
    if not to:
        return None
    with_phone = {
        "phone": settings.SERVICE_PHONE,
        "mailbox": settings.SHARED_MAILBOX,
        "url": f"{settings.BASE_URL}/",
    }
    return write(letter.template, order, to=to, key=_key(letter, event), subject=letter.subject, **with_phone)


def write(template: str, order: JobOrder, *, to: str, key: str, subject: str | Promise, **context: object) -> Mail:
    """The mail row of this key, written now if there is none yet. Call inside the transaction of what it is about.

    `subject` may hold %(number)s; the template gets the order and `context`.
    """
    now = clock.now()
    with translation.override("da"):
        fields = {
            "subject": str(subject) % {"number": order.number},
            "text": render_to_string(f"notifications/mail/{template}.txt", {"order": order, **context}),
        }
    fixed = {"template": template, "to": to, "order": order.public_id, "created_at": now, "next_try_at": now}
    mail, _is_new = Mail.objects.get_or_create(key=key, defaults={**fields, **fixed})
    return mail


def send_pending() -> int:
    """Send what waits; how many went out. One mail per transaction, so that a crash can double one at most."""
    now = clock.now()
    waiting = Mail.objects.filter(state=Mail.State.PENDING, next_try_at__lte=now).order_by("next_try_at", "id")
    return sum(_send(pk) for pk in waiting.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _send(pk: int) -> bool:
    mail = (
        Mail.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state=Mail.State.PENDING).first()
    )
    if mail is None:
        return False
    message = EmailMessage(
        mail.subject,
        mail.text,
        to=[mail.to],
        headers={"Message-ID": f"<{mail.public_id}@nrs.example>", "Auto-Submitted": "auto-generated"},
    )
    mail.tries += 1
    try:
        message.send()
    except (OSError, SMTPException) as problem:
        _postpone(mail, problem)
    else:
        mail.state, mail.sent_at, mail.failure = Mail.State.SENT, clock.now(), ""
    mail.save(update_fields=["state", "sent_at", "failure", "tries", "next_try_at"])
    return mail.state == Mail.State.SENT


def _postpone(mail: Mail, problem: Exception) -> None:
    mail.failure = type(problem).__name__  # never the server's text: it may repeat the address
    if mail.tries > len(PAUSES_MINUTES):
        mail.state = Mail.State.FAILED
        log.warning("mail %s failed for good after %s tries: %s", mail.public_id, mail.tries, mail.failure)
        return
    mail.next_try_at = clock.now() + dt.timedelta(minutes=PAUSES_MINUTES[mail.tries - 1])
