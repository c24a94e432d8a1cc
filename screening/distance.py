"""A distance table in memory, for whoever has points and no database (design.md §5). Pure."""

from collections.abc import Mapping

from municipalities.distance import Point, road_metres


class DistanceTable:
    """Metres between all postal points. Rows are computed on first use and kept: they never change."""

    __slots__ = ("_points", "_rows")

    def __init__(self, points: Mapping[str, Point]) -> None:
        """Take the points by postal key (such as "3400")."""
        self._points = dict(points)
        self._rows: dict[str, Mapping[str, int]] = {}

    def row(self, key: str | None) -> Mapping[str, int]:
        """Metres from `key` to every point, itself included (0); empty where the key has no point."""
        if key is None or key not in self._points:
            return {}
        if key not in self._rows:
            origin = self._points[key]
            self._rows[key] = {other: road_metres(origin, point) for other, point in self._points.items()}
        return self._rows[key]

    def metres(self, a: str | None, b: str | None) -> int | None:
        """Metres between two postal keys, or None where one of them has no point."""
        return None if b is None else self.row(a).get(b)
