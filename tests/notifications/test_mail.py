"""Mail: a row once per event, sent once, tried again with growing pauses, one for all who are presented together."""

from __future__ import annotations

import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage

from events import clock
from events.models import Event
from joborders.services import nominations
from municipalities.models import Municipality
from notifications import services
from notifications.models import Mail
from tests.candidates import build
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region(db):
    build.region()
    Municipality.objects.update(email="jobcenter@kommune.example")


@pytest.fixture
def order():
    return cases.order(contact_email="kontakt@firma.example")


def write(*kinds: str) -> None:
    for event in Event.objects.filter(type__in=kinds).order_by("id"):
        services.write_for(event)


@pytest.fixture
def mail(order):
    cases.nomination(order, "requested")
    write("nomination.requested")
    return Mail.objects.get()


def test_an_event_heard_twice_is_one_row(mail):
    write("nomination.requested")
    assert Mail.objects.count() == 1
    assert (mail.template, mail.to, mail.state) == ("requested", "jobcenter@kommune.example", "pending")


def test_a_mail_names_the_order_and_nobody(order, mail):
    person = build.profile()
    assert order.number in mail.subject
    for hidden in (person["name"], person["email"], person["phone"]):
        assert hidden not in mail.text + mail.subject


def test_candidates_presented_in_one_step_make_one_mail(order):
    made = [cases.nomination(order, "accepted") for _number in range(2)]
    items = [{"id": one.public_id, "version": one.version, **cases.WHY} for one in made]
    nominations.present_many(items, actor=build.consultant(order.lead_id))
    write("nomination.presented")
    assert Event.objects.filter(type="nomination.presented").count() == 2
    assert [(one.template, one.to) for one in Mail.objects.all()] == [("presented", "kontakt@firma.example")]


def test_candidates_presented_in_two_steps_make_two(order):
    for _number in range(2):
        cases.nomination(order, "presented")
    write("nomination.presented")
    assert Mail.objects.count() == 2


def test_without_an_address_there_is_no_mail(order):
    type(order).objects.filter(pk=order.pk).update(contact_email="")
    cases.nomination(order, "presented")
    write("nomination.presented")
    assert not Mail.objects.exists()


def test_a_mail_is_sent_once(mail):
    assert services.send_pending() == 1 and services.send_pending() == 0
    mail.refresh_from_db()
    assert mail.state == "sent" and mail.sent_at and len(outbox.outbox) == 1
    [sent] = outbox.outbox
    assert sent.to == [mail.to] and sent.extra_headers["Message-ID"] == f"<{mail.public_id}@nrs.example>"


def test_a_failure_is_tried_again_with_growing_pauses_and_given_up(mail, monkeypatch, caplog):
    def refuse(self, *args, **kwargs):
        raise SMTPException("550 <jobcenter@kommune.example> unknown")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    now, pauses = clock.now(), []
    for _try in range(len(services.PAUSES_MINUTES) + 1):
        with clock.at(now):
            assert services.send_pending() == 0
        mail.refresh_from_db()
        if mail.state == "failed":
            break
        with clock.at(mail.next_try_at - dt.timedelta(seconds=1)):
            assert services.send_pending() == 0
        pauses.append((mail.next_try_at - now).total_seconds() / 60)
        now = mail.next_try_at
    assert mail.state == "failed" and mail.tries == len(services.PAUSES_MINUTES) + 1
    assert pauses == sorted(pauses) == list(services.PAUSES_MINUTES) and sum(pauses) == 24 * 60
    assert mail.failure == "SMTPException" and "jobcenter@" not in caplog.text


def test_a_mail_that_failed_once_goes_out_later(mail, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", lambda *a, **k: (_ for _ in ()).throw(OSError("no route")))
        services.send_pending()
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        assert services.send_pending() == 1
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.failure) == ("sent", 2, "")
