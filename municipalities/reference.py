"""Reference data of the region: the nine, the postal codes that touch them, distances between their points."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from django.db import transaction

from municipalities.distance import road_metres
from municipalities.models import DutyPeriod, Municipality, PostalCode, PostalDistance

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
    with (DATA / "postal_codes.csv").open(encoding="utf-8") as file:
        codes = _store(_ours(file))
    return {"municipalities": len(nine), "postal codes": codes}


def _ours(file: TextIO) -> Iterable[PostalCode]:
    return (PostalCode(**row) for row in csv.DictReader(file))


def _published(file: TextIO) -> Iterable[PostalCode]:
    for row in csv.DictReader(file):
        yield PostalCode(
            code=row["postcode"],
            town=row["town"],
            latitude=float(row["lat"]),
            longitude=float(row["lon"]),
            municipality_codes=row["municipality_codes"].replace(";", " "),
        )


def _store(rows: Iterable[PostalCode]) -> int:
    codes = list(rows)
    PostalCode.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["town", "latitude", "longitude", "municipality_codes"],
        batch_size=500,
    )
    compute_distances()
    return len(codes)


@transaction.atomic
def import_postcodes(path: Path) -> dict[str, int]:
    """Import a publisher's postcode file (postcode, town, lat, lon, municipality_codes); repeatable."""
    with path.open(encoding="utf-8", newline="") as file:
        return {"postal codes": _store(_published(file))}


def compute_distances() -> int:
    """Fill the one integer table that every executor of the screening reads; both directions, and 0 for itself."""
    points = {
        code: (float(lat), float(lon))
        for code, lat, lon in PostalCode.objects.order_by("code").values_list("code", "latitude", "longitude")
    }
    PostalDistance.objects.all().delete()
    PostalDistance.objects.bulk_create(
        (
            PostalDistance(origin=a, target=b, metres=0 if a == b else road_metres(points[a], points[b]))
            for a in points
            for b in points
        ),
        batch_size=5000,
    )
    return len(points) ** 2
