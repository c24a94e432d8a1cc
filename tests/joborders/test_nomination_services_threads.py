"""Two at the same moment: one wins, by row lock on PostgreSQL and by the single writer on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from events.errors import DomainError, StepRefused
from joborders.models import JobOrder, Nomination
from tests.candidates import build
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; what each returned or raised."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int) -> None:
        try:
            start.wait(10)
            results[index] = calls[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture(autouse=True)
def region(transactional_db):
    build.region()


def test_two_cannot_both_hire_for_the_last_position():
    order = cases.order(positions=1)
    one, two = cases.nomination(order, "presented"), cases.nomination(order, "interview")
    ann, bo = build.consultant(cases.LEAD), build.consultant(cases.LEAD)
    results = at_once(
        lambda: cases.take("hire", one, ann, **cases.HIRE), lambda: cases.take("hire", two, bo, **cases.HIRE)
    )
    assert sum(isinstance(result, Nomination) for result in results) == 1
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert JobOrder.objects.get().hires == 1 == Nomination.objects.filter(state="hired").count()
    assert sorted(Nomination.objects.values_list("state", flat=True)) == ["hired", "lapsed"]


def test_nobody_is_nominated_twice_on_one_order_at_once():
    order, person = cases.order(), build.candidate(cases.HOME)
    lead = build.consultant(cases.LEAD)
    results = at_once(lambda: cases.request(order, person, actor=lead).nomination, lambda: cases.offer(order, person))
    assert sum(isinstance(result, Nomination) for result in results) == 1
    assert sum(isinstance(result, StepRefused) for result in results) == 1
    assert Nomination.objects.count() == 1


def test_two_answers_of_the_company_are_one():
    order = cases.order()
    one = cases.nomination(order, "presented")
    lead = build.consultant(cases.LEAD)
    results = at_once(*[lambda: cases.take("decline", one, lead, reason="experience") for _ in range(2)])
    assert sum(isinstance(result, Nomination) for result in results) == 1
    assert sum(isinstance(result, DomainError) for result in results) == 1
