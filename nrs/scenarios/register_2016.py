"""The made-up business register of `nrs-2016`: some 6,000 companies, so that 438 of them are what a campaign looks for.

The handbook (§6.2) knows the 438; how many companies there are in all, and in which industries, is made up here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from stdnum.dk import cvr as cvr_rule

from companies.lead import Why
from companies.models import Company, LeadPeriod, ProductionUnit
from events import clock
from events.services import append_many
from municipalities.actor import Actor
from nrs.region import words
from nrs.scenarios.world import POSTAL_CODES, STREETS, Firm
from vocabulary.models import Industry

COMPANIES = 6000
#: Building, construction and transport with at least 5 employees in the nine (001:1138-1141).
TARGETS = 438
MINIMUM = 5
#: As the steering group decided for the first half of the year, and for the second.
SPRING = ("41", "42", "43", "49", "52", "53")
AUTUMN = ("55", "56", "10", "22", "25", "28")
#: Everybody else: trade, services, health, and so on.
OTHERS = ("46", "47", "47", "62", "68", "69", "70", "71", "74", "81", "82", "85", "86", "87", "88", "93", "95", "96")
#: How many companies of each group, and how many of them have at least MINIMUM employees.
SPRING_SMALL, AUTUMN_SMALL, AUTUMN_LARGE = 1120, 540, 236
#: The nine, those with more companies more often.
PLACES = ("0219", "0219", "0219", "0217", "0217", "0250", "0250", "0240", "0210", "0270", "0260", "0201", "0223")
SMALL, LARGE = (1, 1, 1, 2, 2, 3, 4), (5, 5, 6, 6, 7, 8, 9, 10, 12, 14, 17, 21, 26, 34, 48, 75, 130)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One company of the register: its industry, and how many people it employs."""

    industry: str
    headcount: int


def fits(firm: Firm, known: frozenset[str]) -> bool:
    """Whether one of the scenario's own companies is among the 438."""
    return firm.industry in known and firm.industry[:2] in SPRING and firm.headcount >= MINIMUM


def write(actor: Actor, firms: Sequence[Firm], known: frozenset[str]) -> int:
    """Write the register that the scenario's own companies stand in too; how many companies were written."""
    rng = Random(2016)
    entries = list(_entries(rng, TARGETS - sum(fits(firm, known) for firm in firms), COMPANIES - len(firms)))
    rng.shuffle(entries)
    numbers = _cvr_numbers()
    now, today = clock.now(), clock.today()
    companies = [
        Company(
            cvr=next(numbers),
            name=words.firm_name(rng),
            industry_code=entry.industry,
            industry_version="DB25",
            headcount=entry.headcount,
            headcount_on=today,
            lead_id=rng.choice(PLACES),
            created_at=now,
        )
        for entry in entries
    ]
    Company.objects.bulk_create(companies, batch_size=BATCH)
    ProductionUnit.objects.bulk_create(
        [_unit(rng, number, company) for number, company in enumerate(companies)], batch_size=BATCH
    )
    LeadPeriod.objects.bulk_create(
        [
            LeadPeriod(
                company=one, municipality_id=one.lead_id, started_at=now, why=Why.MAIN_UNIT, decided_by=actor.name
            )
            for one in companies
        ],
        batch_size=BATCH,
    )
    _tell(actor, companies)
    return len(companies)


def _entries(rng: Random, targets: int, count: int) -> Iterator[Entry]:
    """So many companies, of which `targets` are what the first campaign looks for."""
    codes = list(Industry.objects.version("DB25").activities().order_by("code").values_list("code", flat=True))
    spring = [code for code in codes if code[:2] in SPRING]
    autumn = [code for code in codes if code[:2] in AUTUMN]
    groups = ((spring, LARGE, targets), (spring, SMALL, SPRING_SMALL), (autumn, LARGE, AUTUMN_LARGE))
    made = 0
    for industries, sizes, many in (*groups, (autumn, SMALL, AUTUMN_SMALL)):
        made += many
        yield from (Entry(rng.choice(industries), rng.choice(sizes)) for _ in range(many))
    yield from (Entry(rng.choice(OTHERS), rng.choice(SMALL + LARGE)) for _ in range(count - made))


def _unit(rng: Random, number: int, company: Company) -> ProductionUnit:
    """Its one place of work, which lies in the municipality that leads."""
    return ProductionUnit(
        company=company,
        p_number=f"98{number:08}",
        name=company.name,
        street=f"{rng.choice(STREETS)} {rng.randint(1, 120)}",
        postal_code=rng.choice(POSTAL_CODES[company.lead_id]),
        municipality_code=company.lead_id,
        industry_code=company.industry_code,
        industry_version=company.industry_version,
        headcount=company.headcount,
        is_main=True,
    )


def _tell(actor: Actor, companies: Sequence[Company]) -> None:
    everybody = sorted(POSTAL_CODES)
    for first in range(0, len(companies), BATCH):
        append_many(
            {
                "type": "company.registered",
                "subject": one.public_id,
                "by": actor,
                "municipality": one.lead_id,
                "audience": everybody,
                "company": one.public_id,
                "data": {"lead": one.lead_id},
                "version": 1,
            }
            for one in companies[first : first + BATCH]
        )


def _cvr_numbers() -> Iterator[str]:
    """Numbers that pass the check digit and start with 9, away from those of the scenario's own companies."""
    return (str(number) for number in range(95_000_001, 100_000_000, 61) if cvr_rule.is_valid(str(number)))
