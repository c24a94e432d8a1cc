"""Made-up orders: what the company wants, drawn from the occupation, and the rows of their first moment."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from companies.lead import NINE
from joborders import routing, wanted
from joborders.models import FollowLink, Intake, JobOrder, NumberSeries, OrderSpan, Requirement, Revision
from joborders.services import dues
from nrs.region import course as courses
from nrs.region import words
from nrs.region.course import Course
from nrs.region.firms import Firm
from nrs.region.people import CERTIFICATES, LICENCES
from nrs.region.staff import Staff
from nrs.region.world import Trade, World, insert, new_id

CHANNELS = (("web", 45), ("api", 15), ("phone", 25), ("mail", 15))
FOLLOW_DAYS = 30


@dataclass
class Drawn:
    """An order with its course and the rows that belong to it."""

    order: JobOrder
    course: Course
    firm: Firm
    requirements: list[Requirement] = field(default_factory=list)


def make(world: World, staff: Staff, firms: list[Firm], count: int) -> list[Drawn]:
    """Insert so many orders with requirements, revision, intake, follow link and spans; numbered as registered."""
    rng = world.chance("orders")
    drawn = [_drawn(world, staff, rng, firms) for _ in range(count)]
    drawn.sort(key=lambda one: (one.order.submitted_at, one.order.public_id))
    _number(drawn)
    insert(JobOrder, [one.order for one in drawn])
    insert(Requirement, [row for one in drawn for row in one.requirements])
    insert(Revision, [_revision(one) for one in drawn])
    insert(OrderSpan, [span for one in drawn for span in spans_of(one)])
    insert(Intake, [_intake(rng, one) for one in drawn if one.order.channel != "api"])
    insert(Intake, [_draft(world, staff, rng) for _ in range(count // 100)])
    insert(FollowLink, [_link(rng, one) for one in drawn if one.order.channel == "web"])
    return drawn


def _number(drawn: list[Drawn]) -> None:
    """The numbers of each year go on where its series stands."""
    last = dict(NumberSeries.objects.order_by("year").values_list("year", "last"))
    counted: dict[int, int] = defaultdict(int, last)
    for one in drawn:
        year = one.order.submitted_at.year
        counted[year] += 1
        one.order.number = f"NRS-{year}-{counted[year]:05d}"
    rows = [NumberSeries(year=year, last=n) for year, n in sorted(counted.items())]
    NumberSeries.objects.bulk_create(rows, update_conflicts=True, unique_fields=["year"], update_fields=["last"])


def _drawn(world: World, staff: Staff, rng: Random, firms: list[Firm]) -> Drawn:
    course, firm, trade = courses.draw(rng, world.now), rng.choice(firms), rng.choice(world.trades)
    unit = rng.choice(firm.units)
    agreement = firm.agreement if firm.agreement and firm.agreement.valid_from <= course.submitted.date() else None
    if agreement and agreement.valid_to and agreement.valid_to < course.submitted.date():
        agreement = None
    tovholder = (agreement.tovholder_id or "") if agreement else ""
    channel = rng.choices([name for name, _n in CHANNELS], [n for _name, n in CHANNELS])[0]
    route = routing.route(
        routing.Origin(
            duty=firm.company.lead_id,
            company_lead=firm.company.lead_id,
            unit=unit.municipality_code,
            tovholder=tovholder or None,
        )
    )
    order = JobOrder(
        public_id=new_id(rng),
        company=firm.company,
        lead=world.municipalities[route.lead],
        routed_by=route.why,
        intake_by=world.homes(rng, 1)[0] if channel in ("phone", "mail") else "",
        agreement=agreement,
        tovholder=tovholder,
        channel=channel,
        received_at=course.received,
        submitted_at=course.submitted,
        title=f"{trade.label[:1].upper()}{trade.label[1:]} søges"[:100],
        occupation_id=trade.isco,
        description=words.order_text(rng, trade.label),
        unit=unit,
        workplace_street=unit.street,
        workplace_postal_code=unit.postal_code,
        workplace_municipality=unit.municipality_code,
        contact_name=firm.contact.name,
        contact_phone=firm.contact.phone,
        contact_email=firm.contact.email,
        salt=rng.randrange(2_147_483_646) + 1,
    )
    _wishes(rng, order, course)
    _standing(world, staff, rng, order, course)
    return Drawn(order, course, firm, _requirements(rng, order, trade))


def _wishes(rng: Random, order: JobOrder, course: Course) -> None:
    """Hours, shifts, start, reach: what the company asks for beside skills."""
    asked = course.received.date()
    order.positions = course.positions
    order.hours_min, order.hours_max = rng.choice(((37, 37), (37, 37), (30, 37), (20, 30), (15, 37)))
    order.shifts = rng.choice((0, 0, 1, 1, 2, 3, 8, 9))
    order.starts_on = None if rng.random() < 0.4 else asked + dt.timedelta(days=rng.randint(7, 60))
    order.max_distance_km = rng.choice((None, None, 20, 30, 40, 50, 80))
    order.needs_own_transport = rng.random() < 0.12
    order.is_remote = rng.random() < 0.03
    order.employment = rng.choices(("permanent", "temporary_agency", "seasonal"), (80, 10, 10))[0]
    order.wage = "Efter overenskomst"
    order.deadline = asked + dt.timedelta(days=rng.randint(14, 60)) if rng.random() < 0.5 else None
    order.is_public = rng.random() < 0.4


def _standing(world: World, staff: Staff, rng: Random, order: JobOrder, course: Course) -> None:
    """Where the order stands after its course, with its promises."""
    order.state, order.close_reason, order.ended_itself = course.state, course.reason, course.ended_itself
    order.ended_at = None if course.state == "open" else course.end
    order.hires, order.filled_otherwise = len(course.hires), course.otherwise
    order.claimed_at, order.responded_at = course.claimed, course.responded
    order.screened_at, order.shared_at = course.screened, course.shared
    order.contact_verified_at, order.paused_at = course.verified, course.paused
    order.presented_at = min((at for talk in course.talks if (at := talk.at("presented"))), default=None)
    order.with_company = sum(talk.state in ("presented", "interview") for talk in course.talks)
    order.assignee = rng.choice(staff.consultants[order.lead_id]) if course.claimed else None
    done = (course.claimed, course.responded, course.verified, course.screened, course.shared, course.paused)
    order.version = 1 + sum(moment is not None for moment in done) + len(course.talks) + (course.state != "open")
    dues.promise(order, world.calendar(order.lead_id))


def _requirements(rng: Random, order: JobOrder, trade: Trade) -> list[Requirement]:
    must = rng.sample(trade.essential, min(len(trade.essential), rng.randint(2, 4)))
    others = [skill for skill in trade.pool if skill not in must]
    wishes = rng.sample(others, min(len(others), rng.randint(2, 5)))
    rows = [Requirement(order=order, kind="skill", code=code, is_must=True) for _pk, code in must]
    rows += [Requirement(order=order, kind="skill", code=code, is_must=False) for _pk, code in wishes]
    licences, certificates = LICENCES.get(trade.isco, ()), CERTIFICATES.get(trade.isco, ())
    if licences and rng.random() < 0.85:
        rows.append(Requirement(order=order, kind="licence", code=rng.choice(licences)[0]))
    if certificates and rng.random() < 0.7:
        rows.append(Requirement(order=order, kind="certificate", code=certificates[0][0], is_must=rng.random() < 0.8))
    if rng.random() < 0.6:
        oral = rng.choice((2, 3, 3, 4))
        rows.append(Requirement(order=order, kind="language", code="da", oral=oral, written=oral - rng.randint(0, 2)))
    return rows


def _revision(one: Drawn) -> Revision:
    block = wanted.block_of(one.order, one.requirements)
    return Revision(order=one.order, number=1, wanted=block, recorded_at=one.order.submitted_at, by_name="system")


def spans_of(one: Drawn) -> list[OrderSpan]:
    """The spans that `joborders.services.spans` would have written, step by step."""
    order, course = one.order, one.course
    first = {"state": "open", "close_reason": "", "hires": 0, "filled_otherwise": 0}
    changes: list[tuple[dt.datetime, dict[str, object]]] = []
    for n, moment in enumerate(course.hires, 1):
        if course.state == "open" or moment < course.end:
            changes.append((moment, {**first, "hires": n}))
    if course.state != "open":
        end = {"state": course.state, "close_reason": course.reason}
        changes.append((course.end, {**end, "hires": len(course.hires), "filled_otherwise": course.otherwise}))
    elif course.otherwise:
        raise ValueError("an open order of this region has nothing filled otherwise")
    common = {
        "order": order, "positions": order.positions, "lead_code": order.lead_id, "received_at": order.received_at,
    }  # fmt: skip
    present = OrderSpan(happened_from=order.received_at, known_from=order.submitted_at, **first, **common)
    rows, before = [present], first
    for moment, values in changes:
        present.known_to = moment
        begun = present.happened_from
        rows.append(OrderSpan(happened_from=begun, happened_to=moment, known_from=moment, **before, **common))
        present = OrderSpan(happened_from=moment, known_from=moment, **values, **common)
        rows.append(present)
        before = values
    return rows


def _intake(rng: Random, one: Drawn) -> Intake:
    order = one.order
    return Intake(
        public_id=new_id(rng),
        state=Intake.State.SUBMITTED,
        channel=order.channel,
        received_at=order.received_at,
        recorded_at=order.received_at,
        municipality_id=order.intake_by or order.lead_id,
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
        contact_email=order.contact_email,
        cvr=one.firm.company.cvr,
        response_due_at=order.response_due_at,
        order=order,
    )


def _draft(world: World, staff: Staff, rng: Random) -> Intake:
    """A call or mail of the last days that nobody has made an order of."""
    code = world.homes(rng, 1)[0]
    received = world.now - dt.timedelta(minutes=rng.randint(5, 4 * 24 * 60))
    return Intake(
        public_id=new_id(rng),
        state=rng.choice((Intake.State.DRAFT, Intake.State.DRAFT, Intake.State.ENQUIRY)),
        channel=rng.choice(("phone", "mail")),
        received_at=received,
        recorded_at=received,
        municipality_id=code,
        taken_by=rng.choice(staff.consultants[code]),
        contact_name=words.person_name(rng),
        contact_phone=words.phone(rng),
        text="Vil gerne ringes op om flere medarbejdere.",
        response_due_at=world.calendar(code).add_working_days(received, 1),
    )


def _link(rng: Random, one: Drawn) -> FollowLink:
    """A link whose secret nobody has."""
    order = one.order
    digest = hashlib.sha256(rng.randbytes(32)).hexdigest()
    expires = order.ended_at + dt.timedelta(days=FOLLOW_DAYS) if order.ended_at else None
    return FollowLink(order=order, digest=digest, created_at=order.submitted_at, expires_at=expires)


def audience(order: JobOrder, at: dt.datetime) -> set[str]:
    """Who could read the order's events at a moment."""
    codes = {order.lead_id, order.intake_by, order.workplace_municipality, order.tovholder} & NINE
    return codes | NINE if order.shared_at is not None and order.shared_at <= at else codes | {order.lead_id}
