"""The figures of one database, measured in a process of its own: `python -m bench.history` prints JSON."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

ROUNDS = 5
FIGURES = ("flow", "times", "promises", "exchange", "reasons")
MONTHS = (1, 3, 6, 12)


def main() -> None:
    """Print name, milliseconds and orders of the period, for every figure."""
    import django

    django.setup()
    print(json.dumps(list(measured())))


def measured() -> Iterator[tuple[str, float, int]]:
    """Medians of a few rounds: status, each figure over 1 to 12 months and over all years, and a status pack's."""
    from campaigns import packs
    from campaigns.asked import asked, received_in
    from campaigns.figures import figure
    from events import clock

    today = clock.today()

    def received(since: dt.date) -> int:
        return received_in(asked(since=since)).count()

    begun = today.replace(year=today.year - 11)
    for years in (0, 3, 8):
        as_of = today - dt.timedelta(days=365 * years)
        yield f"status, {years} years ago", median(lambda as_of=as_of: figure("status", as_of=as_of)), received(begun)
    spans = [(f"{months} months", today - dt.timedelta(days=round(30.4 * months) - 1)) for months in MONTHS]
    for name in FIGURES:
        for label, since in spans:
            yield f"{name}, {label}", median(lambda s=since, n=name: figure(n, since=s)), received(since)
        yield f"{name}, all years", median(lambda n=name: figure(n, since=begun), 1), received(begun)
    yield "figures of a status pack", median(lambda: packs.figures(today, clock.now()), 1), received(begun)


def median(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Milliseconds of the middle one; a first round that is not counted reads what has to be read from the disk."""
    taken = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
