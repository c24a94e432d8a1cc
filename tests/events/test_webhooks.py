"""Webhooks against a real receiver: scope, signature, order, retries, replay, switching off."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.models import Delivery, Event, Webhook
from events.webhooks import sending, services, signing
from events.webhooks.planning import plan
from events.webhooks.process import waiting
from events.webhooks.sending import send_due
from municipalities.actor import Actor, Role
from tests.events.receiver import Receiver, receiving
from tests.settled import wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

ADMIN = Actor.member(role=Role.ADMIN, municipality="0219")
COMPANY = UUID("22222222-2222-4222-8222-222222222222")


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """On the loopback, which the operator has allowed."""
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as found:
        yield found


@pytest.fixture
def webhook(receiver) -> Webhook:
    """Hillerød's, for everything about orders."""
    return services.register(ADMIN, url=receiver.url, patterns=["joborder.*"])


def planned() -> int:
    """Plan what has happened, once the feed shows it."""
    wait_until_settled()
    return plan()


def later(**delta: float) -> dt.datetime:
    """A moment to come."""
    return clock.now() + dt.timedelta(**delta)


def test_a_webhook_is_told_of_what_its_owner_may_know_and_asked_for(append, receiver, webhook):
    told = append("joborder.claimed")
    append("joborder.claimed", municipality="0270", audience=["0270"])
    append("nomination.requested")
    assert planned() == 1
    assert send_due(webhook.pk) == 1
    assert receiver.ids == [str(told.public_id)]
    assert receiver.headers[0]["content-type"] == "application/cloudevents+json"
    assert receiver.messages[0]["type"] == "dk.nrs.joborder.claimed.v1"


def test_a_company_is_told_of_its_own_orders_only(append, receiver):
    webhook = services.register(Actor.company_(COMPANY), url=receiver.url, patterns=["#"])
    own = append("joborder.claimed", company=COMPANY)
    append("joborder.claimed", company=uuid4())
    append("candidate.updated")
    assert planned() == 1
    send_due(webhook.pk)
    assert receiver.ids == [str(own.public_id)]


def test_nothing_from_before_the_registration_is_sent_and_nothing_after_it_left_out(append, receiver):
    append()
    wait_until_settled()
    webhook = services.register(ADMIN, url=receiver.url, patterns=["#"])
    wanted = [append() for _ in range(3)]
    assert planned() == 3
    assert planned() == 0
    send_due(webhook.pk)
    assert receiver.ids == [str(event.public_id) for event in wanted]


