"""The pages of the news for the browser: each with what fills it."""

from __future__ import annotations

from accounts.models import User
from events import clock
from joborders.models import JobOrder
from joborders.services import follow, steps
from notifications import outbox, sending, services, table
from notifications.models import Mail, Notice
from notifications.writing import tell_all, write
from tests import factories
from tests.browser.cases import Case, Scene

NO_PAGES = {
    "web:notices-count",
    "web:notices-read",
    "web:notice-open",
    "web:notices-away",
    "web:notices-calendar",
    "web:order-following",
    "web:calendar-feed",
    "web:sent-mail-again",
}


def _ann() -> User:
    return User.objects.get(pk=factories.consultant(factories.HILLEROED, name="Ann Prøve").user_id)


def notices() -> Scene:
    """Three notices, one of them read."""
    user, order = _ann(), factories.order()
    rows = [
        Notice(key=name, user=user, template=name, kind="own", number=order.number, target="order",
               target_id=order.public_id, created_at=clock.now())
        for name in ("new_order", "call_asked", "candidate_overdue")
    ]  # fmt: skip
    tell_all(rows)
    services.mark_read(user, rows[0].public_id)
    return Scene("/notices", User.objects.get(pk=user.pk))


def settings() -> Scene:
    """Away, with a substitute, and a calendar."""
    user, colleague = _ann(), factories.consultant(name="Bo Prøve")
    services.be_away(user, clock.today(), clock.today(), colleague.public_id)
    services.new_feed(user)
    return Scene("/notices/settings", user)


def _mail(template: str = "interview") -> Mail:
    order = factories.order()
    values = {"order": order, "data": {"count": 2}, "interview_at": clock.now()}
    subject = table.SUBJECTS[template]
    return write(template, order, to="kirsten@firma.example", key=str(order.pk), subject=subject, **values)


def _admin() -> User:
    return User.objects.get(pk=factories.member("admin", name="Ada Prøve").user_id)


def mails() -> Scene:
    """One that waits and one that failed."""
    mail = _mail()
    Mail.objects.filter(pk=mail.pk).update(state="failed", failure="SMTPRecipientsRefused 550", tries=1)
    _mail("receipt")
    return Scene("/mails", _admin())


def mail() -> Scene:
    """A failed mail."""
    found = _mail("still_needed")
    Mail.objects.filter(pk=found.pk).update(state="failed", failure="SMTPRecipientsRefused 550", tries=1)
    return Scene(f"/mails/{found.public_id}", _admin())


def dev_outbox() -> Scene:
    """Two mails in the folder."""
    outbox.Backend().send_messages([sending.message_of(_mail(name)) for name in ("receipt", "still_needed")])
    return Scene("/dev/outbox")


def _followed(page: str, *, ended: bool = False) -> Scene:
    order: JobOrder = factories.order()
    secret = follow.secret_for_mail(order)
    if ended:
        steps.withdraw(order.public_id, factories.link_of(order), None)
    return Scene(f"/follow/{order.number}/{page}", before=[f"/f/{secret}"])


PAGES = (
    Case("web:notices", notices),
    Case("web:notices", lambda: Scene("/notices", _ann()), "empty"),
    Case("web:notices-settings", settings),
    Case("web:sent-mails", mails),
    Case("web:sent-mail", mail),
    Case("web:dev-outbox", dev_outbox),
    Case("web:follow-still-needed", lambda: _followed("still-needed")),
    Case("web:follow-still-needed", lambda: _followed("still-needed", ended=True), "ended"),
    Case("web:follow-feedback", lambda: _followed("feedback", ended=True)),
)
