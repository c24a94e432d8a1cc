"""A4 documents made on the server, of figures and sentences: never of persons.

`document` takes blocks in their order and gives the bytes. The fonts are those of the pages, as TrueType in
`web/vendor/fonts` (tools/frontend.mjs); where the front end is not installed, Vera, which reportlab brings.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

SENDER = "Nordsjællands Rekrutteringsservice"
PRIMARY, LINE, QUIET, INK = HexColor("#1b5e7b"), HexColor("#bfbfbf"), HexColor("#595959"), HexColor("#1a1a1a")
MARGIN = 15 * mm
WIDTH = A4[0] - 2 * MARGIN
GAP = 8 * mm
PADDING = 6
"""What reportlab leaves empty within the margins of a page."""
PLAIN, STRONG = "NRS", "NRS-Strong"


@dataclass(frozen=True)
class Heading:
    """A heading within the document; it stays with what follows."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; `is_quiet` for what explains."""

    text: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Tiles:
    """A few large numbers, each with its words below."""

    numbers: Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class Points:
    """Sentences with a dot in front."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Rows:
    """A table: the first column is words, the others numbers."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Pairs:
    """What it is about, and what is to be said of it."""

    pairs: Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class Beside:
    """Two tables side by side."""

    left: Rows
    right: Rows


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page."""


Block = Heading | Text | Tiles | Points | Rows | Pairs | Beside | NewPage


def document(title: str, about: str, blocks: Sequence[Block]) -> bytes:
    """The PDF: `title` on top and as the document's name, `about` (whose, as known when) below it."""
    _register()
    file = io.BytesIO()
    made = SimpleDocTemplate(
        file, pagesize=A4, title=title, author=SENDER, lang=get_language() or settings.LANGUAGE_CODE,
        leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING, topMargin=MARGIN, bottomMargin=18 * mm,
    )  # fmt: skip
    parts: list[Flowable] = [_paragraph(title, size=20, font=STRONG), _paragraph(about, colour=QUIET)]
    for block in blocks:
        parts += _drawn(block, WIDTH)
    made.build(parts, onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


@cache
def _register() -> None:
    """Make the fonts known, once."""
    own = settings.BASE_DIR / "web" / "vendor" / "fonts"
    brought = Path(reportlab.__file__).parent / "fonts"
    for name, file, instead in (
        (PLAIN, "IBMPlexSans-Regular.ttf", "Vera.ttf"),
        (STRONG, "IBMPlexSans-SemiBold.ttf", "VeraBd.ttf"),
    ):
        found = own / file
        pdfmetrics.registerFont(TTFont(name, str(found if found.exists() else brought / instead)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=STRONG, italic=PLAIN, boldItalic=STRONG)


def _foot(canvas: Any, template: Any) -> None:
    """Who sends it, and which page it is."""
    canvas.saveState()
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(QUIET)
    canvas.drawString(MARGIN, 10 * mm, SENDER)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, _("Page %(number)s") % {"number": canvas.getPageNumber()})
    canvas.restoreState()


def _paragraph(
    text: Any, *, size: float = 9.5, font: str = PLAIN, colour: Any = INK, right: bool = False, bullet: bool = False
) -> Paragraph:
    style = ParagraphStyle(
        "p", fontName=font, fontSize=size, leading=size * 1.35, textColor=colour, alignment=TA_RIGHT if right else 0,
        leftIndent=10 if bullet else 0, bulletFontName=font,
    )  # fmt: skip
    return Paragraph(escape(str(text)), style, bulletText="•" if bullet else None)


def _drawn(block: Block, width: float) -> list[Flowable]:
    """The block as parts of a page of this width."""
    match block:
        case Heading(text):
            return [Spacer(0, 9), _paragraph(text, size=13, font=STRONG)]
        case Text(text, is_quiet):
            return [Spacer(0, 4), _paragraph(text, size=8.5 if is_quiet else 9.5, colour=QUIET if is_quiet else INK)]
        case Tiles(numbers):
            return [Spacer(0, 10), _tiles(numbers, width), Spacer(0, 4)]
        case Points(texts):
            return [Spacer(0, 4), *(_paragraph(text, bullet=True) for text in texts)]
        case NewPage():
            return [PageBreak()]
        case Rows():
            return [KeepTogether(_table(block, width))]
        case Pairs(pairs):
            cells = [[_paragraph(name, font=STRONG), _paragraph(says)] for name, says in pairs]
            style = [("LEFTPADDING", (0, 0), (0, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP"), *_PADDING]
            return [Spacer(0, 4), Table(cells, [width * 0.36, width * 0.64], style=style)] if cells else []
        case Beside(left, right):
            half = (width - GAP) / 2
            style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
            style += [("RIGHTPADDING", (0, 0), (0, 0), GAP), ("RIGHTPADDING", (1, 0), (1, 0), 0)]
            return [Table([[_table(left, half), _table(right, half)]], [half + GAP, half], style=style)]


_PADDING = [("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]


def _tiles(numbers: Sequence[tuple[Any, str]], width: float) -> Table:
    cells = [[_paragraph(n, size=20, font=STRONG), _paragraph(words)] for n, words in numbers]
    style = [("BOX", (at, 0), (at, 0), 0.6, LINE) for at in range(len(cells))]
    style += [("LINEABOVE", (0, 0), (-1, 0), 2, PRIMARY), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return Table([cells], [width / len(cells)] * len(cells), style=style)


def _table(block: Rows, width: float) -> list[Flowable]:
    """Heading and table; the first column takes what the numbers leave."""
    number = partial(_paragraph, right=True, size=8.5)
    head = [_paragraph(block.columns[0], font=STRONG, size=8.5)]
    head += [number(name, font=STRONG) for name in block.columns[1:]]
    body = [[_paragraph(row[0], size=8.5), *(number(value) for value in row[1:])] for row in block.rows]
    each = width * 0.7 / max(1, len(block.columns) - 1)
    style = [("LINEBELOW", (0, 0), (-1, 0), 0.8, PRIMARY), ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE)]
    style += [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0), *_PADDING]
    widths = [width * 0.3, *[each] * (len(block.columns) - 1)]
    return [Spacer(0, 8), _paragraph(block.heading, size=11.5, font=STRONG), Spacer(0, 3),
            Table([head, *body], widths, style=style, repeatRows=1)]  # fmt: skip
