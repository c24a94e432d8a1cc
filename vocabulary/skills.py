"""The skill graph, read once per vocabulary and kept in the process, and skills by whatever name they are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Q

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


class Found(StrEnum):
    """What came of looking up a skill by a name."""

    CURRENT = "current"
    RETIRED = "retired"
    GROUP = "group"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class Named(NamedTuple):
    """The answer for one name; `public_id` is that of the one skill, if there is one."""

    found: Found
    public_id: UUID | None = None


def named(names: Iterable[str]) -> dict[str, Named]:
    """Skills by public id, by URI, or by a whole label: in Danish or English, it is the same skill.

    Ids and URIs find retired skills too, so that they can be told from mistakes. At most three queries.
    """
    wanted = set(names)
    keys = {name: UUID(name) for name in wanted if _is_uuid(name)}
    by_label = {name: Skill.objects.called(name) for name in wanted - keys.keys() if "://" not in name}
    asked = Q(public_id__in=keys.values()) | Q(uri__in=wanted - keys.keys())
    asked |= Q(pk__in={pk for pks in by_label.values() for pk in pks})
    rows = list(Skill.objects.filter(asked).order_by("pk"))
    by_id = {row.public_id: row for row in rows}
    by_uri = {row.uri: row for row in rows}
    by_pk = {row.pk: row for row in rows}
    answers = {}
    for name in wanted:
        row = by_id.get(keys[name]) if name in keys else by_uri.get(name)
        called = by_label.get(name, [])
        if row is None and len(called) > 1:
            answers[name] = Named(Found.AMBIGUOUS)
        else:
            answers[name] = _named(row or (by_pk.get(called[0]) if called else None))
    return answers


def _named(skill: Skill | None) -> Named:
    if skill is None:
        return Named(Found.UNKNOWN)
    if skill.is_group:
        return Named(Found.GROUP, skill.public_id)
    return Named(Found.RETIRED if skill.retired else Found.CURRENT, skill.public_id)


def _is_uuid(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
