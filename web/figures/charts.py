"""A chart for a page: its figures, the sentence that says what they show, and the same figures as table rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Value = int | float | None


@dataclass(frozen=True)
class Series:
    """One line or one colour of bars. `values` are as many as the chart has labels; None where nothing is known."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Chart:
    """Drawn by web/parts/chart.html and charts.js.

    `title` names measure and period, `of` what the labels are (the table's first column), `says` the conclusion in
    one sentence, `unit` the axis. Kinds: bars upwards, bars across (long labels), a line over time.
    """

    id: str
    title: str
    says: str
    of: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    kind: Literal["bar", "across", "line"] = "bar"
    stacked: bool = False

    def __post_init__(self) -> None:
        """Refuse a series of another length. Raises ValueError."""
        if any(len(series.values) != len(self.labels) for series in self.series):
            raise ValueError(f"chart {self.id}: every series needs one value per label")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The table: a label with one value per series."""
        columns = zip(*(series.values for series in self.series), strict=True)
        return [{"label": label, "values": values} for label, values in zip(self.labels, columns, strict=True)]

    @property
    def data(self) -> dict[str, Any]:
        """What charts.js reads."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "stacked": self.stacked,
            "labels": list(self.labels),
            "series": [{"name": series.name, "values": list(series.values)} for series in self.series],
        }

    @property
    def data_id(self) -> str:
        """The id of the JSON in the page."""
        return f"{self.id}-data"
