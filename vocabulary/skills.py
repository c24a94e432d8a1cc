"""Reading the skill graph from the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from vocabulary.graph import SkillGraph
from vocabulary.models import OccupationSkill, Skill, SkillBroader, SkillKind

Value = TypeVar("Value")


def load_graph(skill_ids: Iterable[int] | None = None) -> SkillGraph:
    """Read the graph from the database: the surroundings of these skills, or all of it.

    With ids every method answers fully for these skills, and the occupations also for all near them;
    a handful of queries, one more per level of depth.
    """
    wanted = None if skill_ids is None else frozenset(skill_ids)
    links = _all_links() if wanted is None else _links_around(wanted)
    parents, children = defaultdict(set), defaultdict(set)
    nodes: set[int] = set(wanted or ())
    for child, parent in links:
        parents[child].add(parent)
        children[parent].add(child)
        nodes |= {child, parent}
    skills = Skill.objects.all() if wanted is None else Skill.objects.filter(pk__in=nodes)
    levels = list(skills.order_by().values_list("pk", "reuse_level", "is_group"))
    requirements = OccupationSkill.objects.filter(occupation__retired=False)
    if wanted is not None:
        requirements = requirements.filter(skill__in=nodes)
    in_kind: dict[str, dict[int, set[str]]] = {kind: defaultdict(set) for kind in SkillKind.values}
    for skill, kind, isco in requirements.order_by().values_list("skill_id", "kind", "occupation__isco_id").distinct():
        in_kind[kind][skill].add(isco)
    return SkillGraph(
        parents=_frozen(parents),
        children=_frozen(children),
        groups=frozenset(pk for pk, _, is_group in levels if is_group),
        reuse_levels={pk: level for pk, level, _ in levels},
        essential_isco=_frozen(in_kind[SkillKind.ESSENTIAL]),
        optional_isco=_frozen(in_kind[SkillKind.OPTIONAL]),
    )


def _all_links() -> set[tuple[int, int]]:
    return set(SkillBroader.objects.order_by().values_list("child_id", "parent_id"))


def _links_around(skills: frozenset[int]) -> set[tuple[int, int]]:
    """Links one step up from the skills, one down from those parents, and from the skills to the leaves."""
    steps = SkillBroader.objects.order_by().values_list("child_id", "parent_id")
    links = set(steps.filter(child__in=skills))
    links |= set(steps.filter(parent__in={parent for _, parent in links}))
    seen: set[int] = set()
    frontier = set(skills)
    while frontier:
        seen |= frontier
        down = set(steps.filter(parent__in=frontier))
        links |= down
        frontier = {child for child, _ in down} - seen
    return links


def _frozen(edges: Mapping[int, set[Value]]) -> dict[int, frozenset[Value]]:
    return {key: frozenset(values) for key, values in edges.items()}
