"""How skills hang together, as screening expands an order by it (design §5). Plain data, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SIBLINGS_AT_MOST = 25

Edges = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class SkillGraph:
    """Skills by database id. `parents` and `children` hold direct steps and include groups."""

    parents: Edges = field(default_factory=dict)
    children: Edges = field(default_factory=dict)
    groups: frozenset[int] = frozenset()
    reuse_levels: Mapping[int, str] = field(default_factory=dict)
    essential_isco: Mapping[int, frozenset[str]] = field(default_factory=dict)
    optional_isco: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def broader(self, skill: int) -> frozenset[int]:
        """Skills one direct step broader; groups are no skills."""
        return self.parents.get(skill, frozenset()) - self.groups

    def narrower(self, skill: int) -> frozenset[int]:
        """Skills one direct step narrower."""
        return self.children.get(skill, frozenset()) - self.groups

    def narrower_closure(self, skill: int) -> frozenset[int]:
        """Skills narrower at any depth, without the skill itself."""
        found: set[int] = set()
        waiting = [skill]
        while waiting:
            fresh = self.children.get(waiting.pop(), frozenset()) - found
            found |= fresh
            waiting.extend(fresh)
        return frozenset(found - self.groups - {skill})

    def siblings(self, skill: int) -> frozenset[int]:
        """Skills that share a direct parent (skill or group) which has at most 25 direct skills."""
        found: set[int] = set()
        for parent in self.parents.get(skill, frozenset()):
            family = self.narrower(parent)
            if len(family) <= SIBLINGS_AT_MOST:
                found |= family
        return frozenset(found - {skill})

    def essential_in(self, skill: int) -> frozenset[str]:
        """ISCO-4 codes with an occupation that the skill is essential to."""
        return self.essential_isco.get(skill, frozenset())

    def optional_in(self, skill: int) -> frozenset[str]:
        """ISCO-4 codes with an occupation that the skill is optional to, and none that it is essential to."""
        return self.optional_isco.get(skill, frozenset()) - self.essential_in(skill)
