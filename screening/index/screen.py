"""One order against an index: the first of each lane with their parts, exact counts and funnel. Pure: numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.compile import CompiledOrder
from screening.engine import LISTED
from screening.index.build import Columns
from screening.index.filters import Pass, ask_all
from screening.index.frame import Ints
from screening.index.planes import count, rows_in
from screening.index.points import Points
from screening.table import TIE_MODULUS
from screening.types import MustName, Outcome

LANES: Final[tuple[Outcome, ...]] = ("qualified", "check", "nearly")
PROBED: Final = 256
"""So many of a long lane are scored first, to learn what it takes to be listed."""
SAMPLED: Final = 1_024
LONG: Final = 2_048
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
    lanes = passing.lanes()
    counts: dict[Outcome, int] = {name: count(plane) for name, plane in lanes.items()}
    counts["not"] = passing.pool - sum(counts.values())
    firsts = _firsts(points, [rows_in(plane) for plane in lanes.values()], limit) if limit else [()] * len(LANES)
    return Found(dict(zip(LANES, firsts, strict=True)), counts, passing.funnel(), passing.pool, columns.version)


class Scored(NamedTuple):
    """People of one lane, column by column: rows, raw fit, and the four parts."""

    rows: Ints
    raw: Ints
    skills: Ints
    occupation: Ints
    distance: Ints
    wish: Ints

    def at(self, chosen: Ints) -> "Scored":
        """Some of them."""
        return Scored(*[column.take(chosen) for column in self])


def _firsts(points: Points, members: list[Ints], limit: int) -> list[tuple[Listed, ...]]:
    """The first of every lane: raw falling, then the salted tie, then the key; ties at the border are complete."""
    if max(map(len, members)) > LONG and limit <= PROBED:
        members = _hopeful(points, members, limit)
    whole = _scored(points, np.concatenate(members))
    lanes = [Scored(*part) for part in zip(*[_cut(column, members) for column in whole], strict=True)]
    chosen = [_first(points, lane, limit) for lane in lanes]
    listed = _listed(points, *[np.concatenate(column) for column in zip(*chosen, strict=True)])
    ends = list(accumulate([len(rows) for rows, *_ in chosen], initial=0))
    return [tuple(listed[start:end]) for start, end in pairwise(ends)]


def _cut(array: NDArray[Any], members: list[Ints]) -> list[NDArray[Any]]:
    ends = list(accumulate(map(len, members), initial=0))
    return [array[start:end] for start, end in pairwise(ends)]


def _scored(points: Points, rows: Ints) -> Scored:
    skills, occupation, wish = points.by_tokens(rows)
    distance = points.distance(rows)
    weights = points.order.table.part_weights
    raw = weights["skills"] * skills
    raw += weights["occupation"] * occupation.astype(np.int64)
    raw += weights["distance"] * distance
    raw += weights["wish"] * wish.astype(np.int64)
    return Scored(rows, raw, skills, occupation, distance, wish)


def _hopeful(points: Points, members: list[Ints], limit: int) -> list[Ints]:
    """Of each long lane those who may still be listed, as a few of it show who promise most.

    What somebody can have at most is cheap to say: everything for skills, little for a distant occupation.
    """
    long = [lane for lane, rows in enumerate(members) if len(rows) > LONG]
    most = _at_most(points, [members[lane] for lane in long])
    probes = [members[lane].take(_promising(of_lane, limit)) for lane, of_lane in zip(long, most, strict=True)]
    reached = _cut(_scored(points, np.concatenate(probes)).raw, probes)
    hopeful = list(members)
    for lane, of_lane, raw in zip(long, most, reached, strict=True):
        raw.partition(len(raw) - limit)
        hopeful[lane] = members[lane][of_lane >= raw[-limit]]
    return hopeful


def _promising(most: NDArray[Any], limit: int) -> Ints:
    """At least `limit` of those with the highest bounds, as a sample of them tells; which ones, does not matter."""
    step = max(1, len(most) // SAMPLED)
    sample = most[::step].copy()
    nth = max(1, PROBED // step)
    sample.partition(len(sample) - nth)
    found = (most >= sample[-nth]).nonzero()[0][: 4 * PROBED]
    return found if len(found) >= limit else np.argpartition(most, -limit)[-limit:]


def _at_most(points: Points, members: list[Ints]) -> list[NDArray[np.int32]]:
    """A bound of the raw fit of each member of some lanes; the rows of a lane ascend, as the places do."""
    weights = points.order.table.part_weights
    occupation, wish = points.career_at_most(np.concatenate(members))
    by_place = weights["distance"] * points.distance_by_place + weights["skills"] * points.most_for_skills
    places = by_place.astype(np.int32)
    starts = points.columns.places.starts
    bound = np.concatenate([places.repeat(np.diff(rows.searchsorted(starts))) for rows in members])
    bound += occupation * np.int32(weights["occupation"])
    bound += wish * np.int32(weights["wish"])
    return _cut(bound, members)


def _first(points: Points, lane: Scored, limit: int) -> tuple[Ints, ...]:
    """The first of one lane in their order: the columns of Scored, and the tie."""
    if len(lane.rows) > limit:
        border = int(np.partition(lane.raw, -limit)[-limit])
        lane = lane.at(_up_to(lane.rows, lane.raw, border, limit, points))
    tie = _ties(lane.rows, points)
    order = np.lexsort((points.columns.candidate.take(lane.rows), tie, -lane.raw))[:limit]
    return (*lane.at(order), tie.take(order))


def _up_to(rows: Ints, raw: Ints, border: int, limit: int, points: Points) -> Ints:
    """All above the border, and of those on it as many of the lowest tie as fill the list, equal ties complete."""
    reached = (raw >= border).nonzero()[0]
    if len(reached) <= 2 * limit:
        return reached
    above, on = reached[raw.take(reached) > border], reached[raw.take(reached) == border]
    wanted = limit - len(above)
    if wanted < len(on):
        tie = _ties(rows.take(on), points)
        on = on[tie <= np.partition(tie, wanted - 1)[wanted - 1]]
    return np.concatenate((above, on))


def _ties(rows: Ints, points: Points) -> Ints:
    salt = points.order.wanted.salt % TIE_MODULUS
    ties: Ints = points.columns.tie_seed.take(rows).astype(np.int64) * salt % TIE_MODULUS
    return ties


def _listed(
    points: Points, rows: Ints, raw: Ints, skills: Ints, occupation: Ints, distance: Ints, wish: Ints, tie: Ints
) -> list[Listed]:
    table = (points.columns.candidate.take(rows), raw, tie, skills, occupation, distance, wish)
    return list(map(_LISTED, zip(*[column.tolist() for column in table], strict=True)))


_LISTED: Final = partial(tuple.__new__, Listed)
"""As `Listed._make`, three times as fast."""


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
