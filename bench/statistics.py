"""`./run bench statistics`: the steering group's figures over histories of ten years, and what the period costs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from bench import database

if TYPE_CHECKING:
    from bench.parts import Bench

FIGURE_MS, PACK_MS, MADE_S = 1000, 10_000, 900


def statistics(bench: Bench) -> None:
    """Every size up to the one asked for; the largest is the one with goals."""
    found = {orders: _measured(bench, orders) for orders in database.HISTORIES if orders <= bench.orders}
    for orders, figures in found.items():
        is_goal = orders == database.HISTORIES[-1]
        for name, (ms, received) in figures.items():
            is_whole = "all years" in name
            limit = PACK_MS if "pack" in name else None if is_whole else FIGURE_MS
            note = f"{received:,} orders"
            bench.add(
                "statistics", f"{orders:,} orders: {name}", ms, "ms", target=limit if is_goal else None, note=note
            )
    for name in ("flow", "times", "promises", "exchange", "reasons"):
        for fewer, more in zip(database.HISTORIES, database.HISTORIES[1:], strict=False):
            if more in found:
                ratio = found[more][f"{name}, 1 months"][0] / found[fewer][f"{name}, 12 months"][0]
                bench.add("statistics", f"{name}: a month of {more:,} ÷ a year of {fewer:,}", ratio)


def _measured(bench: Bench, orders: int) -> dict[str, tuple[float, int]]:
    """Milliseconds and orders of the period by name. The largest database is dropped again: it takes some 20 GB."""
    with database.history(orders) as (url, seconds):
        if seconds is not None:
            limit = MADE_S if orders == database.HISTORIES[-1] else None
            bench.add("statistics", f"make_region, {orders:,} orders", seconds, "s", target=limit)
        inside = {**database.environment(url)}
        ran = subprocess.run(
            [sys.executable, "-m", "bench.history"], cwd=database.REPO, env=inside, check=True, capture_output=True
        )
    return {name: (ms, received) for name, ms, received in json.loads(ran.stdout.splitlines()[-1])}
