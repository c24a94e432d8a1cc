"""What a status pack says, as blocks of a document: one page in plain words, and the tables behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.asked import NINE
from campaigns.times import MEASURES
from web.figures import charts_of as charts
from web.figures import pdf, sheet, words
from web.figures import tables_of as tables
from web.steering import words as steering

Found = Mapping[str, Any]
Names = Mapping[str, str]
DAYS = ("as_of", "from", "to", "until", "report_due", "provisional_from")
COUNTED = ("received", "filled", "closed", "open")
FEW = 4
"""Rows of goals on the front page; all of them are in the appendix."""


def dated(found: Any) -> Any:
    """Figures as they were kept (JSON), with their days as days again."""
    if isinstance(found, list):
        return [dated(one) for one in found]
    if isinstance(found, dict):
        return {
            name: dt.date.fromisoformat(value) if name in DAYS and isinstance(value, str) else dated(value)
            for name, value in found.items()
        }
    return found


def front(found: Found, names: Names) -> list[pdf.Block]:
    """The page for politicians: what was done, what came of it, where the goals stand."""
    status = found["status"]
    goals = [steering.goal(goal, names) for goal in found["goals"]]
    estimates = [steering.saving(one, names) for one in found["savings"]]
    promised = [(chart.title, chart.says) for chart in charts.promises(found["promises"])]
    blocks: list[pdf.Block] = [
        pdf.Text(_("Nine jobcentres answer companies that need people as one. This is where the work stands.")),
        pdf.Tiles(
            [
                (status["received"], _("received")), (status["filled"], _("filled")),
                (status["closed"], _("closed without a hire")), (status["open"], _("still open")),
            ]
        ),
        pdf.Points(sheet.facts(status)),
        pdf.Heading(_("The last twelve months")),
        pdf.Pairs([*promised, (_("Exchange"), charts.crossed(found["exchange"])),
                   (_("Why orders ended"), charts.reasons(found["reasons"]).says)]),
    ]  # fmt: skip
    if goals:
        rows = [(goal["name"], goal["value"], goal["goal"], goal["state"]) for goal in goals[:FEW]]
        heads = [_("Goal of the year"), _("Reached so far"), _("Goal"), _("State")]
        blocks.append(pdf.Rows(_("Goals"), heads, rows))
    for estimate in estimates[:1]:
        blocks += [pdf.Heading(_("Savings estimate")), pdf.Text(" ".join(estimate["said"]))]
    return [*blocks, pdf.Text(sheet.how_it_is_counted(), is_quiet=True)]


def appendix(found: Found, names: Names) -> list[pdf.Rows]:
    """The tables: what stands on the first page, with all its numbers."""
    heads = [_("Received"), _("Filled"), _("Closed"), _("Open")]
    titles = words.industries({row["industry"] for row in found["by_industry"]})
    places = tables.by_place(found["by_municipality"], names)
    kinds = [{**row, "name": titles.get(row["industry"], row["industry"])} for row in found["by_industry"]]
    return [
        _counted(_("By municipality"), [_("Led by"), *heads], places),
        _counted(_("By industry"), [_("Industry"), *heads], kinds),
        _counted(_("Month by month"), [_("Month"), *heads], tables.by_period(found["flow"])),
        _times(found["times"], names),
        _promises(found["promises"], names),
        _exchange(found["exchange"], names),
        _reasons(found["reasons"]),
        *_goals(found["goals"], names),
        *_savings(found["savings"], names),
    ]


def _counted(heading: str, heads: list[str], rows: list[dict[str, Any]]) -> pdf.Rows:
    return pdf.Rows(heading, heads, [[row["name"], *(row[name] for name in COUNTED)] for row in rows])


def _times(found: Found, names: Names) -> pdf.Rows:
    rows = [
        [row["name"], row["orders"], *(measure["median"] for measure in row["measures"])]
        for row in tables.times(found, names)
    ]
    heads = [_("Led by"), _("Orders"), *(str(words.MEASURES[name]) for name in MEASURES)]
    return pdf.Rows(_("Working hours, median"), heads, rows)


def _promises(found: Found, names: Names) -> pdf.Rows:
    rows = [
        [row["name"], *(f"{one['numerator']}/{one['denominator']}" for one in row["promises"])]
        for row in tables.promises(found, names)
    ]
    heads = [_("Led by"), *(str(words.MEASURES[name]) for name in MEASURES[:2])]
    return pdf.Rows(_("Promises kept"), heads, rows)


def _exchange(found: Found, names: Names) -> pdf.Rows:
    def few(value: int | None) -> Any:
        return _("1–4") if value is None else value

    rows = [
        [names.get(lead["municipality"], lead["municipality"]), few(lead["hires"]), few(lead["crossed"]["numerator"])]
        for lead in found["leads"]
        if lead["municipality"] in NINE
    ]
    return pdf.Rows(_("Exchange"), [_("Led by"), _("Hired"), _("Across a border")], rows)


def _reasons(found: Found) -> pdf.Rows:
    rows = [
        [words.REASONS[row["reason"]], row["filled"], row["closed"], words.percent(row["percent"])]
        for row in found["orders"]
        if row["numerator"]
    ]
    return pdf.Rows(_("Why orders ended"), [_("Reason"), _("Filled"), _("Closed"), _("Share")], rows)


def _goals(found: list[Found], names: Names) -> list[pdf.Rows]:
    rows = []
    for goal in (steering.goal(one, names) for one in found):
        name = " · ".join(part for part in (goal["name"], goal["place"], *goal["compared"]) if part)
        rows.append([name, goal["baseline"] or "–", goal["value"], goal["goal"], goal["state"], goal["pace"] or "–"])
    heads = [_("Goal of the year"), _("Before"), _("Reached"), _("Goal"), _("State"), _("Pace")]
    return [pdf.Rows(_("Goals"), heads, rows)] if rows else []


def _savings(found: list[Found], names: Names) -> list[pdf.Rows]:
    blocks = []
    for one in (steering.saving(each, names) for each in found):
        assumed = [[text, "", ""] for text in one["assumed"] if text]
        heads = [_("Estimate, not a proven effect"), _("At least"), _("At most")]
        blocks.append(pdf.Rows(f"{_('Savings estimate')}: {one['name']}", heads, [*one["rows"], *assumed]))
    return blocks
