"""How an order ends by itself and comes back, and what lapses with it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import transaction

from candidates.models import Candidate, Release
from events import clock
from events.models import Event
from joborders.models import JobOrder, Nomination
from joborders.services import ending, steps
from joborders.services.base import locked
from municipalities.actor import Actor
from tests import factories as make

pytestmark = pytest.mark.usefixtures("reference", "monday")


def nomination(order: JobOrder, state: str, home: str = "0217") -> Nomination:
    """A nomination put there directly, with what its state demands and leave for the order's lead."""
    person: Candidate = make.candidate(home)
    reason = "other" if state in ("declined", "withdrawn", "not_started") else ""
    Release.objects.create(
        candidate=person, order=order.public_id, to_municipality=order.lead_id, started_at=clock.now()
    )
    return Nomination.objects.create(
        order=order,
        candidate=person,
        home_code=home,
        pseudonym=person.pseudonym,
        state=state,
        accepted_at=None if state == "requested" else clock.now(),
        acceptance_on=None if state == "requested" else clock.today(),
        acceptance_channel="" if state == "requested" else "phone",
        hire_starts_on=date(2026, 4, 1) if state == "hired" else None,
        hire_hours=37 if state == "hired" else None,
        hire_terms="ordinary" if state == "hired" else "",
        end_reason=reason,
        created_at=clock.now(),
    )


def settled(order: JobOrder) -> JobOrder:
    with transaction.atomic():
        return ending.settle(locked(order.public_id, Actor.system()), Actor.system())


def test_the_last_hire_fills_the_order_and_the_others_lapse():
    order = make.order(positions=1)
    nomination(order, "hired")
    waiting = [nomination(order, state) for state in ("requested", "accepted", "presented", "interview")]
    order = settled(order)
    assert (order.state, order.close_reason, order.hires, order.ended_itself) == ("filled", "filled", 1, True)
    assert set(Nomination.objects.filter(pk__in=[row.pk for row in waiting]).values_list("state", "version")) == {
        ("lapsed", 2)
    }
    assert Release.objects.filter(ended_at__isnull=True).count() == 1
    lapsed = Event.objects.filter(type="nomination.lapsed").order_by("id")
    assert [event.company is not None for event in lapsed] == [False, False, True, True]
    assert all(set(event.data) == {"order", "home"} for event in lapsed)


def test_an_order_with_a_free_position_stays_open_and_counts():
    order = make.order(positions=2)
    nomination(order, "hired")
    nomination(order, "presented")
    order = settled(order)
    assert (order.state, order.hires, order.with_company, order.version) == ("open", 1, 1, 2)
    assert settled(order).version == 2


def test_a_hire_from_the_nine_makes_a_hand_closed_order_filled(ann):
    order = make.order(positions=2)
    nomination(order, "hired")
    order = settled(order)
    order = steps.close(order.public_id, ann, order.version, reason="partly_filled")
    assert (order.state, order.close_reason, order.ended_itself) == ("filled", "partly_filled", False)


def test_an_order_that_filled_itself_reopens_when_a_hire_does_not_start():
    order = make.order(positions=1)
    hire = nomination(order, "hired")
    order = settled(order)
    Nomination.objects.filter(pk=hire.pk).update(state="not_started", end_reason="no_show")
    order = settled(order)
    assert (order.state, order.close_reason, order.hires, order.ended_at) == ("open", "", 0, None)
    assert Event.objects.filter(type="joborder.reopened").count() == 1


def test_an_order_closed_by_a_person_stays_ended_and_its_state_is_recomputed(ann):
    order = make.order(positions=2)
    hire = nomination(order, "hired")
    order = settled(order)
    order = steps.close(order.public_id, ann, order.version, reason="partly_filled")
    Nomination.objects.filter(pk=hire.pk).update(state="not_started", end_reason="no_show")
    order = settled(order)
    assert (order.state, order.close_reason) == ("closed", "other")
    assert order.close_text


def test_handing_over_moves_the_leave_to_see_named_candidates(ann):
    order = make.order(make.company("0219"))
    named = nomination(order, "accepted", "0270")
    own = nomination(order, "accepted", "0217")
    steps.hand_over(order.public_id, ann, 1, to="0217", reason="Ja", agreed_by="Eva")
    live = Release.objects.filter(ended_at__isnull=True).values_list("candidate_id", "to_municipality")
    assert list(live) == [(named.candidate_id, "0217")]
    assert own.candidate_id not in dict(live)


def test_the_clock_of_the_candidate_promise_goes_on_after_a_reopening(ann):
    order = steps.close(make.order().public_id, ann, 1, reason="withdrawn")
    with clock.at(datetime(2026, 3, 4, 9, tzinfo=clock.COPENHAGEN)):
        order = steps.reopen(order.public_id, ann, 2, reason="Alligevel")
    assert order.candidate_due_at == datetime(2026, 3, 11, 9, tzinfo=clock.COPENHAGEN)
