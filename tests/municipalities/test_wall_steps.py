"""Steps behind the second wall: what a step brings about does not depend on what its actor may see.

On PostgreSQL a request finds only the rows of its actor. Counting hires, letting nominations lapse and ending leave to
see people must reach the rows of others too, or somebody stays in sight whom the order let go.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from candidates.models import Candidate, Identity, Release
from events.models import Event
from joborders.models import JobOrder, Nomination
from joborders.services import follow, nominations
from municipalities import wall
from municipalities.actor import Actor
from tests import factories
from tests.api.order_cases import (
    ACCEPTED,
    HIRED,
    WHY,
    client,
    client_of,
    client_of_company,
    offered,
    post,
    shared_order,
)

pytestmark = pytest.mark.django_db
needs_wall = pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="no wall on SQLite")
#: What rows of later states have besides.
AFTERWARDS = {"hire_starts_on": date(2026, 3, 16), "hire_hours": 37, "hire_terms": "ordinary", "end_reason": "other"}
ENDED = {"reason": "other", "text": "Andet"}


@pytest.fixture
def order(monday, ann) -> JobOrder:
    """An order of Hillerød with two positions, shared."""
    return shared_order(ann, positions=2)


def shown(order: JobOrder, home: Actor, lead: Actor) -> Nomination:
    """A person of `home`, with the company."""
    made = offered(order, home)
    return nominations.present(made.public_id, lead, made.version, **WHY).nomination


def is_open_to_others(nomination: Nomination) -> bool:
    """Whether anybody outside home has leave to see the person on the order."""
    return Release.objects.filter(candidate=nomination.candidate, ended_at__isnull=True).exists()


def test_a_company_that_declines_stops_seeing_the_person_at_once(order, ann, eva):
    one, company = shown(order, eva, ann), client_of_company(order.company)
    assert company.get(f"/api/v1/nominations/{one.public_id}").status_code == 200
    done = post(company, f"nominations/{one.public_id}/decline", ENDED, one.version)
    assert done.status_code == 204, done.content
    assert not is_open_to_others(one)
    assert company.get(f"/api/v1/nominations/{one.public_id}").status_code == 404
    order.refresh_from_db()
    assert order.with_company == 0


def test_a_company_that_declines_by_its_link_stops_seeing_the_person_at_once(order, ann, eva):
    one, secret = shown(order, eva, ann), follow.create(order)
    link = follow.find(secret)
    opened = follow.open_with(link, follow.new_code(link))
    answer = post(
        client(), f"intake/follow/{secret}/nominations/{one.public_id}/answer",
        {"answer": "decline", **ENDED}, one.version, HTTP_X_FOLLOW_OPENED=opened,
    )  # fmt: skip
    assert answer.status_code in (200, 204), answer.content
    assert not is_open_to_others(one)


@pytest.mark.parametrize("who", ["coordinator", "company", "lead"])
def test_an_order_that_is_ended_by_whoever_lets_everybody_go(order, ann, eva, kim, who):
    one, waiting = shown(order, eva, ann), offered(order, eva)
    order.refresh_from_db()
    caller = {"coordinator": kim, "lead": ann}.get(who)
    body = {"reason": "withdrawn"}
    asked = client_of(caller) if caller else client_of_company(order.company)
    assert post(asked, f"job-orders/{order.public_id}/close", body, order.version).status_code == 200
    assert set(Nomination.objects.filter(order=order).values_list("state", flat=True)) == {"lapsed"}
    assert not is_open_to_others(one) and not is_open_to_others(waiting)


def test_who_takes_off_the_own_person_leaves_the_hires_of_others_counted(order, ann, bo, eva):
    hired = shown(order, ann, ann)
    nominations.hire(hired.public_id, ann, hired.version, **HIRED)
    own = shown(order, eva, ann)
    asked = post(client_of(eva), f"nominations/{own.public_id}/withdraw", ENDED, own.version)
    assert asked.status_code == 200, asked.content
    order.refresh_from_db()
    assert (order.hires, order.with_company) == (1, 0)


def test_an_order_handed_over_by_the_coordinator_takes_its_leave_along(order, ann, eva, kim):
    one = shown(order, eva, ann)
    order.refresh_from_db()
    body = {"to": factories.GRIBSKOV, "reason": "Flyttet", "agreed_by": "Gro"}
    asked = post(client_of(kim), f"job-orders/{order.public_id}/hand-over", body, order.version)
    assert asked.status_code == 200, asked.content
    live = Release.objects.filter(candidate=one.candidate, ended_at__isnull=True)
    assert set(live.values_list("to_municipality", flat=True)) == {"", factories.GRIBSKOV}


def test_a_hire_is_told_wherever_else_the_person_stands(order, ann, eva):
    one = shown(order, eva, ann)
    gro = factories.consultant(factories.GRIBSKOV)
    company = factories.company(factories.GRIBSKOV)
    other = shared_order(gro, of=company)
    elsewhere = nominations.offer(
        other.public_id, eva, other.version, candidate=one.candidate.public_id, acceptance=ACCEPTED
    ).nomination
    assert post(client_of(ann), f"nominations/{one.public_id}/hire", HIRED, one.version).status_code == 200
    assert Event.objects.filter(subject=elsewhere.public_id, type__contains="hired_elsewhere").exists()


def test_everybody_on_the_order_counts_the_same_offers(order, ann, eva, kim):
    offered(order, eva)
    offered(order, factories.consultant(factories.GRIBSKOV))
    seen = {
        name: client_of(actor).get(f"/api/v1/job-orders/{order.public_id}/supply-answers").json()["results"]
        for name, actor in (("lead", ann), ("asked", eva), ("coordinator", kim))
    }
    assert sum(row["offered"] for row in seen["lead"]) == 2
    assert seen["asked"] == seen["lead"] == seen["coordinator"]


@needs_wall
@pytest.mark.parametrize("state", [choice.value for choice in Nomination.State])
@pytest.mark.parametrize("kind", ["company", "link"])
def test_in_the_database_too_a_company_finds_nobody_before_the_presentation_nor_after(order, ann, eva, kind, state):
    one = shown(order, eva, ann)
    Nomination.objects.filter(pk=one.pk).update(state=state, **AFTERWARDS)
    company = order.company.public_id
    actor = Actor.company_(company) if kind == "company" else Actor.link(order.public_id, company)
    with wall.through(wall.Scope.of(actor)):
        assert Nomination.objects.exists() == (state in ("presented", "interview", "hired"))


@needs_wall
def test_a_declined_person_is_gone_from_the_database_too(order, ann, eva):
    one, company = shown(order, eva, ann), order.company
    post(client_of_company(company), f"nominations/{one.public_id}/decline", ENDED, one.version)
    with wall.through(wall.Scope.of(Actor.company_(company.public_id))):
        assert not Identity.objects.exists() and not Candidate.objects.exists() and not Nomination.objects.exists()
