"""The steering group's figures over HTTP."""

from __future__ import annotations

import pytest

from campaigns import figures
from tests.candidates.build import region
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
URL = "/api/v1/statistics/status"


@pytest.fixture(autouse=True)
def orders(db):
    region()
    cases.order(positions=3)


def test_the_status_counts_orders_and_positions(ann):
    body = ann.get(URL).json()
    assert {name: body[name] for name in ("received", "open", "filled", "closed", "agreements")} == {
        "received": 1, "open": 1, "filled": 0, "closed": 0, "agreements": 0,
    }  # fmt: skip
    assert body["positions"] == {"wanted": 3, "hired": 0, "filled_otherwise": 0}
    assert ann.get(f"{URL}?as_of=2016-03-31").json()["received"] == 0
    assert ann.get(f"{URL}?municipality=0270").json()["received"] == 0


def test_what_was_not_known_yet_is_registered_later(ann):
    body = ann.get(f"{URL}?known_at=2016-04-01T00:00:00%2B02:00").json()
    assert (body["received"], body["registered_later"]) == (0, 1)
    assert ann.get(f"{URL}?known_at=2016-04-01T00:00:00+02:00").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["as_of=31-03-2016", "as_of=2016-02-30", "as_of=2999-01-01", "known_at=2016-04-01", "known_at=2016-04-01T00:00:00",
     "municipality=0101", "colour=red", "as_of=", "page=1", "format=pdf"],
)  # fmt: skip
def test_what_is_not_understood_is_refused(ann, query):
    answer = ann.get(f"{URL}?{query}")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json", answer.content


def test_the_figures_are_for_the_nine_and_the_coordinator(member, client_of):
    for role, where, status in (
        ("caseworker", "0270", 200), ("coordinator", None, 200), ("auditor", None, 403), ("admin", None, 403),
    ):  # fmt: skip
        assert client_of(member(role, where, f"{role}@nrs.example")).get(URL).status_code == status


@pytest.mark.parametrize("name", figures.FUNCTIONS)
def test_every_figure_says_its_day_and_what_it_was_asked(ann, name):
    body = ann.get(f"/api/v1/statistics/{name}?as_of=2026-10-31&industry=49").json()
    assert (body["as_of"], body["industry"], body["municipality"]) == ("2026-10-31", "49", None)
    assert body["known_at"].endswith("Z") or "+" in body["known_at"]
    if name != "status":
        assert (body["from"], body["to"]) == ("2025-11-01", "2026-10-31")


@pytest.mark.parametrize("name", [name for name in figures.FUNCTIONS if name != "status"])
@pytest.mark.parametrize(
    "query",
    ["from=2026-02-30", "to=x", "from=2026-03-02&to=2026-03-01", "as_of=2026-03-01&from=2026-03-02", "industry=4",
     "from=2999-01-01", "per=year", "industry=٤٩"],
)  # fmt: skip
def test_a_period_that_is_not_understood_is_refused(ann, name, query):
    answer = ann.get(f"/api/v1/statistics/{name}?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"].startswith("?"), answer.content


@pytest.mark.parametrize("name", figures.FUNCTIONS)
def test_every_figure_is_for_the_nine_and_the_coordinator_and_can_be_taken_home(member, client_of, name):
    for role, where, status in (
        ("caseworker", "0270", 200), ("coordinator", None, 200), ("auditor", None, 403), ("admin", None, 403),
    ):  # fmt: skip
        client = client_of(member(role, where, f"{role}@nrs.example"))
        for end in ("", "?format=csv", "?format=xlsx"):
            assert client.get(f"/api/v1/statistics/{name}{end}").status_code == status
    lines = b"".join(
        client_of(member("coordinator", None, "kim@nrs.example"))
        .get(f"/api/v1/statistics/{name}?as_of=2026-10-31&format=csv")
        .streaming_content
    ).decode().splitlines()  # fmt: skip
    assert lines[0].startswith("as_of,") and all(line.startswith("2026-10-31,") for line in lines[1:])
    assert len(lines) > 1


def test_the_rows_of_a_table_are_of_one_grain(ann):
    lines = b"".join(ann.get("/api/v1/statistics/exchange?format=csv").streaming_content).decode().splitlines()
    assert len(lines) == 1 + 81
    assert lines[0] == "as_of,lead,home,hires"


def test_the_figures_can_be_taken_home(ann):
    heading, row = b"".join(ann.get(f"{URL}?format=csv").streaming_content).decode().splitlines()
    assert "positions_wanted" in heading.split(",") and len(row.split(",")) == len(heading.split(","))
    assert ann.get(f"{URL}?format=xlsx").status_code == 200
