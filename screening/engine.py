"""Screening: who can take this job, why, and who nearly can (design.md §5). Pure: no Django, no numpy.

Two paths, one definition. `score` answers with integers only and is run over everybody; `judge` in
screening/explain.py derives the same again, demand by demand and part by part with its evidence, and is run
for those who are shown. That they agree is a property test.
"""

import heapq
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from screening.compile import MISSING, UNKNOWN, CompiledOrder, SkillGraph, compile_order, held_months
from screening.explain import judge
from screening.table import experience_percent, tie_of
from screening.types import FUNNEL, OUTCOMES, MustName, Outcome, Person, Screening, Verdict

__all__ = [
    "CompiledOrder",
    "Score",
    "SkillGraph",
    "compile_order",
    "funnel",
    "judge",
    "places",
    "rank",
    "score",
    "screen",
]

LISTED: Final = 50
QUALIFIED, CHECK, NEARLY, NOT = range(4)
PASSED_ALL: Final = len(FUNNEL)


class Score(NamedTuple):
    """What the fast path knows about one person."""

    outcome: Outcome
    raw: int
    tie: int
    first_missing: MustName | None


def score(order: CompiledOrder, person: Person) -> Score:
    """Outcome, raw fit and tie of one person, without evidence; the same figures as `judge`."""
    lane, step = _outcome(order, person)
    return Score(
        outcome=OUTCOMES[lane],
        raw=_raw(order, person),
        tie=tie_of(person.tie_seed, order.wanted.salt),
        first_missing=None if step == PASSED_ALL else FUNNEL[step],
    )


def _outcome(order: CompiledOrder, person: Person) -> tuple[int, int]:
    """The lane, and the place in the funnel of the first demand that is missing (PASSED_ALL: none)."""
    first = PASSED_ALL
    unknown = False
    for step, curable, check in order.musts:
        answer = check(person)
        if answer == MISSING:
            if first != PASSED_ALL or not curable:
                return NOT, min(first, step)
            first = step
        elif answer == UNKNOWN:
            unknown = True
    if first != PASSED_ALL:
        return NEARLY, first
    return (CHECK if unknown else QUALIFIED), PASSED_ALL


def _raw(order: CompiledOrder, person: Person) -> int:
    """The weighted sum of the four parts, 0–100,000."""
    held = held_months(person.occupations)
    weights = order.table.part_weights
    return (
        weights["skills"] * _skills_part(order, person, held)
        + weights["occupation"] * _occupation_part(order, held)
        + weights["distance"] * _distance_part(order, person)
        + weights["wish"] * _wish_part(order, person)
    )


def _skills_part(order: CompiledOrder, person: Person, held: Mapping[str, int]) -> int:
    if not order.skills:
        return order.table.full
    best = [0] * len(order.skills)
    by_skill, by_isco = order.by_skill, order.by_isco
    for skill, documented in person.skills.items():
        if skill in by_skill:
            for index, documented_points, stated_points in by_skill[skill]:
                points = documented_points if documented else stated_points
                if points > best[index]:
                    best[index] = points
    counts_from = order.table.counts_from_months
    for isco4, months in held.items():
        if months >= counts_from and isco4 in by_isco:
            for index, points in by_isco[isco4]:
                if points > best[index]:
                    best[index] = points
    total = 0
    for wanted, points in zip(order.skills, best, strict=True):
        total += wanted.weight * points
    return total // order.weight_total


