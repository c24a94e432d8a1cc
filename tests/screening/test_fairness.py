"""Fairness of selection, counted by hand: rates, the four-fifths line, and small cells that nothing gives away."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db.models import Model

from candidates.hiding import hide_table
from candidates.models import Candidate, CandidateLanguage
from events import clock
from joborders.models import JobOrder, Nomination
from screening import fairness
from screening.fairness import Quarter
from screening.models import Run, VerdictRow
from tests import factories
from vocabulary.models import Language

pytestmark = pytest.mark.django_db
Q1 = Quarter(2026, 1)
IN_Q1 = clock.day_start(dt.date(2026, 2, 10))


@pytest.fixture(autouse=True)
def spring() -> Any:
    """It is May 2026: the first quarter has ended."""
    with clock.at(clock.day_start(dt.date(2026, 5, 4))):
        yield


@pytest.fixture
def order(reference: None) -> JobOrder:
    """An order that screenings are run for."""
    return factories.order()


def screened(order: JobOrder, at: dt.datetime = IN_Q1) -> Run:
    """A screening, without asking the engine."""
    return Run.objects.create(
        order=order, order_revision=1, scope="region", municipality_code="0219", table_version="2026.1", snapshot={},
        pool=0, funnel={}, qualified=0, check_count=0, nearly=0, decided_on=at.date(), created_at=at,
    )  # fmt: skip


_keys = itertools.count(1)


def people(home: str, count: int, *, oral: int = 0, since: dt.date | None = None) -> list[Candidate]:
    """So many of one municipality, alike."""
    made: list[Candidate] = []
    for _number in range(count):
        made.append(
            factories.candidate(
                home,
                external_reference=f"SAG-{next(_keys)}",
                unemployed_since=since.strftime("%Y-%m") if since else None,
            )
        )
    if oral:
        danish = Language.objects.get(code="da")
        CandidateLanguage.objects.filter(candidate__in=made).delete()
        CandidateLanguage.objects.bulk_create(
            CandidateLanguage(candidate=one, language=danish, oral=oral, written=oral) for one in made
        )
    return made


def listed(run: Run, found: list[Candidate], outcome: str = "qualified") -> None:
    """They stand on the list of a run."""
    VerdictRow.objects.bulk_create(
        VerdictRow(
            run=run, candidate=one, home_code=one.home_id, outcome=outcome, rank=number, fit=500, raw=50000, verdict={}
        )
        for number, one in enumerate(found, 1)
    )


def put(order: JobOrder, found: list[Candidate], at: dt.datetime = IN_Q1) -> None:
    """They were requested on the order."""
    Nomination.objects.bulk_create(
        Nomination(
            order=order,
            candidate=one,
            home_code=one.home_id,
            pseudonym=f"K-{one.pk}",
            state="requested",
            requested_at=at,
            created_at=at,
        )  # fmt: skip
        for one in found
    )


def rows(found: dict[str, Any], dimension: str) -> dict[str, dict[str, Any]]:
    """The rows of one table by group."""
    [table] = [table for table in found["tables"] if table["dimension"] == dimension]
    return {row["group"]: row for row in table["rows"]}


def test_rates_and_the_line_are_those_worked_out_by_hand(order):
    hillerod, helsingor = people("0219", 20, oral=5), people("0217", 20, oral=2)
    run = screened(order)
    listed(run, hillerod + helsingor)
    put(order, hillerod[:10] + helsingor[:6])
    found = fairness.fairness(Q1)
    assert found["all"] == {"group": "", "listed": 40, "put_forward": 16, "percent": 40.0}
    by_home = rows(found, "municipality")
    assert by_home["0219"] == {
        "group": "0219", "listed": 20, "put_forward": 10, "percent": 50.0, "of_highest": 100, "under_line": False,
    }  # fmt: skip
    assert by_home["0217"] == {
        "group": "0217", "listed": 20, "put_forward": 6, "percent": 30.0, "of_highest": 60, "under_line": True,
    }  # fmt: skip
    assert found["tables"][0]["line"] == 40.0
    spoken = rows(found, "language")
    assert (spoken["C"]["percent"], spoken["A"]["percent"], spoken["B"]["listed"]) == (50.0, 30.0, 0)


def test_exactly_four_fifths_is_not_under_the_line(order):
    one, other = people("0219", 10), people("0217", 10)
    listed(screened(order), one + other)
    put(order, one[:10] + other[:8])
    assert not rows(fairness.fairness(Q1), "municipality")["0217"]["under_line"]


@pytest.mark.parametrize(
    ("since", "group"),
    [
        (dt.date(2025, 11, 1), "under_6"), (dt.date(2025, 10, 1), "under_12"), (dt.date(2025, 5, 1), "under_12"),
        (dt.date(2025, 4, 1), "under_24"), (dt.date(2024, 5, 1), "under_24"), (dt.date(2024, 4, 1), "longer"),
        (None, "unknown"),
    ],
)  # fmt: skip
def test_unemployment_is_counted_in_months_at_the_end_of_the_quarter(order, since, group):
    listed(screened(order), people("0219", 5, since=since))
    assert rows(fairness.fairness(Q1), "unemployment")[group]["listed"] == 5


def test_a_person_counts_once_per_order_and_only_in_the_lanes_that_may_be_put_forward(order):
    some = people("0219", 6)
    first, again = screened(order), screened(order)
    listed(first, some)
    listed(again, some, "check")
    listed(screened(factories.order(of=order.company)), some)
    nearly = people("0219", 7)
    listed(screened(order), nearly, "nearly")
    assert fairness.fairness(Q1)["all"]["listed"] == 12


def test_only_what_happened_in_the_quarter_counts(order):
    some = people("0219", 10)
    listed(screened(order, clock.day_start(dt.date(2026, 4, 1))), some)
    assert fairness.fairness(Q1)["all"]["listed"] == 0
    listed(screened(order, clock.day_start(dt.date(2026, 4, 1)) - dt.timedelta(seconds=1)), some)
    put(order, some[:5], clock.day_start(dt.date(2026, 4, 1)))
    assert fairness.fairness(Q1)["all"] == {"group": "", "listed": 10, "put_forward": 0, "percent": 0.0}


def test_cells_under_five_are_hidden_and_no_subtraction_brings_them_back(order):
    three, many, more = people("0217", 3), people("0219", 30), people("0270", 40)
    listed(screened(order), three + many + more)
    put(order, many[:10] + more[:20])
    found = fairness.fairness(Q1)
    by_home = rows(found, "municipality")
    assert found["all"]["listed"] == 73, "the sum is shown"
    assert by_home["0217"]["listed"] is None and by_home["0217"]["percent"] is None
    assert by_home["0219"]["listed"] is None, "one more is hidden, or 73 − 30 − 40 would tell"
    assert by_home["0270"]["listed"] == 40


def test_a_rate_is_not_shown_where_those_left_over_are_few(order):
    some = people("0219", 30)
    listed(screened(order), some)
    put(order, some[:28])
    found = rows(fairness.fairness(Q1), "municipality")["0219"]
    assert found["listed"] is None or found["put_forward"] is None
    assert found["percent"] is None and not found["under_line"]


def test_what_is_shown_allows_more_than_one_answer_for_every_hidden_cell():
    """All small tables of two groups by put forward or not: each hidden number could be another one."""
    for a_put, a_not, b_put, b_not in itertools.product((0, 1, 3, 7), repeat=4):
        cells = {
            ("a", "put"): a_put, ("a", "not"): a_not, ("b", "put"): b_put, ("b", "not"): b_not,
            "a": a_put + a_not, "b": b_put + b_not, "put": a_put + b_put, "not": a_not + b_not,
            "all": a_put + a_not + b_put + b_not,
        }  # fmt: skip
        sums = [
            ("a", [("a", "put"), ("a", "not")]), ("b", [("b", "put"), ("b", "not")]),
            ("put", [("a", "put"), ("b", "put")]), ("not", [("a", "not"), ("b", "not")]),
            ("all", ["a", "b"]), ("all", ["put", "not"]),
        ]  # fmt: skip
        hidden = hide_table(cells, sums)
        few = [name for name, count in cells.items() if 1 <= count < 5]
        assert set(few) <= hidden
        worlds = []
        for world in itertools.product(range(15), repeat=4):
            p, q, r, s = world
            if p + q + r + s > 28:
                continue
            there = {
                ("a", "put"): p, ("a", "not"): q, ("b", "put"): r, ("b", "not"): s,
                "a": p + q, "b": r + s, "put": p + r, "not": q + s, "all": p + q + r + s,
            }  # fmt: skip
            if all(there[name] == count for name, count in cells.items() if name not in hidden):
                worlds.append(there)
        for name in few:
            assert len({there[name] for there in worlds}) > 1, (cells, name)


def test_it_is_one_query_however_many_there_are(order, django_assert_num_queries):
    listed(screened(order), people("0219", 12))
    with django_assert_num_queries(1):
        fairness.fairness(Q1)
    listed(screened(factories.order(of=order.company)), people("0217", 12))
    with django_assert_num_queries(1):
        fairness.fairness(Q1)


def test_quarters_follow_each_other_and_only_ended_ones_are_offered():
    assert [str(one) for one in fairness.quarters(5)] == ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1"]
    assert (Q1.first, Q1.after) == (dt.date(2026, 1, 1), dt.date(2026, 4, 1))
    assert (Quarter(2025, 4).first, Quarter(2025, 4).after) == (dt.date(2025, 10, 1), dt.date(2026, 1, 1))
    for wrong in ("2026", "2026-Q5", "26-Q1", "2026-Q", "²026-Q1", ""):
        with pytest.raises(ValueError, match=".*"):
            Quarter.parse(wrong)


def test_no_row_of_the_figure_names_a_person(order):
    listed(screened(order), people("0219", 12))
    found = str(fairness.fairness(Q1)) + str(list(fairness.flat(fairness.fairness(Q1))))
    assert not any(str(one.public_id) in found for one in Candidate.objects.all())
    assert not any(isinstance(value, Model) for value in fairness.fairness(Q1).values())
