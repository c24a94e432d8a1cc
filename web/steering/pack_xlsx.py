"""A status pack as a workbook: a sheet for each table, with numbers as numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from campaigns.models import StatusPack
from web.figures import pdf, sheet
from web.steering import pack_blocks
from web.templatetags.nrs import exact

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31


def of(pack: StatusPack, names: Mapping[str, str]) -> bytes:
    """The workbook, out of the figures kept with the pack. No cell is a formula."""
    found = pack_blocks.dated(pack.figures)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    strong = book.add_format({"bold": True})
    status = found["status"]
    first = [
        (sheet.title_of(found), ""), (_("As known on"), exact(pack.known_at)), (_("Received"), status["received"]),
        (_("Filled"), status["filled"]), (_("Closed"), status["closed"]), (_("Open"), status["open"]),
        (_("Positions wanted"), status["positions"]["wanted"]), (_("Agreements"), status["agreements"]),
    ]  # fmt: skip
    _write(book, pdf.Rows(_("Status"), first[0], first[1:]), strong, set())
    taken = {_("Status").lower()}
    for block in pack_blocks.appendix(found, names):
        _write(book, block, strong, taken)
    book.close()
    return file.getvalue()


def _write(book: Any, block: pdf.Rows, strong: Any, taken: set[str]) -> None:
    name = _NOT_IN_A_NAME.sub(" ", block.heading)[:LONGEST_NAME].strip()
    while name.lower() in taken:
        name = f"{name[: LONGEST_NAME - 4]} {len(taken)}"
    taken.add(name.lower())
    page = book.add_worksheet(name)
    page.set_column(0, 0, 40)
    for at, row in enumerate([block.columns, *block.rows]):
        for column, value in enumerate(row):
            write = page.write_number if isinstance(value, int | float) else page.write_string
            write(at, column, value if isinstance(value, int | float) else str(value), strong if at == 0 else None)
