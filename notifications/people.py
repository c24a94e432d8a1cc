"""Who hears of an event: from an audience to people who are there today, or to an address that somebody reads.

Whoever is away is replaced by their substitute; where nobody is left, the shared address of the jobcentre gets the
news. Nobody hears of what is outside the event's audience, nor of what they did themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from companies.lead import contact_on
from companies.models import Agreement, Company
from events import clock
from events.models import Event
from joborders.models import Intake, JobOrder
from municipalities.actor import Role
from municipalities.membership import current
from municipalities.models import Membership, Municipality
from notifications.models import Absence, Following
from notifications.table import Audience

#: Audiences that are a whole jobcentre: its shared address is told besides its people.
SHARED = frozenset({Audience.LEAD, Audience.HOME, Audience.ASKED})
DESK = (Role.CONSULTANT, Role.CASEWORKER)


@dataclass(slots=True)
class Heard:
    """Who is told: people, those who only follow the order, and municipalities by their shared address."""

    people: dict[int, User] = field(default_factory=dict)
    followers: dict[int, User] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)


def standing_in(person: int, away: Mapping[int, int | None]) -> int | None:
    """Who is there for `person`: themselves, their substitute, the substitute's substitute …; None if nobody is.

    `away` holds who is away today, with their substitute.
    """
    seen: set[int] = set()
    who: int | None = person
    while who in away and who not in seen:
        seen.add(who)
        who = away[who]
    return None if who is None or who in away else who


def away_today() -> dict[int, int | None]:
    """Who is away today, and who stands in for them; one query."""
    today = clock.today()
    rows = Absence.objects.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return dict(rows.order_by().values_list("user_id", "substitute_id"))


def hearing(audience: Audience, event: Event, order: JobOrder | None, home: str) -> Heard:
    """Those whom an audience of this event is today. A company's mail has no people."""
    lead = order.lead_id if order is not None else event.municipality
    away = away_today()
    match audience:
        case Audience.TOVHOLDER:
            heard = _tovholder(event.subject, away)
        case Audience.RESPONSIBLE:
            heard = _responsible(_taker(event.subject) if order is None else _holders(order), lead, away)
        case Audience.COORDINATORS:
            heard = Heard(_present(current(role=Role.COORDINATOR), away))
            if not heard.people:
                heard.shared.add(lead)
        case Audience.KEEPERS:
            heard = _keepers(event.municipality, away)
        case Audience.HOME:
            heard = _team([home], DESK, away)
        case Audience.ASKED:
            heard = _team(set(_codes(event)) - {lead}, (Role.CONSULTANT,), away)
        case _:
            heard = _team([lead], (Role.CONSULTANT,), away)
    if order is not None:
        _with_followers(heard, order, event)
    heard.shared.discard("")
    return heard


def _team(codes: Iterable[str], roles: Iterable[Role], away: Mapping[int, int | None]) -> Heard:
    """All of some jobcentres in these roles, and the shared addresses."""
    wanted = {code for code in codes if code}
    return Heard(_present(current(municipality__in=wanted, role__in=list(roles)), away), shared=wanted)


def _keepers(code: str, away: Mapping[int, int | None]) -> Heard:
    """The administrators of a municipality; without any, those of all nine. Nobody for a company's own."""
    if not code:
        return Heard()
    heard = Heard(_present(current(role=Role.ADMIN, municipality=code), away))
    return heard if heard.people else Heard(_present(current(role=Role.ADMIN, municipality=None), away))


def responsible_for(order: JobOrder) -> Heard:
    """Who has an order today, whatever happened; `order` with its company loaded."""
    return _responsible(_holders(order), order.lead_id, away_today())


def _responsible(holders: Iterable[int], lead: str, away: Mapping[int, int | None]) -> Heard:
    """The one who has it, as long as they work there; else the consultants; nobody at all: the shared address."""
    there = {row.user_id: row.user for row in current(municipality=lead, role=Role.CONSULTANT)}
    for holder in holders:
        who = standing_in(holder, away) if holder in there else None
        if who is not None and (person := _worker(who)) is not None:
            return Heard({person.pk: person})
    heard = Heard(_present(current(municipality=lead, role=Role.CONSULTANT), away))
    if not heard.people:
        heard.shared.add(lead)
    return heard


def _taker(intake: UUID) -> list[int]:
    """Who took a call or mail."""
    taken = Intake.objects.filter(public_id=intake).values_list("taken_by_id", flat=True).first()
    return [taken] if taken else []


def _holders(order: JobOrder) -> list[int]:
    """Who may be the one responsible: first who has the order, then the company's contact or its substitute."""
    company, found = order.company, _contacts_at(order.company)
    if order.assignee_id is None:
        return found
    # The company's substitute stands in for its contact person, also on the orders that this person has.
    is_contact = order.assignee_id == company.contact_user_id
    return [*found, order.assignee_id] if is_contact else [order.assignee_id, *found]


def _contacts_at(company: Company) -> list[int]:
    """Who looks after the company today: its contact person among the nine, or the substitute."""
    if company.contact_user_id is None:
        return []
    who = contact_on(
        clock.today(),
        contact=company.contact_user_id,
        substitute=company.substitute_user_id,
        substitute_until=company.substitute_until,
    )
    return [who]


def _tovholder(agreement: UUID, away: Mapping[int, int | None]) -> Heard:
    """Of the municipality that looks after an agreement: the company's contact if it works there, else as above."""
    found = Agreement.objects.select_related("company").filter(public_id=agreement).first()
    if found is None:
        return Heard()
    return _responsible(_contacts_at(found.company), found.tovholder_id or found.company.lead_id, away)


def _worker(user_id: int) -> User | None:
    """Somebody with a membership today, or None."""
    membership = current(user=user_id).first()
    return membership.user if membership is not None else None


def _present(members: Iterable[Membership], away: Mapping[int, int | None]) -> dict[int, User]:
    """Those of the members who are there, and the substitutes of those who are not."""
    people, missing = {}, set()
    for member in members:
        who = standing_in(member.user_id, away)
        if who == member.user_id:
            people[who] = member.user
        elif who is not None:
            missing.add(who)
    for row in current(user__in=missing - people.keys()) if missing else ():
        people[row.user_id] = row.user
    return people


def _codes(event: Event) -> list[str]:
    return [code for code in event.audience.split("|") if code]


def _with_followers(heard: Heard, order: JobOrder, event: Event) -> None:
    """Who follows the order and may know of the event;."""
    words = list(Following.objects.filter(order=order).order_by().values_list("user_id", "follows"))
    following = {user for user, follows in words if follows} - heard.people.keys()
    if not following:
        return
    codes = set(_codes(event))
    for row in current(user__in=following):
        is_told = row.role == Role.COORDINATOR or (row.role == Role.CONSULTANT and row.municipality_id in codes)
        if is_told:
            heard.followers[row.user_id] = row.user


def muted(order: JobOrder | None) -> set[int]:
    """Who wants to hear no more of the order."""
    if order is None:
        return set()
    return set(Following.objects.filter(order=order, follows=False).order_by().values_list("user_id", flat=True))


def author_of(event: Event) -> UUID | None:
    """The person who did it, and needs no news of it."""
    return event.actor_id


def addresses(codes: Iterable[str]) -> dict[str, str]:
    """The shared mail addresses of jobcentres that have one."""
    rows = Municipality.objects.filter(code__in=list(codes)).exclude(email="")
    return dict(rows.order_by().values_list("code", "email"))
