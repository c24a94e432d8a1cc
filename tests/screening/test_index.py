"""The columnar index gives the engine's answers to the last tie, on random small worlds: index = plain Python."""

import os
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from screening import engine
from screening.index import planes, points, screen
from screening.index.build import build
from screening.index.frame import Books, empty_frame, frame_of
from screening.table import CURRENT
from screening.types import Person, Screening, Verdict
from tests.screening import random_worlds as worlds

SEEDS = 100_000 if os.environ.get("NRS_TEST_LONG") else 2_000
PARTS = 20


def columns_of(people, homes=None, books=None):
    books = books or Books()
    return build(frame_of(people, books, homes), books, CURRENT)


def listed(one: Verdict) -> screen.Listed:
    parts = one.parts
    return screen.Listed(one.candidate, one.raw, one.tie, parts.skills, parts.occupation, parts.distance, parts.wish)


def answer_of(screening: Screening):
    """What the engine found, in the words of the index."""
    lanes = {lane: tuple(map(listed, screening.lanes[lane])) for lane in screen.LANES}
    return lanes, dict(screening.counts), dict(screening.funnel), screening.pool


def found(compiled, columns, **options):
    answer = screen.screen(compiled, columns, **options)
    assert answer.version == compiled.table.version
    return dict(answer.lanes), dict(answer.counts), dict(answer.funnel), answer.pool


def check(seed: int) -> None:
    world = worlds.world(seed)
    chance = Random(-seed)
    columns = columns_of(world.people, world.homes)
    for wanted in world.orders:
        compiled = engine.compile_order(wanted, world.graph, worlds.METRES)
        limit, home = chance.choice((50, 50, 1, 3)), chance.choice((None, None, *worlds.HOMES))
        taken = set(chance.sample(range(len(world.people)), chance.randint(0, len(world.people)) // 4))
        gone = np.array(sorted(taken), np.int64)
        absent = set(columns.candidate[gone].tolist())
        pool = [
            one
            for one in world.people
            if one.candidate not in absent and (home is None or world.homes[one.candidate] == home)
        ]
        expected = answer_of(engine.screen(compiled, pool, limit))
        assert found(compiled, columns, home=home, gone=gone, limit=limit) == expected, f"seed {seed}"


@pytest.mark.parametrize("part", range(PARTS))
def test_index_and_plain_python_give_one_answer(part, tally):
    for seed in range(part, SEEDS, PARTS):
        check(seed)
    tally("small worlds, index = plain Python, 3 orders each", len(range(part, SEEDS, PARTS)))


@pytest.mark.parametrize("cost", [0, 10**9], ids=["walking people", "sweeping lists"])
def test_both_plans_give_one_answer(monkeypatch, cost):
    monkeypatch.setattr(points, "WALK_COST", cost)
    monkeypatch.setattr(points, "SWEEP", 1 if cost == 0 else 10**9)
    for seed in range(200):
        check(seed)


def test_who_is_passed_over_unscored_would_not_have_been_listed(monkeypatch):
    monkeypatch.setattr(screen, "PROBED", 3)
    monkeypatch.setattr(screen, "LONG", 12)
    for seed in range(300):
        world = worlds.world(seed, people=200, orders=1)
        compiled = engine.compile_order(world.orders[0], world.graph, worlds.METRES)
        expected = answer_of(engine.screen(compiled, world.people, 2))
        assert found(compiled, columns_of(world.people), limit=2) == expected, f"seed {seed}"


def test_a_pool_in_two_indexes_is_one_pool():
    for seed in range(200):
        world = worlds.world(seed)
        books = Books()
        half = len(world.people) // 2
        first, second = (columns_of(some, None, books) for some in (world.people[:half], world.people[half:]))
        for wanted in world.orders:
            compiled = engine.compile_order(wanted, world.graph, worlds.METRES)
            answer = screen.merged(*(screen.screen(compiled, columns) for columns in (first, second)))
            whole = screen.screen(compiled, columns_of(world.people))
            assert answer == whole, f"seed {seed}"


def test_frames_can_be_joined_and_cut():
    for seed in range(100):
        world = worlds.world(seed)
        books = Books()
        half = len(world.people) // 2
        first, second = (frame_of(some, books) for some in (world.people[:half], world.people[half:]))
        absent = np.array([one.candidate for one in world.people[::3]], np.int64)
        rest = [one for one in world.people if one.candidate not in set(absent.tolist())]
        joined = build(empty_frame().joined(first).joined(second).without(absent), books, CURRENT)
        compiled = engine.compile_order(world.orders[0], world.graph, worlds.METRES)
        assert found(compiled, joined) == answer_of(engine.screen(compiled, rest)), f"seed {seed}"


def test_the_order_of_the_input_changes_nothing():
    world = worlds.world(5, people=60)
    turned = list(world.people)
    Random(1).shuffle(turned)
    for wanted in world.orders:
        compiled = engine.compile_order(wanted, world.graph, worlds.METRES)
        assert screen.screen(compiled, columns_of(turned)) == screen.screen(compiled, columns_of(world.people))


def test_nobody_is_screened_where_nobody_is():
    compiled = engine.compile_order(worlds.world(1).orders[0], worlds.world(1).graph, worlds.METRES)
    assert found(compiled, columns_of([])) == answer_of(engine.screen(compiled, []))


def test_one_person_takes_less_than_200_bytes():
    people = [worlds.person(Random(n), n) for n in range(2_000)]
    columns = columns_of(people)
    assert columns.nbytes / len(people) <= 200


def test_what_a_column_cannot_hold_is_refused():
    with pytest.raises(ValueError):
        columns_of([Person(candidate=1, tie_seed=1, max_distance_km=255)])
    with pytest.raises(ValueError):
        columns_of([Person(candidate=1, tie_seed=1, licences=frozenset(f"L{n}" for n in range(70)))])


def test_another_version_of_the_table_is_refused():
    world = worlds.world(1)
    other = engine.compile_order(world.orders[0], world.graph, worlds.METRES, replace(CURRENT, version="2027.1"))
    with pytest.raises(ValueError):
        screen.screen(other, columns_of(world.people))


@pytest.mark.parametrize("distinct", [1, planes.MOST_STEPS, planes.MOST_STEPS + 1, 256])
def test_a_figure_with_few_values_or_many_is_asked_alike(distinct: int) -> None:
    column = np.array([Random(distinct).randrange(256) % distinct for _ in range(planes.padded(5_000))])
    steps = planes.steps_of(column)
    for value in range(257):
        assert (steps.at_least(value) == planes.plane_of(column >= value)).all(), value


@pytest.mark.parametrize("share", [0, 1, 3, 50, 100])
def test_few_or_many_rows_of_a_plane_are_read_alike(share: int) -> None:
    random = Random(share)
    held = np.array([random.randrange(100) < share for _ in range(planes.padded(3_000))])
    assert (planes.rows_in(planes.plane_of(held)) == held.nonzero()[0]).all()
