"""The skill graph, read once per vocabulary and kept in the process, and skills by whatever name they are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from vocabulary.graph import SkillGraph
from vocabulary.models import OccupationSkill, Skill, SkillBroader, SkillKind
from vocabulary.versions import PerVersion

Value = TypeVar("Value")


def load_graph(skill_ids: Iterable[int] | None = None) -> SkillGraph:
    """The graph of the vocabulary in force: it answers fully for these skills, and for all others too.

    One query while the vocabulary stands as it was; reading it anew takes three more. Nothing is read for no skills.
    The graph is shared: never change it.
    """
    if skill_ids is not None and not any(True for _ in skill_ids):
        return SkillGraph()
    return _kept.get()


def _read() -> SkillGraph:
    parents, children = defaultdict(set), defaultdict(set)
    for child, parent in SkillBroader.objects.order_by().values_list("child_id", "parent_id"):
        parents[child].add(parent)
        children[parent].add(child)
    levels = list(Skill.objects.order_by().values_list("pk", "reuse_level", "is_group"))
    in_kind: dict[str, dict[int, set[str]]] = {kind: defaultdict(set) for kind in SkillKind.values}
    requirements = OccupationSkill.objects.filter(occupation__retired=False).order_by()
    for skill, kind, isco in requirements.values_list("skill_id", "kind", "occupation__isco_id").distinct():
        in_kind[kind][skill].add(isco)
    return SkillGraph(
        parents=_frozen(parents),
        children=_frozen(children),
        groups=frozenset(pk for pk, _, is_group in levels if is_group),
        reuse_levels={pk: level for pk, level, _ in levels},
        essential_isco=_frozen(in_kind[SkillKind.ESSENTIAL]),
        optional_isco=_frozen(in_kind[SkillKind.OPTIONAL]),
    )


def _frozen(edges: Mapping[int, set[Value]]) -> dict[int, frozenset[Value]]:
    """Frozen, and each set that occurs often held once."""
    once: dict[frozenset[Value], frozenset[Value]] = {}
    return {key: once.setdefault(values, values) for key, values in ((k, frozenset(v)) for k, v in edges.items())}


_kept = PerVersion(_read)
