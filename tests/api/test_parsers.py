"""No body, however odd, makes more than a 400 or 413."""

from __future__ import annotations

import json

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]

BAD = {
    "nested a hundred thousand deep": b"[" * 100_000,
    "nested and closed": b"[" * 5000 + b"]" * 5000,
    "51 levels": b"[" * 51 + b"]" * 51,
    "objects 60 deep": b'{"a":' * 60 + b"1" + b"}" * 60,
    "duplicate key": b'{"name": "a", "name": "b"}',
    "nested duplicate key": b'{"a": [{"b": 1, "b": 2}]}',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "1e999": b'{"a": 1e999}',
    "5,000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "2**63": b'{"a": 9223372036854775808}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "NUL": b'{"name": "a\\u0000b"}',
    "escape": b'{"name": "a\\u001bb"}',
    "C1": b'{"name": "a\\u0085b"}',
    "control character in a key": b'{"a\\u0001": 1}',
    "half a string": b'{"name": "',
    "two values": b"{}{}",
    "empty text": b" ",
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_odd_bodies_are_refused(ann, raw):
    answer = ann.generic("POST", "/api/v1/echo", raw, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_five_megabytes_are_refused_before_they_are_read(ann):
    raw = json.dumps({"name": "x" * (5 * 1024 * 1024)}).encode()
    answer = ann.generic("POST", "/api/v1/echo", raw, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_uploads_may_be_larger_but_not_without_end(ann):
    lines = b'{"a": 1}\n' * 200_000
    answer = ann.generic("POST", "/api/v1/things/import", lines, content_type="application/x-ndjson")
    assert answer.json() == {"bytes": len(lines)}
    answer = ann.generic("POST", "/api/v1/things/import", lines * 6, content_type="application/x-ndjson")
    assert answer.status_code == 413


def test_what_people_write_passes(ann):
    body = {"name": "Ærø\tog\r\nSønner 🙂", "n": 2**63 - 1, "deep": [[[]]], "half": 0.5, "none": None}
    assert ann.post("/api/v1/echo", body).json() == {"got": body}


def test_fifty_levels_pass(ann):
    raw = b"[" * 50 + b"]" * 50
    assert ann.generic("POST", "/api/v1/echo", raw, content_type="application/json").status_code == 200


def test_a_control_character_is_pointed_at(ann):
    answer = ann.post("/api/v1/echo", {"order": {"parts": ["ok", "bad\u0007"]}})
    assert answer.json()["errors"][0]["pointer"] == "/order/parts/1"
