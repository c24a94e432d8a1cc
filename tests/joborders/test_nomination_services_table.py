"""Each step × state × role, generated from the workflow table: allowed ones work, the rest write nothing."""

from __future__ import annotations

import pytest

from candidates.models import Release
from events.errors import DomainError, NotAllowed, NotVisible, StepRefused
from events.models import Event
from joborders import nomination_workflow as rules
from joborders.models import JobOrder, Nomination
from joborders.services import nominations
from tests.candidates import build
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
EVERY = [(state, step) for state in cases.STATES if state != "lapsed" for step in cases.ARGUMENTS]


@pytest.fixture(autouse=True)
def region(db):
    build.region()


def everything():
    """All that a step might write."""
    return (
        list(Nomination.objects.order_by("pk").values()),
        list(JobOrder.objects.order_by("pk").values()),
        list(Release.objects.order_by("pk").values()),
        Event.objects.count(),
    )


def may(role: str, state: str, step: str) -> bool:
    row = rules.STEPS[step]
    return bool(row.by & cases.ROLES[role]) and rules.State(state) in row.at


@pytest.mark.parametrize(("state", "step"), EVERY)
def test_forbidden_steps_write_nothing(state, step):
    order = cases.order()
    one = cases.nomination(order, state)
    for role in (role for role in cases.ROLES if not may(role, state, step)):
        actor = cases.actor_of(role, order)
        before = everything()
        with pytest.raises((NotVisible, NotAllowed, StepRefused)) as error:
            cases.take(step, one, actor, **cases.ARGUMENTS[step])
        assert everything() == before, role
        if isinstance(error.value, StepRefused):
            assert rules.STEPS[step].by & cases.ROLES[role] and step not in error.value.allowed
        elif isinstance(error.value, NotAllowed):
            assert not rules.STEPS[step].by & cases.ROLES[role]


ALLOWED = [(role, state, step) for state, step in EVERY for role in cases.ROLES if may(role, state, step)]


@pytest.mark.parametrize(("role", "state", "step"), ALLOWED)
def test_allowed_steps_go_where_the_table_says(role, state, step):
    order = cases.order()
    one = cases.nomination(order, state)
    actor = cases.actor_of(role, order)
    assert step in nominations.allowed_steps(Nomination.objects.get(pk=one.pk), actor)
    after = cases.take(step, one, actor, **cases.ARGUMENTS[step])
    to = rules.STEPS[step].to
    kept = Nomination.objects.get(pk=one.pk)
    assert kept.state == after.state == (to.value if to else state) and kept.version == one.version + 1
    event = Event.objects.filter(subject=one.public_id).order_by("-id").first()
    assert (event.type, event.version) == (rules.STEPS[step].event, kept.version)
    assert set(event.audience.strip("|").split("|")) == {cases.LEAD, cases.HOME}
    assert event.data["home"] == cases.HOME and str(kept.candidate.public_id) not in str(event.data)
    assert (event.company is not None) == (kept.presented_at is not None)


@pytest.mark.parametrize("role", [role for role in cases.ROLES if role != "lead consultant"])
def test_only_the_lead_requests(role):
    order, person = cases.order(), build.candidate(cases.HOME)
    with pytest.raises((NotVisible, NotAllowed)):
        cases.request(order, person, actor=cases.actor_of(role, order))
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("role", [role for role in cases.ROLES if role not in ("lead consultant", "home consultant")])
def test_only_jobcentres_that_may_offer_do(role):
    order, person = cases.order(), build.candidate(cases.HOME)
    with pytest.raises(DomainError):
        nominations.offer(
            order.public_id,
            cases.actor_of(role, order),
            order.version,
            candidate=person.public_id,
            acceptance=cases.YES,
        )
    assert not Nomination.objects.exists()
