"""Import files as profiles: NDJSON as it is, CSV with the API's names as columns and `;` between entries.

`certificates` is code or code@2027-01-31, `languages` da:4/3, `occupations` 8332*24, `skills` a public id or URI with
`!` behind it when documented. A present, empty column says that there is none; an absent one says nothing.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from django.utils.translation import gettext as _

from candidates.profile import FIELDS
from events.errors import FieldProblem, Invalid

MAX_LINE = 100_000
Stream = BinaryIO | TextIO


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of the file, 1-based without the heading: a profile as the API spells it, or why there is none."""

    number: int
    data: dict[str, Any]
    problem: FieldProblem | None = None


def read_ndjson(stream: Stream) -> Iterator[RawRow]:
    """One JSON object per line; empty lines are passed over."""
    number = 0
    for line in _lines(stream):
        if not line.strip():
            continue
        number += 1
        if len(line) > MAX_LINE:
            yield _bad(number, "too_long", _("The row is too long."))
            continue
        try:
            data = json.loads(line, object_pairs_hook=_without_doubles)
        except (ValueError, RecursionError):
            yield _bad(number, "invalid_json", _("The row is not a JSON object."))
            continue
        if isinstance(data, dict):
            yield RawRow(number, data)
        else:
            yield _bad(number, "invalid_json", _("The row is not a JSON object."))


def read_csv(stream: Stream) -> Iterator[RawRow]:
    """Comma-separated with a heading. Raises Invalid at once for a heading that is not understood."""
    rows = csv.reader(_lines(stream), strict=True)
    try:
        heading = next(rows, [])
    except csv.Error:
        heading = []
    columns = [name.strip() for name in heading]
    wrong = [name for name in columns if name not in FIELDS]
    if wrong or len(set(columns)) != len(columns) or "external_reference" not in columns:
        raise Invalid.field(
            "/columns", "unknown_columns", _("The first row must name the columns; external_reference is one of them.")
        )
    return _csv_rows(rows, columns)


def _csv_rows(rows: Iterator[list[str]], columns: list[str]) -> Iterator[RawRow]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield _bad(number, "invalid_csv", _("The row cannot be read."))
            continue
        if not any(cell.strip() for cell in cells):
            number -= 1
        elif len(cells) != len(columns):
            yield _bad(number, "invalid_csv", _("The row has another number of cells than the heading."))
        else:
            yield RawRow(number, {name: _cell(name, cell) for name, cell in zip(columns, cells, strict=True)})


def _lines(stream: Stream) -> Iterator[str]:
    """The lines with their ends; bytes that are no UTF-8 become characters that every text guard refuses."""
    for index, line in enumerate(stream):
        text = line.decode("utf-8", errors="surrogateescape") if isinstance(line, bytes) else line
        yield text.removeprefix("\ufeff") if index == 0 else text


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _bad(number: int, code: str, detail: str) -> RawRow:
    return RawRow(number, {}, FieldProblem("/", code, detail))


def _cell(name: str, cell: str) -> Any:
    """A cell as the API's value; what is malformed goes through as text, for the reader of values to refuse."""
    text = cell.strip()
    convert = CELLS.get(name)
    if convert is None:
        return cell
    return convert(text) if text or name in LIST_CELLS else None


def _whole(text: str) -> Any:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text


def _yes_no(text: str) -> Any:
    return {"true": True, "1": True, "ja": True, "false": False, "0": False, "nej": False}.get(text.lower(), text)


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(";") if entry.strip()]


def _certificate(entry: str) -> Any:
    code, at, day = entry.partition("@")
    return {"code": code, "valid_through": day} if at else {"code": code}


def _language(entry: str) -> Any:
    code, _colon, levels = entry.partition(":")
    oral, _slash, written = levels.partition("/")
    return {"code": code, "oral": _whole(oral), "written": _whole(written)}


def _occupation(entry: str) -> Any:
    isco, _star, months = entry.partition("*")
    return {"isco": isco, "months": _whole(months)}


def _skill(entry: str) -> Any:
    return {"skill": entry.rstrip("!"), "documented": entry.endswith("!")}


def _each(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: [convert(entry) for entry in _entries(text)]


LIST_CELLS: Mapping[str, Callable[[str], Any]] = {
    "licences": _entries,
    "job_goals": _entries,
    "certificates": _each(_certificate),
    "languages": _each(_language),
    "occupations": _each(_occupation),
    "skills": _each(_skill),
}
CELLS: Mapping[str, Callable[[str], Any]] = {
    **LIST_CELLS,
    "shifts": _entries,
    "hours_min": _whole,
    "hours_max": _whole,
    "max_distance_km": _whole,
    "own_transport": _yes_no,
}
READERS: Mapping[str, Callable[[Stream], Iterator[RawRow]]] = {"ndjson": read_ndjson, "csv": read_csv}
