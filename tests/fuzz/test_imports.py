"""Import files that are no import files: a row is imported or refused with a reason, and nothing breaks."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates import importing
from candidates.models import Candidate
from events.errors import Invalid
from municipalities.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

RTL = "\u202e"  # turns round what follows: "gpj.exe" reads as "exe.jpg"
MILLION = 1_000_000


def zipped(size: int) -> bytes:
    """What a workbook is inside: here a few kilobytes that become `size` bytes."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return raw.getvalue()


def line(**fields: Any) -> bytes:
    return json.dumps({"external_reference": "A", "name": "Person Et", **fields}).encode() + b"\n"


CSV_HEAD = b"external_reference,name\n"
ODD_CSV = {
    "Latin-1": CSV_HEAD + "A,S\u00f8ren".encode("latin-1"),
    "UTF-16": (CSV_HEAD + b"A,Person").decode().encode("utf-16"),
    "NUL": CSV_HEAD + b"A,Per\x00son",
    "turned round": CSV_HEAD + f"A,Per{RTL}son".encode(),
    "a cell of a million": CSV_HEAD + b"A," + b"x" * MILLION,
    "an open quote": CSV_HEAD + b'A,"Person' + b"x" * 200_000,
    "a heading of a million": b"x" * MILLION + b"\n",
    "a hundred thousand columns": b"external_reference" + b",name" * 100_000 + b"\n",
    "a row of a hundred thousand cells": CSV_HEAD + b"A" + b"," * 100_000,
    "a zip bomb": zipped(50 * MILLION),
    "nothing": b"",
}
ODD_NDJSON = {
    "Latin-1": b'{"external_reference": "A", "name": "S\xf8ren"}',
    "NUL": line(name="Per\x00son"),
    "turned round": line(name=f"Per{RTL}son"),
    "a field of a million": line(name="x" * MILLION),
    "1,000 deep": b'{"external_reference": "A", "name": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "100,000 deep": b"[" * 100_000,
    "keys twice": b'{"external_reference": "A", "external_reference": "B", "name": "x"}',
    "numbers without end": b'{"external_reference": "A", "name": ' + b"9" * 50_000 + b"}",
    "not a number": b'{"external_reference": "A", "name": NaN}',
    "a lone surrogate": b'{"external_reference": "A", "name": "\\ud800"}',
    "a list": b"[1, 2]",
    "a zip bomb": zipped(50 * MILLION),
}


def imported(content: bytes, by: Actor, format: str) -> list[str]:
    """The results' statuses; a file whose heading makes no sense is refused as a whole."""
    try:
        return [result.status for result in importing.import_rows(io.BytesIO(content), actor=by, format=format)]
    except Invalid:
        return ["refused"]


@pytest.mark.parametrize("content", ODD_CSV.values(), ids=ODD_CSV.keys())
def test_an_odd_csv_is_refused_and_writes_nobody(cas: Actor, content: bytes) -> None:
    assert set(imported(content, cas, "csv")) <= {"refused"}
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("content", ODD_NDJSON.values(), ids=ODD_NDJSON.keys())
def test_an_odd_ndjson_is_refused_and_writes_nobody(cas: Actor, content: bytes) -> None:
    assert set(imported(content, cas, "ndjson")) == {"refused"}
    assert not Candidate.objects.exists()


def test_a_bad_row_does_not_take_the_good_ones_with_it(cas: Actor) -> None:
    content = b"".join([line(external_reference="B"), ODD_NDJSON["100,000 deep"] + b"\n", line(external_reference="C")])
    assert imported(content, cas, "ndjson") == ["created", "refused", "created"]


@settings(max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), noise=st.binary(max_size=300))
def test_a_broken_file_breaks_nothing(cas: Actor, seed: int, noise: bytes) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    whole = CSV_HEAD + b"A,Person Et\nB,Person To\n" if seed % 2 else line() + line(external_reference="B")
    at = dice.randrange(len(whole))
    broken = whole[:at] + noise + whole[at + dice.randrange(3) :]
    assert set(imported(broken, cas, "csv" if seed % 2 else "ndjson")) <= {"created", "updated", "unchanged", "refused"}
