"""Publishers' files about places: postal codes and the municipalities' outlines. Repeatable, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from municipalities.models import Municipality, MunicipalityBoundary, PostalCode
from municipalities.reference import store_postal_codes
from vocabulary.packages import Row, UnreadableFile, open_text, reader
from vocabulary.progress import Progress, silent
from vocabulary.upsert import Counts, upsert

#: Denmark without Greenland and the Faroe Islands, in degrees (WGS 84), with some sea around it.
LATITUDES, LONGITUDES = (54.4, 57.9), (7.9, 15.4)
POSTCODE_COLUMNS = {"postcode", "town", "lat", "lon", "municipality_codes"}
#: What publishers call the municipality's code in their GeoJSON.
CODE_NAMES = ("code", "kode", "komkode", "kommunekode")
DECIMALS = 5


def import_postcodes(path: Path, progress: Progress = silent, *, accepts_loss: bool = False) -> list[Counts]:
    """Postal codes with their points, and the distances between them. Codes that the file lacks are kept.

    Raises UnreadableFile.
    """
    with open_text(path) as file:
        codes = list(_postal_codes(reader(file, POSTCODE_COLUMNS)))
    return [store_postal_codes(codes, progress)]


def _postal_codes(rows: Iterator[Row]) -> Iterator[PostalCode]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        code = row["postcode"]
        if not _is_code(code):
            raise UnreadableFile(f"row {number}: a postal code has four digits, not {code[:20]!r}")
        if code in seen:
            raise UnreadableFile(f"row {number}: {code} comes twice")
        seen.add(code)
        municipalities = row["municipality_codes"].replace(";", " ").split()
        if not municipalities or not all(map(_is_code, municipalities)):
            raise UnreadableFile(f"row {number}: municipality codes have four digits")
        latitude, longitude = _degrees(row["lat"], number), _degrees(row["lon"], number)
        if not _is_in_denmark(latitude, longitude):
            raise UnreadableFile(f"row {number}: {code} lies outside Denmark ({latitude}, {longitude})")
        yield PostalCode(
            code=code,
            town=row["town"],
            latitude=latitude,
            longitude=longitude,
            municipality_codes=" ".join(municipalities),
        )


def _is_code(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


def _degrees(text: str, number: int) -> float:
    try:
        return float(text)
    except ValueError:
        raise UnreadableFile(f"row {number}: a point is in decimal degrees, not {text[:20]!r}") from None


def _is_in_denmark(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


@transaction.atomic
def import_boundaries(path: Path, progress: Progress = silent, *, accepts_loss: bool = False) -> list[Counts]:
    """Outlines of the nine from a GeoJSON of municipalities; the others in it are passed over.

    Raises UnreadableFile, also when one of the nine is not in the file.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        features = data["features"]
        found = {code: feature["geometry"] for feature in features if (code := _code_of(feature["properties"]))}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise UnreadableFile("this is no GeoJSON with the municipalities as features, or only a part") from problem
    if len(found) != len(features):
        raise UnreadableFile("a feature has no municipality code, or a municipality comes twice")
    names = dict(Municipality.objects.order_by("code").values_list("code", "name"))
    if missing := [name for code, name in names.items() if code not in found]:
        raise UnreadableFile(f"these municipalities are not in the file: {', '.join(missing)}")
    entries = [MunicipalityBoundary(municipality_id=code, outline=_outline(found[code], names[code])) for code in names]
    scope = MunicipalityBoundary.objects.all()
    return [upsert(scope, entries, key=("municipality_id",), fields=("outline",), progress=progress)]


def _code_of(properties: dict[str, Any]) -> str:
    spelled = {name.lower(): value for name, value in properties.items()}
    code = next((str(spelled[name]) for name in CODE_NAMES if name in spelled), "")
    return code.zfill(4) if code.isascii() and code.isdigit() else ""


def _outline(geometry: Any, name: str) -> dict[str, Any]:
    """The geometry with whole metres' accuracy and two dimensions. Raises UnreadableFile."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise UnreadableFile(f"the outline of {name} is no polygon")
    try:
        polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
        rings = [[_ring(ring) for ring in polygon] for polygon in polygons]
    except (KeyError, TypeError, ValueError) as problem:
        raise UnreadableFile(f"the outline of {name} is no list of closed rings of points") from problem
    points = [point for polygon in rings for ring in polygon for point in ring]
    if not points or not all(_is_in_denmark(latitude, longitude) for longitude, latitude in points):
        raise UnreadableFile(f"the outline of {name} lies outside Denmark: is it longitude, latitude in degrees?")
    return {"type": "MultiPolygon", "coordinates": rings}


def _ring(ring: list[list[float]]) -> list[list[float]]:
    points = [[round(float(point[0]), DECIMALS), round(float(point[1]), DECIMALS)] for point in map(tuple, ring)]
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("a ring is closed")
    return points
