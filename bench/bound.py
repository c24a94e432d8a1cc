"""The access bound: what reading the bytes that an order must touch takes on this machine, were there nothing else.

Six bytes of filters of everybody within reach, one after the other, and one record of everybody who is in a lane, here
and there in memory. Both are measured in the same run; `docs/performance.md` says what the screening takes beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

FILTER_BYTES, RECORD_BYTES = 6, 48
READ_BYTES = 256_000_000
RECORDS, PICKED = 1_000_000, 200_000
ROUNDS = 7


@dataclass(frozen=True)
class Memory:
    """How fast this machine reads: bytes in a row per second, and seconds per record at a random place."""

    bytes_per_second: float
    seconds_per_record: float

    def bound_ms(self, within_reach: int, in_a_lane: int) -> float:
        """The least that an order can take."""
        return 1000 * (FILTER_BYTES * within_reach / self.bytes_per_second + in_a_lane * self.seconds_per_record)


def memory() -> Memory:
    """Measured, the best of a few rounds."""
    return Memory(READ_BYTES / _reading(), _picking() / PICKED)


def _reading() -> float:
    row = np.ones(READ_BYTES // 8, np.int64)
    return _best(lambda: np.add.reduce(row))


def _picking() -> float:
    records = np.ones((RECORDS, RECORD_BYTES // 8), np.int64)
    picked = np.sort(np.random.default_rng(1).choice(RECORDS, PICKED, replace=False))
    out = np.empty((PICKED, RECORD_BYTES // 8), np.int64)
    return _best(lambda: np.take(records, picked, axis=0, out=out, mode="clip"))


def _best(call: Callable[[], object]) -> float:
    times: list[float] = []
    for _round in range(ROUNDS):
        begun = time.thread_time()
        call()
        times.append(time.thread_time() - begun)
    return min(times)


def mean_ms(found: Iterable[tuple[int, int]]) -> float:
    """The mean bound over orders, given people within reach and people in a lane of each."""
    machine = memory()
    bounds = [machine.bound_ms(*one) for one in found]
    return sum(bounds) / len(bounds)
