"""Workbooks that are no register: refused, or read row by row within bounds, and nothing breaks."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies import register_files, register_rows
from companies.models import Company
from companies.register_import import look
from events.errors import Invalid
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HEADING = ["CVR-nummer", "P-nummer", "Navn", "Adresse", "Postnr", "Kommunekode", "Branchekode"]
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def row(name: Any = "Prøve ApS", **more: Any) -> list[Any]:
    cells = {"cvr": factories.cvr(), "p": "", "name": name, "street": "Vej 1", "post": "3400", "place": "219"}
    return [*(cells | more).values(), "432100"]


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for each in [HEADING, *rows]:
        book.active.append(each)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, name: str, old: str, new: str) -> bytes:
    """The workbook with one of its files changed, as only a program would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            text = source.read(member)
            if member == name:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            target.writestr(member, text)
    return out.getvalue()


def read(content: bytes) -> str:
    """`refused` as a whole, or how many rows came through and how many did not."""
    try:
        found = register_rows.rows_of(register_files.read(content))
        seen = look(found, "DB25")
    except Invalid:
        return "refused"
    return f"{seen['new']} new, {seen['refused']} refused"


HOSTILE = {
    "laughing entities": lambda: changed(workbook(row()), SHEET, "<worksheet", LAUGHS + "<worksheet"),
    "a file of the machine": lambda: changed(
        workbook(row()), SHEET, "<worksheet", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet'
    ),
    "no sheet": lambda: changed(workbook(row()), "xl/workbook.xml", "<sheets>", "<sheets/><x>"),
    "cut in half": lambda: workbook(row())[:1500],
    "a zip of something else": lambda: zipped({"hej.txt": b"hej"}),
    "a zip in a zip": lambda: zipped({"xl/workbook.xml": workbook(row())}),
}


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_workbook_is_refused_and_changes_nothing(make: Any) -> None:
    assert read(make()) == "refused"
    assert not Company.objects.exists()


def test_a_workbook_that_unpacks_to_more_than_it_may_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files, "MOST_UNPACKED", 1_000_000)
    bomb = zipped({SHEET: b"0" * 1_000_001})
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_a, **_m: pytest.fail("opened"))
    with pytest.raises(Invalid) as refused:
        register_files.read(bomb)
    assert refused.value.errors[0].code == "too_large" and len(bomb) < 5_000


@pytest.mark.parametrize("at", ["1048576", "1000000000", "99999999999999999999"])
def test_a_row_that_says_it_is_the_billionth_is_not_waited_for(at: str) -> None:
    content = changed(workbook(row(), row()), SHEET, '<row r="3"', f'<row r="{at}"')
    assert read(content) in ("refused", "1 new, 0 refused", "2 new, 0 refused", "1 new, 1 refused")


def test_a_sheet_that_says_it_has_a_billion_cells_is_read_for_what_it_holds() -> None:
    content = changed(workbook(row()), SHEET, '<dimension ref="A1:G2"', '<dimension ref="A1:XFD1048576"')
    assert read(content) == "1 new, 0 refused"


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("=1+1", None),
        ("=cmd|' /C calc'!A0", None),
        ("Prøve \U0001f600 ApS", None),
        ("Per\u202eson", "0 new, 1 refused"),
        ("x" * 32_767, "0 new, 1 refused"),
        ("=" * 1000, None),
        (12345, None),
        (True, None),
    ],
)
def test_an_odd_cell_is_text_or_refuses_its_row(name: Any, result: str | None) -> None:
    assert read(workbook(row(name), row())) in (
        {"2 new, 0 refused", "1 new, 1 refused"} if result is None else {"1 new, 1 refused"}
    )


def test_a_cell_of_a_million_signs_refuses_its_row() -> None:
    content = workbook(row("KORT"), row())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = next(name for name in archive.namelist() if b"KORT" in archive.read(name))
    assert read(changed(content, place, "KORT", "x" * 1_000_000)) == "1 new, 1 refused"


@settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), noise=st.binary(min_size=1, max_size=40))
def test_a_broken_workbook_breaks_nothing(seed: int, noise: bytes) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    whole = workbook(row())
    at = dice.randrange(len(whole))
    assert read(whole[:at] + noise + whole[at + len(noise) :])
    assert not Company.objects.exists()
