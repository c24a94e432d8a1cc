"""What an executor answers before anybody is judged with evidence. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from screening.types import MustName, Outcome, Screening

SHOWN: Final[tuple[Outcome, ...]] = ("qualified", "check", "nearly")


class Listed(NamedTuple):
    """One candidate (database id) in a lane: raw fit 0–100,000 and the place among equals."""

    candidate: int
    raw: int
    tie: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """One order against a pool: the first of each shown lane in their order, exact counts, funnel."""

    lanes: Mapping[Outcome, tuple[Listed, ...]]
    counts: Mapping[Outcome, int]
    funnel: Mapping[MustName, int]
    pool: int
    version: str
    executor: str = field(default="sql", compare=False)
    token: str = field(default="", compare=False)
    """The state of the profiles that an index had read: its epoch and how far it had read the changes."""


def of_oracle(found: Screening) -> Ranking:
    """The engine's answer in the same shape, to compare with."""
    return Ranking(
        lanes={
            lane: tuple(Listed(verdict.candidate, verdict.raw, verdict.tie) for verdict in found.lanes[lane])
            for lane in SHOWN
        },
        counts=found.counts,
        funnel=found.funnel,
        pool=found.pool,
        version=found.version,
    )
