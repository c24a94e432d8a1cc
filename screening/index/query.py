"""A compiled order in the numbers of an index: tables over distinct values, what each token is worth. Pure: numpy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from screening.compile import CompiledOrder
from screening.engine import common_digits
from screening.index.build import Columns, Places, TokenNumbers
from screening.index.frame import UNKNOWN, Ints
from screening.table import experience_percent

Bytes = NDArray[np.uint8]

MET: Final = 0
UNSURE: Final = 1
OUT: Final = 2


@dataclass(frozen=True, slots=True)
class Worth:
    """What tokens are worth for one part, ascending by points; who has several of them has the highest."""

    tokens: Ints
    points: Ints


@dataclass(frozen=True, slots=True)
class SkillMust:
    """A required skill: the tokens that meet it."""

    tokens: Ints
    curable: bool


def worth_of(points: Mapping[int, int]) -> Worth:
    """Points by token, in arrays."""
    tokens = np.fromiter(points.keys(), np.int64, len(points))
    return _ascending(tokens, np.fromiter(points.values(), np.int64, len(points)))


def _ascending(tokens: Ints, points: Ints) -> Worth:
    order = np.argsort(points, kind="stable")
    return Worth(tokens[order], points[order])


def skill_worths(order: CompiledOrder, columns: Columns) -> list[Worth]:
    """One per wanted skill: what a recorded skill or a held occupation counts for it."""
    numbers, isco_of = columns.numbers, columns.books.isco
    enough = _enough(order, numbers)
    found = []
    for skill in order.skills:
        points: dict[int, int] = {}
        for other, related in skill.related.items():
            first = _skill_token(other, columns)
            if first is not None:
                points[first], points[first + 1] = related.stated, related.documented
        for codes, value in ((skill.essential, order.table.essential), (skill.optional, order.table.optional)):
            for token in _occupation_tokens(codes, isco_of, numbers, enough):
                points[token] = value
        found.append(worth_of(points))
    return found


def skill_musts(order: CompiledOrder, columns: Columns) -> list[SkillMust]:
    """One per required skill."""
    numbers = columns.numbers
    enough = _enough(order, numbers)
    found = []
    for skill in order.skills:
        if skill.required:
            firsts = [first for one in skill.meets if (first := _skill_token(one, columns)) is not None]
            tokens = [token for first in firsts for token in (first, first + 1)]
            tokens += _occupation_tokens(skill.meets_isco, columns.books.isco, numbers, enough)
            found.append(SkillMust(np.array(tokens, np.int64), not skill.meets.isdisjoint(order.wanted.teachable)))
    return found


def occupation_worth(order: CompiledOrder, columns: Columns) -> Worth:
    """What every held occupation is worth for the order's; the order must have one."""
    table, numbers = order.table, columns.numbers
    digits = _digits_in_common(order.wanted.isco or "", columns.isco_codes)
    held = np.flatnonzero(digits)
    levels = np.array((0, *table.occupation_levels))[digits[held]]
    percents = np.array([experience_percent(months, table) for months in numbers.bounds])
    points = levels[:, None] * percents // 100
    tokens = numbers.first_occupation + held[:, None] * len(percents) + np.arange(len(percents))
    return _ascending(tokens.ravel(), points.ravel())


def wish_worth(order: CompiledOrder, columns: Columns) -> Worth:
    """What every job goal is worth for the order's occupation; the order must have one."""
    digits = _digits_in_common(order.wanted.isco or "", columns.isco_codes)
    wished = np.flatnonzero(digits >= 3)
    points = np.where(digits[wished] == 4, order.table.wish_isco4, order.table.wish_isco3)
    return _ascending(columns.numbers.first_goal + wished, points)


@lru_cache(maxsize=2048)
def _digits_in_common(isco: str, codes: tuple[str, ...]) -> Ints:
    return np.array([common_digits(isco, code) for code in codes], np.int64)


def _skill_token(skill: int | str, columns: Columns) -> int | None:
    number = columns.books.skill.get(skill)
    return None if number is None or number >= columns.numbers.skills else 2 * number


def _enough(order: CompiledOrder, numbers: TokenNumbers) -> list[int]:
    """The classes of experience from which an occupation implies its skills."""
    return [step for step, months in enumerate(numbers.bounds) if months >= order.table.counts_from_months]


def _occupation_tokens(
    codes: Iterable[str], isco_of: Mapping[str, int], numbers: TokenNumbers, classes: list[int]
) -> list[int]:
    known = [isco_of[code] for code in codes if isco_of.get(code, numbers.isco) < numbers.isco]
    return [numbers.first_occupation + number * len(numbers.bounds) + step for number in known for step in classes]


def metres_by_place(order: CompiledOrder, places: Places) -> Ints:
    """Metres from the workplace to each place; -1 where they are not known."""
    metres = order.metres
    row = [-1 if key is None else metres.get(key, -1) for key in places.postal_keys]
    return np.array(row or [-1], np.int64)[places.postal]


def distance_answers(order: CompiledOrder, places: Places, metres: Ints) -> Bytes:
    """Per place MET, UNSURE or OUT."""
    if order.wanted.remote:
        return np.zeros(len(metres), np.uint8)
    far = order.wanted.max_distance_km
    within = metres <= places.reach_km * 1000
    if far is not None:
        within &= metres <= far * 1000
    answers = np.where(within, MET, OUT)
    answers[(metres < 0) | (places.reach_km == UNKNOWN)] = UNSURE
    return answers.astype(np.uint8)


def distance_points(order: CompiledOrder, places: Places, metres: Ints) -> Ints:
    """Per place the distance part, 0–1000."""
    full = order.table.full
    if order.wanted.remote:
        return np.full(len(metres), full)
    limit_km = np.where(places.reach_km == UNKNOWN, order.table.assumed_limit_km, places.reach_km)
    if order.wanted.max_distance_km is not None:
        limit_km = np.minimum(limit_km, order.wanted.max_distance_km)
    limit = np.maximum(limit_km, 1) * 1000
    near = (metres >= 0) & (metres < limit_km * 1000)
    points: Ints = np.where(near, full * (limit - metres) // limit, 0)
    return points
