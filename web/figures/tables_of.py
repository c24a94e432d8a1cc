"""The figures as rows that a template writes down without deciding anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.kept import OUTCOMES, PROMISES
from campaigns.times import MEASURES
from web.figures import words

Found = Mapping[str, Any]
Names = Mapping[str, str]
Rows = list[dict[str, Any]]


def by_place(rows: Rows, names: Names) -> Rows:
    """The status of each municipality, by name."""
    named = [{**row, "name": names.get(row["municipality"], row["municipality"])} for row in rows]
    return sorted(named, key=lambda row: row["name"])


def by_period(found: Found) -> Rows:
    """The flow of each week or month, in words."""
    return [{**row, "name": words.period(row, found["per"])} for row in found["periods"]]


def times(found: Found, names: Names) -> Rows:
    """Each municipality with orders: of each measure how many came, the median, and what nine in ten did not exceed."""
    return [
        {
            "name": names.get(row["municipality"], row["municipality"]),
            "orders": row[MEASURES[0]]["denominator"],
            "measures": [
                {
                    "label": words.MEASURES[name],
                    "n": row[name]["numerator"],
                    "median": words.number(row[name]["median_hours"]),
                    "p90": words.number(row[name]["p90_hours"]),
                }
                for name in MEASURES
            ],
        }
        for row in found["municipalities"]
        if row[MEASURES[0]]["denominator"]
    ]


def promises(found: Found, names: Names) -> Rows:
    """Each municipality with orders: of each promise how many were kept out of those that fell due."""
    return [
        {
            "name": names.get(row["municipality"], row["municipality"]),
            "promises": [
                {"label": words.MEASURES[name], **row[name], "percent": words.percent(row[name]["percent"])}
                for name in PROMISES
            ],
        }
        for row in found["municipalities"]
        if any(row[PROMISES[0]][outcome] for outcome in OUTCOMES)
    ]


def outcomes(found: Found) -> Rows:
    """What became of each promise, in all."""
    return [
        {"label": words.MEASURES[name], "counts": [(words.OUTCOMES[one], found[name][one]) for one in OUTCOMES]}
        for name in PROMISES
    ]


def matrix(found: Found, names: Names) -> dict[str, Any]:
    """Rows by lead, columns by home; each cell says whether it is hidden, and whether it is the own one."""
    homes = [home["municipality"] for home in found["leads"][0]["homes"]]
    rows = [
        {
            "name": names.get(lead["municipality"], lead["municipality"]),
            "cells": [
                {"hires": home["hires"], "is_own": home["municipality"] == lead["municipality"]}
                for home in lead["homes"]
            ],
            "hires": lead["hires"],
            "crossed": words.percent(lead["crossed"]["percent"]),
        }
        for lead in found["leads"]
    ]
    totals = [home["hires"] for home in found["homes"]]
    return {"homes": [names.get(home, home) for home in homes], "rows": rows, "totals": totals}


def ends(found: Found) -> Rows:
    """How nominations came to nothing: each way with the reasons that were given."""
    return [
        {
            "label": words.ENDS[end["end"]],
            "people": end["people"],
            "reasons": [
                {"label": words.REASONS[row["reason"]], "people": row["people"]}
                for row in end["reasons"]
                if row["people"] != 0
            ],
        }
        for end in found["nominations"]
    ]
