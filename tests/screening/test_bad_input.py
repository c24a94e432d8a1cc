"""What nobody meant to ask, and people of whom nothing is known: all executors answer it, alike, and nobody is lost."""

from __future__ import annotations

from random import Random

import pytest

from candidates.models import Candidate
from joborders.models import JobOrder, Requirement
from screening import engine, executors, services, sqlexec
from screening.live.holder import INDEX
from screening.loading import persons, pool
from screening.ranking import of_oracle
from screening.reverse.book import Book
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening import stored
from vocabulary.models import Skill

pytestmark = pytest.mark.django_db
DEMANDS = {"workplace_postal_code": "3400", "hours_min": 30, "hours_max": 37, "shifts": 1, "needs_own_transport": True}


@pytest.fixture(autouse=True)
def skills():
    INDEX.forget()
    return stored.region()


def everywhere(order: JobOrder):
    """The answer of the index, after SQL, plain Python and the order in columns have given the same."""
    [wanted] = services.wanted_of([order])
    ready, people = services.compiled(wanted), pool(order, None)
    found = executors.by_index(order, ready, None)
    whole = list(persons(people, None))
    assert found == sqlexec.screen(ready, people) == of_oracle(engine.screen(ready, whole))
    book = Book([ready])
    for person in whole:
        score = engine.score(ready, person)
        assert book.ask(person).of(0) == (score.outcome, score.raw, score.tie)
    return found


def empty(postal: str = "") -> Candidate:
    """Somebody of whom nothing is recorded, and of whom nothing was reviewed."""
    made = stored.candidate(Random(postal))
    for field in ("hours_min", "hours_max", "shifts", "available_from", "own_transport", "max_distance_km"):
        setattr(made, field, None)
    for section in Candidate.SECTIONS:
        setattr(made, f"{section}_reviewed_on", None)
    made.status, made.status_until, made.hired_from, made.postal_code = "available", None, None, postal
    made.save(force_insert=True)
    return made


@pytest.mark.parametrize("asks", [{}, DEMANDS], ids=["nothing but a day", "everything"])
def test_who_is_empty_is_a_question_and_never_out_of_sight(asks):
    order = cases.order(**asks)
    if asks:
        for kind, code in (("licence", "C"), ("certificate", "adr")):
            Requirement.objects.create(order=order, kind=kind, code=code)
        Requirement.objects.create(order=order, kind="language", code="da", oral=3)
    person = empty()
    found = everywhere(order)
    assert [one.candidate for one in found.lanes["check"]] == [person.pk] and found.pool == 1


def test_an_order_without_any_must_have_lists_everybody_who_is_free_in_time(skills):
    stored.people(Random(3), 40, skills)
    found = everywhere(cases.order(is_remote=True))
    assert found.pool == found.counts["qualified"] + found.counts["check"] + found.counts["not"]
    assert found.counts["nearly"] == 0 and found.funnel["start"] == found.funnel["skills"]


def test_two_hundred_skills_are_answered_like_two(skills):
    many = [Skill.objects.create(uri=f"urn:many:{n}", label_da=f"mange {n}") for n in range(200)]
    order = cases.order(is_remote=True)
    Requirement.objects.bulk_create(
        Requirement(order=order, kind="skill", code=str(skill.public_id), is_must=number < 2)
        for number, skill in enumerate(many)
    )
    stored.people(Random(4), 20, skills)
    knowing = build.candidate(available_from="2026-01-01", skills=[{"skill": many[0].uri}, {"skill": many[1].uri}])
    found = everywhere(order)
    assert [one.candidate for one in found.lanes["qualified"]] == [knowing.pk]


def test_a_home_outside_denmark_is_a_question(skills):
    order = cases.order(workplace_postal_code="3400", max_distance_km=10)
    abroad = [empty(code).pk for code in ("9990", "0000")]
    Candidate.objects.filter(pk__in=abroad).update(max_distance_km=10, available_from=stored.DAY)
    found = everywhere(order)
    assert {one.candidate for one in found.lanes["check"]} == set(abroad)


def test_a_skill_that_was_retired_meanwhile_still_counts(skills):
    order = cases.order(is_remote=True)
    skill = Skill.objects.get(pk=skills[5])
    Requirement.objects.create(order=order, kind="skill", code=str(skill.public_id))
    knowing = build.candidate(available_from="2026-01-01", skills=[{"skill": skill.uri}])
    before = everywhere(order)
    Skill.objects.filter(pk=skill.pk).update(retired=True)
    assert everywhere(order) == before
    assert [one.candidate for one in before.lanes["qualified"]] == [knowing.pk]


@pytest.mark.parametrize("kilometres", [1, 200])
def test_the_shortest_and_the_longest_way_that_an_order_may_ask(skills, kilometres):
    stored.people(Random(5), 60, skills)
    everywhere(cases.order(workplace_postal_code="3400", max_distance_km=kilometres))


def test_hours_that_exclude_each_other_reach_no_executor():
    order = cases.order(hours_min=20, hours_max=30)
    with pytest.raises(ValueError, match="hours_min is above"):
        order.hours_min, order.hours_max = 37, 20
        services.wanted_of([order])
