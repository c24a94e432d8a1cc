"""`./run load [part …]`: how much it can do, what it does beyond that, and what it needs meanwhile."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from tests.faults.node import script
from tests.faults.postgres import programs
from tests.load.site import opened

PARTS = ("queue", "mix", "twice", "memory", "replica")
SECONDS, MEMORY_S = 60.0, 600.0
WHOLE = (20_000, 5_000, 4_000)


def main() -> int:
    """0 when every promise was kept, 1 otherwise, 2 when the servers are not installed."""
    told = _arguments()
    if not script() or programs() is None:
        print("The load needs rabbitmq-server and a PostgreSQL server on this machine; it starts its own.")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what it started is ended and thrown away
    sizes = (told.candidates, told.orders, told.companies)
    with opened() as site:
        from bench import inside
        from tests.load import report
        from tests.load.playing import Playing

        print(f"Making a region of {sizes[0]:,} candidates and {sizes[1]:,} orders …", flush=True)
        site.make_region(*sizes)
        site.open()
        playing = Playing(site, inside.prepare(), told.seconds, min(10 * told.seconds, MEMORY_S), told.rate)
        parts = []
        for name in told.parts or PARTS:
            print(f"{name}:", flush=True)
            parts.append(playing.parts[name]())
    print(f"\n{report.table(parts)}")
    if not told.parts and told.seconds == SECONDS and sizes == WHOLE:
        report.write(parts, f"{sizes[0]:,} candidates and {sizes[1]:,} orders")
        print(f"Written into {report.FILE}.")
    if told.json:
        Path(told.json).write_text(json.dumps([report.as_dict(part) for part in parts], indent=1))
    return 1 if any(part.missed for part in parts) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run load", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"only these of {', '.join(PARTS)}; all without a word")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each run; memory takes ten times as long")
    parser.add_argument("--rate", type=float, default=0.0, help="calls/s to begin the search with, or to go by without")
    for name, size in zip(("candidates", "orders", "companies"), WHOLE, strict=True):
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--json", help="keep the figures in this file")
    told = parser.parse_args()
    if unknown := set(told.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if told.parts and not told.rate and "mix" not in told.parts and set(told.parts) != {"queue"}:
        parser.error("these parts go by the rate that mix finds: name mix too, or a --rate")
    return told


if __name__ == "__main__":
    sys.exit(main())
