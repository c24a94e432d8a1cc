"""Rows of a register file as values: columns by their Danish or English names; what is wrong with a row, by code."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.register_files import MOST_COLUMNS, MOST_ROWS, Row, Sheet
from companies.services import valid_cvr, valid_p_number
from events.errors import Invalid
from municipalities.models import Municipality, PostalCode
from vocabulary.models import Industry
from vocabulary.text import clean_text, fold

#: Column → how registers and people call it, folded.
NAMES: Mapping[str, tuple[str, ...]] = {
    "cvr": ("cvr", "cvr nr", "cvr nummer", "cvrnr", "cvrnummer", "cvr number"),
    "p_number": ("p nummer", "p nr", "pnr", "pnummer", "produktionsenhedsnummer", "p number", "p enhed"),
    "name": ("navn", "virksomhedsnavn", "virksomhed", "name", "company", "company name"),
    "street": ("adresse", "vej", "vejnavn", "gade", "beliggenhedsadresse", "address", "street"),
    "postal_code": ("postnr", "postnummer", "post nr", "postal code", "postcode", "zip"),
    "municipality": ("kommunekode", "kommune", "kommunenr", "municipality", "municipality code"),
    "industry": ("branchekode", "branche", "hovedbranche", "db25", "db07", "industry", "industry code"),
    "headcount": (
        "ansatte", "antal ansatte", "ansatteinterval", "antal ansatte interval", "medarbejdere", "headcount",
        "headcount band", "employees",
    ),
    "ended": ("ophoert", "ophoersdato", "ophoert den", "slutdato", "ended", "ceased", "end date"),
    "is_main": ("hovedenhed", "main unit", "is main"),
}  # fmt: skip
NEEDED = ("cvr", "name")
_BY_NAME = {name: column for column, names in NAMES.items() for name in names}
_BAND = re.compile(r"(?:antal_)?(\d{1,7})(?:\s*(?:-|–|_|til|to)\s*\d{1,7}|\s*\+)?", re.IGNORECASE | re.ASCII)
#: 2-4 and 5-9 employees, which Excel takes for days of April and September.
_BANDS_AS_DATES = {(2, 4), (5, 9)}
_DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y")
_EXCEL_BEGINS, _EXCEL_DAYS = dt.date(1899, 12, 30), range(20_000, 80_000)
FIRST_CODE, LAST_CODE = "0101", "0860"


@dataclass(slots=True)
class RegisterRow:
    """One unit of the file; `number` is the row in the file, counted from 1 with the heading."""

    number: int
    cvr: str
    p_number: str
    name: str
    street: str
    postal_code: str
    municipality: str
    industry: str
    headcount: int | None
    ended: dt.date | None
    is_main: bool | None

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the units of one company apart."""
        return (self.p_number,) if self.p_number else (fold(self.street), self.postal_code)


@dataclass(slots=True)
class Problem:
    """Why a row is refused."""

    row: int
    column: str
    code: str


