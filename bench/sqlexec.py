"""`python -m bench.sqlexec [--orders 60] [--json FILE]`: screening inside the database that DATABASE_URL names.

The database holds a made region (`make_region`). Each order is screened over all nine three times, the best counts;
beside it the plain engine over loaded people, as the answer to compare with and for the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = 3
COMPARED = 5


def main() -> int:
    """Measure, print, keep. Returns 1 where an answer is not the engine's."""
    parser = argparse.ArgumentParser(prog="python -m bench.sqlexec", description=__doc__)
    parser.add_argument("--orders", type=int, default=60)
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nrs.settings")
    import django

    django.setup()
    found = measure(options.orders)
    print(json.dumps(found, indent=1))
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    return int(found["answers_that_differ"] > 0)


def measure(number: int) -> dict[str, Any]:
    """Times in ms over that many orders, and how many of the first few differ from the engine's answer."""
    from django.db import connection

    from joborders.models import JobOrder
    from screening import engine, services, sqlexec
    from screening.loading import persons, pool

    taken: list[float] = []
    plain: list[float] = []
    counted: list[float] = []
    differing = people = 0
    for place, order in enumerate(JobOrder.objects.order_by("pk")[:number]):
        ready = services.compiled(services.wanted_of([order])[0])
        everybody = pool(order, None)
        best, answer = _best(lambda ready=ready, everybody=everybody: sqlexec.screen(ready, everybody))
        taken.append(best)
        people = max(people, answer.pool)
        if place < COMPARED:
            ms, expected = _timed(
                lambda ready=ready, everybody=everybody: engine.screen(ready, persons(everybody, ready))
            )
            plain.append(ms)
            differing += sqlexec.of_oracle(expected) != answer
            counted.append(_best(lambda ready=ready, everybody=everybody: sqlexec.by_home(ready, everybody))[0])
    taken.sort()
    return {
        "database": f"{connection.vendor} {_version(connection)}",
        "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}",
        "pool": people,
        "orders": len(taken),
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 1),
        "max_ms": round(taken[-1], 1),
        "by_municipality_ms": round(statistics.median(counted), 1),
        "engine_with_loading_ms": round(statistics.median(plain), 1),
        "times_faster_than_engine": round(statistics.median(plain) / statistics.median(taken), 1),
        "answers_that_differ": differing,
    }


def _best(call: Callable[[], Any]) -> tuple[float, Any]:
    return min((_timed(call) for _round in range(ROUNDS)), key=lambda pair: pair[0])


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = call()
    return (time.perf_counter() - begun) * 1000, answer


def _version(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        return str(cursor.fetchone()[0]).split()[0]


if __name__ == "__main__":
    raise SystemExit(main())
