"""What was asked for is what is answered; what means nothing is refused."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.pagination import CursorPages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample", "nine")]


def titles(answer):
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


@pytest.mark.parametrize("query", ["colour=red", "page=1&limit=3&Page=2", "name=x", "first_response_days=1"])
@pytest.mark.parametrize("path", ["/api/v1/things", "/api/v1/things/9901", "/api/v1/cursed"])
def test_unknown_query_parameters_are_named_and_refused(ann, path, query):
    answer = ann.get(f"{path}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")
    assert all(error["code"] == "unknown_parameter" for error in answer.json()["errors"])
    assert answer.json()["errors"][0]["pointer"].startswith("?")


def test_a_step_reads_no_query_parameter(ann):
    assert ann.post("/api/v1/things/9901/nothing?force=1").status_code == 400


@pytest.mark.parametrize("query", [
    "page=0", "page=-1", "page=x", "page=1.5", "page=99999999999999999999", "page_size=201", "page_size=0",
    "ordering=phone", "ordering=-", "days=x", "q=%00", "format=pdf", "q=" + "x" * 201,
])  # fmt: skip
def test_nonsense_in_a_query_is_refused(ann, query):
    assert ann.get(f"/api/v1/things?{query}").status_code == 400


def test_filters_search_and_order_work_together(ann):
    assert titles(ann.get("/api/v1/things?code=9903")) == ["Ørby 03"]
    assert titles(ann.get("/api/v1/things?q=ørby 1&ordering=-title")) == ["Ørby 11", "Ørby 10", "Ørby 01"]


def test_pages_hold_what_they_say(ann):
    answer = ann.get("/api/v1/things?q=ørby&page_size=5&page=3").json()
    assert (answer["count"], answer["page"], len(answer["results"])) == (12, 3, 2)
    assert answer["next"] is None and "page=2" in answer["previous"]


def test_past_the_end_a_page_is_empty(ann):
    assert titles(ann.get("/api/v1/things?page=900")) == []


def test_a_list_takes_the_same_queries_whatever_its_size(ann):
    counts = []
    for size in (1, 5, 12):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ann.get(f"/api/v1/things?page_size={size}")
        counts.append(len([query for query in queries if "accounts_apitoken" not in query["sql"]]))
    assert len(set(counts)) == 1 and counts[0] <= 3


def test_cursors_walk_through_everything_once(ann):
    seen, path = [], "/api/v1/cursed?page_size=5"
    while path:
        answer = ann.get(path)
        seen += titles(answer)
        path = answer.json()["next"]
    assert seen == sorted(seen) and len(seen) == len(set(seen)) == 13


def test_cursors_over_times_work(ann, member):
    for number in range(3):
        member(email=f"p{number}@nrs.example")
    first = ann.get("/api/v1/people?page_size=3").json()
    second = ann.get(first["next"]).json()
    names = [row["name"] for row in first["results"] + second["results"]]
    assert names == ["p2", "p1", "p0", "ann"] and second["next"] is None


@pytest.mark.parametrize("cursor", ["cD1hYmM=", "x", "0", "a:b:c", "%00", "9" * 5000])
def test_a_cursor_that_is_not_ours_is_refused(ann, cursor):
    answer = ann.get(f"/api/v1/people?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "bad_cursor"


def test_a_cursor_of_another_list_is_refused(ann):
    cursor = ann.get("/api/v1/cursed?page_size=5").json()["next_cursor"]
    assert ann.get(f"/api/v1/people?cursor={cursor}").status_code == 400


def test_the_feed_never_ends():
    assert CursorPages.endless is False
