"""Who sees the named candidate: home always, the lead after acceptance, the company after presentation."""

from __future__ import annotations

import pytest
from django.db import transaction

from candidates.access import named
from candidates.models import Candidate, Release
from joborders.models import JobOrder
from joborders.services import base, ending
from municipalities.actor import Actor, Role
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.joborders.nomination_cases import HIRE, HOME, LEAD, THIRD, YES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region(db):
    build.region()


@pytest.fixture
def order(region):
    return cases.order()


def seen_by(order) -> set[str]:
    """Those to whom the one candidate has a name."""
    readers = {
        "home": build.consultant(HOME),
        "lead": build.consultant(LEAD),
        "lead caseworker": build.member(Role.CASEWORKER, LEAD),
        "third": build.consultant(THIRD),
        "coordinator": Actor.member(role=Role.COORDINATOR),
        "company": Actor.company_(order.company.public_id),
        "link": Actor.link(order.public_id, order.company.public_id),
        "closed link": Actor.link(order.public_id),
    }
    people = Candidate.objects.order_by("pk")
    return {
        role
        for role, actor in readers.items()
        if named(people, actor=actor, purpose="test", fields=["name"], order=order.public_id)
    }


SHOWN = {
    "requested": {"home"},
    "accepted": {"home", "lead"},
    "presented": {"home", "lead", "company", "link"},
    "interview": {"home", "lead", "company", "link"},
    "hired": {"home", "lead", "company", "link"},
    "declined": {"home"},
    "withdrawn": {"home"},
    "not_started": {"home"},
}


@pytest.mark.parametrize("state", SHOWN)
def test_a_name_is_shown_to_those_who_need_it_now(order, state):
    cases.nomination(order, state)
    assert seen_by(order) == SHOWN[state]


def test_lapsed_people_vanish_at_once_and_the_hired_stay(order):
    hired = cases.nomination(order, "hired")
    cases.nomination(order, "presented")
    with transaction.atomic():
        ending.end(base.locked(order.public_id, Actor.system()), "partly_filled", build.consultant(LEAD))
    company = Actor.company_(order.company.public_id)
    people = named(Candidate.objects.order_by("pk"), actor=company, purpose="test", fields=["name"])
    assert [person.pk for person in people] == [hired.candidate_id]


def test_nobody_is_released_on_another_order(order):
    cases.nomination(order, "presented")
    assert seen_by(cases.order()) == {"home"}


def test_the_leads_own_candidate_needs_no_release_to_the_lead(order):
    one = cases.offer(order, build.candidate(LEAD))
    assert not Release.objects.exists()
    cases.take("present", one, build.consultant(LEAD))
    assert Release.objects.get().to_company == order.company.public_id


def test_accepting_releases_to_whoever_leads_then(order):
    one = cases.nomination(order, "requested")
    JobOrder.objects.filter(pk=order.pk).update(lead_id=THIRD)
    cases.take("accept", one, build.member(Role.CASEWORKER, HOME), acceptance=YES)
    assert Release.objects.get().to_municipality == THIRD


def test_a_second_try_gives_leave_anew(order):
    first = cases.nomination(order, "declined")
    again = cases.nomination(order, "presented", person=first.candidate)
    assert seen_by(order) == SHOWN["presented"]
    cases.take("hire", again, build.consultant(LEAD), **HIRE)
    assert Release.objects.filter(ended_at__isnull=True).count() == 2 and Release.objects.count() == 4
