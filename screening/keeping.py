"""Keeps the standing lists up to date by the event feed, writes the notices, and checks all of them every night.

One process at a time; what is computed is computed outside transactions, so that nobody waits for it, and written in a
short one together with the place in the feed: after a crash the same events are read again, to the same lists.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from candidates.models import Candidate
from events import clock, single
from events.models import Event
from events.querysets import cursor_of, parse_cursor
from joborders.models import JobOrder, Nomination, Requirement
from joborders.services.steps import mark_lists_changed
from screening import region, standing
from screening.loading import TAKEN, persons
from screening.models import ListRound, Notice, StandingList
from screening.open_orders import SHELVES
from screening.standing import Change, Listing
from screening.table import CURRENT

log = logging.getLogger(__name__)

LOCK = "standing-lists"
BATCH = 1000
#: From so many changed candidates on, all lists are made anew.
MANY = 300
WANTED = (
    Q(type__startswith="candidate.")
    | Q(type__startswith="nomination.")
    | Q(type__startswith="joborder.")
    | Q(type__startswith="course.")
)
#: What changes who may be listed on an order, and how they are judged.
REMADE_BY = ("submitted", "changed", "shared", "reopened", "handed_over", "filled", "closed")


@dataclass
class Touched:
    """What a batch of events asks for."""

    candidates: set[UUID] = field(default_factory=set)
    orders: set[UUID] = field(default_factory=set)
    nominations: set[UUID] = field(default_factory=set)
    skills: bool = False
    """A course was planned, changed, cancelled or completed."""

    def note(self, event: Event) -> None:
        """Take one event in."""
        subject, _dot, verb = event.type.partition(".")
        if subject == "candidate":
            self.candidates.add(event.subject)
        elif subject == "nomination":
            self.nominations.add(event.subject)
        elif subject == "joborder" and verb in REMADE_BY:
            self.orders.add(event.subject)
        elif subject == "course":
            self.skills = True


def catch_up() -> int:
    """Bring the lists up to the end of the feed; how many events were read. Nothing while another process does it."""
    with single.held(LOCK, wait=False) as is_held:
        return _catch_up() if is_held else 0


def _catch_up() -> int:
    place = ListRound.objects.filter(kind=ListRound.Kind.EVENTS).first()
    if place is None:
        _begin()
        return 0
    read = 0
    while events := list(Event.objects.after(place.cursor).filter(WANTED)[:BATCH]):
        touched = Touched()
        for event in events:
            touched.note(event)
        work = _work(touched)
        with transaction.atomic():
            work.write()
            place.cursor, place.ended_at, place.orders = cursor_of(events[-1]), clock.now(), len(work.lists)
            place.save(update_fields=["cursor", "ended_at", "orders"])
        read += len(events)
    return read


def _begin() -> None:
    """The first round: lists of all open orders, from the feed's present end on."""
    last = Event.objects.settled().order_by("-xid", "-id").first()
    now = clock.now()
    work = Work()
    _remake(region.open_orders(), work, clock.today())
    with transaction.atomic():
        work.write()
        ListRound.objects.create(
            kind=ListRound.Kind.EVENTS, cursor=cursor_of(last) if last else "", started_at=now, ended_at=now,
            orders=len(work.lists),
        )  # fmt: skip


@dataclass
class Work:
    """Lists to be written, those that are news in the desk, and those that are over."""

    lists: dict[int, tuple[JobOrder, Listing, date]] = field(default_factory=dict)
    news: dict[int, Change] = field(default_factory=dict)
    over: set[int] = field(default_factory=set)

    def put(self, order: JobOrder, new: Listing, day: date, old: Listing | None = None) -> None:
        """A list; with the `old` one what is new about it is told in the desk."""
        self.lists[order.pk] = (order, new, day)
        if old is not None and (change := standing.compare(old, new)):
            self.news[order.pk] = change

    def write(self) -> None:
        """Write lists, notices and the orders' column. Call inside a transaction."""
        now = clock.now()
        StandingList.objects.filter(order__in=self.over).delete()
        StandingList.objects.bulk_create(
            (
                StandingList(
                    order=order, home_code=standing.home_of(order), day=day, table_version=CURRENT.version,
                    entries=new.as_data(), made_at=now,
                )
                for order, new, day in self.lists.values()
            ),
            update_conflicts=True,
            unique_fields=["order"],
            update_fields=["home_code", "day", "table_version", "entries", "made_at"],
            batch_size=500,
        )  # fmt: skip
        _tell(self.news)


