"""Nominations over HTTP: requested under a pseudonym, named when it is time, logged whenever named."""

from __future__ import annotations

import pytest

from candidates.models import AccessLog
from joborders.models import Nomination
from joborders.services import nominations
from tests import factories
from tests.api.order_cases import (
    ACCEPTED,
    HIRED,
    WHY,
    card_of,
    client_of,
    client_of_company,
    offered,
    post,
    shared_order,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


def requested(ann, **profile):
    order = shared_order(ann)
    person = factories.candidate("0217", name="Kanarie Prøve", **profile)
    body = {"cards": [card_of(order, person)]}
    answer = post(client_of(ann), f"job-orders/{order.public_id}/nominations", body, order.version)
    assert answer.status_code == 201, answer.content
    return order, answer.json()["results"][0]


def test_a_candidate_is_requested_by_card_and_named_from_acceptance_on(ann, eva):
    order, nomination = requested(ann)
    path = f"nominations/{nomination['id']}"
    assert nomination["state"] == "requested" and nomination["candidate"] is None and nomination["pseudonym"]
    assert client_of(ann).get(f"/api/v1/{path}").json()["person"] is None
    assert client_of(eva).get(f"/api/v1/{path}").json()["person"]["name"] == "Kanarie Prøve"
    accepted = post(client_of(eva), f"{path}/accept", ACCEPTED, nomination["version"])
    assert accepted.status_code == 200, accepted.content
    assert accepted.json()["person"] is None
    seen = client_of(ann).get(f"/api/v1/{path}")
    assert seen.json()["person"]["name"] == "Kanarie Prøve" and "present" in seen.json()["allowed"]
    assert seen["ETag"] == f'"{accepted.json()["version"]}"'
    logged = AccessLog.objects.filter(purpose="nomination.show", order=order.public_id)
    assert set(logged.values_list("actor_municipality", flat=True)) == {"0217", "0219"}


def test_unknown_cards_and_those_of_another_order_are_refused(ann):
    order, other = shared_order(ann), shared_order(ann)
    card = card_of(other, factories.candidate("0217"))
    answer = post(client_of(ann), f"job-orders/{order.public_id}/nominations", {"cards": [card]}, order.version)
    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == "/cards/0"
    assert not Nomination.objects.exists()


def test_the_way_from_acceptance_to_hire_and_back(ann, eva):
    order, nomination = requested(ann)
    path, version = f"nominations/{nomination['id']}", nomination["version"]
    company = client_of_company(order.company)
    steps = [
        (client_of(eva), "accept", ACCEPTED, "accepted"),
        (client_of(ann), "present", WHY, "presented"),
        (company, "interview", {}, "interview"),
        (company, "hire", {"starts_on": "2026-03-16"}, "interview"),
        (client_of(ann), "hire", HIRED, "hired"),
        (client_of(ann), "not-started", {"reason": "no_show"}, "not_started"),
    ]
    for who, step, body, state in steps:
        answer = post(who, f"{path}/{step}", body, version)
        assert answer.status_code == 200, (step, answer.content)
        assert answer.json()["state"] == state and answer.json()["person"] is None
        version = answer.json()["version"]
    assert answer.json()["reported_start_on"] == "2026-03-16"


def test_a_declined_person_vanishes_for_the_company_at_once(ann, eva):
    order = shared_order(ann)
    nomination = offered(order, eva)
    nomination = nominations.present(nomination.public_id, ann, nomination.version, **WHY).nomination
    company = client_of_company(order.company)
    path = f"nominations/{nomination.public_id}"
    seen = company.get(f"/api/v1/{path}").json()
    assert seen["person"]["name"] and seen["home_municipality"] is None and seen["candidate"] is None
    answer = post(company, f"{path}/decline", {"reason": "experience"}, nomination.version)
    assert answer.status_code == 204
    assert company.get(f"/api/v1/{path}").status_code == 404
    again = client_of(ann).get(f"/api/v1/{path}").json()
    assert again["person"] is None and again["end_reason"] == "experience"


def test_several_are_taken_at_once_or_none(ann, eva):
    order = shared_order(ann)
    first, second = offered(order, eva), offered(order, eva)
    items = [{"id": str(one.public_id), "version": one.version} for one in (first, second)]
    items = [{**item, **WHY} for item in items]
    wrong = [items[0], {**items[1], "version": 9}]
    refused = post(client_of(ann), "nominations/present", {"items": wrong})
    assert refused.status_code == 400 and refused.json()["errors"][0]["pointer"].startswith("/items/1")
    done = post(client_of(ann), "nominations/present", {"items": items})
    assert done.status_code == 200, done.content
    assert [row["state"] for row in done.json()["results"]] == ["presented", "presented"]
    hires = [{"id": row["id"], "version": row["version"], **HIRED} for row in done.json()["results"]]
    assert post(client_of(ann), "nominations/hire", {"items": hires}).status_code == 200
    empty = post(client_of(ann), "nominations/accept", {"items": []})
    assert empty.status_code == 400


def test_acceptances_at_once_name_their_rows(ann, eva):
    _order, nomination = requested(ann)
    item = {"id": nomination["id"], "version": nomination["version"], **ACCEPTED}
    refused = post(client_of(eva), "nominations/accept", {"items": [{**item, "talk_can_do": False}]})
    assert refused.json()["errors"][0]["pointer"] == "/items/0/talk_can_do"
    assert post(client_of(eva), "nominations/accept", {"items": [item]}).status_code == 200


@pytest.mark.parametrize(
    ("step", "body", "pointer"),
    [
        ("accept", {}, "/accepted_on"),
        ("accept", {**ACCEPTED, "cv_text": "010190-1234"}, "/cv_text"),
        ("accept", {**ACCEPTED, "extra": 1}, "/extra"),
        ("withdraw", {"reason": "weather"}, "/reason"),
        ("withdraw", {"reason": "other"}, "/text"),
        ("withdraw", {"reason": ["a"]}, "/reason"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(ann, eva, step, body, pointer):
    _order, nomination = requested(ann)
    answer = post(client_of(eva), f"nominations/{nomination['id']}/{step}", body, nomination["version"])
    assert answer.status_code == 400, answer.content
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert Nomination.objects.get().state == "requested"


def test_the_list_shows_names_on_one_order_only_with_constant_queries(ann, eva, django_assert_max_num_queries):
    order = shared_order(ann)
    for _number in range(3):
        offered(order, eva)
    hers = client_of(ann)
    everything = hers.get("/api/v1/nominations").json()
    assert everything["count"] == 3 and all(row["person"] is None for row in everything["results"])
    with django_assert_max_num_queries(12):
        rows = hers.get(f"/api/v1/nominations?order={order.public_id}&state=accepted&state=presented").json()["results"]
    assert len(rows) == 3 and all(row["person"]["name"] for row in rows)
    assert hers.get("/api/v1/nominations?state=lost").status_code == 400


def test_the_other_seven_and_the_coordinator_see_no_nomination(ann, eva, kim):
    nomination = offered(shared_order(ann), eva)
    for actor in (factories.consultant("0270"), kim, factories.caseworker("0219"), factories.member("auditor")):
        hers = client_of(actor)
        assert hers.get(f"/api/v1/nominations/{nomination.public_id}").status_code == 404
        assert hers.get("/api/v1/nominations").json()["count"] == 0
        assert post(hers, f"nominations/{nomination.public_id}/present", {}, 1).status_code == 404


def test_the_jobcentres_see_what_a_cv_lacks_and_why_it_was_shown_the_company_does_not(ann, eva):
    order = shared_order(ann)
    nomination = offered(order, eva)
    path = f"nominations/{nomination.public_id}"
    assert "job_goal" in client_of(ann).get(f"/api/v1/{path}").json()["cv_gaps"]
    refused = post(client_of(ann), f"{path}/present", {}, nomination.version)
    assert refused.status_code == 400 and refused.json()["errors"][0]["pointer"] == "/reason", refused.content
    shown = post(client_of(ann), f"{path}/present", WHY, nomination.version).json()
    assert "job_goal" in shown["cv_gaps"] and shown["cv_reason"] == WHY["reason"]
    seen = client_of_company(order.company).get(f"/api/v1/{path}").json()
    assert seen["cv_gaps"] == [] and seen["cv_reason"] == ""
    rows = client_of(ann).get(f"/api/v1/job-orders/{order.public_id}/history").json()["results"]
    assert WHY["reason"] in [row["note"] for row in rows]
