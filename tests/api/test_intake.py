"""The single entry and the follow link, as somebody without a login."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.models import IdempotencyKey
from candidates.models import AccessLog
from companies.models import Company
from events import clock
from joborders.models import JobOrder
from joborders.services import follow, nominations
from notifications.models import Mail
from tests import factories
from tests.api.order_cases import WHY, client, entry, offered, post, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


def hand_in(body, key="k1"):
    return post(client(), "intake/job-orders", body, HTTP_IDEMPOTENCY_KEY=key)


def test_a_company_hands_in_an_order_and_follows_it():
    answer = hand_in(entry())
    assert answer.status_code == 201, answer.content
    receipt = answer.json()
    assert re.fullmatch(r"NRS-\d{4}-\d{5}", receipt["number"])
    assert receipt["lead"]["code"] == "0219" and receipt["promises"]["first_response_due_at"]
    seen = client().get(receipt["follow"])
    assert seen.status_code == 200, seen.content
    assert seen["ETag"] == f'"{receipt["version"]}"'
    assert seen.json()["state"] == "open" and seen.json()["nominations"] == [] and not seen.json()["opened"]
    assert JobOrder.objects.get().channel == "api"


def test_the_key_is_required_and_a_call_sent_twice_is_one_order():
    body = entry()
    assert post(client(), "intake/job-orders", body).json()["code"] == "idempotency_key_needed"
    assert not JobOrder.objects.exists()
    assert hand_in(body).json() == hand_in(body).json()
    assert JobOrder.objects.count() == 1
    assert hand_in(entry()).status_code == 422


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"company": {"cvr": "90000001", "name": "X"}}, "/company/cvr"),
        ({"company": None}, "/company"),
        ({"order": []}, "/order"),
        ({"contact": {"name": "Uden nummer"}}, "/contact/phone"),
        ({"extra": 1}, "/extra"),
    ],
)
def test_bad_input_is_named_and_registers_nobody(change, pointer):
    answer = hand_in({**entry(), **change})
    assert answer.status_code == 400, answer.content
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not Company.objects.exists() and not JobOrder.objects.exists()


def test_a_known_company_is_not_given_away():
    known = factories.company(name="Kendt A/S")
    factories.order(of=known)
    new, old = hand_in(entry()).json(), hand_in(entry(known.cvr), "k2").json()
    assert new.keys() == old.keys()
    assert "Kendt" not in str(old)


def test_an_unknown_link_is_a_404_that_does_not_repeat_it():
    answer = client().get("/api/v1/intake/follow/hemmelig")
    assert answer.status_code == 404 and "hemmelig" not in answer.content.decode()


def with_candidate(ann, eva):
    order = shared_order(ann)
    nomination = offered(order, eva, name="Kanarie Prøve", cv_text="Har kørt lastbil.")
    nominations.present(nomination.public_id, ann, nomination.version, **WHY)
    order.refresh_from_db()
    return order, follow.create(order)


def opened(secret):
    path = f"intake/follow/{secret}"
    assert post(client(), f"{path}/code").status_code == 202
    code = Mail.objects.get(template="follow_code").secret
    answer = post(client(), f"{path}/verify", {"code": code})
    assert answer.status_code == 200, answer.content
    assert answer.cookies["nrs_opened"]["httponly"]
    return answer.json()["opened"]


def test_names_need_the_code_and_are_logged(ann, eva):
    order, secret = with_candidate(ann, eva)
    path = f"/api/v1/intake/follow/{secret}"
    closed = client().get(path).json()
    assert closed["counts"]["presented"] == 1 and closed["nominations"] == [] and closed["can_open"]
    assert not AccessLog.objects.filter(purpose="nomination.show").exists()
    token = opened(secret)
    seen = client().get(path, HTTP_X_FOLLOW_OPENED=token).json()
    [nomination] = seen["nominations"]
    assert nomination["person"]["name"] == "Kanarie Prøve" and nomination["person"]["cv_text"] == "Har kørt lastbil."
    assert nomination["person"]["phone"] and not nomination["person"]["email"]
    row = AccessLog.objects.get(purpose="nomination.show", order=order.public_id)
    assert row.fields == "name,phone,contact_way,cv_text" and row.company == order.company.public_id
    assert client().get(path, HTTP_X_FOLLOW_OPENED="forkert").json()["nominations"] == []


def test_a_wrong_code_counts_and_the_sixth_is_refused(ann, eva):
    _order, secret = with_candidate(ann, eva)
    path = f"intake/follow/{secret}"
    post(client(), f"{path}/code")
    code = Mail.objects.get(template="follow_code").secret
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(5):
        assert post(client(), f"{path}/verify", {"code": wrong}).status_code == 400
    assert post(client(), f"{path}/verify", {"code": code}).json()["errors"][0]["code"] == "wrong_code"
    assert post(client(), f"{path}/code").status_code == 429


def test_an_unverified_contact_gets_no_code(ann):
    secret = follow.create(factories.order())
    assert post(client(), f"intake/follow/{secret}/code").status_code == 403
    assert not Mail.objects.filter(template="follow_code").exists()


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"answer": "interview"}, "interview"),
        ({"answer": "hire", "starts_on": "2026-03-16"}, "presented"),
        ({"answer": "decline", "reason": "experience"}, "declined"),
    ],
)
def test_the_company_answers_per_candidate_once_opened(ann, eva, body, state):
    order, secret = with_candidate(ann, eva)
    nomination = order.nominations.get()
    path = f"intake/follow/{secret}/nominations/{nomination.public_id}/answer"
    assert post(client(), path, body, nomination.version).json()["code"] == "code_needed"
    token = opened(secret)
    answer = post(client(), path, body, nomination.version, HTTP_X_FOLLOW_OPENED=token)
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == state
    assert post(client(), path, body, nomination.version, HTTP_X_FOLLOW_OPENED=token).status_code in (404, 412)


def test_the_company_pauses_resumes_proposes_calls_and_withdraws():
    receipt = hand_in(entry()).json()
    path, version = f"intake/follow/{receipt['secret']}", receipt["version"]
    assert post(client(), f"{path}/pause").status_code == 428
    for step, body in (
        ("pause", {}),
        ("resume", {"note": "Vi går videre"}),
        ("change", {"text": "Vi vil have to", "changes": {"positions": 2}}),
        ("call-me", {"text": "Efter kl. 10"}),
        ("withdraw", {"text": "Ikke alligevel"}),
    ):
        answer = post(client(), f"{path}/{step}", body, version)
        assert answer.status_code == 200, (step, answer.content)
        version = answer.json()["version"]
    order = JobOrder.objects.get()
    assert (order.state, order.close_reason, order.positions) == ("closed", "withdrawn", 3)


def test_the_secret_is_in_no_row_and_a_repeat_gets_it_all_the_same():
    body = entry()
    first = hand_in(body, "key-of-the-company")
    secret = first.json()["secret"]
    post(client(), f"intake/follow/{secret}/pause", {}, first.json()["version"], HTTP_IDEMPOTENCY_KEY="p")
    rows = list(IdempotencyKey.objects.order_by("id"))
    kept = b"".join(f"{row.key}{row.method_path}{row.headers}".encode() + bytes(row.body) for row in rows)
    assert len(rows) == 2
    for hidden in (secret, first.json()["number"], "key-of-the-company"):
        assert hidden.encode() not in kept
    again = hand_in(body, "key-of-the-company")
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")


def test_a_repeated_step_names_nobody_once_the_link_is_shut(ann, eva):
    order, secret = with_candidate(ann, eva)
    token = opened(secret)

    def pause():
        headers = {"HTTP_IDEMPOTENCY_KEY": "p", "HTTP_X_FOLLOW_OPENED": token}
        return post(client(), f"intake/follow/{secret}/pause", {}, order.version, **headers)

    assert "Kanarie" in pause().content.decode()
    shown = AccessLog.objects.filter(purpose="nomination.show")
    assert shown.count() == 1
    repeated = pause()
    assert "Kanarie" in repeated.content.decode() and repeated["Idempotent-Replayed"] == "true"
    assert shown.count() == 2
    with clock.at(clock.now() + timedelta(hours=9)):
        assert "Kanarie" not in pause().content.decode()
    assert shown.count() == 2
