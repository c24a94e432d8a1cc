"""The clocks: each level of each promise is told once, in order, and day 4 shares the order."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from events import clock
from events.models import Event
from joborders.models import Escalation, Intake, IntakeEscalation, JobOrder, Nomination
from joborders.services import intakes, steps
from joborders.tasks import run_clocks
from municipalities.models import ClosingDay
from tests import factories as make

pytestmark = pytest.mark.usefixtures("reference", "monday")


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=clock.COPENHAGEN)


def levels() -> list[str]:
    return list(Escalation.objects.order_by("id").values_list("level", flat=True))


def test_nothing_is_told_before_its_time():
    make.order()
    assert run_clocks(at(3, 8, 59)) == 0
    assert not Escalation.objects.exists()


def test_an_overdue_first_response_goes_to_the_assignee_then_to_the_coordinator():
    make.order()
    assert run_clocks(at(3)) == 1
    assert levels() == ["response_overdue"]
    assert run_clocks(at(4)) == 1
    assert levels() == ["response_overdue", "response_escalated"]
    told = Event.objects.filter(type="joborder.overdue").order_by("id")
    assert [event.data["tells"] for event in told] == ["assignee", "coordinator"]
    assert all(event.company is None for event in told)


def test_running_twice_tells_once():
    make.order()
    assert [run_clocks(at(4)), run_clocks(at(4)), run_clocks(at(4, 10))] == [2, 0, 0]
    assert Event.objects.filter(type="joborder.overdue").count() == 2


def test_after_three_of_five_days_the_lead_is_asked_and_at_day_four_the_order_is_shared(ann):
    order = steps.claim(make.order().public_id, ann, 1)
    steps.respond(order.public_id, ann, 2)
    assert run_clocks(at(5, 8, 30)) == 0
    run_clocks(at(5))
    assert levels() == ["candidate_asked"]
    run_clocks(at(6))
    assert levels() == ["candidate_asked", "candidate_shared"]
    assert JobOrder.objects.get().shared_at == at(6)
    assert Event.objects.get(type="joborder.shared").actor_kind == "system"
    run_clocks(at(9))
    run_clocks(at(10))
    assert levels()[2:] == ["candidate_overdue", "candidate_escalated"]


def test_a_kept_promise_is_silent(ann):
    order = steps.claim(make.order().public_id, ann, 1)
    steps.respond(order.public_id, ann, 2)
    JobOrder.objects.update(presented_at=make.MONDAY)
    assert run_clocks(at(20)) == 0


def test_paused_and_ended_orders_stand_still(ann):
    steps.pause(make.order().public_id, ann, 1)
    steps.close(make.order().public_id, ann, 1, reason="withdrawn")
    assert run_clocks(at(20)) == 0


def test_a_municipalitys_own_closing_day_moves_the_promise():
    ClosingDay.objects.create(municipality_id="0219", day=at(3).date())
    assert make.order().response_due_at == at(4)


def test_an_unanswered_request_reminds_home_and_then_the_coordinator(ann):
    order = steps.claim(make.order().public_id, ann, 1)
    order = steps.respond(order.public_id, ann, 2)
    order = steps.share(order.public_id, ann, 3)
    for home in ("0217", "0270"):
        person = make.candidate(home)
        Nomination.objects.create(
            order=order,
            candidate=person,
            home_code=home,
            pseudonym=person.pseudonym,
            state="requested",
            requested_at=clock.now(),
            answer_due_at=at(3),
            created_at=clock.now(),
        )
    assert run_clocks(at(3)) == 2
    assert run_clocks(at(4)) == 2
    assert levels() == ["request_reminded", "request_reminded", "request_escalated", "request_escalated"]
    told = Event.objects.filter(type="joborder.overdue").order_by("id")
    assert [event.data["home"] for event in told] == ["0217", "0270", "0217", "0270"]
    assert run_clocks(at(4)) == 0


def call(by, **changes) -> Intake:
    contact = {"name": "Kirsten Prøve", "phone": "48 00 00 00"}
    return intakes.draft(by, channel="phone", contact=contact, **changes)


def test_an_unanswered_call_goes_to_who_took_it_then_to_the_coordinator_once_each(ann):
    intake = call(ann)
    assert run_clocks(at(3, 8, 59)) == 0
    assert [run_clocks(at(3)), run_clocks(at(3)), run_clocks(at(4)), run_clocks(at(4))] == [1, 0, 1, 0]
    told = list(Event.objects.filter(type="intake.overdue").order_by("id"))
    assert [event.data["level"] for event in told] == ["response_overdue", "response_escalated"]
    assert [event.data["tells"] for event in told] == ["assignee", "coordinator"]
    assert {(event.subject, event.audience, event.company) for event in told} == {(intake.public_id, "|0219|", None)}
    assert {event.data["assignee"] for event in told} == {str(ann.public_id)}


@pytest.mark.parametrize("decide", [intakes.mark_spam, intakes.mark_enquiry])
def test_a_call_that_was_decided_on_is_silent(decide, ann):
    decide(call(ann).public_id, ann, 1)
    assert run_clocks(at(20)) == 0


def test_a_call_that_became_an_order_goes_on_as_the_order(ann):
    intake = call(ann)
    run_clocks(at(3))
    with clock.at(at(3, 10)):
        order = intakes.submit_draft(intake.public_id, ann, 1, make.block(), company=make.company().public_id)
    assert order.response_due_at == intake.response_due_at
    assert run_clocks(at(4)) == 2
    assert levels() == ["response_overdue", "response_escalated"]
    assert Event.objects.filter(type="intake.overdue").count() == 1


def test_a_level_of_a_call_is_kept_once_by_the_database_too(ann):
    call(ann)
    run_clocks(at(3))
    row = IntakeEscalation.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        IntakeEscalation.objects.create(intake=row.intake, level=row.level, told_at=row.told_at)
