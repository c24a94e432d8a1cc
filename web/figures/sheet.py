"""The status of the steering group on one page: read once, shown as a page to print and as a PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import statistics
from campaigns.asked import asked
from campaigns.figures import figure
from web.figures import charts_of as charts
from web.figures import pdf, words
from web.figures import tables_of as tables
from web.templatetags.nrs import exact

Found = Mapping[str, Any]
HALF_A_YEAR = dt.timedelta(days=150)


def read(question: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Everything on the sheet for a question of the status form (`{}`: today, all nine)."""
    found = statistics.status(**question)
    first = (asked(found["as_of"]).until.replace(day=1) - HALF_A_YEAR).replace(day=1)
    period = {**question, "since": first}
    flow, exchange, promises = (figure(name, **period) for name in ("flow", "exchange", "promises"))
    return {
        "found": found,
        "place": names.get(found["municipality"] or "", _("All nine municipalities")),
        "facts": facts(found),
        "rows": tables.by_place(statistics.status_by("municipality", **question), names),
        "flow": tables.by_period(flow),
        "since": words.day(flow["from"]),
        "crossed": charts.crossed(exchange),
        "promises": [(chart.title, chart.says) for chart in charts.promises(promises)],
    }


def facts(found: Found) -> list[str]:
    """The status in sentences."""
    ended, positions = found["filled_of_ended"], found["positions"]
    said = []
    if ended["denominator"]:
        said.append(
            _("%(n)s of %(all)s ended job orders were filled (%(percent)s).")
            % {"n": ended["numerator"], "all": ended["denominator"], "percent": words.percent(ended["percent"])}
        )
    said.append(
        _(
            "Of %(wanted)s positions wanted, %(hired)s were filled with people from the nine municipalities, "
            "and %(otherwise)s in other ways."
        )
        % {"wanted": positions["wanted"], "hired": positions["hired"], "otherwise": positions["filled_otherwise"]}
    )
    n = found["agreements"]
    agreements = ngettext(
        "%(n)s company has a recruitment agreement.", "%(n)s companies have a recruitment agreement.", n
    )
    return [*said, agreements % {"n": n}]


def as_pdf(sheet: Found) -> bytes:
    """The sheet as an A4 document. Counts, names of municipalities and sentences: nothing about a person."""
    found = sheet["found"]
    counted = ("received", "filled", "closed", "open")
    heads = [_("Received"), _("Filled"), _("Closed"), _("Open")]
    numbers = [
        (found["received"], _("received")), (found["filled"], _("filled")),
        (found["closed"], _("closed without a hire")), (found["open"], _("still open")),
    ]  # fmt: skip
    known = _("as known on %(known)s") % {"known": exact(found["known_at"])}
    return pdf.document(
        title_of(found),
        f"{sheet['place']} · {known}",
        [
            pdf.Tiles(numbers),
            pdf.Points(sheet["facts"]),
            pdf.Beside(
                _rows(_("By municipality"), [_("Led by"), *heads], sheet["rows"], counted),
                _rows(_("The last six months"), [_("Month"), *heads], sheet["flow"], counted),
            ),
            pdf.Heading(_("Since %(day)s") % {"day": sheet["since"]}),
            pdf.Pairs([*sheet["promises"], (_("Exchange"), sheet["crossed"])]),
            pdf.Text(how_it_is_counted(), is_quiet=True),
        ],
    )


def title_of(found: Found) -> str:
    """Status as of 31. marts 2016"""
    return _("Status as of %(day)s") % {"day": words.day(found["as_of"])}


def how_it_is_counted() -> str:
    """What every reader must know of the figures."""
    return " ".join(
        (
            _(
                "A job order counts once, by the day on which it was received. Filled: ended with at least one hire "
                "from the nine municipalities. Closed: ended without."
            ),
            _("* Provisional: a hire of the last three months may still turn out not to start."),
        )
    )


def _rows(heading: str, columns: list[str], rows: list[dict[str, Any]], counted: tuple[str, ...]) -> pdf.Rows:
    return pdf.Rows(heading, columns, [[row["name"], *(row[name] for name in counted)] for row in rows])
