"""Exports hold the same rows as the list, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import UTC, date, datetime
from uuid import UUID

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api import export

EVIL = ["=1+1", "+45 12 34 56 78", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1+1", "\n=2"]


def body_of(response) -> bytes:
    data = b"".join(response.streaming_content)
    for close in response._resource_closers:  # response.close() would also say that a request has ended
        close()
    return data


@pytest.mark.parametrize("text", EVIL)
def test_csv_cells_are_never_formulas(text):
    line = body_of(export.stream("csv", "x", ["a"], [{"a": text}])).decode()
    cell = list(csv.reader(io.StringIO(line, newline="")))[1][0]
    assert cell == f"'{text}"


def test_xlsx_cells_are_never_formulas_and_read_as_they_were():
    rows = [{"a": text} for text in EVIL]
    book = openpyxl.load_workbook(io.BytesIO(body_of(export.stream("xlsx", "x", ["a"], rows))))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert len(cells) == len(EVIL)
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[0].value == "=1+1"


def test_values_keep_their_kind():
    row = {"n": -5, "none": None, "yes": True, "day": date(2026, 1, 2), "list": ["a", "b"], "map": [{"a": 1}],
           "at": datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "id": UUID(int=1)}  # fmt: skip
    columns = list(row)
    text = body_of(export.stream("csv", "x", columns, [row], {"n": "Antal"})).decode()
    head, cells = csv.reader(io.StringIO(text, newline=""))
    assert head[0] == "Antal"
    assert cells[:5] == ["-5", "", "true", "2026-01-02", "a, b"]
    assert cells[5:] == ['[{"a":1}]', "2026-07-02T00:30:00+02:00", "00000000-0000-0000-0000-000000000001"]
    book = openpyxl.load_workbook(io.BytesIO(body_of(export.stream("xlsx", "x", columns, [row]))))
    found = [str(cell.value) for cell in book.active[2]]
    assert (found[0], found[3], found[6]) == ("-5", "2026-01-02 00:00:00", "2026-07-02 00:30:00")


@pytest.mark.django_db
@pytest.mark.usefixtures("sample", "nine")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_the_whole_filtered_list_in_one_query(ann, kind):
    ann.get("/api/v1/things")  # notes the token's use
    with CaptureQueriesContext(connection) as queries:
        response = ann.get(f"/api/v1/things?q=ørby&format={kind}")
        data = body_of(response)
    assert sum("municipalities_municipality" in query["sql"] and "first_response" not in query["sql"].split("WHERE")[0]
               for query in queries) <= 2  # fmt: skip
    assert f'.{kind}"' in response["Content-Disposition"]
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    else:
        rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]
    assert rows[0] == ["code", "title", "phone"]
    assert len(rows) == 13


@pytest.mark.django_db
@pytest.mark.usefixtures("sample", "nine")
def test_errors_of_an_export_are_problems(ann):
    answer = ann.get("/api/v1/things?format=csv&colour=red")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "invalid_query"


def test_rows_that_fail_half_way_leave_no_file_behind(tmp_path, monkeypatch):
    def rows():
        yield {"name": "Alma Prøve"}
        raise LookupError

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(LookupError):
        export.stream("xlsx", "candidates", ["name"], rows())
    assert list(tmp_path.iterdir()) == []
