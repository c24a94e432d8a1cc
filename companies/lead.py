"""The lead rule: which municipality has a company's contact (design §4). Pure: no Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

#: Codes of the nine: Allerød, Fredensborg, Helsingør, Hillerød, Hørsholm, Egedal, Frederikssund, Halsnæs,
#: Gribskov.
NINE: Final = frozenset({"0201", "0210", "0217", "0219", "0223", "0240", "0250", "0260", "0270"})


class Why(StrEnum):
    """Why a municipality leads; stored with the lead and its history."""

    MAIN_UNIT = "main_unit"
    FIRST_UNIT = "first_unit"
    INTAKE = "intake"
    DUTY = "duty"
    AGREEMENT = "agreement"
    OVERRIDE = "override"  # a person changed it, with a reason


@dataclass(frozen=True, slots=True)
class Lead:
    """A municipality code and the reason that it leads."""

    municipality: str
    why: Why

    @property
    def coordinator_looks(self) -> bool:
        """Nobody knew where the company belongs: the coordinator sees it."""
        return self.why is Why.DUTY


def on_duty(duties: Iterable[tuple[date, str]], day: date) -> str:
    """Code of the municipality on duty that day, from (valid from, code) rows in any order.

    Raises LookupError if no duty has begun by then.
    """
    begun = [(since, municipality) for since, municipality in duties if since <= day]
    if not begun:
        raise LookupError(f"no municipality is on duty on {day.isoformat()}")
    return max(begun)[1]


def lead_of_company(
    *,
    main_unit: str | None,
    first_unit: str | None,
    intake_by: str | None,
    duty: str,
    nine: Collection[str] = NINE,
) -> Lead:
    """The lead of a company that has none yet; every argument is a municipality code.

    Main unit, if one of the nine; else the unit (or workplace) that the first order is for, if one of the
    nine; else who took the call or mail; else the one on duty.
    """
    for municipality, why in (
        (main_unit, Why.MAIN_UNIT),
        (first_unit, Why.FIRST_UNIT),
        (intake_by, Why.INTAKE),
    ):
        if municipality is not None and municipality in nine:
            return Lead(municipality, why)
    return Lead(duty, Why.DUTY)


def lead_of_unit(company: Lead, tovholder: str | None, *, nine: Collection[str] = NINE) -> Lead:
    """The lead for one unit: the tovholder of an agreement in force that covers it, else the company's lead.

    A tovholder outside the nine (Jobservice Danmark may name one) has no queue here and overrides nothing.
    """
    if tovholder is not None and tovholder in nine:
        return Lead(tovholder, Why.AGREEMENT)
    return company


def change_problem(
    *,
    current: str,
    to: str,
    reason: str,
    agreed_with: str,
    agreed_on: date | None,
    today: date,
    nine: Collection[str] = NINE,
) -> tuple[str, str] | None:
    """(field, code) of what a change of a company's lead lacks, None if it stands.

    A change needs a reason, the municipality that agreed (one of the nine) and the day of the agreement, not
    later than today.
    """
    if to not in nine:
        return ("to", "unknown_municipality")
    if to == current:
        return ("to", "already_lead")
    if not reason.strip():
        return ("reason", "required")
    if agreed_with not in nine:
        return ("agreed_with", "unknown_municipality" if agreed_with else "required")
    if agreed_on is None:
        return ("agreed_on", "required")
    if agreed_on > today:
        return ("agreed_on", "in_the_future")
    return None


def contact_on(day: date, *, contact: int, substitute: int | None = None, substitute_until: date | None = None) -> int:
    """The one person (user id) who is the company's contact that day.

    That is the substitute up to and including the last day of the absence; without a last day, until it is
    taken out again.
    """
    if substitute is None or (substitute_until is not None and substitute_until < day):
        return contact
    return substitute
