"""What counts candidates hides cells of 1–4, and one more where a sum would give them away (design §9). Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

SMALLEST_SHOWN = 5
Name = TypeVar("Name", bound=Hashable)


def is_small(count: int) -> bool:
    """Whether a count could point at somebody: 1 to 4."""
    return 1 <= count < SMALLEST_SHOWN


def shown(count: int) -> int | None:
    """The count, or None for one that is hidden."""
    return None if is_small(count) else count


def hidden_cells(cells: Mapping[Name, int], too_small: Collection[Name] = ()) -> frozenset[Name]:
    """Which cells are not shown beside their sum: the small ones, those `too_small` for another reason, and one more.

    One more is hidden, the smallest that is shown, while the sum would tell a hidden cell: a single one, or several
    that must all be 1 or all be 4.
    """
    hidden = {name for name, count in cells.items() if is_small(count)} | set(too_small)
    while hidden and _is_told(cells, hidden) and (rest := [name for name in cells if name not in hidden]):
        hidden.add(_next_to_hide(cells, rest))
    return frozenset(hidden)


def _is_told(cells: Mapping[Name, int], hidden: Collection[Name]) -> bool:
    """Whether the hidden cells follow from their sum, each known to be 1 to 4."""
    total = sum(cells[name] for name in hidden)
    all_small = all(is_small(cells[name]) for name in hidden)
    return len(hidden) == 1 or (all_small and total in (len(hidden), len(hidden) * (SMALLEST_SHOWN - 1)))


def hide(cells: Mapping[Name, int], too_small: Collection[Name] = ()) -> dict[Name, int | None]:
    """The cells as they may be shown beside their sum, None where hidden."""
    hidden = hidden_cells(cells, too_small)
    return {name: None if name in hidden else count for name, count in cells.items()}


def hide_with_total(
    cells: Mapping[Name, int], too_small: Collection[Name] = ()
) -> tuple[dict[Name, int | None], int | None]:
    """Cells and their sum; the sum is hidden too where it is small, or where it is the only cell hidden."""
    visible = hide(cells, too_small)
    total = sum(cells.values())
    only_one = len(cells) == 1 and None in visible.values()
    return visible, None if only_one else shown(total)


def hide_table(cells: Mapping[Name, int], sums: Sequence[tuple[Name, Collection[Name]]]) -> frozenset[Name]:
    """Which cells of a table with sums are not shown. `sums` says of which cells a cell is the sum, maybe in
    several ways.

    The rule of `hidden_cells` for every sum at once, until nothing more is told: rows, columns, a diagonal. Each sum is
    taken as known, even where it is hidden itself, since another figure may show it; so the cells of an empty row are
    known to be zero, and hiding them would hide nothing. Where nothing else is left to hide, the sum is hidden.
    """
    known = {part for total, parts in sums if cells[total] == 0 for part in parts}
    hidden = {name for name, count in cells.items() if is_small(count)}
    before = -1
    while before != len(hidden):
        before = len(hidden)
        for total, parts in sums:
            open_ = [name for name in parts if name not in known]
            unseen = hidden.intersection(open_)
            while (unseen or total in hidden) and _table_tells(cells, unseen):
                rest = [name for name in open_ if name not in unseen]
                if not rest:
                    hidden.add(total)
                    break
                unseen.add(_next_to_hide(cells, rest))
            hidden |= unseen
    return frozenset(hidden)


def _table_tells(cells: Mapping[Name, int], hidden: Collection[Name]) -> bool:
    """Whether hidden cells follow from their sum; nothing hidden, or nothing but zeros, tells all."""
    return all(cells[name] == 0 for name in hidden) or _is_told(cells, hidden)


def _next_to_hide(cells: Mapping[Name, int], names: Collection[Name]) -> Name:
    """The smallest of them. A zero says little about a hidden cell, so it is the last to go."""
    return min(names, key=lambda name: (cells[name] == 0, cells[name], str(name)))
