"""One person asked of all orders at once: forward = reverse = oracle, in outcome, raw fit and tie, on random worlds."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import pytest

from screening import engine
from screening.index.build import build
from screening.index.frame import Books, frame_of
from screening.index.screen import screen
from screening.open_orders import Shelf
from screening.reverse.book import Book
from screening.table import CURRENT
from screening.types import Person
from tests.screening import random_worlds as worlds
from tests.screening.worlds import Graph

SEEDS = 20_000 if os.environ.get("NRS_TEST_LONG") else 1_000
PARTS = 20
NO_POINT: dict[str, int] = {}


def compiled(world, chance):
    """The orders of a world; some workplaces have no point."""
    metres = [worlds.METRES if chance.random() < 0.9 else NO_POINT for _order in world.orders]
    return [engine.compile_order(one, world.graph, row) for one, row in zip(world.orders, metres, strict=True)]


def answers_of(ask, person, places):
    answers = ask(person)
    return [answers.of(place) for place in places]


def scored(orders, person):
    found = (engine.score(order, person) for order in orders)
    return [(one.outcome, one.raw, one.tie) for one in found]


@pytest.mark.parametrize("part", range(PARTS))
def test_forward_reverse_and_plain_python_give_one_answer(part, tally):
    for seed in range(part, SEEDS, PARTS):
        world = worlds.world(seed, people=8, orders=6)
        orders = compiled(world, Random(-seed))
        book, books = Book(orders), Books()
        columns = build(frame_of(world.people, books), books, CURRENT)
        forward = {}
        for place, order in enumerate(orders):
            for lane, listed in screen(order, columns).lanes.items():
                forward |= {(place, one.candidate): (lane, one.raw, one.tie) for one in listed}
        for person in world.people:
            expected = scored(orders, person)
            assert answers_of(book.ask, person, range(len(orders))) == expected, f"seed {seed}"
            for place, verdict in enumerate(expected):
                on_the_list = None if verdict[0] == "not" else verdict
                assert forward.get((place, person.candidate)) == on_the_list, f"seed {seed}"
    tally("small worlds, forward = reverse = plain Python", len(range(part, SEEDS, PARTS)))


def test_orders_over_different_graphs_share_one_book():
    for seed in range(300):
        chance = Random(seed)
        orders = [
            engine.compile_order(worlds.order(chance), worlds.graph(chance), worlds.METRES) for _number in range(6)
        ]
        person = worlds.person(chance, 1)
        assert answers_of(Book(orders).ask, person, range(6)) == scored(orders, person), f"seed {seed}"


def test_a_shelf_that_orders_came_to_and_changed_on_is_a_book_of_them_all(monkeypatch):
    monkeypatch.setattr("screening.open_orders.LARGE_NUMBER", 4)
    for seed in range(200):
        chance = Random(seed)
        graph, shelf, held = worlds.graph(chance), Shelf(), {}
        for round_ in range(5):
            chosen = chance.sample(range(20), chance.randint(1, 6))
            fresh = {pk: engine.compile_order(worlds.order(chance), graph, worlds.METRES) for pk in chosen}
            shelf = shelf.joined(dict.fromkeys(chosen, (round_, 0, worlds.TODAY)), fresh)
            held |= fresh
            person = worlds.person(chance, 1)
            expected = scored(held.values(), person)
            assert answers_of(shelf.ask, person, [shelf.places[pk] for pk in held]) == expected, f"seed {seed}"
            answers = shelf.ask(person)
            is_listed = [at for at, one in enumerate(expected) if one[0] != "not"]
            assert shelf.listed(answers, list(held)).tolist() == is_listed


def test_nobody_and_nothing_are_answered():
    person = worlds.person(Random(1), 1)
    assert len(Book(()).ask(person).raw) == 0
    bare = engine.compile_order(replace(worlds.order(Random(1)), skills=(), isco=None), Graph(), {})
    empty = Person(candidate=1, tie_seed=1)
    assert answers_of(Book([bare]).ask, empty, [0]) == scored([bare], empty)


def test_orders_of_two_tables_of_weights_do_not_share_a_book():
    one = engine.compile_order(worlds.order(Random(1)), Graph(), {})
    other = engine.compile_order(worlds.order(Random(2)), Graph(), {}, replace(CURRENT, version="2027.1"))
    with pytest.raises(ValueError, match=r"2026\.1, 2027\.1"):
        Book([one, other])
