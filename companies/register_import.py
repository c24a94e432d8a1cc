"""Taking a file of the business register in: what it would change, then the change, some companies at a time.

A file that is not understood changes nothing; a row that is refused changes nothing; a company is written whole or not
at all. The same file again changes nothing. Units that have ceased are flagged, never deleted; what the file does not
mention stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from companies.duty import on_duty
from companies.lead import NINE, lead_of_company
from companies.models import Company, LeadPeriod, ProductionUnit
from companies.register_rows import Problem, Read, RegisterRow, batches
from events import clock
from events.services import append_many
from municipalities.actor import Actor
from vocabulary.text import fold

#: Companies in one transaction: short enough that nobody waits for it.
BATCH = 500
#: Refused rows that a report names one by one.
MOST_NAMED = 200
UNIT_FIELDS = ("name", "street", "postal_code", "municipality_code", "industry_code", "headcount")
COMPANY_FIELDS = ("name", "industry_code", "headcount")
OUTCOMES = ("new", "changed", "ceased", "unchanged", "refused")


@dataclass(slots=True)
class Plan:
    """What a batch comes to: counts of rows by outcome, and the objects to write."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    new_companies: list[tuple[Company, str]] = field(default_factory=list)
    old_companies: list[tuple[Company, list[str]]] = field(default_factory=list)
    new_units: list[ProductionUnit] = field(default_factory=list)
    old_units: list[ProductionUnit] = field(default_factory=list)


Progress = Callable[[int, Counter[str]], None]


def look(read: Read, version: str, progress: Progress | None = None) -> dict[str, Any]:
    """The report on what a file would change; nothing is written. `version` classifies its industries."""
    counts: Counter[str] = Counter()
    problems = list(read.problems)
    counts["refused"] += len(problems)
    for batch in batches(read.rows, BATCH):
        plan = _plan(batch, version, lock=False)
        counts += plan.counts
        problems += plan.problems
        if progress is not None:
            progress(sum(map(len, batch)), plan.counts)
    return report_of(read, counts, problems)


def report_of(read: Read, counts: Counter[str], problems: Sequence[Problem]) -> dict[str, Any]:
    """Counts and codes in JSON types; nothing that a row says is repeated."""
    named = sorted(problems, key=lambda one: one.row)[:MOST_NAMED]
    return {
        "rows": read.count,
        **{outcome: counts[outcome] for outcome in OUTCOMES},
        "companies": counts["companies"],
        "columns": read.columns,
        "remarks": {code: count for code, count in sorted(read.remarks.items()) if count},
        "reasons": dict(sorted(Counter(one.code for one in problems).items())),
        "problems": [{"row": one.row, "column": one.column, "code": one.code} for one in named],
    }


def take_in(read: Read, version: str, actor: Actor, *, done: int = 0, progress: Progress | None = None) -> Counter[str]:
    """Write what the file changes; counts of what was written. Batches wholly within `done` rows are in already.

    Each batch is one transaction, in which `progress` is called with its rows and counts: both are kept, or neither.
    """
    counts: Counter[str] = Counter()
    passed = 0
    for batch in batches(read.rows, BATCH):
        size = sum(map(len, batch))
        passed += size
        if passed <= done:
            continue
        with transaction.atomic():
            plan = _plan(batch, version, lock=True)
            _write(plan, version, actor)
            if progress is not None:
                progress(size, plan.counts)
        counts += plan.counts
    return counts


def _plan(batch: list[list[RegisterRow]], version: str, *, lock: bool) -> Plan:
    """Compare the rows with the register: five queries for the batch."""
    plan = Plan()
    found = Company.objects.filter(cvr__in=[rows[0].cvr for rows in batch]).order_by("pk")
    companies = {one.cvr: one for one in (found.select_for_update(of=("self",)) if lock else found)}
    units: dict[int, list[ProductionUnit]] = {}
    for unit in ProductionUnit.objects.filter(company__in=companies.values()).order_by("pk"):
        units.setdefault(unit.company_id, []).append(unit)
    numbers = [row.p_number for rows in batch for row in rows if row.p_number]
    holders = dict(ProductionUnit.objects.filter(p_number__in=numbers).values_list("p_number", "company__cvr"))
    for rows in batch:
        good = [row for row in rows if _is_own(row, holders, plan)]
        company = companies.get(rows[0].cvr)
        if company is not None:
            _compare(company, good, units.get(company.pk, []), plan, version)
        elif good:
            _new(good, plan, version)
    return plan


def _is_own(row: RegisterRow, holders: dict[str, str], plan: Plan) -> bool:
    """Whether its P-number is free, or the company's own; else it is refused."""
    if holders.get(row.p_number, row.cvr) == row.cvr:
        return True
    plan.problems.append(Problem(row.number, "p_number", "p_number_of_another"))
    plan.counts["refused"] += 1
    return False


def _main(rows: Sequence[RegisterRow]) -> RegisterRow:
    """The row that speaks for the company: the main unit's, else the first that has not ceased."""
    living = [row for row in rows if row.ended is None] or list(rows)
    return next((row for row in living if row.is_main), living[0])


