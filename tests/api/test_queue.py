"""The work list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events import clock
from joborders.models import JobOrder
from joborders.services import intakes, steps
from tests import factories
from tests.api.order_cases import client_of, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
QUEUE = "/api/v1/queue"


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


def numbers(answer):
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["results"]]


def test_the_most_neglected_order_comes_first_and_paused_ones_are_out(ann):
    late = factories.order(received_at=factories.MONDAY - timedelta(days=20), by=ann, of=factories.company())
    new, paused = factories.order(), factories.order()
    steps.pause(paused.public_id, ann, paused.version)
    hers = client_of(ann)
    assert numbers(hers.get(QUEUE)) == [late.number, new.number]
    [first, second] = hers.get(QUEUE).json()["results"]
    assert first["is_overdue"] and not second["is_overdue"]
    assert "claim" in first["allowed"] and first["phase"] == "new"
    assert numbers(hers.get(f"{QUEUE}?due=overdue")) == [late.number]


def test_own_asked_and_all_are_three_views(ann, eva, kim):
    own = factories.order()
    shared = shared_order(ann)
    hers = client_of(eva)
    assert numbers(hers.get(QUEUE)) == []
    assert numbers(hers.get(f"{QUEUE}?view=asked")) == [shared.number]
    steps.answer_supply(shared.public_id, eva, shared.version, count=2, by_date=clock.today())
    [row] = hers.get(f"{QUEUE}?view=asked").json()["results"]
    assert row["our_answer"] == 2 and "answer_supply" in row["allowed"]
    assert set(numbers(client_of(ann).get(f"{QUEUE}?view=all"))) == {own.number, shared.number}
    assert set(numbers(client_of(kim).get(QUEUE))) == {own.number, shared.number}
    assert hers.get(f"{QUEUE}?view=mine").status_code == 400


def test_calls_and_mails_stand_in_the_own_queue_with_their_clock(ann, eva):
    intakes.draft(ann, channel="phone", contact={"name": "Ringer", "phone": "48 00 00 00"})
    [waiting] = client_of(ann).get(QUEUE).json()["intakes"]
    assert waiting["contact_name"] == "Ringer" and waiting["response_due_at"]
    assert client_of(eva).get(QUEUE).json()["intakes"] == []
    assert "intakes" not in client_of(ann).get(f"{QUEUE}?view=all").json()


@pytest.mark.parametrize("view", ["own", "asked", "all"])
def test_a_page_takes_at_most_six_queries_whatever_its_size(ann, eva, view, django_assert_max_num_queries):
    for _number in range(4):
        shared_order(ann)
    for who in (ann, eva):
        hers = client_of(who)
        hers.get(f"{QUEUE}?view={view}")
        with django_assert_max_num_queries(6):
            numbers(hers.get(f"{QUEUE}?view={view}&page_size=200"))
        with django_assert_max_num_queries(6):
            hers.get(f"{QUEUE}?view={view}&page_size=1&page=2")


def test_the_queue_is_filtered_and_searched(ann):
    first, second = factories.order(title="Tømrer"), factories.order()
    steps.claim(first.public_id, ann, first.version)
    hers = client_of(ann)
    assert numbers(hers.get(f"{QUEUE}?q=tømrer")) == [first.number]
    assert numbers(hers.get(f"{QUEUE}?phase=new")) == [second.number]
    assert numbers(hers.get(f"{QUEUE}?assignee={ann.public_id}")) == [first.number]
    assert numbers(hers.get(f"{QUEUE}?municipality=0217&view=all")) == []
    assert hers.get(f"{QUEUE}?state=closed").status_code == 400


def test_the_export_of_the_queue_is_the_queue(ann):
    order = factories.order()
    text = client_of(ann).get(f"{QUEUE}?format=csv").getvalue().decode()
    assert text.splitlines()[0].startswith("id,number,version") and order.number in text
    assert JobOrder.objects.count() == 1


@pytest.mark.parametrize("role", ["caseworker", "auditor", "admin"])
def test_those_without_order_work_have_an_empty_queue(role):
    factories.order()
    actor = factories.member(role, "0219" if role == "caseworker" else None)
    assert numbers(client_of(actor).get(f"{QUEUE}?view=all")) == []
