"""Metres between postal points: one integer table, computed in Python, read by every executor (design.md §5).

Great circle (haversine, R = 6,371,009 m) × 1.3 for the way by road, rounded half up to whole metres. Pure.
"""

import math
from typing import Final

EARTH_RADIUS_M: Final = 6_371_009
ROAD_FACTOR: Final = 1.3

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


def great_circle_metres(a: Point, b: Point) -> float:
    """Metres along the great circle between two points; the same value in both directions."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b[1] - a[1]) / 2)
    h = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * (half_lon * half_lon)
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def half_up(value: float) -> int:
    """The nearest integer; a half goes up (never to even)."""
    return math.floor(value + 0.5)


def road_metres(a: Point, b: Point) -> int:
    """Whole metres between two points: great circle × 1.3, half up."""
    return half_up(great_circle_metres(a, b) * ROAD_FACTOR)
