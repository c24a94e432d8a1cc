"""The standing lists: kept by the feed, told in the desk once per order and hour, checked every night."""

from __future__ import annotations

import datetime as dt
import logging
import random

import pytest

from candidates import services as candidates
from candidates.models import Candidate
from events import clock
from events.querysets import EventQuerySet
from joborders.models import JobOrder, Requirement
from joborders.services import steps
from municipalities import reference
from nrs.celery import SCHEDULE
from screening import courses, engine, keeping, region, skills_gap, standing, tasks
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.models import Figures, ListRound, Notice, StandingList
from screening.standing import Listing
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from vocabulary.models import Skill

pytestmark = pytest.mark.django_db
NINE = dt.datetime(2026, 3, 2, 9, 10, tzinfo=clock.COPENHAGEN)
FITS = {"licences": ["CE"], "available_from": "2026-01-01", "max_distance_km": 60, "job_goals": ["8332"]}


@pytest.fixture(autouse=True)
def region_at_nine(db, monkeypatch):
    build.region()
    reference.compute_distances()
    keeping.forget()
    # Inside the test's own transaction nothing is settled on PostgreSQL.
    monkeypatch.setattr(EventQuerySet, "settled", lambda events: events)
    with clock.at(NINE):
        yield


def order(**changes):
    made = cases.order(workplace_postal_code="3400", occupation_id="8332", **changes)
    Requirement.objects.create(order=made, kind="licence", code="C")
    return made


def listed(made: JobOrder) -> dict[int, str]:
    row = StandingList.objects.get(order=made)
    return {pk: lane for pk, (lane, _raw) in Listing.from_data(row.entries).places().items()}


def notices(made: JobOrder) -> list[tuple[int, int, int]]:
    return list(Notice.objects.filter(order=made).order_by("hour").values_list("came", "left", "moved"))


def update(person: Candidate, **changes):
    version = Candidate.objects.values_list("version", flat=True).get(pk=person.pk)
    return candidates.update(person.public_id, build.consultant(person.home_id), version, changes)


def test_the_first_round_makes_the_lists_and_is_no_news():
    made, person = order(), build.candidate(**FITS)
    assert keeping.catch_up() == 0
    assert listed(made) == {person.pk: "qualified"} and notices(made) == []
    assert keeping.catch_up() == 0


def test_a_changed_candidate_is_news_once_per_order_and_hour():
    made, other = order(), order(is_remote=True, shared_at=None, lead_id=cases.THIRD)
    keeping.catch_up()
    person = build.candidate(**FITS)
    keeping.catch_up()
    assert notices(made) == [(1, 0, 0)] and listed(made) == {person.pk: "qualified"}
    assert notices(other) == [] and listed(other) == {}
    update(person, licences=[])
    keeping.catch_up()
    assert notices(made) == [(1, 0, 1)] and listed(made) == {person.pk: "nearly"}
    with clock.at(NINE + dt.timedelta(hours=1)):
        update(person, status="inactive")
        keeping.catch_up()
    assert notices(made) == [(1, 0, 1), (0, 1, 0)] and listed(made) == {}
    made.refresh_from_db()
    assert made.list_changed_at == NINE + dt.timedelta(hours=1)


def test_a_change_that_moves_nobody_is_no_news():
    made, person = order(), build.candidate(**FITS)
    keeping.catch_up()
    update(person, cv_text="Nyt CV")
    assert keeping.catch_up() == 1
    assert notices(made) == []


def test_who_is_nominated_leaves_the_list_without_news():
    made, person = order(), build.candidate(cases.HOME, **FITS)
    keeping.catch_up()
    cases.request(made, person)
    keeping.catch_up()
    assert listed(made) == {} and notices(made) == []


def test_an_order_that_changes_or_is_shared_gets_a_new_list_without_news_and_an_ended_one_loses_it():
    made = order(shared_at=None, claimed_at=NINE)
    mine, theirs = build.candidate(**FITS), build.candidate(cases.HOME, **FITS)
    keeping.catch_up()
    assert listed(made).keys() == {mine.pk}
    lead = build.consultant(cases.LEAD)
    made = steps.share(made.public_id, lead, cases.version_of(made))
    keeping.catch_up()
    assert listed(made).keys() == {mine.pk, theirs.pk} and notices(made) == []
    steps.close(made.public_id, lead, made.version, reason="no_suitable_candidates")
    keeping.catch_up()
    assert not StandingList.objects.exists()


def test_a_planned_course_is_news_where_it_makes_nearly():
    made = order()
    skill = Skill.objects.get(uri=build.SKILL)
    Requirement.objects.create(order=made, kind="skill", code=str(skill.public_id))
    person = build.candidate(**FITS, skills=[])
    keeping.catch_up()
    assert listed(made) == {}
    day = clock.today()
    given = {"title": "T", "provider": "P", "starts_on": day, "ends_on": day, "skills": [skill.public_id]}
    course = courses.plan(build.consultant(), given)
    keeping.catch_up()
    assert listed(made) == {person.pk: "nearly"} and notices(made) == [(1, 0, 0)]
    courses.complete(course.public_id, build.consultant(), 1, candidates=[person.public_id])
    keeping.catch_up()
    assert listed(made) == {person.pk: "qualified"} and notices(made) == [(1, 0, 1)]


def test_an_erased_candidate_leaves_every_list():
    made, person = order(), build.candidate(**FITS)
    keeping.catch_up()
    update(person, cv_text="Nyt CV")
    Candidate.objects.filter(pk=person.pk).delete()
    keeping.catch_up()
    assert listed(made) == {}


