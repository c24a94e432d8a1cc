"""Handing in an order: checked as a whole, routed, numbered and promised in one transaction (design §4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from companies import services as companies
from companies.agreements import covering
from companies.duty import on_duty
from companies.lead import Why
from companies.models import Agreement, Company, ProductionUnit
from events import clock, kept
from events.errors import FieldProblem, Invalid, NotAllowed, NotVisible
from joborders import routing, wanted, workflow
from joborders.models import Intake, JobOrder, Revision
from joborders.numbers import next_number
from joborders.problems import Problems
from joborders.services import dues, follow, places, spans
from joborders.services.base import joined, moment, tell
from joborders.wanted import Wanted
from municipalities.actor import Actor
from municipalities.models import Municipality

SIMILAR_DAYS = 30


@joined
def submit(
    actor: Actor,
    data: Mapping[str, Any],
    *,
    company: UUID,
    channel: str | None = None,
    received_at: datetime | None = None,
    intake: Intake | None = None,
) -> JobOrder:
    """Hand in an order of a registered company, by itself or by a member for it.

    `data` is the order block (joborders.wanted); `received_at` may lie before now when a member registers it later.
    Raises Invalid with every problem found, NotAllowed, or NotVisible for a company that the actor does not see.
    """
    if not workflow.can_submit(actor):
        raise NotAllowed()
    found, agreed = _registered(company, actor)
    problems = Problems()
    order, wants = _read(data, found.units.all(), problems, for_member=not actor.is_company)
    order.received_at = _received(received_at if not actor.is_company else None, intake, problems)
    order.channel = channel or (intake.channel if intake else "api" if actor.is_company else "consultant")
    if order.channel not in JobOrder.Channel.values:
        problems.add("channel", "unknown_code", _("This value is not known."))
    problems.raise_any()
    order.company = found
    order.intake_by = _taken_by(actor, intake)
    agreement = covering(found, order.unit, clock.today()) if agreed else None
    _write(order, wants, actor, _route(order, agreement))
    return order


_COMPANY = tuple(field.attname for field in Company._meta.concrete_fields)
_LEAD = tuple(field.attname for field in Municipality._meta.concrete_fields)


def _companies(actor: Actor, public_id: UUID, day: date) -> QuerySet[Company, tuple[Any, ...]]:
    in_force = Agreement.objects.in_force(day).filter(company=OuterRef("pk"))
    found = Company.objects.visible_to(actor).filter(public_id=public_id).order_by()
    return found.values_list(*_COMPANY, *(f"lead__{name}" for name in _LEAD), Exists(in_force))


def _registered(public_id: UUID, actor: Actor) -> tuple[Company, bool]:
    """The company with its lead, and whether any agreement is in force. Raises NotVisible."""
    for *values, agreed in kept.rows(_companies, (actor,), public_id, clock.today()):
        company = Company.from_db(DEFAULT_DB_ALIAS, _COMPANY, values[: len(_COMPANY)])
        company.lead = Municipality.from_db(DEFAULT_DB_ALIAS, _LEAD, values[len(_COMPANY) :])
        return company, agreed
    raise NotVisible()


def _received(received_at: datetime | None, intake: Intake | None, problems: Problems) -> datetime:
    try:
        return moment(received_at or (intake.received_at if intake else None), field="received_at")
    except Invalid as error:
        problems.found.extend(error.errors)
        return clock.now()


def _taken_by(actor: Actor, intake: Intake | None) -> str:
    """Code of the municipality that took the call or mail, kept apart from the lead."""
    if intake is not None and intake.municipality_id:
        return intake.municipality_id
    return actor.municipality or ""


def _read(
    data: Mapping[str, Any], units: Iterable[ProductionUnit], problems: Problems, *, for_member: bool
) -> tuple[JobOrder, Wanted]:
    """The block as an unsaved order with its unit and workplace; problems are noted."""
    known = SimpleLazyObject(lambda: [unit.p_number for unit in units if unit.p_number])
    wants = wanted.parse(data, problems, for_member=for_member, known_numbers=cast(Collection[str], known))
    touched = places.check_codes(wants, problems)
    order = JobOrder(**wants.fields)
    places.place(order, wants, units, problems, touched)
    wanted.check_together(order, problems)
    return order, wants


def _route(order: JobOrder, agreement: Agreement | None) -> routing.Route:
    """Which municipality leads an order of a registered company, under the agreement that covers it."""
    order.agreement = agreement
    order.tovholder = (agreement.tovholder_id or "") if agreement else ""
    origin = routing.Origin(
        duty=order.company.lead_id,
        company_lead=order.company.lead_id,
        unit=order.workplace_municipality or None,
        intake_by=order.intake_by or None,
        tovholder=order.tovholder or None,
    )
    return routing.route(origin)


def _write(order: JobOrder, wants: Wanted, actor: Actor, route: routing.Route) -> None:
    """Insert the order with everything that belongs to its first moment: numbered last, for the series is locked."""
    company, rows = order.company, wants.requirements or []
    order.lead = company.lead if route.lead == company.lead_id else Municipality.objects.get(code=route.lead)
    order.routed_by, order.submitted_at = route.why, clock.now()
    dues.promise(order, dues.calendar_of(order.lead_id))
    order.demands = rows
    revision = Revision(
        number=1,
        wanted=wanted.block_of(order),
        recorded_at=order.submitted_at,
        by_name=(actor.name or str(actor.kind))[:120],
    )
    order.number = next_number(clock.today().year)
    kept.insert(order)
    for row in (*rows, revision):
        row.order = order
    kept.insert(*rows)
    kept.insert(revision)
    spans.begin(order)
    tell(
        order,
        "joborder.submitted",
        actor,
        happened_at=order.received_at,
        number=order.number,
        lead=order.lead_id,
        routed_by=order.routed_by,
        workplace=route.workplace,
        coordinator_looks=route.coordinator_looks,
        channel=order.channel,
        occupation=order.occupation_id,
        positions=order.positions,
    )


@transaction.atomic
def submit_public(
    data: Mapping[str, Any], *, channel: str = "web", received_at: datetime | None = None, language: str = "da"
) -> tuple[JobOrder, str]:
    """The single entry: company block, order block and contact from somebody whom nobody knows yet.

    `language` (da, en) is what its mails are written in. Returns the order and the secret of its follow link. Nothing
    of a known company is given away. Raises Invalid with pointers /company/…, /order/…, /contact/….
    """
    about_company, about_order = Problems("/company"), Problems("/order")
    company_data = _object(data.get("company"), about_company)
    order_data = _object(data.get("order"), about_order)
    unknown = [
        FieldProblem(f"/{name}"[:60], "unknown_field", _("This field is not known here."))
        for name in data
        if name not in ("company", "order", "contact")
    ]
    company, cvr = _company(company_data, about_company)
    units: Iterable[ProductionUnit] = company.units.all() if company is not None else ()
    block = dict(order_data)
    if "contact" in data:
        if block.get("contact"):
            unknown.append(FieldProblem("/order/contact", "given_twice", _("Name the contact person once.")))
        block["contact"] = data["contact"]
    p_number, address = _work_unit(company_data, company, units, block, about_company)
    order, wants = _read(block, units, about_order, for_member=False)
    moved = [_at_top(problem) for problem in about_order.found] if "contact" in data else about_order.found
    if found := [*unknown, *about_company.found, *moved]:
        raise Invalid(found)
    actor = Actor.system("public")
    order.received_at, order.channel = moment(received_at, field="received_at"), channel
    order.contact_language = "en" if language == "en" else "da"
    if company is None:
        if not order.workplace_municipality:
            order.workplace_street, order.workplace_postal_code = address["street"], address["postal_code"]
            order.workplace_municipality = address["municipality"]
        company = _register(order, company_data, cvr, p_number, address)
        order.company, route = company, routing.route(_origin_of_new(company, order))
        route = _why_of_new(route, order)
    else:
        order.company = company
        route = _route(order, covering(company, order.unit, clock.today()))
    _write(order, wants, actor, route)
    _keep_intake(order, cvr)
    return order, follow.create(order)


def _object(value: Any, problems: Problems) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    problems.found.append(FieldProblem(problems.prefix, "required", _("This field is required.")))
    return {}


def _at_top(problem: FieldProblem) -> FieldProblem:
    """The contact stands beside the order block, so its pointers do too."""
    if problem.pointer.startswith("/order/contact"):
        return FieldProblem(problem.pointer.removeprefix("/order"), problem.code, problem.detail)
    return problem


def _company(data: Mapping[str, Any], problems: Problems) -> tuple[Company | None, str]:
    """The registered company of the CVR number, or None; name and unit are asked for only when it is new."""
    for name in data:
        if name not in ("cvr", "name", "unit"):
            problems.add(str(name)[:60], "unknown_field", _("This field is not known here."))
    cvr = ""
    try:
        cvr = companies.valid_cvr(str(data.get("cvr") or ""), "/company/cvr")
    except Invalid as error:
        problems.found.extend(error.errors)
    name = problems.text("name", data.get("name"), 200, multiline=False, empty=True, known=())
    company = Company.objects.with_cvr(cvr).select_related("lead").first() if cvr else None
    told = any(problem.pointer == "/company/name" for problem in problems.found)
    if cvr and company is None and not name and not told:
        problems.add("name", "required", _("This field is required."))
    return company, cvr


def _work_unit(
    data: Mapping[str, Any],
    company: Company | None,
    units: Iterable[ProductionUnit],
    block: dict[str, Any],
    problems: Problems,
) -> tuple[str | None, dict[str, str]]:
    """Where the unit of the company block lies: the order's workplace, unless the order block names another.

    A P-number of another company is refused. Of a known company nothing is registered: its unit, or an address.
    """
    unit, empty = data.get("unit"), {"street": "", "postal_code": "", "municipality": ""}
    if unit is None:
        if company is None:
            problems.add("unit", "required", _("Tell where the work is: an address, and the P-number if you know it."))
        return None, empty
    if not isinstance(unit, Mapping):
        problems.add("unit", "invalid_type", _("This must be an object."))
        return None, empty
    p_number = _free_p_number(unit.get("p_number"), company, problems)
    problems.text("unit/name", unit.get("name"), 200, known=[p_number] if p_number else ())
    own = next((item for item in units if p_number and item.p_number == p_number), None)
    if own is not None:
        block.setdefault("unit", own.public_id)
        return p_number, empty
    inner = Problems("/company")
    place = {name: unit[name] for name in unit if name not in ("p_number", "name")}
    read = wanted.address(place, inner, "unit", [p_number] if p_number else ())
    if read and not inner.found:
        if not read["street"]:
            inner.add("unit/street", "address_needed", _("Give the address of the workplace."))
        read["municipality"] = places.municipality_of(read, inner, "unit")
    problems.found.extend(inner.found)
    if company is not None and not inner.found and not block.get("unit") and not block.get("workplace"):
        block["workplace"] = read
    return p_number, read or empty


def _free_p_number(value: Any, company: Company | None, problems: Problems) -> str | None:
    if not value:
        return None
    try:
        p_number = companies.valid_p_number(str(value), "/company/unit/p_number")
    except Invalid as error:
        problems.found.extend(error.errors)
        return None
    taken = ProductionUnit.objects.filter(p_number=p_number)
    if company is not None:
        taken = taken.exclude(company=company)
    if taken.exists():
        problems.add("unit/p_number", "p_number_of_another", _("This P-number belongs to another company."))
    return p_number


def _origin_of_new(company: Company, order: JobOrder) -> routing.Origin:
    return routing.Origin(duty=company.lead_id, company_lead=company.lead_id, unit=order.workplace_municipality or None)


def _why_of_new(route: routing.Route, order: JobOrder) -> routing.Route:
    """The first order of a new company keeps the reason that made its lead."""
    why = order.company.lead_history.values_list("why", flat=True).first() or route.why
    return routing.Route(route.lead, why, None, route.workplace, coordinator_looks=why == Why.DUTY)


def _register(
    order: JobOrder, data: Mapping[str, Any], cvr: str, p_number: str | None, address: dict[str, str]
) -> Company:
    """Register the company and its unit, with the lead that the rule gives it."""
    actor = Actor.system("public")
    lead = routing.route(routing.Origin(duty=on_duty(), unit=address["municipality"] or None)).company
    assert lead is not None  # a company without a lead always gets one
    company, new = companies.register(actor, cvr=cvr, name=data["name"], lead=lead.municipality, why=lead.why.value)
    if new and address["municipality"]:  # else somebody registered it in the same moment
        named = data["unit"].get("name") or ""
        order.unit = companies.add_unit(
            actor,
            company,
            p_number=p_number,
            name=named,
            street=address["street"],
            postal_code=address["postal_code"],
            municipality_code=address["municipality"],
        )
    return company


def _keep_intake(order: JobOrder, cvr: str) -> None:
    """How it came in, as it came in."""
    Intake.objects.create(
        state=Intake.State.SUBMITTED,
        channel=order.channel,
        received_at=order.received_at,
        recorded_at=order.submitted_at,
        municipality_id=order.lead_id,
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
        contact_email=order.contact_email,
        cvr=cvr,
        response_due_at=order.response_due_at,
        order=order,
    )


def similar_since() -> datetime:
    """How far back `similar_open` looks."""
    return clock.now() - timedelta(days=SIMILAR_DAYS)


def similar_open(company: UUID, occupation: str | None, *, since: datetime | None = None) -> QuerySet[JobOrder]:
    """Open orders of the company within the days before, for the same occupation if it is known: "is it this one?"

    For members and the company itself; the public entry must not ask.
    """
    found = JobOrder.objects.open().filter(company__public_id=company, received_at__gte=since or similar_since())
    if occupation is not None:
        found = found.filter(occupation=occupation)
    return found.order_by("-received_at", "-id")
