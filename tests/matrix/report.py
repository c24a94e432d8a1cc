"""The table of the matrix in docs/trust.md."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from tests.matrix.doors import every_door
from tests.matrix.rules import Rules
from tools import trust

#: Role, cases tried, cases that there are in all, wrong ones, seconds.
Part = Sequence[object]


def write(parts: Sequence[Part]) -> None:
    """Put it into docs/trust.md."""
    cases, wrong = sum(int(str(part[1])) for part in parts), sum(int(str(part[3])) for part in parts)
    seconds = sum(float(str(part[4])) for part in parts)
    vendor = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[connection.vendor]
    rows = [f"| {part[0]} | {part[1]} | {part[3]} | {part[4]} |" for part in parts]
    said = [
        f"On {vendor}. {len(every_door())} doors (address × method) as {len(parts)} roles with every relation of",
        f"docs/access-matrix.csv ({len(Rules().cells)} cells); texts that name their owner in every personal field;",
        "a hash of every row before and after. Wrong is what is told, changed, logged or answered otherwise than the",
        f"tables say. **{cases:,} of {parts[0][2]:,} cases, {wrong} leaks, {seconds:.0f} s**; none in n shows a rate",
        "below 3/n at 95 %.",
        "",
        "| role | cases | wrong | took s |",
        "| --- | --- | --- | --- |",
        *rows,
    ]
    trust.write("matrix", "Who gets in where (`./run matrix`)", "\n".join(said))
