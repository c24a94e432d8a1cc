"""How many people of each municipality are in which lane of an order; nobody is scored. Pure: numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from screening.compile import CompiledOrder
from screening.index.build import Columns
from screening.index.filters import Pass, ask_all
from screening.index.frame import Ints
from screening.index.planes import rows_in
from screening.index.points import Points
from screening.index.screen import NOBODY
from screening.types import Outcome

Counts = Mapping[str, Mapping[Outcome, int]]


def by_home(order: CompiledOrder, columns: Columns, *, home: str | None = None, gone: Ints = NOBODY) -> Counts:
    """The people of a municipality (None: all) but the rows `gone` (ascending), by home and lane; zeros left out."""
    number = None if home is None else columns.books.home.get(home, -1)
    passing = Pass(columns, number, gone)
    ask_all(order, columns, passing, Points(order, columns))
    codes = {at: code for code, at in columns.books.home.items()}
    found: dict[str, dict[Outcome, int]] = defaultdict(dict)
    for lane, plane in passing.lanes().items():
        homes = columns.places.home.take(columns.place_of.take(rows_in(plane)))
        for at, count in enumerate(np.bincount(homes).tolist() if len(homes) else ()):
            if count:
                found[codes[at]][lane] = count
    return found


def added(one: Counts, other: Counts) -> Counts:
    """Two parts of one pool as one."""
    found = {home: dict(lanes) for home, lanes in one.items()}
    for home, lanes in other.items():
        mine = found.setdefault(home, {})
        for lane, count in lanes.items():
            mine[lane] = mine.get(lane, 0) + count
    return found