def _new(rows: Sequence[RegisterRow], plan: Plan, version: str) -> None:
    """A company that the register does not have, led as the lead rule says. One that has ceased whole is left out."""
    living = [row for row in rows if row.ended is None]
    plan.counts["ceased"] += len(rows) - len(living)
    if not living:
        return
    main, now = _main(living), clock.now()
    first = next((row.municipality for row in living if row.municipality in NINE), None)
    duty = on_duty() if first is None else ""
    lead = lead_of_company(main_unit=main.municipality, first_unit=first, intake_by=None, duty=duty)
    sizes = [row.headcount for row in living if row.headcount is not None]
    company = Company(
        cvr=main.cvr,
        name=main.name,
        industry_code=main.industry,
        industry_version=version if main.industry else "",
        headcount=sum(sizes) if sizes else None,
        headcount_on=clock.today() if sizes else None,
        lead_id=lead.municipality,
        created_at=now,
    )
    plan.new_companies.append((company, lead.why))
    plan.counts["companies"] += 1
    plan.counts["new"] += len(living)
    for row in living:
        unit = ProductionUnit(company=company, p_number=row.p_number or None, is_main=row is main)
        _fill(unit, row, version)
        plan.new_units.append(unit)


def _fill(unit: ProductionUnit, row: RegisterRow, version: str) -> bool:
    """Put the row into the unit; whether that changed anything. What the file leaves empty stays."""
    values = {
        "name": row.name, "street": row.street, "postal_code": row.postal_code,
        "municipality_code": row.municipality, "industry_code": row.industry, "headcount": row.headcount,
    }  # fmt: skip
    wanted = {name: value for name, value in values.items() if value not in ("", None)}
    if row.industry:
        wanted["industry_version"] = version
    changed = {name: value for name, value in wanted.items() if getattr(unit, name) != value}
    for name, value in changed.items():
        setattr(unit, name, value)
    return bool(changed)


def _compare(
    company: Company, rows: Sequence[RegisterRow], units: Sequence[ProductionUnit], plan: Plan, version: str
) -> None:
    """A known company: units that are new, changed, ceased or as they were, then what they make of the company."""
    by_number = {unit.p_number: unit for unit in units if unit.p_number}
    by_place = {(fold(unit.street), unit.postal_code): unit for unit in units if unit.street}
    has_main = any(unit.is_main for unit in units)
    held = list(units)
    for row in rows:
        unit = by_number.get(row.p_number) if row.p_number else by_place.get((fold(row.street), row.postal_code))
        if unit is None and row.ended is not None:
            plan.counts["ceased"] += 1
        elif unit is None:
            unit = ProductionUnit(company=company, p_number=row.p_number or None, is_main=not has_main)
            has_main = True
            _fill(unit, row, version)
            plan.new_units.append(unit)
            held.append(unit)
            plan.counts["new"] += 1
        else:
            _take_over(unit, row, plan, version)
    _compare_company(company, rows, held, plan, version)


def _take_over(unit: ProductionUnit, row: RegisterRow, plan: Plan, version: str) -> None:
    was = unit.ceased_on
    changed = _fill(unit, row, version)
    unit.ceased_on = row.ended
    outcome = "unchanged"
    if row.ended is not None and was is None:
        outcome = "ceased"
    elif changed or was != row.ended:
        outcome = "changed"
    plan.counts[outcome] += 1
    if outcome != "unchanged":
        plan.old_units.append(unit)


def _compare_company(
    company: Company, rows: Sequence[RegisterRow], units: Sequence[ProductionUnit], plan: Plan, version: str
) -> None:
    """Name and industry by the main unit's row; employees where the file knows all units that have not ceased."""
    active = [unit for unit in units if unit.ceased_on is None]
    main = next((row for row in rows if row.is_main and row.ended is None), None)
    if main is None and len(active) == 1 and rows and rows[0].ended is None:
        main = _main(rows)
    wanted: dict[str, Any] = {}
    if main is not None:
        wanted["name"] = main.name
        if main.industry:
            wanted |= {"industry_code": main.industry, "industry_version": version}
    if active and len([row for row in rows if row.ended is None]) == len(active):
        sizes = [unit.headcount for unit in active]
        if None not in sizes:
            wanted["headcount"] = sum(size or 0 for size in sizes)
    changed = {name: value for name, value in wanted.items() if getattr(company, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(company, name, value)
    if "headcount" in changed:
        company.headcount_on = clock.today()
    company.version += 1
    plan.old_companies.append((company, sorted(changed)))


def _write(plan: Plan, version: str, actor: Actor) -> None:
    """Write the plan in bulk, with history and events. Call inside the batch's transaction."""
    Company.objects.bulk_create([company for company, _why in plan.new_companies])
    LeadPeriod.objects.bulk_create(
        LeadPeriod(
            company=company, municipality_id=company.lead_id, started_at=company.created_at, why=why,
            decided_by=actor.name,
        )
        for company, why in plan.new_companies
    )  # fmt: skip
    ProductionUnit.objects.bulk_create(plan.new_units)
    if plan.old_units:
        ProductionUnit.objects.bulk_update(
            plan.old_units, [*UNIT_FIELDS, "industry_version", "ceased_on"], batch_size=200
        )
    if plan.old_companies:
        written = [company for company, _fields in plan.old_companies]
        Company.objects.bulk_update(
            written, [*COMPANY_FIELDS, "industry_version", "headcount_on", "version"], batch_size=200
        )
    append_many(
        [
            _event("company.registered", company, actor, {"lead": company.lead_id})
            for company, _why in plan.new_companies
        ]
        + [_event("company.changed", company, actor, {"fields": fields}) for company, fields in plan.old_companies]
    )


def _event(kind: str, company: Company, actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": kind,
        "subject": company.public_id,
        "by": actor,
        "municipality": company.lead_id,
        "audience": NINE,
        "company": company.public_id,
        "data": data,
        "version": company.version,
    }
