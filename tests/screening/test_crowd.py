"""Many orders over one crowd say of every pair what the engine says of it alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screening.crowd import TEACHABLE, Crowd, Gap
from screening.engine import compile_order, judge, score
from screening.index.build import build
from screening.index.crowd import IndexCrowd
from screening.index.frame import Books, frame_of
from screening.table import CURRENT
from screening.types import Person, Wanted
from tests.screening import random_worlds as worlds
from tests.screening.test_engine_laws import LAWS, METRES, TODAY, graphs, orders, pools
from tests.screening.worlds import Graph, graph_of, wanted_from


@LAWS
@given(graphs(), st.lists(orders(), min_size=1, max_size=4), pools, st.data())
def test_lanes_and_gaps_are_those_of_the_engine(graph: Graph, wanted: list[Wanted], pool: list[Person], data) -> None:
    crowd = Crowd(pool)
    for one in wanted:
        order = compile_order(one, graph, METRES)
        among = [person for person in pool if data.draw(st.booleans())]
        lanes = crowd.lanes(order, crowd.set_of(person.candidate for person in among))
        told = {person.candidate: name for name, people in lanes.items() for person in crowd.members(people)}
        assert told == {person.candidate: score(order, person).outcome for person in among}
        gaps = crowd.gaps(order, crowd.everybody)
        lacking = {(gap, person.candidate) for gap, people in gaps.items() for person in crowd.members(people)}
        assert lacking == set(lacked_alone(order, pool))


def test_the_index_says_the_same_of_every_demand() -> None:
    """Random worlds, with orders over graphs of their own: the same lanes and gaps, person by person."""
    for seed in range(400):
        world, books = worlds.world(seed), Books()
        columns = build(frame_of(world.people, books, world.homes), books, CURRENT)
        plain, indexed = Crowd(world.people), IndexCrowd(columns)
        homes = {home: set(indexed.candidates(people)) for home, people in indexed.homes().items()}
        assert {who: home for home, people in homes.items() for who in people} == world.homes
        taken = [person.candidate for person in world.people[::4]]
        for wanted in world.orders:
            order = compile_order(wanted, world.graph, worlds.METRES)
            said = [
                {name: set(crowd.candidates(people)) for name, people in crowd.lanes(order, rest).items()}
                | {gap: set(crowd.candidates(people)) for gap, people in crowd.gaps(order, rest).items()}
                for crowd in (plain, indexed)
                for rest in [crowd.everybody & ~crowd.set_of(taken)]
            ]
            assert said[0] == said[1], f"seed {seed}"


def lacked_alone(order, pool):
    """From the verdicts: those who miss one single demand, one that a course could teach."""
    for person in pool:
        missing = [must for must in judge(order, person).musts if must.outcome == "missing"]
        if len(missing) == 1 and missing[0].name in TEACHABLE:
            [must] = missing
            code = int(must.demand) if must.name == "skills" else must.demand
            yield Gap(TEACHABLE[must.name], code), person.candidate


def test_a_demand_is_asked_of_everybody_once_however_many_orders_have_it(monkeypatch) -> None:
    asked = []
    crowd = Crowd([Person(candidate=1, tie_seed=1, reviewed=frozenset({"licences"}))])
    for salt in range(5):
        order = compile_order(
            wanted_from({"today": TODAY, "salt": salt, "licences": ["C"], "remote": True}), graph_of({}), {}
        )
        musts = tuple(
            must._replace(check=lambda person, must=must: asked.append(1) or must.check(person)) for must in order.musts
        )
        object.__setattr__(order, "musts", musts)
        assert list(crowd.gaps(order, crowd.everybody)) == [Gap("licence", "C")]
    assert len(asked) == 2  # start and licence, of one person


def test_a_set_holds_those_in_the_crowd_and_gives_them_back_in_its_sequence() -> None:
    crowd = Crowd([Person(candidate=pk, tie_seed=1) for pk in (7, 3, 9)])
    assert [person.candidate for person in crowd.members(crowd.set_of([9, 7, 4]))] == [7, 9]
    assert list(crowd.members(0)) == [] and Crowd([]).everybody == 0