@dataclass(slots=True)
class Read:
    """What a file holds: good rows, refused ones, which column is what, and what is to be told, with counts."""

    rows: list[RegisterRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    remarks: Counter[str] = field(default_factory=Counter)
    count: int = 0


class Refused(Exception):
    """One cell is wrong."""

    def __init__(self, column: str, code: str) -> None:
        """Which, and why."""
        super().__init__(code)
        self.column, self.code = column, code


def rows_of(sheet: Sheet) -> Read:
    """Everything that the file holds. Raises Invalid where the heading is not understood or the file is too long."""
    found = Read(remarks=Counter(sheet.remarks))
    heading = next(sheet.rows, ())
    places = _places(heading, found)
    names, first = _folded(heading), _folded(heading[:1])
    reader = _Cells(found)
    seen: dict[tuple[str, ...], str] = {}
    for number, cells in enumerate(sheet.rows, 2):
        if not any(cell not in (None, "") and str(cell).strip() for cell in cells):
            continue
        found.count += 1
        if found.count > MOST_ROWS:
            raise Invalid.field("file", "too_long", _("The file has too many rows: at most 200,000."))
        if _folded(cells[:1]) == first and _folded(cells) == names:
            if found.count == 1:
                raise Invalid.field(
                    "file", "two_headings", _("The heading stands twice. Take one of the two rows away.")
                )
            found.problems.append(Problem(number, "", "heading_again"))
            continue
        try:
            row = reader.row(number, {column: _at(cells, place) for column, place in places.items()})
            _only_once(row, seen)
        except Refused as refused:
            found.problems.append(Problem(number, refused.column, refused.code))
        else:
            found.rows.append(row)
    return found


def _only_once(row: RegisterRow, seen: dict[tuple[str, ...], str]) -> None:
    key = row.key if row.p_number else (row.cvr, *row.key)
    if key in seen:
        raise Refused("p_number" if row.p_number else "cvr", "twice" if seen[key] == row.cvr else "p_number_of_another")
    seen[key] = row.cvr


def _folded(cells: Sequence[Any]) -> list[str]:
    names = [fold(str(cell)) if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _at(cells: Row, place: int) -> Any:
    return cells[place] if place < len(cells) else None


def _places(heading: Row, found: Read) -> dict[str, int]:
    """Column → place. Raises Invalid for two that mean the same, or without what every row needs."""
    places: dict[str, int] = {}
    for place, name in enumerate(_folded(heading)[:MOST_COLUMNS]):
        column = _BY_NAME.get(name)
        if column is None:
            found.remarks["columns_not_used"] += bool(name)
        elif column in places:
            said = _("Two columns mean the same: %(first)s and %(second)s. Take one of them away.")
            names = {"first": str(heading[places[column]])[:40], "second": str(heading[place])[:40]}
            raise Invalid.field("file", "column_twice", said % names)
        else:
            places[column] = place
            found.columns[column] = str(heading[place]).strip()[:60]
    missing = [name for name in NEEDED if name not in places]
    if missing or not places.keys() & {"municipality", "postal_code"}:
        said = _("The first row must name the columns: CVR, Navn, Kommunekode or Postnr, and what else there is.")
        raise Invalid.field("file", "no_heading", said)
    return places


class _Cells:
    """Reads the cells of one file; keeps the code lists that it compares with."""

    def __init__(self, found: Read) -> None:
        self.found = found
        self.places = {fold(name): code for code, name in Municipality.objects.values_list("code", "name")}
        touched = PostalCode.objects.values_list("code", "municipality_codes")
        self.only = {code: codes for code, codes in touched if " " not in codes}
        self.divisions = set(Industry.objects.filter(level="division").values_list("code", flat=True))

    def row(self, number: int, cells: dict[str, Any]) -> RegisterRow:
        """The row's values. Raises Refused."""
        for column, cell in cells.items():
            if isinstance(cell, str) and cell.lstrip().startswith("="):
                raise Refused(column, "formula")
        cvr = _checked("cvr", valid_cvr, _digits(cells.get("cvr")))
        p_text = _digits(cells.get("p_number"))
        p_number = _checked("p_number", valid_p_number, p_text) if p_text else ""
        street = self._text("street", cells.get("street"), p_number)
        postal_code = _digits(cells.get("postal_code")).zfill(4) if cells.get("postal_code") else ""
        if postal_code and not re.fullmatch(r"\d{4}", postal_code):
            raise Refused("postal_code", "not_a_postal_code")
        if not p_number and not street:
            raise Refused("p_number", "address_needed")
        name = self._text("name", cells.get("name"), p_number)
        if not name:
            raise Refused("name", "required")
        return RegisterRow(
            number=number, cvr=cvr, p_number=p_number, name=name, street=street, postal_code=postal_code,
            municipality=self._municipality(cells.get("municipality"), postal_code),
            industry=self._industry(cells.get("industry")),
            headcount=self._headcount(cells.get("headcount")),
            ended=self._day(cells.get("ended")),
            is_main=_yes(cells.get("is_main")),
        )  # fmt: skip

    def _text(self, column: str, cell: Any, p_number: str) -> str:
        text = "" if cell is None else str(cell)
        try:
            return clean_text(text, field=column, max_length=200, multiline=False, known_numbers=(p_number,))
        except Invalid as invalid:
            raise Refused(column, invalid.errors[0].code) from None

    def _municipality(self, cell: Any, postal_code: str) -> str:
        text = _digits(cell)
        if text and text.isdecimal():
            code = text.zfill(4)
            if FIRST_CODE <= code <= LAST_CODE and len(code) == 4:
                return code
            raise Refused("municipality", "not_a_municipality")
        if text:
            code = self.places.get(fold(str(cell)).removesuffix(" kommune"), "")
            if code:
                return code
            raise Refused("municipality", "not_a_municipality")
        if postal_code in self.only:
            self.found.remarks["municipality_by_postal_code"] += 1
            return self.only[postal_code]
        raise Refused("municipality", "municipality_needed")

    def _industry(self, cell: Any) -> str:
        text = _digits(cell).replace(".", "")
        text = text.split(":")[0] if ":" in text else text
        if not text:
            return ""
        if text.isdecimal() and len(text) == 5:
            text = text.zfill(6)  # Excel dropped the zero in front
        if not re.fullmatch(r"\d{6}|\d{2}", text) or text[:2] not in self.divisions:
            self.found.remarks["industry_unknown"] += 1
            return ""
        return text

    def _headcount(self, cell: Any) -> int | None:
        if cell in (None, ""):
            return None
        if isinstance(cell, dt.datetime | dt.date):
            if (cell.day, cell.month) not in _BANDS_AS_DATES:
                raise Refused("headcount", "not_a_headcount")
            self.found.remarks["bands_as_dates"] += 1
            return cell.day
        found = _BAND.fullmatch(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip())
        if found is None or int(found[1]) > 1_000_000:
            raise Refused("headcount", "not_a_headcount")
        return int(found[1])

    def _day(self, cell: Any) -> dt.date | None:
        if cell in (None, ""):
            return None
        if isinstance(cell, dt.datetime):
            return cell.date()
        if isinstance(cell, dt.date):
            return cell
        text = _digits(cell)
        if text.isdecimal() and len(text) < 6 and int(text) in _EXCEL_DAYS:
            self.found.remarks["dates_as_numbers"] += 1
            return _EXCEL_BEGINS + dt.timedelta(days=int(text))
        for style in _DATES:
            try:
                day = dt.datetime.strptime(str(cell).strip()[:10], style).date()  # noqa: DTZ007 - a day, no moment
            except ValueError:
                continue
            if 1900 <= day.year <= 2100:
                return day
        raise Refused("ended", "not_a_date")


def _digits(cell: Any) -> str:
    """A cell that should be a number, as it would be written: Excel gives 12345678.0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else "".join(str(cell).split())


def _checked(column: str, check: Any, text: str) -> str:
    try:
        return str(check(text))
    except Invalid as invalid:
        raise Refused(column, invalid.errors[0].code if text else "required") from None


def _yes(cell: Any) -> bool | None:
    known = {"ja": True, "1": True, "true": True, "x": True, "nej": False, "0": False, "false": False}
    return known.get(str(cell).strip().lower()) if cell is not None else None


def batches(rows: Sequence[RegisterRow], size: int) -> Iterator[list[list[RegisterRow]]]:
    """The rows by company, in the order of the file, so many companies at a time: none is ever split."""
    by_cvr: dict[str, list[RegisterRow]] = {}
    for row in rows:
        by_cvr.setdefault(row.cvr, []).append(row)
    listed = list(by_cvr.values())
    for first in range(0, len(listed), size):
        yield listed[first : first + size]
