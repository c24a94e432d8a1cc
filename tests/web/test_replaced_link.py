"""A follow link in the wrong hands is ended by its jobcentre: whoever has it is out, and the contact gets a new one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from events import clock
from events.delivery import sweep
from events.errors import NotAllowed, NotVisible, StepRefused
from events.models import Event
from joborders.models import JobOrder
from joborders.services import follow, nominations, steps
from municipalities.actor import Actor
from notifications import rendering
from notifications.models import Mail
from tests import factories
from tests.api.order_cases import WHY
from tests.web.desk import at_desk, fresh, offered, shared, text_of, verified
from tests.web.test_desk_order import page, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
PERSON = "Kanariefuglen Prøve"


@pytest.fixture
def order(ann: Actor) -> JobOrder:
    """Shared, verified, with one presented candidate."""
    made = shared(ann)
    verified(made, ann)
    card = offered(made, ann, name=PERSON)
    nominations.present(card.public_id, ann, card.version, **WHY)
    return fresh(made)


def test_who_is_in_is_out_and_old_links_lead_nowhere(ann: Actor, order: JobOrder) -> None:
    secret, by_mail = follow.create(order), follow.secret_for_mail(order)
    stranger, address = Client(), f"/follow/{order.number}"
    stranger.get(f"/f/{secret}")
    stranger.post(f"{address}/code")
    stranger.post(f"{address}/open", {"code": Mail.objects.get(template="follow_code").secret})
    assert PERSON in text_of(stranger.get(address))

    assert "ikke længere" in text_of(at_desk(ann).get(page(order, "replace_link")))
    assert send(ann, order, "replace_link").status_code == 302

    assert stranger.get(address).status_code == 404
    for old in (secret, by_mail):
        assert Client().get(f"/f/{old}").status_code == 404
    assert Client().get(f"/f/{follow.secret_for_mail(order)}").headers["Location"] == address
    assert "lukkede virksomhedens link" in text_of(at_desk(ann).get(page(order)))


def test_the_contact_gets_the_new_link_and_no_row_or_event_holds_it(ann: Actor, order: JobOrder) -> None:
    follow.replace(order.public_id, ann, order.version)
    sweep()
    mail = Mail.objects.get(template="new_link")
    assert mail.to == order.contact_email
    secret = follow.secret_for_mail(order)
    assert secret not in mail.text and secret in rendering.filled(mail)
    assert Event.objects.get(type="joborder.link_replaced").data == {"by_mail": True}


def test_only_the_lead_ends_a_link_and_only_while_it_lives(ann: Actor, eva: Actor, kim: Actor, order: JobOrder) -> None:
    for other in (eva, kim, factories.caseworker("0217")):
        with pytest.raises((NotAllowed, NotVisible)):
            follow.replace(order.public_id, other, order.version)
    ended = steps.close(order.public_id, ann, order.version, reason="withdrawn")
    again = follow.replace(order.public_id, ann, ended.version)
    with clock.at(factories.MONDAY + dt.timedelta(days=31)):
        with pytest.raises(StepRefused):
            follow.replace(order.public_id, ann, again.version)
        with pytest.raises(NotVisible):
            follow.find(follow.secret_for_mail(order))


def test_a_link_that_an_ended_order_gets_expires_like_any_other(ann: Actor) -> None:
    order = shared(ann)
    ended = steps.close(order.public_id, ann, order.version, reason="withdrawn")
    secret = follow.secret_for_mail(ended)
    with clock.at(factories.MONDAY + dt.timedelta(days=31)), pytest.raises(NotVisible):
        follow.find(secret)
