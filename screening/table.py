"""The figures of the screening as one table with a version (design.md §5). Pure: no Django, no numpy.

A run stores the version it was judged with. A change of any figure is a new version, a new entry in `TABLES`;
an old entry is never edited, so that a stored run can be replayed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

TIE_MODULUS: Final = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one kind of relation between a wanted and a recorded skill."""

    documented: int
    stated: int


@dataclass(frozen=True, slots=True)
class WeightTable:
    """Every relation weight, percentage and limit that enters a fit; all integers."""

    version: str
    same: Points
    step: Points
    sibling: Points
    sibling_limit: int
    essential: int
    optional: int
    counts_from_months: int
    required_weight: int
    wished_weight: int
    specificity: Mapping[str, int]
    occupation_levels: tuple[int, int, int, int]
    """Points for 1, 2, 3 and 4 common leading digits."""
    experience: tuple[tuple[int, int], ...]
    """(from months, per cent), longest first; the last one starts at 0."""
    wish_isco4: int
    wish_isco3: int
    assumed_limit_km: int
    part_weights: Mapping[str, int]
    full: int = 1000
    shown_divisor: int = 100


TABLE_2026_1: Final = WeightTable(
    version="2026.1",
    same=Points(documented=1000, stated=850),
    step=Points(documented=600, stated=510),
    sibling=Points(documented=300, stated=255),
    sibling_limit=25,
    essential=500,
    optional=250,
    counts_from_months=6,
    required_weight=2,
    wished_weight=1,
    specificity=MappingProxyType(
        {"": 1, "transversal": 1, "cross-sector": 1, "sector-specific": 2, "occupation-specific": 3}
    ),
    occupation_levels=(100, 300, 600, 1000),
    experience=((24, 100), (6, 85), (0, 70)),
    wish_isco4=1000,
    wish_isco3=500,
    assumed_limit_km=60,
    part_weights=MappingProxyType({"skills": 50, "occupation": 25, "distance": 15, "wish": 10}),
)

TABLES: Final[Mapping[str, WeightTable]] = MappingProxyType({TABLE_2026_1.version: TABLE_2026_1})
CURRENT: Final = TABLE_2026_1


def tie_of(tie_seed: int, salt: int) -> int:
    """The place among equals: stable for one order, different from order to order."""
    return (tie_seed * salt) % TIE_MODULUS


def experience_percent(months: int, table: WeightTable = CURRENT) -> int:
    """Per cent that `months` in one ISCO-4 occupation are worth: ≥ 24 → 100, ≥ 6 → 85, less → 70."""
    for from_months, percent in table.experience:
        if months >= from_months:
            return percent
    return table.experience[-1][1]
