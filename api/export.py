"""Lists as CSV and XLSX: the same query streamed, a constant number of queries, cells that are never
formulas.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import IO, Any, cast

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers

from api.renderers import CSVRenderer, XLSXRenderer, to_json
from events import clock

CHUNK = 2000
FORMATS = ("csv", "xlsx")
MAX_XLSX_ROWS = 1_048_575
MAX_CELL = 32_767
# What a spreadsheet takes for the start of a formula, full-width forms included (reliability C2).
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−")

Row = Mapping[str, Any]


def sources_of(row_class: type[serializers.Serializer[Any]]) -> dict[str, str]:
    """Name → model path of every field of a row serializer that is a column (not `source="*"`)."""
    return {
        name: (field.source or name).replace(".", "__")
        for name, field in row_class().fields.items()
        if field.source != "*" and not isinstance(field, serializers.SerializerMethodField)
    }


def stream(
    kind: str, name: str, columns: Sequence[str], rows: Iterable[Row], labels: Mapping[str, str] | None = None
) -> HttpResponseBase:
    """A download of `rows` (dicts by column); `labels` may give other headings. `kind` is `csv` or `xlsx`."""
    headings = [str((labels or {}).get(column, column)) for column in columns]
    file_name = f"{name}-{clock.today():%Y-%m-%d}.{kind}"
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            _csv_lines(headings, columns, rows), content_type=f"{CSVRenderer.media_type}; charset=utf-8"
        )
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    else:
        response = FileResponse(
            _workbook(headings, columns, rows),
            as_attachment=True,
            filename=file_name,
            content_type=XLSXRenderer.media_type,
        )
    response.headers["Cache-Control"] = "no-store"
    return response


def in_chunks(values: Iterable[Any], make: Callable[[list[Any]], list[Row]], size: int = CHUNK) -> Iterator[Row]:
    """Rows made chunk by chunk, so that a thing done once per chunk (an access log) stays cheap."""
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) >= size:
            yield from make(chunk)
            chunk = []
    if chunk:
        yield from make(chunk)


def safe_text(value: str) -> str:
    """Text that no spreadsheet runs: what looks like a formula gets an apostrophe in front."""
    return f"'{value}" if value.startswith(_DANGEROUS) or value.lstrip().startswith(_DANGEROUS) else value


def plain(value: Any) -> Any:
    """One cell: text, number, date or nothing. Times are Copenhagen's."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime.datetime():
            return clock.local(value) if value.tzinfo else value
        case int() | float() | datetime.date():
            return value
        case str():
            return str(value)
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return ", ".join(value)
        case list() | tuple() | dict():
            return to_json(value).decode()
    return str(value)


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv_lines(headings: Sequence[str], columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    # RFC 4180, comma, UTF-8. Lines are joined, since a write per row costs more than the row.
    writer = csv.writer(cast("IO[str]", _Echo()))
    body = (writer.writerow([_csv_cell(row.get(column)) for column in columns]) for row in rows)
    lines: list[str] = []
    for line in chain([writer.writerow([safe_text(heading) for heading in headings])], body):
        lines.append(cast("str", line))
        if len(lines) >= 500:
            yield "".join(lines)
            lines = []
    yield "".join(lines)


def _csv_cell(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, str):
        return safe_text(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def _workbook(headings: Sequence[str], columns: Sequence[str], rows: Iterable[Row]) -> IO[bytes]:
    """The packed workbook at its start. While it is written, the rows are on disk (constant_memory)."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    # Closed whatever happens: rows that fail half-way must not stay on disk.
    with xlsxwriter.Workbook(file, options | {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("NRS")
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for index, row in enumerate(rows, start=1):
            if index > MAX_XLSX_ROWS:
                break
            for column, name in enumerate(columns):
                _write_cell(sheet, index, column, plain(row.get(name)), day, moment)
    file.seek(0)
    return file


def _write_cell(sheet: Any, row: int, column: int, value: Any, day: Any, moment: Any) -> None:
    match value:
        case "":
            return
        case str():
            sheet.write_string(row, column, value[:MAX_CELL])
        case datetime.datetime():
            sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
        case datetime.date():
            sheet.write_datetime(row, column, value, day)
        case _:
            sheet.write_number(row, column, value)
