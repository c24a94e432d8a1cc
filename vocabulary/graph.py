"""How skills hang together, as screening expands an order by it (design §5). Plain data, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Edges = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class SkillGraph:
    """Skills by database id. `parents` and `children` hold direct steps and include groups.

    What counts as related to a wanted skill is said once, in `screening.compile`.
    """

    parents: Edges = field(default_factory=dict)
    children: Edges = field(default_factory=dict)
    groups: frozenset[int] = frozenset()
    reuse_levels: Mapping[int, str] = field(default_factory=dict)
    essential_isco: Mapping[int, frozenset[str]] = field(default_factory=dict)
    optional_isco: Mapping[int, frozenset[str]] = field(default_factory=dict)
