"""Where a new order goes, and which orders move with a company (design §4, lead rule). Pure: no Django."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from companies.lead import NINE, Lead, Why, lead_of_company, lead_of_unit


@dataclass(frozen=True, slots=True)
class Origin:
    """What routing looks at; every value is a municipality code or None.

    `company_lead`: the company's present lead, None at its first order. `main_unit`: where the main unit
    lies.
    `unit`: where the work is (production unit or address). `intake_by`: who took the call or mail, None for
    web and API. `duty`: who is on duty. `tovholder`: of the agreement in force that covers the unit.
    """

    duty: str
    company_lead: str | None = None
    main_unit: str | None = None
    unit: str | None = None
    intake_by: str | None = None
    tovholder: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where the order goes and why.

    `lead` is copied to the order. `company` is the lead to register for a company that had none, else None.
    `workplace` is another of the nine where the work is: it is told, and may offer from the start.
    `coordinator_looks`: nobody knew where the company belongs.
    """

    lead: str
    why: str
    company: Lead | None
    workplace: str | None
    coordinator_looks: bool

    @property
    def to_tell(self) -> tuple[str, ...]:
        """Codes of the municipalities to be told of the new order: the lead first."""
        return (self.lead,) if self.workplace is None else (self.lead, self.workplace)


#: `Route.why` when the company was known and no agreement overrides: the order simply follows it.
COMPANY_LEAD = "company_lead"


def route(origin: Origin, *, nine: Collection[str] = NINE) -> Route:
    """Route one order at submit. Who took the call stays apart from the lead: nobody is transferred."""
    registered: Lead | None = None
    if origin.company_lead is None:
        registered = lead_of_company(
            main_unit=origin.main_unit,
            first_unit=origin.unit,
            intake_by=origin.intake_by,
            duty=origin.duty,
            nine=nine,
        )
    company = registered or Lead(origin.company_lead or origin.duty, Why.OVERRIDE)
    lead = lead_of_unit(company, origin.tovholder, nine=nine)
    follows = registered is None and lead.why is not Why.AGREEMENT
    elsewhere = origin.unit is not None and origin.unit in nine and origin.unit != lead.municipality
    return Route(
        lead=lead.municipality,
        why=COMPANY_LEAD if follows else lead.why.value,
        company=registered,
        workplace=origin.unit if elsewhere else None,
        coordinator_looks=registered is not None and registered.coordinator_looks,
    )


def moves_with_company(*, is_open: bool, tovholder: str | None, nine: Collection[str] = NINE) -> bool:
    """Whether an order changes its lead when its company does: open, and covered by no tovholder."""
    return is_open and (tovholder is None or tovholder not in nine)


def hand_over_problem(
    *, current: str, to: str, reason: str, agreed_by: str, nine: Collection[str] = NINE
) -> tuple[str, str] | None:
    """(field, code) of what handing one order over lacks, None if it stands.

    It needs another of the nine, a reason and the person there who agreed.
    """
    if to not in nine:
        return ("to", "unknown_municipality")
    if to == current:
        return ("to", "already_lead")
    if not reason.strip():
        return ("reason", "required")
    if not agreed_by.strip():
        return ("agreed_by", "required")
    return None
