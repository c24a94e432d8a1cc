"""Job orders over HTTP."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import pytest

from companies.models import Company
from joborders.models import JobOrder
from joborders.services import nominations
from joborders.wanted import KNOWN
from tests import factories
from tests.api.order_cases import client, client_of, client_of_company, offered, post, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


def test_an_order_is_read_with_its_steps_and_its_version(ann):
    order = factories.order(starts_on="2026-03-16")
    answer = client_of(ann).get(f"/api/v1/job-orders/{order.public_id}")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert answer["ETag"] == f'"{order.version}"'
    assert {"claim", "share", "close", "change", "verify_contact"} <= set(body["allowed"])
    assert body["phase"] == "new" and body["lead"]["code"] == "0219" and body["contact"]["name"] == "Kirsten Prøve"
    assert body["starts_on"] == "2026-03-16" and body["internal_note"] == ""


def test_the_documented_block_is_the_block_that_is_read():
    from api.job_order_shapes import JobOrderChange, JobOrderIn

    assert set(JobOrderChange().fields) - {"note"} == KNOWN
    assert set(JobOrderIn().fields) - {"company", "channel", "received_at"} == KNOWN - {"filled_otherwise"}


def test_a_consultant_hands_in_an_order_for_a_company(ann):
    company = factories.company()
    body = {"company": str(company.public_id), "channel": "phone", **factories.block()}
    answer = post(client_of(ann), "job-orders", body, HTTP_IDEMPOTENCY_KEY="a")
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith(f"/job-orders/{answer.json()['id']}")
    assert post(client_of(ann), "job-orders", body, HTTP_IDEMPOTENCY_KEY="a").json() == answer.json()
    assert JobOrder.objects.count() == 1
    wrong = post(client_of(ann), "job-orders", {**body, "positions": 2}, HTTP_IDEMPOTENCY_KEY="a")
    assert wrong.status_code == 422


WHOLE = {
    "occupation": "8332",
    "hours_min": 30,
    "shifts": ["day", "night"],
    "starts_on": "2026-04-01",
    "employment": "fixed_term",
    "employment_until": "2026-12-31",
    "workplace": {"street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"},
    "apply_how": "link",
    "apply_link": "https://firma.example/job",
    "internal_note": "Ring først",
    "requirements": [
        {"kind": "licence", "code": "C"},
        {"kind": "language", "code": "da", "oral": "B1"},
        {"kind": "licence", "code": "B", "is_must": False},
    ],
    "received_at": "2026-03-02T08:30:00+01:00",
}


@pytest.mark.parametrize("given", [{}, WHOLE, {"type": "enquiry", "occupation": None}])
def test_the_answer_to_a_new_order_is_the_order_as_it_is_read(ann, given):
    company = factories.company()
    factories.order(of=company)
    body = {"company": str(company.public_id), "channel": "phone", **factories.block(), **given}
    answer = post(client_of(ann), "job-orders", body)
    assert answer.status_code == 201, answer.content
    read = client_of(ann).get(answer["Location"])
    assert (answer.json(), answer["ETag"]) == (read.json(), read["ETag"])


def test_an_order_under_an_agreement_names_it(ann):
    company = factories.company()
    agreement = factories.agreement(company, tovholder="0250")
    answer = post(client_of(ann), "job-orders", {"company": str(company.public_id), **factories.block()})
    assert answer.status_code == 201, answer.content
    assert answer.json() == client_of(ann).get(answer["Location"]).json()
    assert (answer.json()["agreement"], answer.json()["lead"]["code"]) == (str(agreement.public_id), "0250")


def test_a_company_hands_in_for_itself_only(ann):
    company, other = factories.company(), factories.company()
    mine = client_of_company(company)
    assert post(mine, "job-orders", factories.block()).status_code == 201
    refused = post(mine, "job-orders", {"company": str(other.public_id), **factories.block()})
    assert refused.status_code == 400 and refused.json()["errors"][0]["pointer"] == "/company"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"positions": 0}, "/positions"),
        ({"positions": 10_000}, "/positions"),
        ({"occupation": "9999"}, "/occupation"),
        ({"starts_on": "2020-01-01"}, "/starts_on"),
        ({"description": "Ring om 010190-1234"}, "/description"),
        ({"surprise": 1}, "/surprise"),
        ({"title": 5}, "/title"),
        ({"contact": []}, "/contact"),
        ({"requirements": {"a": 1}}, "/requirements"),
        ({"channel": "pigeon"}, "/channel"),
        ({"requirements": [{"kind": "skill", "code": f"urn:uuid:{UUID(int=1)}"}]}, "/requirements/0/code"),
        ({"requirements": [{"kind": "skill", "code": "no such skill"}]}, "/requirements/0/code"),
        ({"received_at": "yesterday"}, "/received_at"),
    ],
)
def test_bad_input_is_named_and_writes_nothing(ann, change, pointer):
    company = factories.company()
    answer = post(client_of(ann), "job-orders", {"company": str(company.public_id), **factories.block(), **change})
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not JobOrder.objects.exists()


def test_every_step_of_an_order_can_be_taken(ann, bo, kim):
    order = factories.order()
    path, hers = f"job-orders/{order.public_id}", client_of(ann)
    version = order.version
    for step, body in (
        ("claim", {}),
        ("reassign", {"assignee": str(bo.public_id), "reason": "Ferie"}),
        ("reassign", {"assignee": str(ann.public_id)}),
        ("respond", {"kind": "phone", "text": "Ringet"}),
        ("verify-contact", {"source": "website"}),
        ("share", {"note": "Haster"}),
        ("pause", {}),
        ("resume", {}),
        ("close", {"reason": "no_suitable_candidates"}),
        ("reopen", {"reason": "Ny dialog"}),
        ("hand-over", {"to": "0270", "reason": "Flyttet", "agreed_by": "Gro"}),
    ):
        answer = post(hers, f"{path}/{step}", body, version)
        assert answer.status_code == 200, (step, answer.content)
        version = answer.json()["version"]
        assert answer["ETag"] == f'"{version}"'
    assert answer.json()["lead"]["code"] == "0270"
    history = client_of(kim).get(f"/api/v1/{path}/history").json()
    events = [row["event"] for row in history["results"]]
    assert events[:2] == ["joborder.submitted", "joborder.claimed"] and events[-1] == "joborder.handed_over"
    assert history["results"][-1]["by"]["name"] == "Ann Prøve"
    assert "Flyttet" in history["results"][-1]["note"]


def test_a_step_needs_the_version_and_refuses_a_stale_one(ann):
    order = factories.order()
    hers = client_of(ann)
    assert post(hers, f"job-orders/{order.public_id}/claim").status_code == 428
    assert post(hers, f"job-orders/{order.public_id}/claim", {}, order.version).status_code == 200
    stale = post(hers, f"job-orders/{order.public_id}/share", {}, order.version)
    assert stale.status_code == 412
    assert stale.json()["code"] == "stale" and stale.json()["changed_by"]["name"] == "Ann Prøve"
    again = post(hers, f"job-orders/{order.public_id}/claim", {}, order.version + 1)
    assert again.status_code == 409 and "share" in again.json()["allowed"]


def test_a_change_is_a_patch(ann):
    order = factories.order()
    path = f"/api/v1/job-orders/{order.public_id}"
    hers = client_of(ann)
    answer = hers.patch(path, {"positions": 2, "note": "Aftalt"}, format="json", HTTP_IF_MATCH=f'"{order.version}"')
    assert answer.status_code == 200, answer.content
    assert answer.json()["positions"] == 2 and answer.json()["revision"] == 2
    assert hers.patch(path, {"positions": 1}, format="json").status_code == 428


def test_the_ninth_jobcentre_does_not_see_an_order_that_is_not_shared(ann, eva):
    order = factories.order()
    hers = client_of(eva)
    path = f"job-orders/{order.public_id}"
    assert hers.get(f"/api/v1/{path}").status_code == 404
    assert hers.get(f"/api/v1/{path}/history").status_code == 404
    assert post(hers, f"{path}/claim", {}, order.version).status_code == 404
    assert hers.get("/api/v1/job-orders").json()["count"] == 0


def test_supply_is_answered_changed_and_read(ann, eva):
    order = shared_order(ann)
    path, hers = f"job-orders/{order.public_id}", client_of(eva)
    first = post(hers, f"{path}/supply-answers", {"count": 2, "by_date": "2026-03-10"}, order.version)
    assert first.status_code == 200, first.content
    assert post(hers, f"{path}/supply-answers", {"count": 0}, first.json()["version"]).status_code == 200
    [answer] = client_of(ann).get(f"/api/v1/{path}/supply-answers").json()["results"]
    assert answer["municipality"] == "0217" and answer["count"] == 0
    assert client_of_company(order.company).get(f"/api/v1/{path}/supply-answers").json()["results"] == []


def test_an_answer_counts_the_offers_made_and_what_is_still_promised(ann, eva):
    order = shared_order(ann)
    path, hers = f"job-orders/{order.public_id}/supply-answers", client_of(eva)
    offered(order, eva)
    second = offered(order, eva)
    offered(order, factories.consultant("0270"))
    order.refresh_from_db()

    def answer(count, **more):
        order.refresh_from_db()
        return post(hers, path, {"count": count, **more}, order.version)

    for count in (0, 1):
        assert answer(count).json()["errors"][0]["code"] == "below_offers"
    assert answer(3).json()["errors"][0]["pointer"] == "/by_date"
    assert answer(3, by_date="2026-03-10").status_code == 200
    seen = {row["municipality"]: row for row in client_of(ann).get(f"/api/v1/{path}").json()["results"]}
    assert {name: seen["0217"][name] for name in ("count", "offered", "promised", "by_date")} == {
        "count": 3,
        "offered": 2,
        "promised": 1,
        "by_date": "2026-03-10",
    }
    assert (seen["0270"]["count"], seen["0270"]["answered_at"]) == (1, None)
    assert answer(2).status_code == 200
    offered(order, eva)
    [row] = [row for row in hers.get(f"/api/v1/{path}").json()["results"] if row["municipality"] == "0217"]
    assert (row["count"], row["offered"], row["promised"], row["by_date"]) == (3, 3, 0, "2026-03-02")
    nominations.withdraw(second.public_id, eva, second.version, reason="found_work")
    [row] = [row for row in hers.get(f"/api/v1/{path}").json()["results"] if row["municipality"] == "0217"]
    assert (row["count"], row["offered"]) == (2, 2)


def test_an_own_candidate_is_offered_and_starts_at_accepted(ann, eva):
    order = shared_order(ann)
    person = factories.candidate("0217")
    body = {
        "candidate": str(person.public_id),
        "acceptance": {
            "accepted_on": "2026-03-02",
            "channel": "phone",
            "talk_can_do": True,
            "talk_wants_to": True,
            "cv_checked": True,
        },
    }
    answer = post(client_of(eva), f"job-orders/{order.public_id}/offers", body, order.version)
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "accepted" and answer.json()["person"] is None
    body["acceptance"].pop("channel")
    wrong = post(client_of(eva), f"job-orders/{order.public_id}/offers", body, order.version)
    assert wrong.status_code in (400, 409)


def test_lists_are_filtered_searched_ordered_and_strict(ann):
    first, second = factories.order(title="Kok til kantine"), factories.order()
    hers = client_of(ann)
    rows = hers.get("/api/v1/job-orders?q=kantine").json()["results"]
    assert [row["id"] for row in rows] == [str(first.public_id)]
    post(hers, f"job-orders/{second.public_id}/claim", {}, second.version)
    assert [row["number"] for row in hers.get("/api/v1/job-orders?phase=claimed").json()["results"]] == [second.number]
    assert hers.get("/api/v1/job-orders?municipality=0217").json()["count"] == 0
    assert hers.get(f"/api/v1/job-orders?assignee={ann.public_id}").json()["count"] == 1
    assert hers.get("/api/v1/job-orders?ordering=-number").json()["results"][0]["number"] == second.number
    assert hers.get("/api/v1/job-orders?due=overdue").json()["count"] == 0
    assert hers.get("/api/v1/job-orders?shared=true").json()["count"] == 0
    for wrong in ("colour=red", "phase=blue", "due=tomorrow", "ordering=salt", "page_size=201"):
        assert hers.get(f"/api/v1/job-orders?{wrong}").status_code == 400, wrong


def test_the_export_holds_every_row_with_a_constant_number_of_queries(ann, django_assert_max_num_queries):
    Company.objects.filter(pk=factories.order(title="=1+1").company_id).update(name="Ærø, A/S")
    factories.order()
    hers = client_of(ann)
    with django_assert_max_num_queries(4):
        answer = hers.get("/api/v1/job-orders?format=csv&ordering=number")
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert len(rows) == 2
    assert rows[0]["title"] == "'=1+1" and rows[0]["company_name"] == "Ærø, A/S" and rows[0]["phase"] == "new"
    book = hers.get("/api/v1/job-orders?format=xlsx")
    assert book.getvalue()[:2] == b"PK"
    book.close()


def test_a_company_sees_its_own_orders_without_internal_words(ann):
    order = factories.order(by=ann, of=factories.company(), internal_note="Svær at nå")
    mine = client_of_company(order.company)
    body = mine.get(f"/api/v1/job-orders/{order.public_id}").json()
    assert "internal_note" not in body and "propose_change" in body["allowed"]
    stranger = client_of_company(factories.company())
    assert stranger.get(f"/api/v1/job-orders/{order.public_id}").status_code == 404
    proposal = post(mine, f"job-orders/{order.public_id}/propose-change", {"text": "En mere"}, order.version)
    assert proposal.status_code == 200, proposal.content
    notes = [row["note"] for row in mine.get(f"/api/v1/job-orders/{order.public_id}/history").json()["results"]]
    assert "En mere" in notes
    assert post(mine, f"job-orders/{order.public_id}/call-me", {"text": "Ring"}).status_code == 200


def test_an_open_order_for_the_same_occupation_is_shown(ann):
    first = factories.order()
    second = factories.order(of=first.company)
    body = client_of(ann).get(f"/api/v1/job-orders/{second.public_id}").json()
    assert [row["number"] for row in body["similar"]] == [first.number]


def test_the_history_names_nominations_to_those_who_may_know(ann, eva, kim):
    order = shared_order(ann)
    offered(order, eva)
    path = f"/api/v1/job-orders/{order.public_id}/history"
    assert "nomination.accepted" in [row["event"] for row in client_of(ann).get(path).json()["results"]]
    assert "nomination.accepted" not in [row["event"] for row in client_of(kim).get(path).json()["results"]]


def test_nobody_without_a_login(ann):
    order = factories.order()
    assert client().get(f"/api/v1/job-orders/{order.public_id}").status_code == 401
