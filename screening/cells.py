"""Counts about candidates that are shown to whoever does not see the candidates: small ones are hidden. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SMALLEST_SHOWN: Final = 5


def hidden(cells: Mapping[str, int]) -> tuple[int | None, dict[str, int | None]]:
    """The sum and the cells, those of 1–4 as None (design.md §9), and one more where the sum would give it away."""
    total = sum(cells.values())
    small = {name for name, count in cells.items() if 0 < count < SMALLEST_SHOWN}
    if 0 < total < SMALLEST_SHOWN:
        return None, dict.fromkeys(cells)
    if len(small) == 1:
        rest = sorted((count == 0, count, name) for name, count in cells.items() if name not in small)
        small |= {name for _is_zero, _count, name in rest[:1]}
    return total, {name: None if name in small else count for name, count in cells.items()}
