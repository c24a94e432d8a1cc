"""Which one thing missing would open how many positions to how many people, and who is behind the number."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command

from events import clock
from events.errors import NotVisible
from joborders.models import Requirement
from municipalities import reference
from screening import cv_gaps, figures, skills_gap
from screening.models import Figures
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from vocabulary.models import Skill

pytestmark = pytest.mark.django_db
LACKS_TRUCK = {
    "licences": ["CE"], "certificates": [], "available_from": "2026-01-01", "max_distance_km": 60, "skills": [],
}  # fmt: skip


@pytest.fixture(autouse=True)
def region(db):
    build.region()
    reference.compute_distances()


def order(*must: tuple[str, str], industry: str = "494100", **changes):
    made = cases.order(workplace_postal_code="3400", **changes)
    type(made.company).objects.filter(pk=made.company_id).update(industry_code=industry, industry_version="DB25")
    for kind, code in must:
        Requirement.objects.create(order=made, kind=kind, code=code)
    return made


def people(count, home=cases.LEAD, **changes):
    return [build.candidate(home, **{**LACKS_TRUCK, **changes}) for _number in range(count)]


def rows(**filters):
    return {(row["kind"], row["code"]): row for row in figures.gap_rows(figures.of("skills_gap").data, **filters)}


TRUCK = ("certificate", "truck")


def test_a_gap_counts_open_positions_and_people_by_home_and_industry():
    order(TRUCK, ("licence", "C"), positions=5, hires=0)
    order(TRUCK, industry="561110", positions=3, filled_otherwise=1)
    people(6), people(7, cases.HOME), people(5, cases.THIRD, certificates=[{"code": "truck"}])
    row = rows()[TRUCK]
    assert (row["orders"], row["positions"], row["people"]) == (2, 7, 13)
    assert row["municipalities"] == [
        {"municipality": cases.HOME, "positions": 7, "people": 7},
        {"municipality": cases.LEAD, "positions": 7, "people": 6},
    ]
    assert row["industries"] == [
        {"industry": "49", "orders": 1, "positions": 5, "people": 13},
        {"industry": "56", "orders": 1, "positions": 2, "people": 13},
    ]
    assert rows(industry="56")[TRUCK]["positions"] == 2 and rows(industry="41") == {}
    assert rows(municipality=cases.HOME)[TRUCK]["people"] == 7 and rows(municipality=cases.THIRD) == {}


def test_who_misses_two_things_or_one_that_no_course_cures_is_not_counted():
    order(TRUCK, ("licence", "C"), positions=5)
    people(5, licences=[]), people(5, available_from="2030-01-01"), people(5, certificates=[])
    assert rows()[TRUCK]["people"] == 5 and set(rows()) == {TRUCK}


def test_unknown_is_no_gap_but_does_not_stand_in_the_way_of_one():
    order(TRUCK, hours_min=30, hours_max=37)
    people(5)
    for _number in range(5):
        build.candidate(available_from="2026-01-01", max_distance_km=60)
    assert rows()[TRUCK]["people"] == 5


def test_a_skill_counts_whether_or_not_a_course_is_planned():
    skill = str(Skill.objects.get(uri=build.SKILL).public_id)
    order(("skill", skill))
    people(5)
    assert rows()["skill", skill]["people"] == 5
    assert skills_gap.labels_of([("skill", skill), TRUCK]) == {("skill", skill): "køre truck", TRUCK: "truck"}


def test_who_is_nominated_hired_or_inactive_is_not_in_the_pool():
    made = order(TRUCK)
    some = people(8)
    cases.nomination(made, "requested", person=people(1, cases.HOME)[0])
    type(some[0]).objects.filter(pk=some[0].pk).update(status="inactive")
    type(some[1]).objects.filter(pk=some[1].pk).update(hired_from=dt.date(2030, 1, 1))
    assert rows()[TRUCK]["people"] == 6


def test_small_cells_are_hidden_and_one_more_but_positions_never():
    order(TRUCK, positions=4)
    people(3), people(9, cases.HOME), people(6, cases.THIRD)
    row = rows()[TRUCK]
    assert row["people"] == 18 and row["positions"] == 4
    seen = {cell["municipality"]: cell["people"] for cell in row["municipalities"]}
    assert seen == {cases.LEAD: None, cases.THIRD: None, cases.HOME: 9}
    assert rows(municipality=cases.THIRD)[TRUCK]["people"] is None


def test_a_full_order_opens_nothing():
    order(TRUCK, positions=1, filled_otherwise=1)
    people(5)
    assert rows() == {}


def test_behind_a_number_are_visible_orders_and_own_people_without_names():
    shared, hidden = order(TRUCK), order(TRUCK, shared_at=None)
    [own] = people(1, cases.HOME)
    people(1, cases.THIRD)
    found = skills_gap.behind("certificate", "truck", actor=build.consultant(cases.HOME))
    assert [row["order"] for row in found["orders"]] == [shared.public_id]
    assert found["candidates"] == [{"candidate": own.public_id, "orders": [shared.public_id], "orders_in_all": 2}]
    kim = build.member("coordinator", None)
    found = skills_gap.behind("certificate", "truck", actor=kim)
    assert {row["order"] for row in found["orders"]} == {shared.public_id, hidden.public_id}
    assert found["candidates"] == []
    found = skills_gap.behind("certificate", "truck", actor=build.member("caseworker", cases.HOME))
    assert found["orders"] == [] and [row["orders_in_all"] for row in found["candidates"]] == [2]


def test_a_large_region_answers_from_the_night_and_says_so(monkeypatch):
    order(TRUCK)
    people(5)
    monkeypatch.setitem(figures.LIVE, Figures.Kind.SKILLS_GAP, 0)
    with pytest.raises(NotVisible):
        figures.of("skills_gap")
    figures.make("skills_gap")
    people(5)
    made = figures.of("skills_gap")
    assert not made.is_live and made.as_of == clock.today()
    assert figures.gap_rows(made.data)[0]["people"] == 5
    figures.make("skills_gap")
    assert Figures.objects.count() == 1 and figures.of("skills_gap").data["people"] == 10


def test_the_figures_of_a_day_stay_as_they_were_kept():
    figures.make("skills_gap")
    Figures.objects.update(as_of=dt.date(2026, 1, 5))
    order(TRUCK)
    people(5)
    assert figures.of("skills_gap", dt.date(2026, 1, 5)).data["gaps"] == []
    assert figures.of("skills_gap").is_live and rows()
    with pytest.raises(NotVisible):
        figures.of("skills_gap", dt.date(2026, 1, 6))


def test_orders_cost_no_query_each(django_assert_max_num_queries):
    for _number in range(5):
        order(TRUCK, ("skill", str(Skill.objects.get(uri=build.SKILL).public_id)))
    people(5)
    with django_assert_max_num_queries(25):
        skills_gap.compute()


def test_the_command_prints_what_the_api_gives_and_keeps_it_when_asked():
    order(TRUCK)
    people(3)
    out = StringIO()
    call_command("skills_gap", keep=True, stdout=out)
    shown = json.loads(out.getvalue())
    assert shown["results"][0]["label"] == "truck" and shown["results"][0]["people"] is None
    assert Figures.objects.get().kind == "skills_gap"


def test_cv_gaps_are_counted_by_home_and_hidden_where_either_side_is_few():
    for home, count in ((cases.LEAD, 6), (cases.HOME, 7), (cases.THIRD, 8)):
        for number in range(count):
            goals = ["8332"] if number < (2 if home == cases.HOME else 5) else []
            build.candidate(home, job_goals=goals, licences=[], own_transport=True, max_distance_km=20)
    found = {row["principle"]: row for row in figures.cv_rows(cv_gaps.compute())}
    profile = {cell["municipality"]: cell["missing"] for cell in found["profile"]["municipalities"]}
    assert profile == {cases.LEAD: 6, cases.HOME: 7, cases.THIRD: 8} and found["profile"]["missing"] == 21
    assert found["mobility"]["missing"] == 0
    goals = {cell["municipality"]: cell["missing"] for cell in found["job_goal"]["municipalities"]}
    # 1 of 6, 5 of 7 (2 pass) and 3 of 8 miss it: everything is too small to be shown.
    assert set(goals.values()) == {None}
