"""Candidates over HTTP: the own jobcentre only, no name without a row in the access log."""

from __future__ import annotations

import json

import pytest

from api.models import IdempotencyKey
from candidates.models import AccessLog, Candidate
from tests.candidates.build import SKILL, profile, region
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
URL = "/api/v1/candidates"


@pytest.fixture(autouse=True)
def places(db):
    region()


@pytest.fixture
def person(ann):
    return ann.post(URL, profile(licences=["CE"], skills=[{"skill": SKILL, "documented": True}], job_goals=["8332"]))


@pytest.fixture
def bo(member, client_of):
    return client_of(member("consultant", "0270", "bo@nrs.example"))


def test_a_candidate_is_registered_and_read_by_name_with_a_log_row(ann, person):
    assert person.status_code == 201 and person["ETag"] == '"1"', person.content
    logged = AccessLog.objects.count()
    answer = ann.get(person["Location"])
    assert answer.json()["identity"]["name"] == "Prøve Person" and answer.json()["licences"] == ["CE"]
    assert AccessLog.objects.count() == logged + 1
    row = AccessLog.objects.order_by("-id").first()
    assert row.purpose == "candidate.show" and row.fields.startswith("name,phone,email,contact_way")


def test_an_answer_given_again_is_logged_again_and_not_kept_in_the_open(ann):
    body = profile()
    first = ann.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    assert AccessLog.objects.count() == 1
    again = ann.post(URL, body, HTTP_IDEMPOTENCY_KEY="k")
    assert again.content == first.content and Candidate.objects.count() == 1
    assert AccessLog.objects.count() == 2
    assert body["name"].encode() not in bytes(IdempotencyKey.objects.get().body)


def test_without_a_log_row_there_is_no_name(ann, person, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the log is full")

    monkeypatch.setattr("candidates.access._log", broken)
    answer = ann.get(person["Location"])
    assert answer.status_code == 500 and b"Person" not in answer.content


def test_the_list_names_nobody_and_goes_on_by_cursor(ann, person):
    ann.post(URL, profile())
    logged = AccessLog.objects.count()
    first = ann.get(f"{URL}?page_size=1").json()
    assert len(first["results"]) == 1 and "name" not in first["results"][0]
    second = ann.get(first["next"]).json()
    assert second["results"] != first["results"] and second["next"] is None
    assert AccessLog.objects.count() == logged
    assert ann.get(f"{URL}?status=hired").json()["results"] == []
    assert ann.get(f"{URL}?name=Person").status_code == 400


def test_nobody_else_sees_or_changes_them(person, bo, member, client_of):
    url = person["Location"]
    assert bo.get(url).status_code == 404 and bo.get(URL).json()["results"] == []
    assert bo.patch(url, {"postal_code": "3400"}, HTTP_IF_MATCH='"1"').status_code == 404
    for role in ("coordinator", "auditor", "admin"):
        client = client_of(member(role, None, f"{role}@nrs.example"))
        assert client.get(URL).status_code == 403 and client.post(URL, profile()).status_code == 403
        assert client.get(url).status_code in (403, 404)
    assert not AccessLog.objects.exclude(actor_municipality="0219").exists()


def test_a_change_needs_the_version_and_says_what_was_changed(ann, person):
    url = person["Location"]
    assert ann.patch(url, {"postal_code": "3000"}).status_code == 428
    changed = ann.patch(url, {"postal_code": "3000"}, HTTP_IF_MATCH='"1"')
    assert changed.status_code == 200 and changed.json()["postal_code"] == "3000" and changed["ETag"] == '"2"'
    stale = ann.patch(url, {"postal_code": "3400"}, HTTP_IF_MATCH='"1"')
    assert stale.status_code == 412 and stale.json()["changed"] == ["postal_code"]
    gone = ann.post(f"{url}/withdraw", {}, HTTP_IF_MATCH='"2"')
    assert gone.status_code == 200 and gone.json()["status"] == "inactive"


def test_what_is_not_kept_about_anybody_is_refused(ann):
    answer = ann.post(URL, profile(cpr="x", licences=["ZZ"], cv_text="010190-1234", shoe_size=3))
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert answer.status_code == 400 and pointers == {"/cpr", "/licences/0", "/cv_text", "/shoe_size"}
    assert not Candidate.objects.exists() and ann.post(URL, [1]).status_code == 400


def test_an_import_reports_row_by_row(ann):
    rows = [profile(external_reference="A"), profile(external_reference="B", postal_code="9999"), {"x": 1}]
    body = "\n".join(json.dumps(row) for row in rows).encode()
    answer = ann.generic("POST", f"{URL}/import", body, content_type="application/x-ndjson")
    assert answer.status_code == 200, answer.content
    report = answer.json()
    assert [row["status"] for row in report["rows"]] == ["created", "refused", "refused"]
    assert report["rows"][1]["errors"][0]["pointer"] == "/postal_code"
    again = ann.generic("POST", f"{URL}/import", body, content_type="application/x-ndjson").json()
    assert again["summary"] == {"created": 0, "updated": 0, "unchanged": 1, "refused": 2}
    table = b"external_reference,name,postal_code\nA,Ny Person,3000\n"
    csv = ann.generic("POST", f"{URL}/import", table, content_type="text/csv").json()
    assert csv["summary"]["updated"] == 1, csv


def test_an_import_can_report_line_by_line(ann, monkeypatch):
    body = "\n".join(json.dumps(profile(external_reference=f"L-{n}")) for n in range(3)).encode()
    asked = {"content_type": "application/x-ndjson", "HTTP_ACCEPT": "application/x-ndjson"}
    answer = ann.generic("POST", f"{URL}/import", body, **asked)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/x-ndjson" and answer.streaming
    *rows, last = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert [(row["row"], row["status"]) for row in rows] == [(1, "created"), (2, "created"), (3, "created")]
    assert last == {"summary": {"created": 3, "updated": 0, "unchanged": 0, "refused": 0}}
    bad = ann.generic("POST", f"{URL}/import", b"wrong\n", content_type="text/csv", HTTP_ACCEPT="application/x-ndjson")
    assert bad.status_code == 400 and bad.json()["errors"][0]["code"] == "unknown_columns"
    monkeypatch.setattr("api.candidates.MAX_IMPORT_BYTES", 10)
    big = ann.generic("POST", f"{URL}/import", body, **asked)
    assert big.status_code == 413 and big["Content-Type"] == "application/problem+json"


def test_an_import_is_for_the_home_and_of_bounded_size(member, client_of, ann, monkeypatch):
    coordinator = client_of(member("coordinator", None, "co@nrs.example"))
    assert coordinator.generic("POST", f"{URL}/import", b"{}", content_type="text/csv").status_code == 403
    assert ann.post(f"{URL}/import", {}).status_code == 415
    monkeypatch.setattr("api.candidates.MAX_IMPORT_BYTES", 10)
    big = ann.generic("POST", f"{URL}/import", b"x" * 11, content_type="text/csv")
    assert big.status_code == 413 and not Candidate.objects.exists()


def test_the_open_orders_that_fit_are_found(ann, person):
    cases.order(occupation_id="8332", title="Passer")
    answer = ann.get(f"{person['Location']}/matches")
    assert answer.status_code == 200, answer.content
    assert [(one["title"], one["outcome"]) for one in answer.json()["results"]] == [("Passer", "check")]
