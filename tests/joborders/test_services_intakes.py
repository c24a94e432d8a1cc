"""Calls and mails before they are orders."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale, StepRefused
from events.models import Event
from joborders.intake_workflow import STEPS, State
from joborders.models import Intake, JobOrder
from joborders.services import intakes
from joborders.tasks import run_clocks
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


def test_a_change_leaves_alone_what_is_not_given(ann):
    intake = intakes.draft(ann, channel="mail", contact=CONTACT, text="Tre chauffører")
    changed = intakes.change_draft(intake.public_id, ann, 1, contact={"email": "k@firma.example"})
    assert (changed.contact_name, changed.contact_phone) == ("Kirsten Prøve", "48 00 00 00")
    assert (changed.contact_email, changed.text) == ("k@firma.example", "Tre chauffører")


def test_a_stale_decision_is_told_what_changed_and_by_whom(ann, bo):
    intake = intakes.draft(ann, channel="mail", contact=CONTACT)
    intakes.mark_enquiry(intake.public_id, bo, 1)
    with pytest.raises(Stale) as refused:
        intakes.mark_spam(intake.public_id, ann, 1)
    assert list(refused.value.changed) == ["intake.enquired"]
    assert refused.value.changed_by == {"name": "Bo Prøve", "municipality": "0219"}
    assert set(refused.value.allowed) == {"change", "take", "move", "submit", "merge", "enquiry", "spam"}


def test_an_enquiry_has_left_the_queue_and_may_still_become_an_order(ann):
    intake = intakes.draft(ann, channel="phone", contact=CONTACT)
    intakes.mark_enquiry(intake.public_id, ann, 1)
    assert not intakes.visible(ann).filter(state__in=intakes.WAITING)
    assert intakes.submit_draft(intake.public_id, ann, 2, make.block(), company=make.company().public_id).number


def test_the_company_is_found_by_the_cvr_number_of_the_call(ann):
    company = make.company()
    known = intakes.draft(ann, channel="phone", contact=CONTACT, cvr=company.cvr)
    unknown = intakes.draft(ann, channel="phone", contact=CONTACT)
    assert intakes.submit_draft(known.public_id, ann, 1, make.block()).company == company
    with pytest.raises(Invalid):
        intakes.submit_draft(unknown.public_id, ann, 1, make.block())


def test_open_orders_of_the_same_company_are_shown_first(ann, eva):
    company = make.company()
    lorry, other = make.order(of=company), make.order(of=company, occupation="9333")
    make.order()
    intake = intakes.draft(ann, channel="phone", contact=CONTACT, cvr=company.cvr)
    assert set(intakes.alike(intake, ann)) == {lorry, other}
    assert list(intakes.alike(intake, ann, "8332")) == [lorry]
    assert not intakes.alike(intake, eva)
    with clock.at(at(2) + timedelta(days=31)):
        assert not intakes.alike(intake, ann)
    assert not intakes.alike(intakes.merge(intake.public_id, ann, 1, order=lorry.public_id), ann)


STATES = {
    "draft": lambda intake, ann: intake,
    "enquiry": lambda intake, ann: intakes.mark_enquiry(intake.public_id, ann, 1),
    "spam": lambda intake, ann: intakes.mark_spam(intake.public_id, ann, 1),
    "merged": lambda intake, ann: intakes.merge(intake.public_id, ann, 1, order=make.order().public_id),
    "submitted": lambda intake, ann: (
        intakes.submit_draft(intake.public_id, ann, 1, make.block(), company=make.company().public_id),
        Intake.objects.get(pk=intake.pk),
    )[1],
}
CALLS = {
    "change": lambda key, actor: intakes.change_draft(key, actor, None, text="Nyt"),
    "submit": lambda key, actor: intakes.submit_draft(key, actor, None, make.block(), company=make.company().public_id),
    "take": lambda key, actor: intakes.take(key, actor, None),
    "move": lambda key, actor: intakes.move(key, actor, None, to="0217"),
    "merge": lambda key, actor: intakes.merge(key, actor, None, order=make.order().public_id),
    "enquiry": lambda key, actor: intakes.mark_enquiry(key, actor, None),
    "spam": lambda key, actor: intakes.mark_spam(key, actor, None),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", State)
def test_the_table_says_what_is_possible_in_each_state(state, step, ann, kim):
    intake = STATES[state](intakes.draft(ann, channel="phone", contact=CONTACT), ann)
    for actor in (ann, kim):
        is_possible = state in STEPS[step].at and (actor.is_consultant or not STEPS[step].by_one)
        assert (step in intakes.allowed(intake, actor)) is is_possible
    if state in STEPS[step].at:
        CALLS[step](intake.public_id, ann)
        told = Event.objects.filter(subject=intake.public_id).order_by("id").last()
        assert (told.type, told.version) == (STEPS[step].event, intake.version + 1)
        return
    before = Event.objects.filter(subject=intake.public_id).count()
    with pytest.raises(StepRefused) as refused:
        CALLS[step](intake.public_id, ann)
    assert tuple(refused.value.allowed) == ()
    fresh = Intake.objects.get(pk=intake.pk)
    assert (fresh.state, fresh.version) == (state, intake.version)
    assert Event.objects.filter(subject=intake.public_id).count() == before


def test_the_lead_of_the_order_reads_the_call_that_it_came_by_and_changes_nothing(ann):
    intake = intakes.draft(ann, channel="phone", contact=CONTACT)
    intakes.submit_draft(intake.public_id, ann, 1, make.block(), company=make.company("0270").public_id)
    gro = make.consultant("0270")
    assert intakes.visible(gro).get().state == "submitted"
    with pytest.raises(NotAllowed):
        intakes.mark_spam(intake.public_id, gro, 2)


def test_a_company_or_caseworker_writes_no_drafts(cas):
    for actor in (cas, Actor.company_(make.company().public_id)):
        with pytest.raises(NotAllowed):
            intakes.draft(actor, channel="phone", contact=CONTACT)


def test_a_draft_that_moves_keeps_its_clock_and_loses_its_taker(ann, eva):
    intake = intakes.draft(ann, channel="phone", contact=CONTACT)
    with pytest.raises(Invalid):
        intakes.move(intake.public_id, ann, 1, to="0219")
    with pytest.raises(Invalid):
        intakes.move(intake.public_id, ann, 1, to="0101")
    moved = intakes.move(intake.public_id, ann, 1, to="0217")
    assert (moved.municipality_id, moved.taken_by, moved.response_due_at) == ("0217", None, at(3))
    event = Event.objects.filter(type="intake.moved").get()
    assert event.audience == "|0217|0219|"
    assert not intakes.visible(ann).exists()
    assert intakes.take(intake.public_id, eva, 2).taken_by_id == eva.user_id


def test_what_nobody_can_place_waits_for_the_coordinator_with_its_clock(ann, kim):
    intake = intakes.draft(Actor.system("mail"), channel="mail", contact=CONTACT, municipality=None)
    assert (intake.municipality, intake.response_due_at) == (None, at(3))
    assert not intakes.visible(ann).exists()
    assert intakes.visible(kim).get() == intake
    with clock.at(at(4)):
        assert run_clocks() >= 1
