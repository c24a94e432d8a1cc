"""Two at the same moment: one wins. Real locks on PostgreSQL, the version check on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, close_old_connections, connection, connections

from events import clock
from events.errors import DomainError, NotVisible, Stale, StepRefused
from events.models import Event
from joborders.models import JobOrder
from joborders.services import intakes, steps
from joborders.services.submitting import submit_public
from joborders.tasks import run_clocks
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def region(transactional_db: None) -> Iterator[None]:
    make.load_reference()
    with clock.at(make.MONDAY):
        yield


def patiently(call: Callable[[], object]) -> object:
    """SQLite's in-memory test database refuses at once where a file would wait its turn: try again."""
    for _ in range(500):
        try:
            return call()
        except OperationalError as error:
            if connection.vendor != "sqlite" or "locked" not in str(error):
                raise
            threading.Event().wait(0.01)
    raise AssertionError("the database stayed locked")


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; results or errors, in the calls' order."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int, call: Callable[[], object]) -> None:
        close_old_connections()
        with clock.at(make.MONDAY):
            gate.wait(10)
            try:
                results[index] = patiently(call)
            except DomainError as error:
                results[index] = error
            finally:
                connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_two_consultants_cannot_both_claim():
    ann, bo = make.consultant(), make.consultant()
    order = make.order()
    results = at_once(*(lambda who=who: steps.claim(order.public_id, who, 1) for who in (ann, bo)))
    won = [result for result in results if isinstance(result, JobOrder)]
    assert len(won) == 1
    order.refresh_from_db()
    assert (order.version, order.assignee_id) == (2, won[0].assignee_id)
    assert Event.objects.filter(type="joborder.claimed").count() == 1


def test_two_cannot_both_close_even_without_a_version():
    ann = make.consultant()
    order = make.order()
    link = make.link_of(order)
    results = at_once(
        lambda: steps.close(order.public_id, ann, None, reason="duplicate"),
        lambda: steps.withdraw(order.public_id, link, None),
    )
    assert sum(isinstance(result, StepRefused) for result in results) == 1
    assert Event.objects.filter(type="joborder.closed").count() == 1


def test_no_number_is_given_twice():
    companies = [make.company() for _ in range(4)]
    at_once(*(lambda company=company: make.order(company) for company in companies))
    numbers = sorted(JobOrder.objects.values_list("number", flat=True))
    assert numbers == [f"NRS-2026-{number:05d}" for number in range(1, 5)]


def test_one_cvr_handed_in_twice_at_once_is_one_company():
    data = {
        "company": {
            "cvr": make.cvr(),
            "name": "Ny Prøve",
            "unit": {"street": "Vej 1", "postal_code": "3400", "municipality": "0219"},
        },
        "order": make.block(),
    }
    first, second = at_once(lambda: submit_public(data)[0], lambda: submit_public(data)[0])
    assert first.company == second.company
    assert first.number != second.number


def test_two_clocks_tell_once():
    make.order()
    later = make.MONDAY.replace(day=4)
    at_once(lambda: run_clocks(later), lambda: run_clocks(later))
    assert Event.objects.filter(type="joborder.overdue").count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks are PostgreSQL's")
def test_a_step_waits_for_the_row_lock_of_another():
    ann, bo = make.consultant(), make.consultant()
    order = make.order()
    done = at_once(*(lambda who=who: steps.claim(order.public_id, who, None) for who in (ann, bo)))
    assert sum(isinstance(result, StepRefused) for result in done) == 1


def test_a_claim_that_comes_after_a_change_of_lead_is_stale_or_first_but_never_silent():
    ann, kim = make.consultant(), make.coordinator()
    order = make.order()
    handed, claimed = at_once(
        lambda: steps.hand_over(order.public_id, kim, 1, to="0217", reason="Ja", agreed_by="Eva"),
        lambda: steps.claim(order.public_id, ann, 1),
    )
    assert sorted(isinstance(result, JobOrder) for result in (handed, claimed)) == [False, True]
    lost = handed if isinstance(claimed, JobOrder) else claimed
    assert isinstance(lost, Stale | NotVisible)


def test_one_call_becomes_one_order_and_is_told_of_once():
    ann, bo = make.consultant(), make.consultant()
    contact = {"name": "Kirsten Prøve", "phone": "48 00 00 00"}
    call, late = (intakes.draft(ann, channel="phone", contact=contact) for _turn in range(2))
    company = make.company().public_id
    results = at_once(
        *(
            lambda who=who: intakes.submit_draft(call.public_id, who, None, make.block(), company=company)
            for who in (ann, bo)
        )
    )
    assert sum(isinstance(result, StepRefused) for result in results) == 1
    assert JobOrder.objects.count() == 1
    later = make.MONDAY.replace(day=3)
    at_once(lambda: run_clocks(later), lambda: run_clocks(later))
    assert Event.objects.filter(type="intake.overdue", subject=late.public_id).count() == 1
