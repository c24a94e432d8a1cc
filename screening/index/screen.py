"""One order against an index: the first of each lane with their parts, exact counts and funnel. Pure: numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from screening.compile import CompiledOrder
from screening.engine import LISTED
from screening.index.build import Columns
from screening.index.filters import Pass, ask_all
from screening.index.frame import Ints
from screening.index.points import Points
from screening.table import TIE_MODULUS
from screening.types import MustName, Outcome

LANES: Final[tuple[Outcome, ...]] = ("qualified", "check", "nearly")
#: The lane of each state: nothing, UNSURE, ONE, ONE and UNSURE.
LANE_OF: Final = np.array([0, 1, 2, 2], np.uint8)
PROBED: Final = 512
"""So many of a long lane are scored first, to learn what it takes to be listed."""
NOBODY: Final = np.empty(0, np.int64)


class Listed(NamedTuple):
    """Somebody on a list: the figures that the order of the list rests on, and the four parts."""

    candidate: int
    raw: int
    tie: int
    skills: int
    occupation: int
    distance: int
    wish: int


@dataclass(frozen=True, slots=True)
class Found:
    """One order against people: lists of the lanes, exact counts of all four outcomes, the funnel, the pool."""

    lanes: Mapping[Outcome, tuple[Listed, ...]]
    counts: Mapping[Outcome, int]
    funnel: Mapping[MustName, int]
    pool: int
    version: str


def screen(
    order: CompiledOrder, columns: Columns, *, home: str | None = None, gone: Ints = NOBODY, limit: int = LISTED
) -> Found:
    """The people of a municipality (None: all) but the rows `gone` (ascending), as `screening.engine.screen` says.

    Nobody is listed under "not". Raises ValueError when the index was built for another table of weights.
    """
    if columns.version != order.table.version:
        raise ValueError(f"the index was built for {columns.version}, not for {order.table.version}")
    number = None if home is None else columns.books.home.get(home, -1)
    passing, points = Pass(columns, number, gone), Points(order, columns)
    ask_all(order, columns, passing, points)
    lane_of = LANE_OF.take(passing.state)
    members = [np.flatnonzero(lane_of == lane) for lane in range(len(LANES))]
    counts: dict[Outcome, int] = {name: len(at) for name, at in zip(LANES, members, strict=True)}
    counts["not"] = passing.pool - sum(counts.values())
    firsts = _firsts(points, passing.rows, members, limit) if limit else [()] * len(LANES)
    return Found(dict(zip(LANES, firsts, strict=True)), counts, passing.funnel(), passing.pool, columns.version)


def _firsts(points: Points, rows: Ints, members: list[Ints], limit: int) -> list[tuple[Listed, ...]]:
    """The first of every lane: raw falling, then the salted tie, then the key; ties at the border are complete."""
    known = _known(points, rows)
    members = _hopeful(points, rows, known, members, limit)
    at = np.concatenate(members)
    rows = rows.take(at)
    raw = known.take(at) + points.order.table.part_weights["skills"] * points.skills(rows)
    chosen = [
        _first(points, part, reached, limit)
        for part, reached in zip(_cut(rows, members), _cut(raw, members), strict=True)
    ]
    listed = _with_parts(points, *(np.concatenate(column) for column in zip(*chosen, strict=True)))
    ends = np.cumsum([len(part) for part, _raw, _tie in chosen]).tolist()
    return [listed[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _cut(array: Ints, members: list[Ints]) -> list[Ints]:
    return np.split(array, np.cumsum([len(at) for at in members])[:-1])


def _known(points: Points, rows: Ints) -> Ints:
    """The raw fit without its skills part, which is the dear one."""
    weights = points.order.table.part_weights
    occupation, wish = points.career(rows)
    known: Ints = weights["occupation"] * occupation.astype(np.int64)
    known += weights["wish"] * wish.astype(np.int64)
    known += weights["distance"] * points.distance(rows)
    return known


def _hopeful(points: Points, rows: Ints, known: Ints, members: list[Ints], limit: int) -> list[Ints]:
    """Of each long lane those who may still be listed, should they have every skill, as a probe of it shows."""
    weight = points.order.table.part_weights["skills"]
    long = [lane for lane, at in enumerate(members) if len(at) > 4 * PROBED and limit <= PROBED]
    if not long:
        return members
    probes = [at[np.argpartition(known.take(at), -PROBED)[-PROBED:]] for at in (members[lane] for lane in long)]
    probed = np.concatenate(probes)
    reached = (known.take(probed) + weight * points.skills(rows.take(probed))).reshape(len(long), PROBED)
    hopeful = list(members)
    for lane, border in zip(long, np.partition(reached, -limit, axis=1)[:, -limit].tolist(), strict=True):
        hopeful[lane] = members[lane][known.take(members[lane]) >= border - weight * points.most_for_skills]
    return hopeful


def _first(points: Points, rows: Ints, raw: Ints, limit: int) -> tuple[Ints, Ints, Ints]:
    """The first of one lane in their order: rows, raw, tie."""
    if len(rows) > limit:
        border = np.partition(raw, -limit)[-limit]
        rows, raw = _up_to(rows, raw, int(border), limit, points)
    tie = _ties(rows, points)
    order = np.lexsort((points.columns.candidate[rows], tie, -raw))[:limit]
    return rows[order], raw[order], tie[order]


def _up_to(rows: Ints, raw: Ints, border: int, limit: int, points: Points) -> tuple[Ints, Ints]:
    """All above the border, and of those on it as many of the lowest tie as fill the list, equal ties complete."""
    above, on = np.flatnonzero(raw > border), np.flatnonzero(raw == border)
    wanted = limit - len(above)
    if wanted < len(on):
        tie = _ties(rows[on], points)
        on = on[tie <= np.partition(tie, wanted - 1)[wanted - 1]]
    chosen = np.concatenate((above, on))
    return rows[chosen], raw[chosen]


def _ties(rows: Ints, points: Points) -> Ints:
    salt = points.order.wanted.salt % TIE_MODULUS
    ties: Ints = points.columns.tie_seed[rows].astype(np.int64) * salt % TIE_MODULUS
    return ties


def _with_parts(points: Points, rows: Ints, raw: Ints, tie: Ints) -> tuple[Listed, ...]:
    occupation, wish = points.career(rows)
    candidate = points.columns.candidate[rows]
    table = (candidate, raw, tie, points.skills(rows), occupation, points.distance(rows), wish)
    return tuple(Listed(*row) for row in zip(*(column.tolist() for column in table), strict=True))


def merged(one: Found, other: Found, limit: int = LISTED) -> Found:
    """Two parts of one pool as one: counts add up, lists are merged."""
    lanes = {}
    for name in LANES:
        both = sorted((*one.lanes[name], *other.lanes[name]), key=lambda who: (-who.raw, who.tie, who.candidate))
        lanes[name] = tuple(both[:limit])
    return Found(
        lanes=lanes,
        counts={name: count + other.counts[name] for name, count in one.counts.items()},
        funnel={name: count + other.funnel[name] for name, count in one.funnel.items()},
        pool=one.pool + other.pool,
        version=one.version,
    )
