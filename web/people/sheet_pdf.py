"""The sheet for the company as an A4 document. It draws what it is given: who may be on it is decided before."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from django.conf import settings
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer

from events import clock
from joborders.models import JobOrder

SENDER = "Nordsjællands Rekrutteringsservice"
PLAIN, STRONG = "Sheet", "SheetStrong"
INK, QUIET, PRIMARY = HexColor("#1a1a1a"), HexColor("#595959"), HexColor("#1b5e7b")
MARGIN = 20 * mm


def sheet(order: JobOrder, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The PDF. `rows` hold `person` (name, way, contact, cv_text), `state` and `musts` (name, demand)."""
    _register()
    file = io.BytesIO()
    title = f"{order.number} {order.title}"
    made = SimpleDocTemplate(
        file, pagesize=A4, title=title, author=SENDER, lang=get_language() or settings.LANGUAGE_CODE,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    day = formats.date_format(clock.today(), "DATE_FORMAT")
    parts: list[Flowable] = [
        _said(f"{order.number} · {order.company.name} · {day}", colour=QUIET),
        _said(f"{_('Candidates for the job')}: {order.title}", size=18, font=STRONG),
        Spacer(1, 4 * mm),
    ]
    for row in rows:
        parts += _person(row)
    if not rows:
        parts.append(_said(_("Nobody has been presented yet")))
    made.build(parts, onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


def _person(row: Mapping[str, Any]) -> list[Flowable]:
    """A candidate: the head stays together, the CV may run over the page."""
    person = row["person"]
    way = ", ".join(filter(None, (person["way"], person["contact"])))
    head: list[Flowable] = [
        HRFlowable(width="100%", thickness=1.2, color=PRIMARY, spaceBefore=4 * mm, spaceAfter=3 * mm),
        _said(person["name"], size=14, font=STRONG),
        _said(f"{capfirst(row['state'])} · {_('Contact:')} {way}", colour=QUIET),
    ]
    if row["musts"]:
        head += [Spacer(1, 2 * mm), _said(_("Meets these of your requirements:"))]
        head += [_said(": ".join(filter(None, (str(m["name"]), m["demand"]))), bullet="•") for m in row["musts"]]
    texts = [text for text in person["cv_text"].replace("\r", "").split("\n") if text.strip()]
    return [KeepTogether(head), Spacer(1, 3 * mm), *(_said(text, after=4) for text in texts)]


def _said(
    text: str, *, size: int = 10, font: str = PLAIN, colour: HexColor = INK, bullet: str = "", after: int = 2
) -> Paragraph:
    """A paragraph of plain text."""
    style = ParagraphStyle(
        font, fontName=font, fontSize=size, leading=size * 1.4, textColor=colour, spaceAfter=after,
        bulletFontName=PLAIN, leftIndent=12 if bullet else 0,
    )  # fmt: skip
    return Paragraph(escape(text), style, bulletText=bullet or None)


def _foot(canvas: Any, document: Any) -> None:
    """Sender and page number."""
    canvas.saveState()
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(QUIET)
    canvas.drawString(MARGIN, 12 * mm, SENDER)
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, str(document.page))
    canvas.restoreState()


@cache
def _register() -> None:
    """Make the fonts known, once: those that reportlab brings have all letters of Danish."""
    brought = Path(reportlab.__file__).parent / "fonts"
    for name, file in ((PLAIN, "Vera.ttf"), (STRONG, "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(brought / file)))
