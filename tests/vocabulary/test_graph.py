"""Loading the skill graph from the database: around some skills it expands them as the whole graph does."""

import pytest

from screening.compile import expand, narrower_closure
from screening.table import CURRENT
from screening.types import WantedSkill
from vocabulary.models import Occupation, Skill
from vocabulary.reference import load, skill_uri
from vocabulary.skills import load_graph


@pytest.mark.django_db
def test_a_graph_around_some_skills_answers_as_the_whole_one() -> None:
    load()
    whole = load_graph()
    slugs = ["drive-lorry", "operate-truck", "welding", "drive-articulated", "read-drawings", "cook-food"]
    wanted = list(Skill.objects.filter(uri__in=map(skill_uri, slugs)).values_list("pk", flat=True))
    around = load_graph(wanted)
    assert len(wanted) == len(slugs)
    for skill in wanted:
        asked = WantedSkill(skill, True, whole.reuse_levels[skill])
        assert expand(asked, around, CURRENT) == expand(asked, whole, CURRENT)
        assert around.reuse_levels[skill] == whole.reuse_levels[skill]


@pytest.mark.django_db
def test_the_graph_says_in_which_occupations_a_skill_is_essential() -> None:
    load()
    lorry = Skill.objects.get(uri=skill_uri("drive-lorry")).pk
    trailer = Skill.objects.get(uri=skill_uri("drive-articulated")).pk
    graph = load_graph([lorry])
    assert graph.essential_isco[lorry] == {"8332"}
    assert graph.optional_isco[trailer] == {"8332"}
    assert trailer in narrower_closure(lorry, graph)
    Occupation.objects.filter(isco_id="8332").update(retired=True)
    assert lorry not in load_graph([lorry]).essential_isco


@pytest.mark.django_db
def test_a_graph_around_nothing_is_empty() -> None:
    load()
    assert load_graph([]).parents == {}
