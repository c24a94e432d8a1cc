"""Made-up orders: what the company wants, drawn from the occupation, and the rows of their first moment."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from companies.lead import NINE
from events import clock
from joborders import routing, wanted
from joborders.models import FollowLink, Intake, JobOrder, NumberSeries, OrderSpan, Requirement, Revision
from joborders.promises import Promise
from joborders.services import dues
from nrs.region import course as courses
from nrs.region import words
from nrs.region.bulk import insert
from nrs.region.course import Course, Slice
from nrs.region.firms import Firm
from nrs.region.people import CERTIFICATES, LICENCES
from nrs.region.staff import Staff
from nrs.region.world import Trade, World, new_id

CHANNELS = (("web", 45), ("api", 15), ("phone", 25), ("mail", 15))
FOLLOW_DAYS = 30
BY = {"web": "public", "api": "company"}
"""Who wrote down the first revision, where no consultant did."""


@dataclass
class Drawn:
    """An order with its course and the rows that belong to it; `numbers` are its own and those of its copies."""

    order: JobOrder
    course: Course
    firm: Firm
    requirements: list[Requirement] = field(default_factory=list)
    intake: Intake | None = None
    spans: list[OrderSpan] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    workplace: str | None = None
    """Another of the nine where the work is."""


def draw(world: World, staff: Staff, firms: list[Firm], part: Slice, rng: Random, copies: int = 0) -> list[Drawn]:
    """A part's orders as they stand in the end, numbered as registered; nothing is written but the number series."""
    drawn = [_drawn(world, staff, rng, firms, part) for _ in range(part.count)]
    drawn.sort(key=lambda one: (one.order.submitted_at, one.order.public_id))
    _number(drawn, copies)
    return drawn


def write(world: World, staff: Staff, drawn: list[Drawn], part: Slice, rng: Random) -> None:
    """Insert orders with requirements, revisions, intakes, follow links and spans."""
    insert(JobOrder, [one.order for one in drawn])
    insert(Requirement, [row for one in drawn for row in one.requirements])
    insert(Revision, [row for one in drawn for row in _revisions(one)])
    insert(OrderSpan, [span for one in drawn for span in one.spans])
    insert(Intake, [one.intake for one in drawn if one.intake])
    if part.open:
        insert(Intake, [_draft(world, staff, rng) for _ in range(part.count // 100)])
    insert(FollowLink, [_link(rng, one) for one in drawn if one.order.channel == "web"])


def _number(drawn: list[Drawn], copies: int) -> None:
    """The numbers of each year go on where its series stands. A copy is registered so many seconds after its order."""
    last = dict(NumberSeries.objects.order_by("year").values_list("year", "last"))
    counted: dict[int, int] = defaultdict(int, last)
    registered = sorted(
        (one.order.submitted_at + dt.timedelta(seconds=copy), place)
        for place, one in enumerate(drawn)
        for copy in range(copies + 1)
    )
    for moment, place in registered:
        year = clock.local(moment).year
        counted[year] += 1
        drawn[place].numbers.append(f"NRS-{year}-{counted[year]:05d}")
    for one in drawn:
        one.order.number = one.numbers[0]
    rows = [NumberSeries(year=year, last=n) for year, n in sorted(counted.items())]
    NumberSeries.objects.bulk_create(rows, update_conflicts=True, unique_fields=["year"], update_fields=["last"])


def _drawn(world: World, staff: Staff, rng: Random, firms: list[Firm], part: Slice) -> Drawn:
    course, firm, trade = courses.draw(rng, world.now, part), rng.choice(firms), rng.choice(world.trades)
    unit = rng.choice(firm.units)
    channel = rng.choices([name for name, _n in CHANNELS], [n for _name, n in CHANNELS])[0]
    if channel in ("phone", "mail"):
        course.submitted = min(world.now, course.received + dt.timedelta(minutes=rng.choice((0, 0, 0, 20, 90))))
    agreement = firm.agreement if firm.agreement and firm.agreement.valid_from <= course.submitted.date() else None
    if agreement and agreement.valid_to and agreement.valid_to < course.submitted.date():
        agreement = None
    tovholder = (agreement.tovholder_id or "") if agreement else ""
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
    drawn = Drawn(order, course, firm, _requirements(rng, order, trade), workplace=route.workplace)
    drawn.intake = _intake(world, staff, rng, drawn) if channel != "api" else None
    return drawn


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
    order.revision = 2 if course.elsewhere else 1
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


def _revisions(one: Drawn) -> list[Revision]:
    """What was wanted: at first, and when positions were filled otherwise."""
    order, moments = one.order, [one.course.submitted]
    blocks = [wanted.block_of(order, one.requirements)]
    names = [one.intake.taken_by.name if one.intake and one.intake.taken_by else BY[order.channel]]
    if one.course.elsewhere:
        blocks, moments = [blocks[0] | {"filled_otherwise": 0}, blocks[0]], [*moments, one.course.elsewhere]
        names.append(order.assignee.name if order.assignee else "system")
    return [
        Revision(order=order, number=n, wanted=block, recorded_at=moment, by_name=name)
        for n, (block, moment, name) in enumerate(zip(blocks, moments, names, strict=True), 1)
    ]


def _intake(world: World, staff: Staff, rng: Random, one: Drawn) -> Intake:
    """A call or mail waits with its municipality until it is registered; a form is an order at once."""
    order, taken_by = one.order, None
    code, due, version = order.lead_id, order.response_due_at, 1
    if order.intake_by:
        code, version, taken_by = order.intake_by, 2, rng.choice(staff.consultants[order.intake_by])
        days = dues.days_of(Promise.FIRST_RESPONSE, world.municipalities[code], None)
        due = world.calendar(code).add_working_days(order.received_at, days)
    return Intake(
        public_id=new_id(rng),
        version=version,
        state=Intake.State.SUBMITTED,
        channel=order.channel,
        received_at=order.received_at,
        recorded_at=order.received_at,
        municipality_id=code,
        taken_by=taken_by,
        contact_name=order.contact_name,
        contact_phone=order.contact_phone,
        contact_email=order.contact_email,
        cvr=one.firm.company.cvr,
        response_due_at=due,
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
