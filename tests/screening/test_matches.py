"""The orders that fit one candidate are those of the engine, whatever was changed since they were compiled."""

from __future__ import annotations

from random import Random

import pytest

from candidates.models import Candidate
from events import clock
from joborders.models import JobOrder, Requirement
from joborders.services import changes, steps
from screening import engine, matches, open_orders, services
from screening.loading import persons, taken_orders
from screening.open_orders import SHELVES
from screening.ranking import SHOWN
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening import stored
from vocabulary.models import SkillBroader

pytestmark = pytest.mark.django_db(transaction=True)
WISHED = {"licences": ["CE"], "available_from": "2026-01-01", "max_distance_km": 60, "job_goals": ["8332"]}


@pytest.fixture
def skills():
    SHELVES.forget()
    yield stored.region()
    SHELVES.forget()


def expected(person: Candidate):
    """By the engine, order by order: (order, outcome, fit), best first."""
    orders = list(JobOrder.objects.open().exclude(pk__in=taken_orders(person)).order_by("pk"))
    [profile] = persons(Candidate.objects.filter(pk=person.pk), None)
    ready = [services.compiled(wanted) for wanted in services.wanted_of(orders)]
    found = [(order, engine.score(one, profile)) for order, one in zip(orders, ready, strict=True)]
    return [
        (order.public_id, score.outcome, score.raw // 100)
        for lane in SHOWN
        for order, score in sorted(found, key=lambda pair: -pair[1].raw)
        if score.outcome == lane
    ]


def check(person: Candidate) -> int:
    """Matches and engine agree; how many fit."""
    found = matches.matches(person.public_id, actor=build.consultant(person.home_id))
    told = [(row["order"], row["outcome"], row["fit"]) for row in found["results"]]
    assert told == expected(person)
    return len(told)


def test_matches_follow_every_change(skills, monkeypatch):
    monkeypatch.setattr(open_orders, "LARGE_NUMBER", 6)
    lead = build.consultant(cases.LEAD)
    orders = stored.orders(Random(1), 12, skills)
    person = build.candidate(cases.LEAD, **WISHED)
    assert check(person) > 3
    shelf = SHELVES.holding(open_orders.known_today(JobOrder.objects.open()))
    assert shelf.orders == SHELVES.holding(open_orders.known_today(JobOrder.objects.open())).orders
    changes.change(orders[0].public_id, lead, orders[0].version, {"is_remote": True, "requirements": []})
    check(person)
    steps.close(orders[1].public_id, lead, orders[1].version, reason="no_suitable_candidates")
    orders += stored.orders(Random(2), 8, skills)
    assert check(person) > 3
    build_on = SkillBroader.objects.create(child_id=skills[5], parent_id=skills[6])
    check(person)
    build_on.delete()
    cases.nomination(orders[2], "accepted", person=person)
    check(person)
    stored.serviced(person, skills=[{"skill": "urn:x:1", "documented": True}], licences=[])
    check(person)
    with clock.at(clock.now() + (clock.now() - clock.day_start(clock.today()))):
        check(person)


def test_an_order_that_was_changed_past_its_services_is_noticed_where_it_is_shown(skills):
    person = build.candidate(cases.LEAD, **WISHED)
    [order] = stored.orders(Random(3), 1, skills)
    assert check(person) == 1
    Requirement.objects.filter(order=order).delete()
    JobOrder.objects.filter(pk=order.pk).update(is_remote=True, occupation_id="8332")
    assert check(person) == 1
    assert check(person) == 1


def test_what_is_compiled_in_a_transaction_is_not_remembered(skills):
    from django.db import transaction

    person = build.candidate(cases.LEAD, **WISHED)
    stored.orders(Random(4), 2, skills)
    check(person)
    known = dict(SHELVES.holding(open_orders.known_today(JobOrder.objects.open())).known)
    with transaction.atomic():
        stored.orders(Random(5), 1, skills)
        check(person)
        transaction.set_rollback(True)
    assert dict(SHELVES.holding({}).known) == known
