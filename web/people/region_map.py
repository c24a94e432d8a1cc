"""The nine as they lie, drawn from their imported outlines; where these are not there, the page has its tiles only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from municipalities.models import MunicipalityBoundary

Point = tuple[float, float]
WIDTH = 300
#: How far a line may leave the outline, in units of the drawing: half of one is less than the line is wide.
TOLERANCE = 0.5
KEPT_SECONDS = 300
KEY = "region-map"
NINE = 9


@dataclass(frozen=True)
class Shape:
    """One municipality: its outline as the `d` of an SVG path, and where its number stands."""

    code: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """All nine, and how high the drawing is (it is WIDTH wide)."""

    shapes: tuple[Shape, ...]
    height: int


def drawing() -> Drawing | None:
    """The nine, or None where an outline is lacking. Drawn anew every five minutes: the outlines are long."""
    if MunicipalityBoundary.objects.count() < NINE:
        return None
    found: Drawing | None = cache.get(KEY)
    if found is None:
        outlines = dict(MunicipalityBoundary.objects.order_by("pk").values_list("pk", "outline"))
        found = draw(outlines)
        cache.set(KEY, found, KEPT_SECONDS)
    return found


def draw(outlines: Mapping[str, Any]) -> Drawing:
    """GeoJSON MultiPolygons in degrees as paths, north up."""
    rings = {code: [ring for polygon in one["coordinates"] for ring in polygon[:1]] for code, one in outlines.items()}
    points = [point for lists in rings.values() for ring in lists for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    scale = WIDTH / (east - west)
    stretch = scale / math.cos(math.radians((north + south) / 2))

    def placed(point: Sequence[float]) -> Point:
        return (point[0] - west) * scale, (north - point[1]) * stretch

    shapes = []
    for code, lists in rings.items():
        drawn = [simplified([placed(point) for point in ring]) for ring in lists]
        largest = max(drawn, key=lambda ring: abs(_area(ring)))
        x, y = _middle(largest)
        shapes.append(Shape(code, " ".join(_path(ring) for ring in drawn if len(ring) > 3), round(x, 1), round(y, 1)))
    return Drawing(tuple(shapes), math.ceil((north - south) * stretch))


def simplified(line: Sequence[Point]) -> list[Point]:
    """The line with as few points as stay within TOLERANCE of it (Douglas and Peucker), without recursion."""
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        between = range(first + 1, last)
        far = max(between, key=lambda at: _distance(line[at], line[first], line[last]), default=None)
        if far is not None and _distance(line[far], line[first], line[last]) > TOLERANCE:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [line[at] for at in sorted(keep)]


def _distance(point: Point, first: Point, last: Point) -> float:
    """From the line through two points; from the point itself where they are one."""
    dx, dy = last[0] - first[0], last[1] - first[1]
    length = math.hypot(dx, dy)
    if not length:
        return math.hypot(point[0] - first[0], point[1] - first[1])
    return abs(dy * (point[0] - first[0]) - dx * (point[1] - first[1])) / length


def _path(ring: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"


def _area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False)) / 2


def _middle(ring: Sequence[Point]) -> Point:
    """The centre of gravity; of a line without area its first point."""
    area = _area(ring)
    if not area:
        return ring[0]
    pairs = list(zip(ring, ring[1:], strict=False))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    return x, y
