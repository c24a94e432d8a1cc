"""The database answers as the engine does: ids, lanes, raw, order, counts and funnel, on the backend at hand."""

from __future__ import annotations

import os
import random

import pytest
from django.core.management import call_command
from django.db import connection

from candidates.models import Candidate, CandidateLicence
from joborders.models import JobOrder
from screening import engine, services, sqlexec
from screening.compile import compile_order
from screening.loading import persons, pool
from screening.ranking import SHOWN
from screening.sqlexec.dialect import dialect_of
from screening.sqlexec.statement import ranking, statement
from screening.types import SECTIONS, Wanted
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening import stored as worlds
from tests.screening.worlds import Graph
from vocabulary.models import Licence
from vocabulary.scales import LICENCE_IMPLIES

pytestmark = pytest.mark.django_db
LONG = bool(os.environ.get("NRS_TEST_LONG"))
WORLDS = 2_000 if LONG else 100
ORDERS_PER_WORLD = 4
SIZES = (250, 2_000, 20_000) if LONG else (250, 500)


@pytest.mark.parametrize("batch", range(WORLDS // 25))
def test_small_random_worlds_come_out_as_the_engine_has_them(batch, tally):
    skills = worlds.words()
    for seed in range(25 * batch, 25 * (batch + 1)):
        rng = random.Random(seed)
        Candidate.objects.all().delete()
        worlds.people(rng, rng.randint(1, 30), skills)
        scope = Candidate.objects.active().filter(hired_from=None)
        scope = scope.of(rng.choice(worlds.HOMES)) if rng.random() < 0.3 else scope
        whole = list(persons(scope, None))
        for _number in range(ORDERS_PER_WORLD):
            order, limit = worlds.compiled(rng, skills), rng.choice([0, 1, 3, 50])
            expected = sqlexec.of_oracle(engine.screen(order, whole, limit))
            assert sqlexec.screen(order, scope, limit) == expected, (seed, order.wanted)
            if limit == 50:
                same_places_and_counts(order, scope, expected)
    tally(f"stored worlds, SQL of {connection.vendor} = plain Python, {ORDERS_PER_WORLD} orders each", 25)


def same_places_and_counts(order, scope, expected):
    """The two other questions: the place of anybody, and how many there are at home."""
    for lane, listed in expected.lanes.items():
        for one in listed[-1:]:
            before = sum(other.raw > one.raw for other in listed)
            assert sqlexec.place(order, scope, lane, one.raw) == before + 1
    counted = sqlexec.by_home(order, scope)
    for lane in SHOWN:
        assert sum(lanes.get(lane, 0) for lanes in counted.values()) == expected.counts[lane]
    homes = dict(scope.order_by().values_list("pk", "home_id"))
    seen = {(homes[one.candidate], lane) for lane, listed in expected.lanes.items() for one in listed}
    assert seen == {(home, lane) for home, lanes in counted.items() for lane in lanes}


@pytest.mark.parametrize("candidates", SIZES)
def test_a_made_region_comes_out_as_the_engine_has_it(candidates):
    call_command("load_reference", verbosity=0)
    call_command("make_region", candidates=candidates, companies=20, orders=30, seed=candidates, verbosity=0)
    for order in JobOrder.objects.order_by("pk"):
        [wanted] = services.wanted_of([order])
        ready = services.compiled(wanted)
        for municipality in (None, order.lead_id):
            people = pool(order, municipality)
            expected = sqlexec.of_oracle(engine.screen(ready, persons(people, ready)))
            assert sqlexec.screen(ready, people) == expected, wanted


@pytest.mark.parametrize("asked", sorted(LICENCE_IMPLIES))
def test_what_a_licence_includes_is_held(asked):
    """Every set of up to two licences, against the closure in the vocabulary."""
    worlds.words()
    Licence.objects.bulk_create([Licence(code=code) for code in LICENCE_IMPLIES], ignore_conflicts=True)
    rng = random.Random(asked)
    pairs = [(one, other) for one in LICENCE_IMPLIES for other in LICENCE_IMPLIES if one <= other]
    rows = Candidate.objects.bulk_create(worlds.candidate(rng) for _pair in pairs)
    Candidate.objects.update(licences_reviewed_on=worlds.DAY)
    CandidateLicence.objects.bulk_create(
        CandidateLicence(candidate_id=row.pk, licence_id=code)
        for row, pair in zip(rows, pairs, strict=True)
        for code in {*pair}
    )
    order = compile_order(Wanted(worlds.DAY, 1, licences=(asked,), remote=True), Graph(), {})
    people = Candidate.objects.all()
    found = sqlexec.screen(order, people)
    assert found == sqlexec.of_oracle(engine.screen(order, persons(people, None)))
    assert found.pool == len(pairs) and found.counts["not"] < found.pool


def test_who_is_nominated_hired_or_away_is_in_no_pool():
    build.region()
    order = cases.order(occupation_id="8332")
    for state in ("requested", "declined", "withdrawn"):
        cases.nomination(order, state)
    build.candidate()
    [wanted] = services.wanted_of([order])
    ready, people = services.compiled(wanted), pool(order, None)
    found = sqlexec.screen(ready, people)
    assert found == sqlexec.of_oracle(engine.screen(ready, persons(people, None))) and found.pool == 2


def test_a_screening_is_one_statement_and_names_only_what_is_asked(django_assert_num_queries):
    worlds.words()
    bare = compile_order(Wanted(worlds.DAY, 1, remote=True), Graph(), {})
    setting = 1 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(1 + setting):
        assert sqlexec.screen(bare, Candidate.objects.all()).pool == 0
    sql = statement(bare, Candidate.objects.all(), ranking(50), dialect_of(connection))
    for section in SECTIONS - {"hours", "transport"}:
        assert f"candidates_candidate{section[:-1]}" not in sql and "candidates_jobgoal" not in sql