def _tell(news: Mapping[int, Change]) -> None:
    """One notice per order and hour: what comes later in the hour is added."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    known = {row.order_id: row for row in Notice.objects.filter(hour=hour, order__in=list(news)).order_by("pk")}
    rows = []
    for order, change in news.items():
        row = known.get(order) or Notice(order_id=order, hour=hour)
        row.changed_at = now
        row.came, row.left, row.moved = row.came + change.came, row.left + change.left, row.moved + change.moved
        rows.append(Notice(order_id=order, hour=hour, changed_at=now, came=row.came, left=row.left, moved=row.moved))
    Notice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["order", "hour"],
        update_fields=["changed_at", "came", "left", "moved"],
        batch_size=500,
    )
    mark_lists_changed(list(news), now)


def _work(touched: Touched) -> Work:
    """What the lists are after these events: candidates patched into each, or made anew where that does not do."""
    work = Work()
    if touched.skills:
        forget()
    orders = region.open_orders()
    ended = StandingList.objects.exclude(order__state=JobOrder.State.OPEN)
    work.over = set(ended.order_by().values_list("order_id", flat=True))
    rows = {row.order_id: row for row in StandingList.objects.exclude(order__in=work.over).order_by("pk")}
    nominated = Nomination.objects.filter(public_id__in=touched.nominations, candidate__isnull=False).order_by()
    stepped = list(nominated.values_list("candidate_id", "order_id"))
    people = set(Candidate.objects.filter(public_id__in=touched.candidates).order_by().values_list("pk", flat=True))
    is_anyone_gone = len(people) < len(touched.candidates)
    people |= {candidate for candidate, _order in stepped}
    # Whoever takes a step on an order, or changes it, knows; news are what others did.
    own = {order.pk for order in orders if order.public_id in touched.orders}
    anew = own | {order.pk for order in orders if order.pk not in rows}
    anew |= _asking_for_skills() if touched.skills else set()
    if is_anyone_gone or len(people) > MANY:
        anew |= rows.keys()
    elif people:
        rest = [order for order in orders if order.pk not in anew]
        anew |= _patch(rest, rows, sorted(people), work, quiet={order for _candidate, order in stepped})
    known = {pk: row for pk, row in rows.items() if pk not in own}
    _remake([order for order in orders if order.pk in anew], work, clock.today(), known)
    return work


def _asking_for_skills() -> set[int]:
    """Open orders on which a planned course can make a difference."""
    asks = Requirement.objects.filter(kind=Requirement.Kind.SKILL, is_must=True, order__state=JobOrder.State.OPEN)
    return set(asks.order_by().values_list("order_id", flat=True))


def _remake(orders: Sequence[JobOrder], work: Work, today: date, old: Mapping[int, StandingList] | None = None) -> None:
    """Make lists anew, each for the day that it was judged for; `old` are those whose change is news."""
    if not orders:
        return
    pool, known = standing.Pool(orders), old or {}
    days = {order.pk: known[order.pk].day if order.pk in known else today for order in orders}
    for day in sorted(set(days.values())):
        some = [order for order in orders if days[order.pk] == day]
        for order, new in zip(some, standing.make(some, pool, day).values(), strict=True):
            row = known.get(order.pk)
            work.put(order, new, day, Listing.from_data(row.entries) if row else None)


def _patch(
    orders: Iterable[JobOrder],
    rows: Mapping[int, StandingList],
    people: Sequence[int],
    work: Work,
    quiet: set[int],
) -> set[int]:
    """Put each changed candidate into each list; gives the orders whose list cannot be told so.

    `quiet` are orders whose change is no news.
    """
    now_in_pool = region.in_pool().filter(pk__in=people)
    profiles = {person.candidate: person for person in persons(now_in_pool, None)}
    homes = dict(now_in_pool.order_by().values_list("pk", "home_id"))
    nominated = Nomination.objects.filter(candidate__in=people, state__in=TAKEN).order_by()
    taken = set(nominated.values_list("order_id", "candidate_id"))
    orders, changed, unsure = list(orders), frozenset(people), set()
    shelf = SHELVES.holding({order.pk: (order.version, order.salt, rows[order.pk].day) for order in orders})
    answers = {pk: shelf.ask(person) for pk, person in profiles.items()}
    keys = [order.pk for order in orders]
    hopeful = {at for one in answers.values() for at in shelf.listed(one, keys).tolist()}
    for at, order in enumerate(orders):
        row = rows[order.pk]
        if at not in hopeful and changed.isdisjoint(standing.listed_in(row.entries)):
            continue
        old = new = Listing.from_data(row.entries)
        for pk in people:
            is_in = pk in profiles and standing.home_of(order) in ("", homes[pk]) and (order.pk, pk) not in taken
            found = standing.patched(new, pk, answers[pk].of(shelf.places[order.pk]) if is_in else None)
            if found is None:
                unsure.add(order.pk)
                break
            new = found
        else:
            if new != old:
                work.put(order, new, row.day, None if order.pk in quiet else old)
    return unsure


def forget() -> None:
    """Drop what is compiled: courses, the vocabulary or the night have changed what an order means."""
    SHELVES.forget()


@dataclass(frozen=True)
class Night:
    """What the nightly check found: numbers of the orders whose stored list was not what it should have been."""

    orders: int
    differing: tuple[str, ...]


def check() -> Night:
    """Make all lists anew and compare with what the events made of them; then move them on to today.

    A list that differs is an alarm: something was written past the services, or an event was lost. It is logged,
    kept in a row for the health page, and put right.
    """
    with single.held(LOCK):
        started = clock.now()
        forget()
        _catch_up()
        rows = {row.order_id: row for row in StandingList.objects.order_by("pk")}
        orders = [order for order in region.open_orders() if order.pk in rows]
        work, today = Work(), clock.today()
        _remake(orders, work, today, rows)
        differing = [] if _is_behind() else [order.number for order in orders if order.pk in work.news]
        _to_today(orders, work, today)
        with transaction.atomic():
            work.write()
            ListRound.objects.create(
                kind=ListRound.Kind.NIGHT, started_at=started, ended_at=clock.now(), orders=len(orders),
                differing=differing,
            )  # fmt: skip
    if differing:
        log.error("the standing lists of %d orders were wrong: %s", len(differing), ", ".join(differing[:20]))
    return Night(len(orders), tuple(differing))


def _is_behind() -> bool:
    """Whether events wait that nobody has read yet, settled or not: then a difference is no error."""
    xid, pk = parse_cursor(ListRound.objects.get(kind=ListRound.Kind.EVENTS).cursor or "0.0")
    return Event.objects.filter(WANTED).filter(Q(xid__gt=xid) | Q(xid=xid, id__gt=pk)).exists()


def _to_today(orders: Sequence[JobOrder], work: Work, today: date) -> None:
    """Judge the lists of an earlier day for today."""
    late = [order for order in orders if work.lists[order.pk][2] != today]
    if not late:
        return
    pool = standing.Pool(late)
    for order, new in zip(late, standing.make(late, pool, today).values(), strict=True):
        work.put(order, new, today, work.lists[order.pk][1])


def summary() -> dict[str, Any]:
    """The last night's check, for the health page."""
    last = ListRound.objects.filter(kind=ListRound.Kind.NIGHT).first()
    if last is None:
        return {"checked_at": None, "orders": 0, "differing": 0}
    return {"checked_at": last.started_at, "orders": last.orders, "differing": len(last.differing)}
