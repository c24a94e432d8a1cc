"""How the skill graph answers, by hand-made edges; and that loading it from the database gives the same."""

import pytest

from vocabulary.graph import SIBLINGS_AT_MOST, SkillGraph
from vocabulary.models import Occupation, Skill
from vocabulary.reference import load, skill_uri
from vocabulary.skills import load_graph

# 100 is a group: 1 and 2 in it; 1 > 11 > 111, 1 > 12; 2 > 111 too.
LINKS = [(1, 100), (2, 100), (11, 1), (12, 1), (111, 11), (111, 2)]


def graph_of(links: list[tuple[int, int]], groups: set[int]) -> SkillGraph:
    parents: dict[int, frozenset[int]] = {}
    children: dict[int, frozenset[int]] = {}
    for child, parent in links:
        parents[child] = parents.get(child, frozenset()) | {parent}
        children[parent] = children.get(parent, frozenset()) | {child}
    return SkillGraph(parents=parents, children=children, groups=frozenset(groups))


def test_narrower_reaches_every_depth_and_broader_one_step() -> None:
    graph = graph_of(LINKS, {100})
    assert graph.narrower_closure(1) == {11, 12, 111}
    assert graph.narrower(1) == {11, 12}
    assert graph.broader(111) == {11, 2}
    assert graph.narrower_closure(12) == frozenset()


def test_a_group_orders_skills_but_is_none() -> None:
    graph = graph_of(LINKS, {100})
    assert graph.broader(1) == frozenset()
    assert graph.siblings(1) == {2}
    assert graph.siblings(11) == {12}


def test_a_circle_in_the_data_ends() -> None:
    graph = graph_of([(1, 2), (2, 1)], set())
    assert graph.narrower_closure(1) == {2}


@pytest.mark.parametrize(("size", "related"), [(SIBLINGS_AT_MOST, True), (SIBLINGS_AT_MOST + 1, False)])
def test_a_family_of_more_than_25_says_nothing(size: int, related: bool) -> None:
    graph = graph_of([(child, 100) for child in range(size)], {100})
    assert bool(graph.siblings(0)) is related


def test_subgroups_do_not_count_among_the_25() -> None:
    links = [(child, 100) for child in range(SIBLINGS_AT_MOST + 1)]
    assert len(graph_of(links, {100, 0}).siblings(1)) == SIBLINGS_AT_MOST - 1


@pytest.mark.django_db
def test_a_graph_around_some_skills_answers_as_the_whole_one() -> None:
    load()
    whole = load_graph()
    slugs = ["drive-lorry", "operate-truck", "welding", "drive-articulated", "read-drawings", "cook-food"]
    wanted = list(Skill.objects.filter(uri__in=map(skill_uri, slugs)).values_list("pk", flat=True))
    around = load_graph(wanted)
    assert len(wanted) == len(slugs)
    for skill in wanted:
        for question in (SkillGraph.broader, SkillGraph.narrower_closure, SkillGraph.siblings):
            assert question(around, skill) == question(whole, skill)
        for near in {skill} | whole.narrower_closure(skill):
            assert around.essential_in(near) == whole.essential_in(near)
            assert around.optional_in(near) == whole.optional_in(near)
        assert around.reuse_levels[skill] == whole.reuse_levels[skill]


@pytest.mark.django_db
def test_the_graph_says_in_which_occupations_a_skill_is_essential() -> None:
    load()
    lorry = Skill.objects.get(uri=skill_uri("drive-lorry")).pk
    trailer = Skill.objects.get(uri=skill_uri("drive-articulated")).pk
    graph = load_graph([lorry])
    assert graph.essential_in(lorry) == {"8332"}
    assert graph.optional_in(trailer) == {"8332"}
    assert trailer in graph.narrower_closure(lorry)
    Occupation.objects.filter(isco_id="8332").update(retired=True)
    assert load_graph([lorry]).essential_in(lorry) == frozenset()


@pytest.mark.django_db
def test_a_graph_around_nothing_is_empty() -> None:
    load()
    assert load_graph([]).parents == {}
