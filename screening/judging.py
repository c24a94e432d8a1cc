"""The listed people judged with evidence on their whole profile, read from the source rows, never from an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screening import engine
from screening.compile import CompiledOrder
from screening.profiles import Profile, profiles
from screening.ranking import Ranking
from screening.types import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts by lane in their order, the profiles that they rest on, and whether they are what was ranked.

    Somebody whose profile changed between ranking and judging is left out, and `is_as_ranked` is false.
    """

    lanes: Mapping[Outcome, tuple[Verdict, ...]]
    people: Mapping[int, Profile]
    is_as_ranked: bool


def in_full(order: CompiledOrder, ranking: Ranking) -> Judged:
    """Judge everybody who is listed; a constant number of queries."""
    listed = [one.candidate for lane in ranking.lanes.values() for one in lane]
    people = profiles(listed)
    verdicts = {pk: engine.judge(order, profile.person) for pk, profile in people.items()}
    lanes: dict[Outcome, tuple[Verdict, ...]] = {}
    for outcome, lane in ranking.lanes.items():
        found = (verdicts.get(one.candidate) for one in lane)
        lanes[outcome] = tuple(
            verdict
            for verdict, one in zip(found, lane, strict=True)
            if verdict is not None and (verdict.outcome, verdict.raw, verdict.tie) == (outcome, one.raw, one.tie)
        )
    return Judged(lanes, people, sum(map(len, lanes.values())) == len(listed))
