"""Several own candidates offered in one step: all or none, decided on one version of the order."""

from __future__ import annotations

from typing import Any

import pytest

from candidates.models import Candidate
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale
from joborders.models import JobOrder, Nomination
from joborders.services import nominations
from municipalities.actor import Actor
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TALK = {"channel": "phone", "talk_can_do": True, "talk_wants_to": True, "cv_checked": True}


@pytest.fixture
def order() -> JobOrder:
    return factories.order()


@pytest.fixture
def people(cas: Actor) -> list[Candidate]:
    return [factories.candidate(by=cas) for _one in range(3)]


def items(people: list[Candidate]) -> list[dict[str, Any]]:
    acceptance = {**TALK, "accepted_on": clock.today()}
    return [{"candidate": person.public_id, "acceptance": acceptance} for person in people]


def test_all_of_them_are_offered(order: JobOrder, people: list[Candidate], ann: Actor) -> None:
    done = nominations.offer_many(order.public_id, ann, order.version, items(people))
    assert [one.nomination.candidate_id for one in done] == [person.pk for person in people]
    assert set(Nomination.objects.values_list("state", flat=True)) == {"accepted"}


def test_one_refused_row_stops_all_and_every_refused_row_is_told(
    order: JobOrder, people: list[Candidate], ann: Actor
) -> None:
    Candidate.objects.filter(pk=people[1].pk).update(status="inactive")
    rows = items(people)
    rows[2]["acceptance"] = {**rows[2]["acceptance"], "talk_can_do": False}
    with pytest.raises(Invalid) as refused:
        nominations.offer_many(order.public_id, ann, order.version, rows)
    assert refused.value.code == "rows_refused"
    assert [problem.pointer for problem in refused.value.errors] == ["/1/candidate", "/2/acceptance/talk_can_do"]
    assert not Nomination.objects.exists()


def test_it_is_decided_on_the_version_that_was_read(order: JobOrder, people: list[Candidate], ann: Actor) -> None:
    with pytest.raises(Stale):
        nominations.offer_many(order.public_id, ann, order.version + 1, items(people))


def test_only_those_who_may_offer_on_the_order(
    order: JobOrder, people: list[Candidate], kim: Actor, eva: Actor
) -> None:
    with pytest.raises(NotAllowed):
        nominations.offer_many(order.public_id, kim, order.version, items(people))
    with pytest.raises(NotVisible):
        nominations.offer_many(order.public_id, eva, order.version, items(people))
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("count", [0, 51])
def test_one_to_fifty_at_once(order: JobOrder, people: list[Candidate], ann: Actor, count: int) -> None:
    with pytest.raises(Invalid):
        nominations.offer_many(order.public_id, ann, order.version, (items(people) * 17)[:count])


def test_nobody_is_offered_twice_in_one_step(order: JobOrder, people: list[Candidate], ann: Actor) -> None:
    with pytest.raises(Invalid):
        nominations.offer_many(order.public_id, ann, order.version, items([people[0], people[0]]))
