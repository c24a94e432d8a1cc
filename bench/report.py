"""The machine's description and the table."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib.metadata import version
from pathlib import Path

import psycopg

from bench.parts import Figure
from bench.server import WORKERS


def machine(url: str, size: int) -> dict[str, str]:
    """What it was measured on; no host names, no paths."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return {
        "date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": _cpu(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "postgresql": str(row[0]).split()[0] if row else "?",
        "django": version("django"),
        "gunicorn": f"{version('gunicorn')}, {WORKERS} sync workers",
        "data": f"{size:,} candidates, 5,000 orders, 4,000 companies, seed 1",
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GiB"


def table(figures: list[Figure]) -> str:
    """Markdown, aligned for a terminal."""
    rows = [("part", "figure", "measured", "goal", "")]
    for one in figures:
        goal = "" if one.target is None else f"{'≤' if one.at_most else '≥'} {_number(one.target, one.unit)}"
        note = f" ({one.note})" if one.note else ""
        rows.append((one.part, one.name, _number(one.value, one.unit) + note, goal, one.verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    cells = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _number(value: float, unit: str) -> str:
    text = f"{value:.0f}" if unit in ("ms", "/s") and value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()
