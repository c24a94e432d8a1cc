"""`./run faults [kind …] [--writes N] [--ci]`: break what can break under load, and count what is left."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from tests.faults.house import House, opened
from tests.faults.node import script
from tests.faults.postgres import programs

#: The eight of every change, in at most six minutes on two cores, and three that take seconds.
CI = (
    "web-kill",
    "worker-kill",
    "relay-kill",
    "rabbitmq-kill",
    "postgres-stop",
    "postgres-cut",
    "rabbitmq-cut",
    "poison",
    "claim-twice",
    "hire-last-twice",
    "one-key",
)
CI_WRITES, CI_ROUNDS = 300, 20
#: Seconds after which the service has to be there again: the promise, and on a machine that nobody knows.
BACK_WITHIN_S, CI_BACK_WITHIN_S = 10.0, 60.0


def main() -> int:
    """0 when nothing was lost, doubled or wrong, 1 otherwise, 2 when the servers are not installed."""
    told = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers are taken down on the way out
    if not script() or programs() is None:
        print("The faults need rabbitmq-server and a PostgreSQL server on this machine; they start their own.")
        return 2
    with opened() as house:
        results = _run(house, told)
    from tests.faults import report

    print(report.table(results))
    if not told.kinds and not told.ci:
        report.write(results, told.writes)
        print(f"Written into {report.FILE}.")
    if told.json:
        Path(told.json).write_text(json.dumps([result.as_dict() for result in results], indent=1))
    return 0 if all(result.is_good for result in results) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", help="only these kinds; all without a word")
    parser.add_argument("--writes", type=int, default=2000, help="acknowledged writes under each fault")
    parser.add_argument("--rounds", type=int, default=100, help="rounds of each race")
    parser.add_argument("--ci", action="store_true", help=f"the lane of every change: {CI_WRITES} writes each")
    parser.add_argument("--json", help="keep the figures in this file")
    told = parser.parse_args()
    if told.ci:
        told.kinds, told.writes, told.rounds = told.kinds or list(CI), CI_WRITES, CI_ROUNDS
    return told


def _run(house: House, told: argparse.Namespace) -> list:  # type: ignore[type-arg]
    from tests.faults import report
    from tests.faults.playing import Playing

    back_within_s = CI_BACK_WITHIN_S if told.ci else BACK_WITHIN_S
    playing = Playing(house, told.writes, told.rounds, back_within_s)
    unknown = set(told.kinds) - set(playing.kinds)
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. There are {', '.join(playing.kinds)}.")
    results = [playing.play(kind) for kind in told.kinds or playing.kinds]
    playing.count()
    for result in results:
        print(report.line(result), flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main())
