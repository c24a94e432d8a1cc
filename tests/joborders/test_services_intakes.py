"""Calls and mails before they are orders."""

from __future__ import annotations

from datetime import datetime

import pytest

from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale, StepRefused
from joborders.models import Intake, JobOrder
from joborders.services import intakes
from municipalities.actor import Actor
from tests import factories as make

pytestmark = pytest.mark.usefixtures("reference", "monday")
CONTACT = {"name": "Kirsten Prøve", "phone": "48 00 00 00"}


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, 0, tzinfo=clock.COPENHAGEN)


def test_a_call_stands_in_the_queue_with_its_clock_and_is_no_order_yet(ann):
    intake = intakes.draft(ann, channel="phone", contact=CONTACT, text="Søger tre chauffører", received_at=at(2, 8))
    assert (intake.state, intake.municipality_id, intake.response_due_at) == ("draft", "0219", at(3, 8))
    assert not JobOrder.objects.exists()


def test_a_draft_becomes_an_order_received_when_the_call_came(ann):
    intake = intakes.draft(ann, channel="phone", contact=CONTACT)
    company, data = make.company("0270"), make.block()
    del data["contact"]
    with clock.at(at(4)):
        order = intakes.submit_draft(intake.public_id, ann, 1, data, company=company.public_id)
    assert (order.received_at, order.lead_id, order.intake_by) == (at(2), "0270", "0219")
    assert (order.channel, order.contact_name) == ("phone", "Kirsten Prøve")
    intake.refresh_from_db()
    assert (intake.state, intake.order, intake.version) == ("submitted", order, 2)


def test_a_wrong_block_leaves_the_draft_as_it_was(ann):
    intake = intakes.draft(ann, channel="mail", contact=CONTACT)
    with pytest.raises(Invalid):
        intakes.submit_draft(intake.public_id, ann, 1, make.block(positions=0), company=make.company().public_id)
    intake.refresh_from_db()
    assert (intake.state, intake.version) == ("draft", 1)


def test_spam_enquiry_and_merge_take_it_where_it_belongs(ann):
    known = make.order()
    spam, question, again = (intakes.draft(ann, channel="mail", contact=CONTACT) for _ in range(3))
    assert intakes.mark_spam(spam.public_id, ann, 1).state == "spam"
    assert intakes.mark_enquiry(question.public_id, ann, 1, note="Spørger om løn").state == "enquiry"
    assert intakes.merge(again.public_id, ann, 1, order=known.public_id).order == known
    for done in (spam, again):
        with pytest.raises(StepRefused):
            intakes.mark_spam(done.public_id, ann, 2)
    assert Intake.objects.get(pk=spam.pk).version == 2


def test_a_stale_or_foreign_draft_is_not_touched(ann, eva):
    intake = intakes.draft(ann, channel="mail", contact=CONTACT)
    with pytest.raises(NotVisible):
        intakes.mark_spam(intake.public_id, eva, 1)
    intakes.change_draft(intake.public_id, ann, 1, contact=CONTACT, text="Mere")
    with pytest.raises(Stale):
        intakes.mark_spam(intake.public_id, ann, 1)


@pytest.mark.parametrize(
    "given",
    [
        {"contact": {"name": "K"}},
        {"contact": {"phone": "48000000"}},
        {"channel": "pigeon"},
        {"cvr": "12345678"},
        {"text": "010190-1234"},
        {"received_at": at(3)},
    ],
)
def test_a_bad_draft_is_refused(given, ann):
    with pytest.raises(Invalid):
        intakes.draft(ann, **({"channel": "phone", "contact": CONTACT} | given))
    assert not Intake.objects.exists()


def test_a_company_or_caseworker_writes_no_drafts(cas):
    for actor in (cas, Actor.company_(make.company().public_id)):
        with pytest.raises(NotAllowed):
            intakes.draft(actor, channel="phone", contact=CONTACT)
