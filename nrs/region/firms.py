"""Made-up companies: CVR with a right check digit that starts with 9, units, a contact, the lead and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from companies.lead import NINE, Why
from companies.models import Agreement, Company, Contact, LeadPeriod, ProductionUnit
from events.models import Event
from nrs.region import words
from nrs.region.bulk import insert
from nrs.region.staff import Staff
from nrs.region.world import World, happened, new_id

WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
SECOND_UNIT, AGREEMENT, TOVHOLDER = 0.2, 0.06, 0.25


@dataclass
class Firm:
    """A company as the orders need it."""

    company: Company
    units: list[ProductionUnit]
    contact: Contact
    agreement: Agreement | None = None
    events: list[Event] = field(default_factory=list)


def cvr_numbers(rng: Random, taken: set[str]) -> Iterator[str]:
    """Numbers that start with 9 and pass the check (weights 2 7 6 5 4 3 2 1, modulo 11), each once."""
    used = set(taken)
    while True:
        digits = f"9{rng.randrange(10**6):06d}"
        last = -sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
        if last < 10 and digits + str(last) not in used:
            used.add(digits + str(last))
            yield digits + str(last)


def p_numbers(rng: Random, taken: set[str]) -> Iterator[str]:
    """Ten digits that start with 9, so that none looks like a CPR number; each once."""
    used = set(taken)
    while True:
        number = f"9{rng.randrange(10**9):09d}"
        if number not in used:
            used.add(number)
            yield number


def make(world: World, staff: Staff, count: int) -> list[Firm]:
    """Insert so many companies with everything that belongs to them."""
    rng = world.chance("firms")
    cvr = cvr_numbers(rng, set(Company.objects.filter(cvr__startswith="9").order_by().values_list("cvr", flat=True)))
    known = ProductionUnit.objects.filter(p_number__startswith="9").order_by()
    p_number = p_numbers(rng, set(known.values_list("p_number", flat=True)))
    firms = [_firm(world, staff, rng, lead, next(cvr), p_number) for lead in world.homes(rng, count)]
    insert(Company, [firm.company for firm in firms])
    insert(ProductionUnit, [unit for firm in firms for unit in firm.units])
    insert(Contact, [firm.contact for firm in firms])
    insert(LeadPeriod, [_lead(firm) for firm in firms])
    insert(Agreement, [firm.agreement for firm in firms if firm.agreement])
    insert(Event, [event for firm in firms for event in firm.events])
    return firms


def _firm(world: World, staff: Staff, rng: Random, lead: str, cvr: str, p_number: Iterator[str]) -> Firm:
    since = world.now - dt.timedelta(days=rng.randint(world.days + 20, world.days + 770), minutes=rng.randint(0, 600))
    name, industry = words.firm_name(rng), rng.choice(world.industries)
    company = Company(
        public_id=new_id(rng),
        cvr=cvr,
        name=name,
        industry_code=industry,
        industry_version="DB25",
        headcount=min(2000, int(rng.lognormvariate(2.5, 1.1)) + 1),
        headcount_on=world.day.replace(day=1) - dt.timedelta(days=31 * rng.randint(0, 6)),
        lead=world.municipalities[lead],
        contact_user=rng.choice(staff.consultants[lead]),
        created_at=since,
    )
    units = [_unit(world, rng, company, lead, next(p_number), is_main=True)]
    if rng.random() < SECOND_UNIT:
        units.append(_unit(world, rng, company, world.homes(rng, 1)[0], next(p_number), is_main=False))
    contact = Contact(
        public_id=new_id(rng), company=company, name=words.person_name(rng), phone=words.phone(rng),
        email=f"job@{cvr}.example",
    )  # fmt: skip
    firm = Firm(company, units, contact)
    audience, columns = NINE, {"municipality": lead, "actor_kind": "system", "company": company.public_id}
    firm.events.append(
        happened(rng, since, "company.registered", company.public_id, audience=audience, version=1, data={"lead": lead},
                 **columns)
    )  # fmt: skip
    if rng.random() < AGREEMENT:
        firm.agreement = _agreement(world, rng, company)
        signed = firm.agreement.recorded_at
        firm.events.append(
            happened(rng, signed, "agreement.signed", firm.agreement.public_id, audience=audience, version=1,
                     data={"company": str(company.public_id), "kind": firm.agreement.kind}, **columns)
        )  # fmt: skip
    return firm


def _unit(world: World, rng: Random, company: Company, code: str, p_number: str, *, is_main: bool) -> ProductionUnit:
    return ProductionUnit(
        public_id=new_id(rng),
        company=company,
        p_number=p_number,
        name=company.name,
        street=words.street(rng),
        postal_code=rng.choice(world.postal_codes[code]),
        municipality_code=code,
        industry_code=company.industry_code,
        industry_version="DB25",
        headcount=company.headcount if is_main else 3,
        is_main=is_main,
    )


def _lead(firm: Firm) -> LeadPeriod:
    company = firm.company
    return LeadPeriod(
        company=company, municipality=company.lead, started_at=company.created_at, why=Why.MAIN_UNIT.value,
        decided_by="system",
    )  # fmt: skip


def _agreement(world: World, rng: Random, company: Company) -> Agreement:
    recorded = world.now - dt.timedelta(days=rng.randint(10, 700))
    tovholder = world.homes(rng, 1)[0] if rng.random() < TOVHOLDER else None
    return Agreement(
        public_id=new_id(rng),
        company=company,
        kind=Agreement.Kind.RECRUITMENT,
        holder=Agreement.Holder.NRS,
        tovholder=world.municipalities[tovholder] if tovholder else None,
        valid_from=recorded.date(),
        valid_to=recorded.date() + dt.timedelta(days=rng.choice((365, 730, 1095))),
        signed_on=recorded.date(),
        recorded_at=recorded,
    )
