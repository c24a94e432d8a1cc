"""What a process counts itself, for /metrics (nrs/metrics.py): declared beside what it measures, on this registry.

With several web processes each counts in a file of its own in the folder `PROMETHEUS_MULTIPROC_DIR`, and a scrape adds
them up. The files are named by slot, not by process id: who takes a dead one's place counts on, and the files stay few.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
REGISTRY = CollectorRegistry()
#: Upper ends in seconds: from a list out of the index to what the web process gives up.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_slot = "0"

if FOLDER in os.environ:
    values.ValueClass = values.MultiProcessValue(lambda: _slot)


def become(slot: int) -> None:
    """After a fork: count in this slot's file, which no living process has."""
    global _slot
    _slot = str(slot)


def counted() -> CollectorRegistry:
    """What all processes of this service have counted."""
    if FOLDER not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together, os.environ[FOLDER])
    return together
