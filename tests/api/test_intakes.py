"""Calls and mails over HTTP, before they are orders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events import clock
from joborders.models import Intake, JobOrder
from tests import factories
from tests.api.order_cases import client, client_of, client_of_company, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
CALL = {"channel": "phone", "contact": {"name": "Kirsten Prøve", "phone": "48 00 00 00"}, "text": "Tre chauffører"}
URL = "/api/v1/intakes"


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


@pytest.fixture
def desk(ann):
    """Her client."""
    return client_of(ann)


def block(**changes):
    found = factories.block(**changes)
    del found["contact"]
    return found


def test_a_call_is_written_down_and_waits_with_its_clock(desk, ann):
    made = post(desk, "intakes", CALL, HTTP_IDEMPOTENCY_KEY="call-1")
    assert made.status_code == 201 and made["ETag"] == '"1"', made.content
    again = post(desk, "intakes", CALL, HTTP_IDEMPOTENCY_KEY="call-1")
    assert again.content == made.content and Intake.objects.count() == 1
    seen = desk.get(made["Location"]).json()
    assert seen == made.json()
    assert (seen["state"], seen["municipality"]["code"]) == ("draft", "0219")
    assert seen["contact"] == {"name": "Kirsten Prøve", "phone": "48 00 00 00", "email": ""}
    assert seen["taken_by"] == {"id": str(ann.public_id), "name": "Ann Prøve"}
    assert seen["allowed"] == ["change", "take", "move", "submit", "merge", "enquiry", "spam"]
    assert not seen["is_overdue"] and seen["order"] is None and seen["alike"] == []
    with clock.at(clock.now() + timedelta(days=2)):
        assert desk.get(made["Location"]).json()["is_overdue"]
    [waiting] = desk.get("/api/v1/queue").json()["intakes"]
    assert waiting["id"] == seen["id"]


def test_a_call_becomes_an_order_received_when_it_came(desk):
    company = factories.company()
    early = (clock.now() - timedelta(days=3)).isoformat()
    call = post(desk, "intakes", {**CALL, "cvr": company.cvr, "received_at": early}).json()
    path = f"intakes/{call['id']}/submit"
    assert post(desk, path, block()).status_code == 428
    made = post(desk, path, block(), 1, HTTP_IDEMPOTENCY_KEY="s")
    assert made.status_code == 201 and made["Location"].endswith(f"/job-orders/{made.json()['id']}"), made.content
    assert made["ETag"] == '"1"' and made.json()["received_at"] == call["received_at"]
    assert (made.json()["channel"], made.json()["contact"]["name"]) == ("phone", "Kirsten Prøve")
    assert post(desk, path, block(), 1, HTTP_IDEMPOTENCY_KEY="s").content == made.content
    now = desk.get(f"{URL}/{call['id']}")
    assert (now.json()["state"], now.json()["allowed"]) == ("submitted", [])
    assert now.json()["order"]["number"] == made.json()["number"]
    refused = post(desk, path, block(), 2)
    assert (refused.status_code, refused.json()["allowed"]) == (409, [])
    assert JobOrder.objects.count() == 1


def test_is_it_this_one_is_asked_before_a_second_order_is_made(desk):
    company = factories.company()
    lorry, other = factories.order(of=company), factories.order(of=company, occupation="9333")
    call = post(desk, "intakes", {**CALL, "cvr": company.cvr})
    path = call["Location"]
    assert {one["number"] for one in call.json()["alike"]} == {lorry.number, other.number}
    assert [one["number"] for one in desk.get(f"{path}?occupation=8332").json()["alike"]] == [lorry.number]
    assert desk.get(f"{path}?occupation=nix").json()["errors"][0]["code"] == "unknown_code"
    merged = post(desk, f"intakes/{call.json()['id']}/merge", {"order": str(lorry.public_id)}, 1)
    assert (merged.json()["state"], merged.json()["order"]["number"]) == ("merged", lorry.number)
    assert merged.json()["alike"] == [] and merged["ETag"] == '"2"'


def test_a_draft_is_corrected_answered_or_thrown_away(desk):
    one, two = (post(desk, "intakes", CALL).json()["id"] for _turn in range(2))
    patched = desk.patch(f"{URL}/{one}", {"contact": {"email": "k@firma.example"}}, HTTP_IF_MATCH='"1"')
    assert patched.status_code == 200, patched.content
    assert patched.json()["contact"] == {"name": "Kirsten Prøve", "phone": "48 00 00 00", "email": "k@firma.example"}
    stale = post(desk, f"intakes/{one}/spam", {}, 1)
    assert (stale.status_code, stale.json()["changed"], stale["ETag"]) == (412, ["intake.changed"], '"2"')
    assert stale.json()["changed_by"]["name"] == "Ann Prøve"
    assert post(desk, f"intakes/{one}/enquiry", {"note": "Spurgte om løn"}, 2).json()["text"].endswith("om løn")
    assert post(desk, f"intakes/{two}/spam", {}, 1).json()["state"] == "spam"
    assert desk.get("/api/v1/queue").json()["intakes"] == []
    found = desk.get(f"{URL}?state=enquiry&state=spam&ordering=received_at").json()
    assert {row["id"] for row in found["results"]} == {one, two}
    assert desk.get(f"{URL}?colour=red").status_code == 400


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"contact": {"name": "Uden nummer"}}, "/contact/phone"),
        ({"contact": {"phone": "48000000"}}, "/contact/name"),
        ({"contact": {"name": "K", "phone": "48000000", "shoe": 1}}, "/contact/shoe"),
        ({"contact": "Kirsten"}, "/contact"),
        ({"channel": "web"}, "/channel"),
        ({"cvr": "90000001"}, "/cvr"),
        ({"text": "hun er 010190-1234"}, "/text"),
        ({"text": "klokken\x07"}, "/text"),
        ({"received_at": "2027-01-01T10:00:00+01:00"}, "/received_at"),
        ({"extra": 1}, "/extra"),
    ],
)
def test_bad_input_is_named_and_writes_nothing(desk, change, pointer):
    answer = post(desk, "intakes", {**CALL, **change})
    assert answer.status_code == 400, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Intake.objects.exists()


def test_a_wrong_order_leaves_the_call_as_it_was(desk):
    call = post(desk, "intakes", CALL).json()["id"]
    company = factories.company()
    for body, pointer in (
        (block(), "/company"),
        ({**block(positions=0), "company": str(company.public_id)}, "/positions"),
        ({**block(), "company": call}, "/company"),
    ):
        answer = post(desk, f"intakes/{call}/submit", body, 1)
        assert answer.status_code == 400, answer.content
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert Intake.objects.get().version == 1 and not JobOrder.objects.exists()


def test_calls_are_for_the_consultants_of_that_queue_and_the_coordinator(desk, eva, kim, cas):
    call = post(desk, "intakes", CALL).json()["id"]
    for who in (client_of(eva), client_of(cas), client_of_company(factories.company())):
        assert who.get(f"{URL}/{call}").status_code == 404
        assert who.get(URL).json()["results"] == []
        assert post(who, f"intakes/{call}/spam", {}, 1).status_code == 404
    assert client().get(URL).status_code == 401
    for who in (client_of(cas), client_of_company(factories.company())):
        assert post(who, "intakes", CALL).status_code == 403
    assert client_of(kim).get(f"{URL}/{call}").json()["allowed"]
    assert post(client_of(kim), f"intakes/{call}/spam", {}, 1).status_code == 200


def test_the_list_is_exported_without_formulas(desk):
    post(desk, "intakes", {**CALL, "contact": {"name": "=cmd()", "phone": "48 00 00 00"}})
    text = desk.get(f"{URL}?format=csv").getvalue().decode()
    assert "'=cmd()" in text