def _occupation_part(order: CompiledOrder, held: Mapping[str, int]) -> int:
    isco = order.wanted.isco
    if isco is None:
        return order.table.full
    best = 0
    for code, months in held.items():
        if code[0] == isco[0]:
            level = order.table.occupation_levels[common_digits(isco, code) - 1]
            best = max(best, level * experience_percent(months, order.table) // 100)
    return best


def common_digits(a: str, b: str) -> int:
    """The length of the longest common prefix of two ISCO codes, at most 4."""
    for length in range(min(len(a), len(b), 4), 0, -1):
        if a[:length] == b[:length]:
            return length
    return 0


def _distance_part(order: CompiledOrder, person: Person) -> int:
    wanted = order.wanted
    if wanted.remote:
        return order.table.full
    metres = None if person.postal is None else order.metres.get(person.postal)
    if metres is None:
        return 0
    limit_km = order.table.assumed_limit_km if person.max_distance_km is None else person.max_distance_km
    if wanted.max_distance_km is not None and wanted.max_distance_km < limit_km:
        limit_km = wanted.max_distance_km
    limit = limit_km * 1000
    return order.table.full * (limit - metres) // limit if metres < limit else 0


def _wish_part(order: CompiledOrder, person: Person) -> int:
    isco = order.wanted.isco
    if isco is None:
        return order.table.full
    if isco in person.goals and len(isco) == 4:
        return order.table.wish_isco4
    if len(isco) >= 3 and any(goal[:3] == isco[:3] for goal in person.goals):
        return order.table.wish_isco3
    return 0


def rank(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts of one lane in their order: raw falling, then the salted tie, whatever order they came in."""
    return tuple(sorted(verdicts, key=lambda verdict: (-verdict.raw, verdict.tie, verdict.candidate)))


def places(ranked: Iterable[Verdict]) -> tuple[int, ...]:
    """The place of each ranked verdict, from 1; equal raw is shown as an equal place (1, 2, 2, 4)."""
    shown: list[int] = []
    last_raw = -1
    for number, verdict in enumerate(ranked, start=1):
        shown.append(shown[-1] if shown and verdict.raw == last_raw else number)
        last_raw = verdict.raw
    return tuple(shown)


def funnel(order: CompiledOrder, persons: Iterable[Person]) -> dict[MustName, int]:
    """How many people are not missing anything after each must-have, in the order of the funnel."""
    leaving = [0] * (PASSED_ALL + 1)
    for person in persons:
        leaving[_outcome(order, person)[1]] += 1
    return _remaining(leaving)


def _remaining(leaving: list[int]) -> dict[MustName, int]:
    """From "leaves at this step" to "still there after it"; the last entry counts those who never leave."""
    left = sum(leaving)
    remaining: dict[MustName, int] = {}
    for name, leavers in zip(FUNNEL, leaving, strict=False):
        left -= leavers
        remaining[name] = left
    return remaining


_Kept = tuple[int, int, int, int, Person]
"""(raw, −tie, −candidate, number, person): the smallest is the first to be pushed out."""


def screen(order: CompiledOrder, persons: Iterable[Person], limit: int = LISTED) -> Screening:
    """One pass over a pool of any size, in constant memory: exact counts, funnel, the first of each outcome.

    Only those who are listed are judged with evidence.
    """
    kept: tuple[list[_Kept], ...] = ([], [], [], [])
    counts = [0, 0, 0, 0]
    leaving = [0] * (PASSED_ALL + 1)
    salt = order.wanted.salt
    for number, person in enumerate(persons):
        lane, step = _outcome(order, person)
        counts[lane] += 1
        leaving[step] += 1
        raw = _raw(order, person)
        heap = kept[lane]
        if len(heap) < limit:
            heapq.heappush(heap, (raw, -tie_of(person.tie_seed, salt), -person.candidate, number, person))
        elif limit and raw >= heap[0][0]:
            heapq.heappushpop(heap, (raw, -tie_of(person.tie_seed, salt), -person.candidate, number, person))
    return Screening(
        lanes={
            outcome: rank(judge(order, entry[-1]) for entry in heap)
            for outcome, heap in zip(OUTCOMES, kept, strict=True)
        },
        counts=dict(zip(OUTCOMES, counts, strict=True)),
        funnel=_remaining(leaving),
        pool=sum(counts),
        version=order.table.version,
    )
