"""The tables of the load, for the terminal and for docs/trust.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.load.client import Run
from tests.load.playing import Part
from tools import trust

FILE = trust.FILE.relative_to(trust.FILE.parents[1])
COLUMNS = (
    "part",
    "calls/s",
    "for s",
    "calls",
    "answered",
    "refused",
    "errors",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "slowest",
)


def table(parts: Sequence[Part]) -> str:
    """Markdown: every run, what kinds of calls took, what they cost, and the promises."""
    runs = [(f"{part.name}: {name}", run) for part in parts for name, run in part.runs.items()]
    blocks = [_rows(COLUMNS, [_cells(name, run) for name, run in runs])]
    kinds = [(f"{name}, {kind}", each) for name, run in runs for kind, each in sorted(run.by_kind().items())]
    if len(kinds) > len(runs):
        blocks.append("By kind of call:\n\n" + _rows(COLUMNS, [_cells(name, run) for name, run in kinds]))
    who = list(dict.fromkeys(name for part in parts for name in part.cpu_ms))
    costs = [(part.name, *(f"{part.cpu_ms.get(name, 0):.1f}" for name in who)) for part in parts]
    blocks.append("Processor time of an answered call, in ms:\n\n" + _rows(("part", *who), costs))
    blocks.append("\n".join(_promises(part) for part in parts))
    return "\n\n".join(blocks)


def write(parts: Sequence[Part], sizes: str) -> None:
    """Put it into docs/trust.md."""
    said = [
        f"PostgreSQL, RabbitMQ and the five processes of `./run services` on the loopback, {sizes};",
        "server and client share the cores. Open loop: a call is sent when it is due, whatever became of the others,",
        "and what it took runs from that moment. The mix: 35 % queue, 35 % order pages, 10 % screenings of the whole",
        "region, 10 % reads of the API, 5 % new orders, 5 % figures.",
    ]
    trust.write("load", "Load (`./run load`)", "\n".join(said) + "\n\n" + table(parts))


def as_dict(part: Part) -> dict[str, Any]:
    """For --json."""
    runs = {name: dict(zip(COLUMNS[1:], _cells(name, run)[1:], strict=True)) for name, run in part.runs.items()}
    return {"part": part.name, "runs": runs, "cpu_ms": part.cpu_ms, "kept": part.told, "missed": part.missed}


def _promises(part: Part) -> str:
    kept = "; ".join(part.told)
    missed = f" **NOT kept: {'; '.join(part.missed)}.**" if part.missed else ""
    return f"- **{part.name}**: {part.what} {kept}.{missed}"


def _cells(name: str, run: Run) -> tuple[str, ...]:
    calls = len(run.outcomes)
    slowest = max((one.seconds for one in run.good), default=0.0)
    quantiles = (f"{run.quantile(share):.0f}" for share in (0.5, 0.95, 0.99))
    counts = (str(calls), str(len(run.good)), str(run.refused), str(run.errors.total()))
    return (name, f"{calls / run.seconds:.1f}", f"{run.seconds:.0f}", *counts, *quantiles, f"{1000 * slowest:.0f}")


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])
