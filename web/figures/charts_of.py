"""Each figure as charts: what is drawn, and the one sentence that says what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.kept import PROMISES
from campaigns.times import MEASURES
from web.figures import words
from web.figures.charts import Chart, Series

Found = Mapping[str, Any]
Names = Mapping[str, str]


def status(rows: list[dict[str, Any]], field: str, names: Names, heading: str) -> Chart:
    """Orders of each municipality or industry, by state."""
    most = max(rows, key=lambda row: row["received"])
    says = _("%(name)s has the most: %(received)s received, %(open)s of them open.") % {
        "name": names.get(most[field], most[field]), "received": most["received"], "open": most["open"],
    }  # fmt: skip
    states = (("open", _("Open")), ("filled", _("Filled")), ("closed", _("Closed")))
    return Chart(
        f"status-{field}",
        heading,
        says,
        _("Municipality") if field == "municipality" else _("Industry"),
        [names.get(row[field], row[field]) for row in rows],
        [Series(label, [row[state] for row in rows]) for state, label in states],
        _("job orders"),
        "across",
        stacked=True,
    )


def flow(found: Found) -> list[Chart]:
    """What came in and ended, and what stood open."""
    rows, per = found["periods"], found["per"]
    labels = [words.period(row, per) for row in rows]
    heading = _("Week") if per == "week" else _("Month")
    came = ngettext("%(n)s job order came in", "%(n)s job orders came in", found["received"]) % {"n": found["received"]}
    says = _("%(came)s, %(filled)s were filled and %(closed)s closed without a hire.") % {
        "came": came, "filled": found["filled"], "closed": found["closed"],
    }  # fmt: skip
    first, last = found["open_before"], found["open"]
    stands = _("%(last)s stand open at the end, against %(first)s at the beginning.") % {"last": last, "first": first}
    series = (
        ("received", _("Received")),
        ("filled", _("Filled")),
        ("closed", _("Closed")),
        ("reopened", _("Reopened")),
    )
    return [
        Chart(
            "flow", _("Received and ended"), says, heading, labels,
            [Series(label, [row[name] for row in rows]) for name, label in series], _("job orders"),
        ),
        Chart(
            "open", _("Open at the end"), stands, heading, labels, [Series(_("Open"), [row["open"] for row in rows])],
            _("job orders"), "line",
        ),
    ]  # fmt: skip


def times(found: Found) -> list[Chart]:
    """Median and 90th percentile of each measure."""
    rows, per = found["periods"], found["per"]
    labels = [words.period(row, per) for row in rows]
    heading = _("Received in the week") if per == "week" else _("Received in the month")
    charts = []
    for name in MEASURES:
        whole = found[name]
        said = {"median": words.number(whole["median_hours"]), "p90": words.number(whole["p90_hours"])}
        said |= {"n": whole["numerator"], "all": whole["denominator"]}
        says = _("It has not come for any of the %(all)s orders yet.") % said
        if whole["numerator"]:
            says = _("Half within %(median)s working hours, nine in ten within %(p90)s (%(n)s of %(all)s).") % said
        charts.append(
            Chart(
                name.replace("_", "-"), str(words.MEASURES[name]), says, heading, labels,
                [
                    Series(_("Median"), [row[name]["median_hours"] for row in rows]),
                    Series(_("Nine in ten"), [row[name]["p90_hours"] for row in rows]),
                ],
                _("working hours"),
            )
        )  # fmt: skip
    return charts


def promises(found: Found) -> list[Chart]:
    """Kept and broken, promise by promise."""
    rows, per = found["periods"], found["per"]
    labels = [words.period(row, per) for row in rows]
    heading = _("Received in the week") if per == "week" else _("Received in the month")
    charts = []
    for name in PROMISES:
        whole = found[name]
        says = _("No promise has fallen due yet.")
        if whole["denominator"]:
            says = _("%(kept)s of %(due)s promises that fell due were kept: %(percent)s.") % {
                "kept": whole["kept"], "due": whole["denominator"], "percent": words.percent(whole["percent"]),
            }  # fmt: skip
        charts.append(
            Chart(
                name.replace("_", "-"), str(words.MEASURES[name]), says, heading, labels,
                [
                    Series(str(words.OUTCOMES[outcome]), [row[name][outcome] for row in rows])
                    for outcome in ("kept", "broken")
                ],
                _("promises"), stacked=True,
            )
        )  # fmt: skip
    return charts


def exchange(found: Found, names: Names) -> Chart | None:
    """Hires on a municipality's orders beside hires of its people; none of one municipality, or if most are hidden."""
    shown = [row["hires"] for row in (*found["leads"], *found["homes"]) if row["hires"] is not None]
    if not found["homes"] or len(shown) <= len(found["leads"]):
        return None
    return Chart(
        "exchange",
        _("Hired on its job orders, and hired from its people"),
        crossed(found),
        _("Municipality"),
        [names.get(row["municipality"], row["municipality"]) for row in found["leads"]],
        [
            Series(_("Hired on its job orders"), [row["hires"] for row in found["leads"]]),
            Series(_("Hired from its people"), [row["hires"] for row in found["homes"]]),
        ],
        _("people"),
        "across",
    )


def crossed(found: Found) -> str:
    """How many were hired across a border, in one sentence."""
    share = found["crossed"]
    if found["hires"] == 0:
        return _("Nobody was hired in the period.")
    if share["numerator"] is None or share["denominator"] is None:
        return _("Too few were hired to show how many crossed a border.")
    return _("%(n)s of %(all)s people hired crossed a municipal border: %(percent)s.") % {
        "n": share["numerator"], "all": share["denominator"], "percent": words.percent(share["percent"]),
    }  # fmt: skip


def reasons(found: Found) -> Chart:
    """Why orders ended, the most frequent first."""
    rows = sorted((row for row in found["orders"] if row["numerator"]), key=lambda row: -row["numerator"])
    says = _("No job order has ended.")
    if rows:
        says = _("The most frequent reason is “%(reason)s”: %(n)s of %(all)s that ended, %(percent)s.") % {
            "reason": words.REASONS[rows[0]["reason"]], "n": rows[0]["numerator"], "all": found["ended"],
            "percent": words.percent(rows[0]["percent"]),
        }  # fmt: skip
    return Chart(
        "reasons",
        _("Why job orders ended"),
        says,
        _("Reason"),
        [str(words.REASONS[row["reason"]]) for row in rows],
        [Series(_("Filled"), [row["filled"] for row in rows]), Series(_("Closed"), [row["closed"] for row in rows])],
        _("job orders"),
        "across",
        stacked=True,
    )
