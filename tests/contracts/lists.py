"""For every list of the API: who asks for it, and how ten rows come to be in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tests import factories

Kwargs = dict[str, Any]


class ListCase(NamedTuple):
    """`fill` makes the rows and gives the arguments of the address."""

    fill: Callable[[], Kwargs] = dict
    role: str = "consultant"
    rows: int = 10


def times(make: Callable[[], Any], count: int = 10) -> Callable[[], Kwargs]:
    """Make that many, for an address without arguments."""

    def fill() -> Kwargs:
        for _ in range(count):
            make()
        return {}

    return fill


def company_with(make: Callable[[Any], Any]) -> Callable[[], Kwargs]:
    """One company with ten of something."""

    def fill() -> Kwargs:
        company = factories.company()
        for _ in range(10):
            make(company)
        return {"company": company.public_id}

    return fill


ROWS: dict[str, ListCase] = {
    "api:municipalities-list": ListCase(rows=9),
    "api:occupations-list": ListCase(),
    "api:skills-list": ListCase(),
    "api:industries-list": ListCase(),
    "api:licences-list": ListCase(),
    "api:certificates-list": ListCase(),
    "api:languages-list": ListCase(),
    "api:events-list": ListCase(times(factories.order)),
    "api:candidates-list": ListCase(times(factories.candidate)),
    "api:agreements-list": ListCase(times(lambda: factories.agreement(factories.company()))),
    "api:companies-list": ListCase(times(factories.company)),
    "api:company-units-list": ListCase(company_with(factories.unit)),
}
