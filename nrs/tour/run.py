"""Take the tour against a product that is running on an empty database."""

from __future__ import annotations

from nrs.tour import people
from nrs.tour.client import Failed, Tour
from nrs.tour.story import Story


def take(address: str) -> int:
    """Drive the product at that address; prints every call and what was checked. 0 when all of it held, else 1."""
    tour = Tour(address.rstrip("/"), people.prepare())
    print(f"The tour of NRS at {tour.address}", flush=True)
    try:
        Story(tour, people.cvr()).tell()
    except Failed:
        print("   … the tour cannot go on.", flush=True)
    print(f"\n{tour.calls} calls, {len(tour.kept)} checks held, {len(tour.broken)} failed.", flush=True)
    for promise in tour.broken:
        print(f"   ✗ {promise}", flush=True)
    if not tour.broken:
        print("Checked: " + "; ".join(dict.fromkeys(tour.kept)) + ".", flush=True)
    return 1 if tour.broken else 0
