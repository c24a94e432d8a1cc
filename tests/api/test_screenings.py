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
