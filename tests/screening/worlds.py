"""Small worlds for the screening tests: a skill graph written as families, people and orders from plain data."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from screening.types import SECTIONS, Person, SkillId, Wanted, WantedLanguage, WantedSkill


@dataclass(frozen=True, slots=True)
class Graph:
    """A skill graph by direct steps."""

    parents: Mapping[SkillId, frozenset[SkillId]] = field(default_factory=dict)
    children: Mapping[SkillId, frozenset[SkillId]] = field(default_factory=dict)
    groups: frozenset[SkillId] = frozenset()
    essential_isco: Mapping[SkillId, frozenset[str]] = field(default_factory=dict)
    optional_isco: Mapping[SkillId, frozenset[str]] = field(default_factory=dict)


def graph_of(
    narrower: Mapping[SkillId, Iterable[SkillId]],
    groups: Iterable[SkillId] = (),
    essential: Mapping[SkillId, Iterable[str]] | None = None,
    optional: Mapping[SkillId, Iterable[str]] | None = None,
) -> Graph:
    """A graph from "parent: its direct skills"."""
    parents: dict[SkillId, set[SkillId]] = defaultdict(set)
    for parent, children in narrower.items():
        for child in children:
            parents[child].add(parent)
    return Graph(
        parents={child: frozenset(above) for child, above in parents.items()},
        children={parent: frozenset(below) for parent, below in narrower.items()},
        groups=frozenset(groups),
        essential_isco={skill: frozenset(codes) for skill, codes in (essential or {}).items()},
        optional_isco={skill: frozenset(codes) for skill, codes in (optional or {}).items()},
    )


def wanted_from(data: Mapping[str, Any]) -> Wanted:
    """An order from plain data."""
    values = dict(data)
    values["skills"] = tuple(WantedSkill(**skill) for skill in values.get("skills", ()))
    values["languages"] = tuple(WantedLanguage(**language) for language in values.get("languages", ()))
    values["licences"] = tuple(values.get("licences", ()))
    values["certificates"] = tuple(values.get("certificates", ()))
    values["teachable"] = frozenset(values.get("teachable", ()))
    return Wanted(**values)


def person_from(data: Mapping[str, Any]) -> Person:
    """A person from plain data; `reviewed` is "all", "none" or a list of sections."""
    values = dict(data)
    reviewed = values.get("reviewed", "none")
    values["reviewed"] = {"all": SECTIONS, "none": frozenset()}.get(str(reviewed)) or frozenset(
        () if reviewed == "none" else reviewed
    )
    values["licences"] = frozenset(values.get("licences", ()))
    values["goals"] = frozenset(values.get("goals", ()))
    values["occupations"] = tuple((code, months) for code, months in values.get("occupations", ()))
    values["languages"] = {code: (levels[0], levels[1]) for code, levels in values.get("languages", {}).items()}
    return Person(**values)
