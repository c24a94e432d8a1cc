"""Mail against a real SMTP server that fails on purpose: every mail goes out, once, or says why it did not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured

from events import clock
from joborders import mail_ids
from joborders.models import FollowLink
from notifications import outbox, sending
from notifications.models import Mail, Notice
from notifications.writing import write
from tests import factories
from tests.notifications.sink import Sink, running

pytestmark = pytest.mark.django_db
NOW = factories.MONDAY


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running(settings) as sink:
        yield sink


def mails(number: int, at: dt.datetime = NOW) -> list[Mail]:
    with clock.at(at):
        return [
            write("news", None, to=f"a{n}@kommune.example", key=f"k{n}", subject="Nyt", url="https://nrs.example/")
            for n in range(number)
        ]


def send(at: dt.datetime) -> int:
    with clock.at(at):
        return sending.send_pending()


def test_a_mail_goes_out_once_in_two_forms_with_its_own_message_id(sink: Sink) -> None:
    [mail] = mails(1)
    assert (send(NOW), send(NOW)) == (1, 0)
    [sent] = sink.accepted
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.sent_at) == ("sent", 1, NOW.astimezone(dt.UTC))
    assert sent["To"] == mail.to and sent["Auto-Submitted"] == "auto-generated"
    kinds = [part.get_content_type() for part in sent.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html"]
    assert sink.ids == [sending.message_id(mail)]


def test_a_mail_about_an_order_carries_the_order_in_its_message_id(sink: Sink) -> None:
    factories.load_reference()
    order = factories.order()
    write("receipt", order, to="kirsten@firma.example", key="r", subject="Kvittering %(number)s", order=order)
    sending.send_pending()
    [sent] = sink.accepted
    assert mail_ids.read(str(sent["Message-ID"]), configured.SECRET_KEY) == order.public_id
    assert sent["Reply-To"] == configured.SHARED_MAILBOX and order.number in sent["Subject"]


def test_while_the_server_is_stopped_everything_waits_and_then_goes_out_once(sink: Sink) -> None:
    mails(60)
    sink.rule = lambda verb, address, attempt: "drop" if verb == "DATA" and attempt == 40 else None
    assert send(NOW) == 59, "one was dropped in the middle of its data"
    sink.stop()
    with clock.at(NOW):
        for n in range(60):
            write("news", None, to=f"b{n}@kommune.example", key=f"late{n}", subject="Nyt", url="https://nrs.example/")
    now = NOW
    for minutes in (1, 6, 16):
        now += dt.timedelta(minutes=minutes)
        assert send(now) == 0
    waiting = Mail.objects.filter(state="pending")
    assert set(waiting.values_list("failure", flat=True)) == {"ConnectionRefusedError"}
    sink.start()
    assert send(now + dt.timedelta(hours=2)) == 61
    assert send(now + dt.timedelta(days=1)) == 0 and not waiting.exists()
    assert len(sink.ids) == len(set(sink.ids)) == 120, "every mail is sent, and once"


def test_what_was_written_before_the_clock_was_set_back_goes_out(sink: Sink) -> None:
    mails(2)
    assert send(NOW - dt.timedelta(hours=1)) == 2


def test_a_server_that_is_busy_is_asked_again_with_growing_pauses_for_24_hours(sink: Sink, caplog: Any) -> None:
    [mail] = mails(1)
    sink.rule = lambda verb, address, attempt: f"451 <{address}> later" if verb == "RCPT" else None
    now, pauses = NOW, []
    while mail.state == "pending":
        assert send(now) == 0
        mail.refresh_from_db()
        if mail.state == "pending":
            assert send(mail.next_try_at - dt.timedelta(seconds=1)) == 0
            pauses.append((mail.next_try_at - now) / dt.timedelta(minutes=1))
            now = mail.next_try_at
    assert pauses == sorted(pauses) == list(sending.PAUSES_MINUTES) and sum(pauses) == 24 * 60
    assert (mail.state, mail.failure, mail.tries) == ("failed", "SMTPRecipientsRefused 451", 11)
    assert sink.accepted == [] and mail.to not in caplog.text + mail.failure


def test_a_receiver_that_the_server_does_not_know_is_given_up_at_once_and_the_rest_go_out(sink: Sink) -> None:
    mails(3)
    sink.rule = lambda verb, address, attempt: "550 who?" if address.startswith("a1@") and verb == "RCPT" else None
    assert send(NOW) == 2
    assert list(Mail.objects.order_by("id").values_list("state", "failure")) == [
        ("sent", ""),
        ("failed", "SMTPRecipientsRefused 550"),
        ("sent", ""),
    ]


def test_who_has_the_order_hears_that_the_company_cannot_be_reached(sink: Sink) -> None:
    factories.load_reference()
    actor = factories.consultant()
    order = factories.order()
    type(order).objects.filter(pk=order.pk).update(assignee=actor.user_id)
    write("receipt", order, to=order.contact_email, key="r", subject="Kvittering", order=order)
    sink.rule = lambda verb, address, attempt: "550 who?"
    sending.send_pending()
    notice = Notice.objects.get()
    assert (notice.user_id, notice.template, notice.number) == (actor.user_id, "undelivered", order.number)


def test_a_connection_dropped_after_data_is_tried_again_with_the_same_message_id(sink: Sink) -> None:
    [mail] = mails(1)
    sink.rule = lambda verb, address, attempt: "accept and drop" if verb == "DATA" and attempt == 1 else None
    assert send(NOW) == 0
    assert send(NOW + dt.timedelta(minutes=2)) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("sent", 2)
    assert len(sink.ids) == 2 and len(set(sink.ids)) == 1, "doubled at most, and known as one"


def test_a_process_that_dies_while_it_sends_leaves_the_mail_to_the_next_after_its_lease(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    [mail] = mails(1)
    with monkeypatch.context() as dying, clock.at(NOW), pytest.raises(SystemExit):
        dying.setattr(sending, "_mark", lambda *a, **k: (_ for _ in ()).throw(SystemExit()))
        sending.send_pending()
    assert len(sink.accepted) == 1, "accepted, and died before the mark"
    assert send(NOW + sending.LEASE - dt.timedelta(seconds=1)) == 0
    assert send(NOW + sending.LEASE) == 1
    assert len(set(sink.ids)) == 1 and Mail.objects.get().state == "sent"


def test_two_workers_never_send_the_same_mail(sink: Sink) -> None:
    mails(3)
    with clock.at(NOW):
        mine = sending._claim()
        assert len(mine) == 3 and sending._claim() == []
        assert sending.send_pending() == 0


def test_a_code_that_has_expired_is_not_sent_and_no_code_stays_in_the_row(sink: Sink) -> None:
    factories.load_reference()
    with clock.at(NOW):
        for name in ("late", "now"):
            write(
                "follow_code",
                factories.order(),
                to="kirsten@firma.example",
                key=name,
                subject="Kode",
                secret="123456",
                expires_at=NOW + dt.timedelta(minutes=10 if name == "now" else 0),
            )
        assert sending.send_pending() == 1
    assert dict(Mail.objects.values_list("key", "failure")) == {"late": "expired", "now": ""}
    assert not Mail.objects.exclude(secret="").exists()
    assert "123456" in sink.accepted[0].get_body(("plain",)).get_content()
    assert not Mail.objects.filter(text__contains="123456").exists()


def test_the_secret_link_stands_in_the_mail_and_in_no_row(sink: Sink, client: Any) -> None:
    factories.load_reference()
    order = factories.order()
    mail = write("presented", order, to=order.contact_email, key="p", subject="Nyt", order=order)
    sending.send_pending()
    text = sink.accepted[0].get_body(("plain",)).get_content()
    [address] = [line for line in text.splitlines() if "/f/" in line]
    secret = address.rpartition("/")[2]
    assert secret not in mail.text and not FollowLink.objects.filter(digest__contains=secret).exists()
    answer = client.get(f"/f/{secret}")
    assert answer.status_code == 302 and answer["Location"] == f"/follow/{order.number}"


def test_a_failed_mail_may_be_given_another_day(sink: Sink) -> None:
    [mail] = mails(1)
    sink.rule = lambda verb, address, attempt: "550 who?" if attempt == 1 else None
    send(NOW)
    mail.refresh_from_db()
    assert sending.again(mail) and not sending.again(Mail.objects.get())
    assert send(clock.now() + dt.timedelta(seconds=1)) == 1 and Mail.objects.get().state == "sent"


def test_the_outbox_of_the_demo_keeps_what_a_server_would_have_got(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR, settings.EMAIL_BACKEND = tmp_path, "notifications.outbox.Backend"
    factories.load_reference()
    order = factories.order()
    write("receipt", order, to="kirsten@firma.example", key="r", subject="Kvittering", order=order)
    assert sending.send_pending() == 1
    [kept] = outbox.kept()
    assert (kept.to, kept.subject) == ("kirsten@firma.example", "Kvittering")
    assert "/f/" in kept.text and order.title in kept.text
