"""Reference data of the region: the nine, the postal codes that touch them, distances between their points."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import transaction

from municipalities.distance import Point, road_metres
from municipalities.models import DutyPeriod, Municipality, PostalCode, PostalDistance
from vocabulary.bulk import insert_rows
from vocabulary.progress import Progress, silent
from vocabulary.upsert import Counts, upsert

DATA = Path(__file__).parent / "data"
FOUNDED = dt.date(2015, 12, 1)
#: Somebody is always on duty; the steering group changes it in the admin by a row with a later date.
FIRST_ON_DUTY = "0219"


@transaction.atomic
def load() -> dict[str, int]:
    """Load the nine and their postal codes; repeatable. Local changes of contact data are kept."""
    with (DATA / "municipalities.csv").open(encoding="utf-8") as file:
        nine = [Municipality(**row) for row in csv.DictReader(file)]
    Municipality.objects.bulk_create(nine, ignore_conflicts=True)
    if not DutyPeriod.objects.exists():
        DutyPeriod.objects.create(municipality_id=FIRST_ON_DUTY, valid_from=FOUNDED)
    known = set(PostalCode.objects.order_by().values_list("code", flat=True))
    with (DATA / "postal_codes.csv").open(encoding="utf-8") as file:
        # What an import brought is newer than what came with the product.
        missing = [PostalCode(**row) for row in csv.DictReader(file) if row["code"] not in known]
    store_postal_codes(missing)
    return {"municipalities": len(nine), "postal codes": len(missing)}


@transaction.atomic
def store_postal_codes(codes: Iterable[PostalCode], progress: Progress = silent) -> Counts:
    """Write postal codes and, where a point is new or moved, all distances. Those not named stay."""
    fields = ("town", "latitude", "longitude", "municipality_codes")
    before = _points()
    counts = upsert(PostalCode.objects.all(), codes, key=("code",), fields=fields, progress=progress)
    after = _points()
    if after != before or PostalDistance.objects.count() != len(after) ** 2:
        compute_distances(progress)
    return counts


def _points() -> dict[str, Point]:
    rows = PostalCode.objects.order_by("code").values_list("code", "latitude", "longitude")
    return {code: (latitude, longitude) for code, latitude, longitude in rows}


def compute_distances(progress: Progress = silent) -> int:
    """Fill the one integer table that every executor of the screening reads; both directions, and 0 for itself."""
    points = _points()
    PostalDistance.objects.all().delete()
    insert_rows(PostalDistance, ("origin", "target", "metres"), _distances(points, progress))
    return len(points) ** 2


def _distances(points: dict[str, Point], progress: Progress) -> Iterator[tuple[str, str, int]]:
    codes = list(points)
    for done, origin in enumerate(codes, 1):
        yield origin, origin, 0
        for target in codes[done:]:
            metres = road_metres(points[origin], points[target])
            yield origin, target, metres
            yield target, origin, metres
        progress("distances", done, len(codes))