def test_the_night_finds_what_was_written_past_the_services_and_puts_it_right(caplog):
    made, person = order(), build.candidate(**FITS)
    keeping.catch_up()
    assert keeping.check() == keeping.Night(1, ())
    Candidate.objects.filter(pk=person.pk).update(available_from=dt.date(2030, 1, 1))
    with caplog.at_level(logging.ERROR, logger="screening.keeping"):
        assert keeping.check() == keeping.Night(1, (made.number,))
    assert made.number in caplog.text and listed(made) == {}
    assert keeping.summary()["differing"] == 1
    assert keeping.check().differing == () and keeping.summary()["differing"] == 0
    assert ListRound.objects.filter(kind="night").count() == 3


def test_the_calendar_alone_is_no_alarm_but_moves_the_lists_on():
    made = order()
    person = build.candidate(**{**FITS, "available_from": "2026-03-17"})
    keeping.catch_up()
    assert listed(made) == {}
    with clock.at(NINE + dt.timedelta(days=1)):
        update(person, cv_text="Endnu et CV")
        keeping.catch_up()
        assert listed(made) == {} and notices(made) == []
        assert keeping.check().differing == ()
    assert listed(made) == {person.pk: "qualified"} and notices(made) == [(1, 0, 0)]


def test_news_that_nobody_has_read_yet_is_no_alarm(monkeypatch):
    order(), build.candidate(**FITS)
    keeping.catch_up()
    monkeypatch.setattr(keeping, "_catch_up", lambda: 0)
    build.candidate(**FITS)
    assert keeping.check().differing == ()


def test_many_changes_make_the_lists_anew(monkeypatch):
    made = order()
    keeping.catch_up()
    monkeypatch.setattr(keeping, "MANY", 1)
    monkeypatch.setattr(keeping, "_patch", None)
    people = [build.candidate(**FITS) for _number in range(2)]
    keeping.catch_up()
    assert listed(made).keys() == {person.pk for person in people} and notices(made) == [(2, 0, 0)]


CHANGES = {
    "licences": [["CE"], ["B"], []],
    "max_distance_km": [None, 5, 60],
    "own_transport": [None, True, False],
    "job_goals": [[], ["8332"]],
    "status": ["available", "available", "inactive"],
    "occupations": [[], *([{"isco": "8332", "months": months}] for months in (3, 12, 40))],
}


def test_patched_lists_are_the_lists_made_anew(monkeypatch):
    """Two hundred random changes, with lanes of three, so that people come, leave and follow on all the time."""
    monkeypatch.setattr(engine, "LISTED", 3)
    draw = random.Random(7)  # noqa: S311 - the same changes in every run
    made = [order(), order(needs_own_transport=True), order(shared_at=None)]
    people = [build.candidate(draw.choice([cases.LEAD, cases.HOME]), **FITS) for _number in range(12)]
    keeping.catch_up()
    for _round in range(60):
        for person in draw.sample(people, draw.choice([1, 1, 2])):
            update(person, **{name: draw.choice(values) for name, values in CHANGES.items()})
        keeping.catch_up()
        orders = region.open_orders()
        fresh = standing.make(orders, standing.Pool(orders), clock.today())
        kept = {row.order_id: Listing.from_data(row.entries) for row in StandingList.objects.all()}
        assert kept == fresh
    assert Notice.objects.filter(order__in=made).exists()


def test_the_lists_are_those_of_the_engine():
    made = order()
    for number in range(6):
        build.candidate(**{**FITS, "licences": ["CE"] if number % 2 else [], "max_distance_km": 60 if number else None})
    [ready] = region.compiled_all([made])
    screened = engine.screen(ready, standing.Pool([made]).crowd.people)
    fresh = standing.make([made], standing.Pool([made]), clock.today())[made.pk]
    for lane, entries in fresh.lanes.items():
        assert [pk for _raw, _tie, pk in entries] == [verdict.candidate for verdict in screened.lanes[lane]]


def without_the_index(monkeypatch):
    def refuse():
        raise NotUsable("a test")

    monkeypatch.setattr(INDEX, "current", refuse)


def test_without_the_index_the_lists_and_the_gaps_are_the_same(monkeypatch):
    made = [order(), order(needs_own_transport=True), order(shared_at=None)]
    draw = random.Random(8)  # noqa: S311 - the same people in every run
    for _number in range(15):
        changes = {name: draw.choice(values) for name, values in CHANGES.items()}
        build.candidate(draw.choice([cases.LEAD, cases.HOME]), **{**FITS, **changes})
    cases.nomination(made[0], "declined", person=build.candidate(cases.HOME, **FITS))
    lists, gaps = standing.make(made, standing.Pool(made), clock.today()), skills_gap.compute()
    behind = skills_gap.behind("licence", "C", actor=build.consultant(cases.HOME))
    assert gaps["gaps"] and behind["candidates"] and behind["orders"]
    without_the_index(monkeypatch)
    assert standing.make(made, standing.Pool(made), clock.today()) == lists
    assert skills_gap.compute() == gaps
    assert skills_gap.behind("licence", "C", actor=build.consultant(cases.HOME)) == behind


def test_the_tasks_of_the_schedule_keep_the_lists_and_the_figures():
    made, person = order(), build.candidate(**FITS)
    for entry in SCHEDULE.values():
        if entry["task"].startswith("screening."):
            getattr(tasks, entry["task"].rpartition(".")[2]).apply(throw=True)
    assert listed(made) == {person.pk: "qualified"}
    assert set(Figures.objects.values_list("kind", flat=True)) == set(Figures.Kind.values)
    assert ListRound.objects.filter(kind="night", differing=[]).count() == 1
