"""Every refusal is a problem with a stable code, in the caller's language, telling nothing that it should not."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.test import APIClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
MEMBERS = {"type", "title", "status", "detail", "code", "instance"}


def test_every_problem_has_the_members_of_rfc_9457(ann):
    answer = ann.get("/api/v1/failing/refused")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() >= MEMBERS
    assert body["code"] == "step_refused" and body["allowed"] == ["reopen"]
    assert body["instance"] == "/api/v1/failing/refused" and body["type"] == "urn:nrs:problem:step_refused"


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("mine", 403, "not_allowed"),
        ("hidden", 404, "not_found"),
        ("wrong", 400, "invalid"),
        ("huge", 400, "out_of_range"),
    ],
)
def test_domain_errors_keep_their_status_and_code(ann, how, status, code):
    answer = ann.get(f"/api/v1/failing/{how}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_all_wrong_fields_are_listed_with_pointers(ann):
    errors = ann.get("/api/v1/failing/wrong").json()["errors"]
    assert errors[0] == {"pointer": "/cvr", "code": "check_digit", "detail": "Wrong."}
    assert [error["pointer"] for error in errors] == ["/cvr", "/a"]


def test_unknown_fields_are_refused_at_every_depth(ann):
    body = {"code": "9100", "name": "x", "id": 1, "parts": [{"days": 1}, {"days": 99, "hours": 2}]}
    answer = ann.post("/api/v1/things", body)
    assert answer.status_code == 400
    found = {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert found == {("/id", "unknown_field"), ("/parts/1/hours", "unknown_field"), ("/parts/1/days", "max_value")}


def test_a_body_that_is_no_object_is_refused(ann):
    assert ann.post("/api/v1/things", [1, 2]).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/api/v1/nowhere", 404), ("get", "/api/v1/things/", 404), ("delete", "/api/v1/things", 405),
     ("options", "/api/v1/things", 405)],
)  # fmt: skip
def test_wrong_addresses_and_methods_are_problems_too(ann, method, path, status):
    answer = getattr(ann, method)(path)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json().keys() >= MEMBERS


def test_a_form_is_no_json(ann):
    answer = ann.post("/api/v1/things", "a=b", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_without_login_nothing_is_told_but_how_to_log_in():
    answer = Client().get("/api/v1/things")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "not_authenticated"


def test_a_bug_is_a_500_that_tells_nothing(ann):
    answer = ann.get("/api/v1/failing/bug")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret detail" not in answer.content.decode()


def test_secrets_in_addresses_are_not_repeated(ann):
    answer = ann.get("/api/v1/follow/abc123secret/hidden")
    assert answer.json()["instance"] == "/api/v1/follow/***/hidden"


def test_the_language_is_the_callers(ann):
    english = ann.get("/api/v1/nowhere")
    danish = ann.get("/api/v1/nowhere", HTTP_ACCEPT_LANGUAGE="da")
    assert english["Content-Language"] == "en" and danish["Content-Language"] == "da"
    assert english.json()["title"] == "Not found"


def test_answers_are_not_kept_by_caches(ann):
    assert ann.get("/api/v1/things")["Cache-Control"] == "no-store"


def test_a_session_needs_the_csrf_token_to_write(member):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(member().user, backend="municipalities.login.MemberBackend")
    assert client.get("/api/v1/things").status_code == 200
    answer = client.post("/api/v1/things", {"code": "9100", "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_a_login_without_membership_acts_for_nobody(member):
    client = APIClient()
    membership = member()
    client.force_login(membership.user, backend="municipalities.login.MemberBackend")
    membership.delete()
    answer = client.get("/api/v1/things")
    assert (answer.status_code, answer.json()["code"]) == (403, "no_membership")
