"""A register file as rows of cells: CSV in any of the usual spellings, or the first sheet of an XLSX workbook.

Nothing of a file is run or followed: formulas are text, external links are not read, and a workbook that unpacks
to more than it should is refused before it is opened.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from events.errors import Invalid

MOST_BYTES = 40 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 100
LAST_ROW_OF_EXCEL = 1_048_576
EMPTY = (None,) * MOST_COLUMNS
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
#: What zip, XML and workbook readers raise over broken or hostile bytes.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, DefusedXmlException, ParseError, KeyError,
    ValueError, OSError, EOFError, IndexError, TypeError, AttributeError, OverflowError, RuntimeError,
)  # fmt: skip

assert openpyxl.DEFUSEDXML, "workbooks are read with defusedxml"

Row = tuple[Any, ...]


@dataclass(slots=True)
class Sheet:
    """The rows of a file, the heading among them, and codes of what is to be told about how it was read."""

    rows: Iterator[Row]
    remarks: list[str]


def read(content: bytes) -> Sheet:
    """The rows of a file. Raises Invalid for what is no table, or too large."""
    if len(content) > MOST_BYTES:
        raise Invalid.field("file", "too_large", _("The file is too large: at most 40 MB."))
    if content.startswith(OLD_EXCEL):
        raise Invalid.field("file", "old_excel", _("This is an old Excel file (.xls). Save it as .xlsx or CSV."))
    return _workbook(content) if content.startswith(ZIP) else _text(content)


def _text(content: bytes) -> Sheet:
    remarks: list[str] = []
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise _unreadable() from None
        remarks.append("windows_1252")
    if "\x00" in text or not text.strip():
        raise _unreadable()
    heading = text.lstrip().split("\n", 1)[0]
    separator = max(";\t,", key=heading.count)
    return Sheet(_csv_rows(csv.reader(io.StringIO(text, newline=""), delimiter=separator)), remarks)


def _csv_rows(reader: Any) -> Iterator[Row]:
    while True:
        try:
            yield tuple(next(reader))
        except StopIteration:
            return
        except csv.Error:
            raise _unreadable() from None


def _workbook(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Invalid.field("file", "too_large", _("The workbook unpacks to more than it may."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = book.worksheets
    except UNREADABLE:
        raise _unreadable() from None
    if not sheets:
        raise _unreadable()
    sheets[0].reset_dimensions()  # what the file says of its own size is not believed
    return Sheet(_cells(sheets[0]), ["several_sheets"] if len(sheets) > 1 else [])


def _cells(sheet: Any) -> Iterator[Row]:
    try:
        # A row may say that it is the billionth: all before it would be made up as empty ones.
        for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=LAST_ROW_OF_EXCEL):
            yield () if row == EMPTY else row
    except UNREADABLE:
        raise _unreadable() from None


def _unreadable() -> Invalid:
    return Invalid.field("file", "unreadable", _("This is no CSV or Excel file that can be read."))
