"""Screenings over HTTP."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.candidates import build
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region(db):
    build.region()


@pytest.fixture
def order():
    return cases.order(occupation_id="8332")


@pytest.fixture
def url(order):
    return f"/api/v1/job-orders/{order.public_id}/screenings"


def test_a_screening_is_run_read_and_its_verdicts_listed(ann, order, url):
    own, other = build.candidate(job_goals=["8332"]), build.candidate(cases.HOME, job_goals=["8332"])
    made = ann.post(url, {"scope": "region"})
    assert made.status_code == 201 and made.json()["pool"] == 2, made.content
    assert ann.get(made["Location"]).json() == made.json() and ann.get(url).json()["count"] == 1
    rows = ann.get(f"{made['Location']}/verdicts?outcome=check").json()["results"]
    assert {row["candidate"] for row in rows} == {str(own.public_id), None}
    assert str(other.public_id) not in ann.get(f"{made['Location']}/verdicts").content.decode()
    assert ann.get(f"{made['Location']}/verdicts?outcome=best").status_code == 400


def test_the_same_key_screens_once(ann, order, url):
    answers = [ann.post(url, {"scope": "own"}, HTTP_IDEMPOTENCY_KEY="once").json()["id"] for _time in range(2)]
    assert answers[0] == answers[1] and order.screenings.count() == 1


def test_why_is_this_one_not_on_the_list(ann, order, url):
    own, other = build.candidate(), build.candidate(cases.HOME)
    assert ann.get(f"{url}/explain?candidate={own.public_id}").json()["outcome"] == "check"
    assert ann.get(f"{url}/explain?candidate={other.public_id}").status_code == 404
    assert ann.get(f"{url}/explain?candidate=x").status_code == 400
    assert ann.get(f"{url}/explain").status_code == 400
    assert ann.get(f"{url}/explain?candidate={own.public_id}&x=1").status_code == 400


@pytest.mark.parametrize(
    ("role", "where", "scope", "status"),
    [
        ("consultant", "0217", "own", 201),
        ("consultant", "0217", "region", 403),
        ("caseworker", "0219", "own", 404),
        ("coordinator", None, "own", 403),
        ("auditor", None, "own", 404),
    ],
)
def test_who_may_screen(member, client_of, url, role, where, scope, status):
    client = client_of(member(role, where, "bo@nrs.example"))
    assert client.post(url, {"scope": scope}).status_code == status


def test_a_run_belongs_to_those_who_asked(ann, member, client_of, url):
    made = ann.post(url, {"scope": "own"})
    bo = client_of(member("consultant", "0217", "bo@nrs.example"))
    assert bo.get(made["Location"]).status_code == 404 and bo.get(f"{made['Location']}/verdicts").status_code == 404
    assert bo.get(url).json()["count"] == 0
    assert ann.post(f"/api/v1/job-orders/{uuid4()}/screenings", {"scope": "own"}).status_code == 404
    assert ann.post(url, {"scope": "all"}).status_code == 400


def test_why_is_asked_by_pseudonym_too(ann, order, url):
    other = build.candidate(cases.HOME)
    ann.post(url, {"scope": "region"})
    name = order.pseudonyms.get(candidate=other).name
    answer = ann.get(f"{url}/explain?pseudonym={name}").json()
    assert answer["pseudonym"] == name and answer["candidate"] is None and answer["rank"] == 1
    assert answer["against"]["musts"][0]["ask_for"]
    assert ann.get(f"{url}/explain?pseudonym=K-0000000").status_code == 404
    assert ann.get(f"{url}/explain?pseudonym={name}&candidate={other.public_id}").status_code == 400


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [("coordinator", None, 200), ("consultant", "0217", 200), ("caseworker", "0219", 404), ("auditor", None, 404)],
)
def test_what_if_is_one_call(member, client_of, url, role, where, status):
    build.candidate()
    answer = client_of(member(role, where, "bo@nrs.example")).get(f"{url}/what-if")
    assert answer.status_code == status, answer.content
    if status == 200:
        assert [way["must"] for way in answer.json()["results"]] == ["start"]


def test_what_was_decided_against_the_list_is_read_with_the_run(ann, order, url):
    build.candidate(cases.HOME, job_goals=["8332"])
    later = build.candidate(cases.HOME)
    made = ann.post(url, {"scope": "region"})
    rows = ann.get(f"{made['Location']}/verdicts").json()["results"]
    [card] = [row["card"] for row in rows if row["rank"] == 2]
    version = ann.get(f"/api/v1/job-orders/{order.public_id}")["ETag"]
    body = {"cards": [card], "reason": "Har arbejdet der før"}
    asked = ann.post(f"/api/v1/job-orders/{order.public_id}/nominations", body, HTTP_IF_MATCH=version)
    assert asked.status_code == 201 and "against_the_list" in asked.json()["results"][0]["warnings"], asked.content
    [found] = ann.get(f"{made['Location']}/overrides").json()["results"]
    assert found["reason"] == "Har arbejdet der før" and found["rank"] == 2 and found["passed_over"] == 1
    assert str(later.public_id) not in ann.get(f"{made['Location']}/overrides").content.decode()