def test_a_receiver_can_check_the_signature_with_the_secret_it_was_given(append, receiver, webhook):
    append()
    planned()
    send_due(webhook.pk)
    headers = receiver.headers[0]
    key = base64.b64decode(signing.secret(webhook).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + receiver.bodies[0]
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_for_a_day_after_a_new_secret_both_sign(webhook):
    old = services.rotate_secret(ADMIN, webhook.public_id, webhook.version)
    now = clock.now()
    assert len(signing.headers(old, "id", b"{}", now)["webhook-signature"].split()) == 2
    assert len(signing.headers(old, "id", b"{}", later(hours=25))["webhook-signature"].split()) == 1
    assert signing.secret(old) != signing.secret(webhook)


def test_the_events_of_one_subject_arrive_in_order_and_a_failure_holds_up_no_other(append, receiver, webhook):
    bad, good = uuid4(), uuid4()
    first = append(subject=bad)
    second = append("joborder.closed", subject=bad)
    other = append(subject=good)
    receiver.answer = lambda message: 500 if message["id"] == str(first.public_id) else 200
    planned()
    assert send_due(webhook.pk) == 1
    assert receiver.ids == [str(first.public_id), str(other.public_id)]
    receiver.answer = lambda message: 200
    with clock.at(later(seconds=6)):
        assert send_due(webhook.pk) == 2
    assert receiver.ids[-2:] == [str(first.public_id), str(second.public_id)]


@pytest.mark.parametrize("status", [0, 302, 400, 500])
def test_anything_but_a_good_answer_is_tried_again_after_a_growing_pause(append, receiver, webhook, status):
    append()
    receiver.answer = lambda message: status
    planned()
    assert send_due(webhook.pk) == 0
    delivery = Delivery.objects.get()
    assert delivery.state == "pending" and delivery.tries == 1
    assert (delivery.status or 0) == status and bool(delivery.failure) == (status == 0)
    first_pause = delivery.next_try_at - clock.now()
    with clock.at(delivery.next_try_at):
        send_due(webhook.pk)
    delivery.refresh_from_db()
    assert delivery.tries == 2 and delivery.next_try_at - clock.now() > first_pause
    assert len(receiver.messages) == 2, "a redirect is not followed"


def test_a_dead_receiver_is_left_in_peace_and_gets_everything_when_it_is_back(append, receiver, webhook):
    for _ in range(10):
        append()
    receiver.answer = lambda message: 0
    planned()
    send_due(webhook.pk)
    assert len(receiver.messages) == sending.RESTS_AFTER
    assert waiting() == []
    receiver.answer = lambda message: 200
    with clock.at(later(minutes=2)):
        assert waiting() == [webhook.pk]
        assert send_due(webhook.pk) == 10
    assert Delivery.objects.filter(state="delivered").count() == 10


def test_an_hour_that_comes_twice_delays_nothing(append, receiver, webhook):
    append()
    planned()
    with clock.at(later(hours=-1)):
        assert waiting() == [webhook.pk] and send_due(webhook.pk) == 1
    Webhook.objects.filter(pk=webhook.pk).update(failures=3, failing_since=clock.now(), next_try_at=later(minutes=1))
    append()
    planned()
    assert waiting() == [] and send_due(webhook.pk) == 0
    with clock.at(later(hours=-1)):
        assert waiting() == [webhook.pk] and send_due(webhook.pk) == 1


def test_after_three_days_it_is_given_up_the_webhook_is_off_and_the_owner_hears_of_it(append, receiver, webhook):
    append()
    receiver.answer = lambda message: 500
    planned()
    send_due(webhook.pk)
    with clock.at(later(days=3, minutes=1)):
        send_due(webhook.pk)
    assert Delivery.objects.get().state == "given_up"
    webhook.refresh_from_db()
    assert webhook.state == "off"
    notice = Event.objects.get(type="webhook.switched_off")
    assert notice.audience == "|0219|" and notice.subject == webhook.public_id


def test_gone_switches_off_at_once(append, receiver, webhook):
    append()
    receiver.answer = lambda message: 410
    planned()
    send_due(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.state == "off"


def test_what_happened_while_it_stood_still_is_sent_when_it_starts(append, receiver, webhook):
    stopped = services.stop(ADMIN, webhook.public_id, webhook.version)
    missed = append()
    assert planned() == 0
    services.start(ADMIN, webhook.public_id, stopped.version)
    assert planned() == 1
    send_due(webhook.pk)
    assert receiver.ids == [str(missed.public_id)]


def test_it_can_start_without_what_was_missed(append, receiver, webhook):
    append()
    planned()
    stopped = services.stop(ADMIN, webhook.public_id, webhook.version)
    append()
    wait_until_settled()
    services.start(ADMIN, webhook.public_id, stopped.version, skip=True)
    assert planned() == 0 and send_due(webhook.pk) == 0
    assert receiver.messages == []


def test_a_delivery_can_be_sent_again_by_its_owner_only(append, receiver, webhook):
    append()
    planned()
    send_due(webhook.pk)
    delivery = Delivery.objects.get()
    with pytest.raises(NotVisible):
        services.replay(Actor.member(role=Role.ADMIN, municipality="0270"), webhook.public_id, [delivery.public_id])
    with pytest.raises(NotVisible):
        services.replay(ADMIN, webhook.public_id, [uuid4()])
    assert services.replay(ADMIN, webhook.public_id, [delivery.public_id]) == 1
    send_due(webhook.pk)
    assert receiver.ids == [str(delivery.event.public_id)] * 2


def test_an_address_that_has_become_private_is_not_sent_to(append, receiver, webhook, settings):
    append()
    planned()
    settings.WEBHOOK_PRIVATE_HOSTS = []
    send_due(webhook.pk)
    assert receiver.messages == [] and Delivery.objects.get().failure == "no_tls"


def test_who_may_not_keep_webhooks_is_refused(receiver):
    for actor in (Actor.member(role=Role.CONSULTANT, municipality="0219"), Actor.link(uuid4())):
        with pytest.raises(NotAllowed):
            services.register(actor, url=receiver.url, patterns=["#"], municipality="0219")
    with pytest.raises(NotAllowed):
        services.register(ADMIN, url=receiver.url, patterns=["#"], municipality="0270")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"url": "https://10.0.0.1/"}, "/url"),
        ({"patterns": []}, "/patterns"),
        ({"patterns": ["joborder claimed"]}, "/patterns/0"),
        ({"municipality": "x"}, "/municipality"),
    ],
)
def test_a_wrong_registration_is_refused_with_its_field(receiver, given, pointer):
    values = {"url": receiver.url, "patterns": ["#"], "municipality": "0219"} | given
    with pytest.raises(Invalid) as refusal:
        services.register(Actor.member(role=Role.ADMIN), **values)
    assert refusal.value.errors[0].pointer == pointer
    assert not Webhook.objects.exists()


def test_a_change_needs_the_current_version(webhook):
    services.change(ADMIN, webhook.public_id, 1, patterns=["#"])
    with pytest.raises(Stale):
        services.stop(ADMIN, webhook.public_id, 1)
    with pytest.raises(Conflict):
        services.start(ADMIN, webhook.public_id, 2)
