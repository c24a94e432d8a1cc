"""All figures by name: what the API, the command and the pages ask for, as JSON values or as rows of a table."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from campaigns.asked import Asked, asked
from campaigns.exchange import exchange
from campaigns.flow import COUNTED, flow
from campaigns.kept import PROMISES, promises
from campaigns.periods import Per
from campaigns.reasons import reasons
from campaigns.statistics import status
from campaigns.times import MEASURES, times
from events.replica import from_replica

Row = dict[str, Any]
BY_PERIOD: Mapping[str, Callable[[Asked, Per], Row]] = {"flow": flow, "times": times, "promises": promises}
BY_QUESTION: Mapping[str, Callable[[Asked], Row]] = {"exchange": exchange, "reasons": reasons}
FUNCTIONS: Mapping[str, Callable[..., Row]] = {"status": status, **BY_PERIOD, **BY_QUESTION}
#: Which query parameters a figure understands.
STATUS_PARAMETERS = ("as_of", "known_at", "municipality", "industry")
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "status": STATUS_PARAMETERS,
    **dict.fromkeys(BY_PERIOD, (*STATUS_PARAMETERS, "from", "to", "per")),
    **dict.fromkeys(BY_QUESTION, (*STATUS_PARAMETERS, "from", "to")),
}


@from_replica
def figure(
    name: str,
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    municipality: str | None = None,
    industry: str | None = None,
    per: Per = "month",
) -> Row:
    """The figure with its numerators and denominators. Raises ValueError for a period that ends before it begins."""
    if name == "status":
        return status(as_of, known_at, municipality, industry)
    question = asked(as_of, known_at, since, until, municipality, industry)
    return BY_PERIOD[name](question, per) if name in BY_PERIOD else BY_QUESTION[name](question)


def definition(name: str) -> list[str]:
    """The figure's definition in English, paragraph by paragraph: what its function's docstring says."""
    text = inspect.getdoc(FUNCTIONS[name]) or ""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def table(name: str, found: Row) -> list[Row]:
    """The figure as rows of one grain, for a spreadsheet; each row says its day."""
    return [{"as_of": found["as_of"], **row} for row in TABLES[name](found)]


def _status(found: Row) -> Iterator[Row]:
    yield _flat({name: value for name, value in found.items() if name != "as_of"})


def _flow(found: Row) -> Iterator[Row]:
    for row in found["periods"]:
        ended = row["filled"] + row["closed"]
        yield {"period": row["period"], "from": row["from"], "to": row["to"]} | {
            **{name: row[name] for name in COUNTED},
            "ended": ended,
            "open": row["open"],
            "provisional": row["provisional"],
        }


def _by_measure(names: tuple[str, ...]) -> Callable[[Row], Iterator[Row]]:
    def rows(found: Row) -> Iterator[Row]:
        for place in ({"period": ""}, *found["periods"], *found["municipalities"]):
            figures = found if place.get("period") == "" else place
            for name in names:
                yield {
                    "period": place.get("period", ""),
                    "municipality": place.get("municipality", found["municipality"] or ""),
                    "measure": name,
                    **figures[name],
                }

    return rows


def _exchange(found: Row) -> Iterator[Row]:
    for lead in found["leads"]:
        for home in lead["homes"]:
            yield {"lead": lead["municipality"], "home": home["municipality"], "hires": home["hires"]}


def _reasons(found: Row) -> Iterator[Row]:
    for row in found["orders"]:
        yield {"reason": row["reason"], "filled": row["filled"], "closed": row["closed"]} | {
            name: row[name] for name in ("numerator", "denominator", "percent")
        }


def _flat(found: Row) -> Row:
    """Parts of a figure become columns of their own."""
    row: Row = {}
    for name, value in found.items():
        row |= (
            {f"{name}_{part}": number for part, number in value.items()} if isinstance(value, dict) else {name: value}
        )
    return row


TABLES: Mapping[str, Callable[[Row], Iterator[Row]]] = {
    "status": _status,
    "flow": _flow,
    "times": _by_measure(MEASURES),
    "promises": _by_measure(PROMISES),
    "exchange": _exchange,
    "reasons": _reasons,
}
