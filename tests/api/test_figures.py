"""The figures about candidates over HTTP."""

from __future__ import annotations

import pytest

from joborders.models import Requirement
from municipalities import reference
from tests.candidates import build
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
URL = "/api/v1/statistics"


@pytest.fixture(autouse=True)
def region(db):
    build.region()
    reference.compute_distances()
    order = cases.order(workplace_postal_code="3400")
    Requirement.objects.create(order=order, kind="certificate", code="truck")
    for _number in range(5):
        build.candidate(certificates=[], available_from="2026-01-01", max_distance_km=60)


def test_the_skills_gap_is_read_filtered_and_taken_home(ann):
    body = ann.get(f"{URL}/skills-gap").json()
    assert body["is_live"] and body["orders_looked_at"] == 1
    [row] = body["results"]
    assert (row["kind"], row["code"], row["label"], row["people"]) == ("certificate", "truck", "truck", 5)
    assert ann.get(f"{URL}/skills-gap?municipality=0270").json()["results"] == []
    assert ann.get(f"{URL}/skills-gap?industry=unknown").json()["results"][0]["positions"] == 2
    lines = b"".join(ann.get(f"{URL}/skills-gap?format=csv").streaming_content).decode().splitlines()
    assert lines[0] == "kind,code,label,orders,positions,municipality,people" and len(lines) == 3


def test_what_is_behind_a_number_is_asked_by_kind_and_code(ann):
    body = ann.get(f"{URL}/skills-gap/behind?kind=certificate&code=truck").json()
    assert len(body["orders"]) == 1 and len(body["candidates"]) == 5
    assert "name" not in str(body["candidates"])


def test_cv_gaps_name_each_principle(ann):
    body = ann.get(f"{URL}/cv-gaps").json()
    assert body["version"] == "2026.1" and body["people"] == {"0219": 5}
    assert body["results"][0]["principle"] == "profile" and body["results"][0]["missing"] == 5
    assert body["results"][0]["label"] == "a profile of three to six lines"


def test_fairness_is_read_and_taken_home(ann):
    body = ann.get(f"{URL}/fairness?quarter=2025-Q4").json()
    assert (body["quarter"], body["from"], body["to"]) == ("2025-Q4", "2025-10-01", "2025-12-31")
    assert [table["dimension"] for table in body["tables"]] == ["municipality", "language", "unemployment"]
    assert [len(table["rows"]) for table in body["tables"]] == [9, 4, 5]
    lines = b"".join(ann.get(f"{URL}/fairness?format=csv").streaming_content).decode().splitlines()
    assert lines[0] == "quarter,dimension,group,listed,put_forward,percent,of_highest,under_line,line"
    assert len(lines) == 1 + 9 + 4 + 5
    assert ann.get(f"{URL}/fairness?format=xlsx").getvalue()[:2] == b"PK"


@pytest.mark.parametrize(
    "query",
    [
        "skills-gap?industry=4", "skills-gap?municipality=0101", "skills-gap?as_of=2999-01-01", "skills-gap?page=1",
        "skills-gap/behind", "skills-gap/behind?kind=language&code=da", "skills-gap/behind?kind=skill&code=x",
        "skills-gap/behind?kind=licence&code=%00", "cv-gaps?municipality=0219",
        "fairness?quarter=2026", "fairness?quarter=2999-Q1", "fairness?quarter=0001-Q1",
        "fairness?quarter=%C2%B2026-Q1",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(ann, query):
    answer = ann.get(f"{URL}/{query}")
    assert answer.status_code == 400, answer.content


def test_figures_of_a_day_that_was_not_kept_are_not_found(ann):
    answer = ann.get(f"{URL}/skills-gap?as_of=2016-03-31")
    assert answer.status_code == 404 and "every night" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["skills-gap", "skills-gap/behind?kind=certificate&code=truck", "cv-gaps", "fairness"])
def test_the_figures_are_for_the_nine_and_the_coordinator(member, client_of, path):
    for role, where, status in (
        ("caseworker", "0270", 200), ("coordinator", None, 200), ("auditor", None, 403), ("admin", None, 403),
    ):  # fmt: skip
        answer = client_of(member(role, where, f"{role}@nrs.example")).get(f"{URL}/{path}")
        assert answer.status_code == status, answer.content
