"""Plays stories of job orders through the services, each step at its own moment on the clock, all in time order.

A story says what happened to one order, on which day, in words (`VERBS`):

    Story("2015-12-07", "tomrer", "Tømrer til tagrenovering", "7115", 1,
          "2015-12-08 claim", "2015-12-14 present 0219", "2016-01-04 hire 0219")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from candidates import services as candidates
from candidates.models import Candidate
from events import clock
from joborders.models import JobOrder, Nomination
from joborders.services import changes, nominations, steps, submitting
from municipalities.actor import Actor
from nrs.scenarios.world import TRADES, World, contact_of, profile
from screening import services as screening

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


class Story:
    """One order: received on a day by a company, with what happened to it after. Texts are what the company wrote."""

    def __init__(
        self,
        received: str,
        company: str,
        title: str,
        occupation: str,
        positions: int,
        *events: str,
        at: str = "08:15",
        registered: str | None = None,
        unit: str | None = None,
        **block: Any,
    ) -> None:
        self.received, self.company, self.title = received, company, title
        self.occupation, self.positions, self.events = occupation, positions, events
        self.at, self.registered, self.unit, self.block = at, registered, unit, block


@dataclass(order=True)
class Entry:
    """One thing to be done at a moment; `number` keeps what belongs together in its order."""

    moment: dt.datetime
    number: int
    act: Callable[[], object] = field(compare=False)


def moment_of(day: str, at: str = "09:00") -> dt.datetime:
    """That time on that day in Copenhagen."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(at), tzinfo=clock.COPENHAGEN)


class Player:
    """Collects entries, then plays them; nothing is done before `play`."""

    def __init__(self, world: World, *, until: dt.datetime | None = None) -> None:
        self.world = world
        self.until = until
        self.entries: list[Entry] = []
        self.people = 0

    def at(self, moment: dt.datetime, act: Callable[[], object]) -> None:
        """Do `act` at that moment; nothing is ever done later than `until`."""
        if self.until is not None:
            moment = min(moment, self.until)
        self.entries.append(Entry(moment, len(self.entries), act))

    def play(self) -> int:
        """Do everything in time order; how many things were done. Raises what the services raise."""
        ordered = sorted(self.entries)
        for entry in ordered:
            with clock.at(entry.moment):
                entry.act()
        self.entries = []
        return len(ordered)

    def tell(self, story: Story) -> None:
        """Take a story into the programme."""
        told = _Told(self, story)
        told.plan()

    def citizen(self, home: str, isco: str, **more: Any) -> Candidate:
        """Register one more citizen of that home and trade, by its caseworker, now."""
        self.people += 1
        number = self.people
        with_months = 6 + number * 11 % 120
        body = profile(self.world, number, home, isco, with_months, **more)
        return candidates.register(actor=self.world.caseworkers[home], profile=body)


class _Told:
    """One story while it is played: its order, and the people waiting for it."""

    def __init__(self, player: Player, story: Story) -> None:
        self.player, self.world, self.story = player, player.world, story
        self.number = len(player.entries)
        self.order_id: Any = None
        self.waiting: dict[str, list[Candidate]] = {}

    def plan(self) -> None:
        """Put the submitting and every step into the programme."""
        story = self.story
        received = moment_of(story.received, story.at) + MINUTE * (self.number % 20)
        registered = moment_of(story.registered, "10:00") if story.registered else received
        self.player.at(registered, lambda: self.submit(received))
        shift = MINUTE * (self.number % 30)
        for line in story.events:
            day, verb, *words = line.split()
            for moment, act in VERBS[verb](self, moment_of(day) + shift, *words):
                self.player.at(moment, act)

    # what stands behind the verbs

    def order(self) -> JobOrder:
        """The order as it is now."""
        return JobOrder.objects.get(public_id=self.order_id)

    def lead(self) -> Actor:
        """The consultant who leads the order now."""
        return self.world.consultants[self.order().lead_id]

    def submit(self, received: dt.datetime) -> None:
        """The lead's consultant takes the call and writes the order down."""
        story, company = self.story, self.world.companies[self.story.company]
        number = list(self.world.companies).index(story.company)
        trade = TRADES.get(story.occupation, {})
        needs = [{"kind": "licence", "code": code} for code in trade.get("licences", ()) if code != "B"]
        needs += [{"kind": "certificate", "code": code} for code in trade.get("certificates", ())]
        needs += [
            {"kind": "skill", "code": self.world.skills[slug], "is_must": False}
            for slug in trade.get("skills", ())
            if slug in self.world.skills
        ]
        block = {
            "title": story.title,
            "occupation": story.occupation,
            "description": f"{story.title}: vi søger {story.positions} til vores hold. Oplæring gives på stedet.",
            "positions": story.positions,
            "hours_min": 30,
            "hours_max": 37,
            "unit": str(self.world.units[story.unit or story.company].public_id),
            "contact": contact_of(number),
            "requirements": needs,
            **story.block,
        }
        actor = self.world.consultants[company.lead_id]
        order = submitting.submit(actor, block, company=company.public_id, channel="phone", received_at=received)
        self.order_id = order.public_id

    def on_order(self, service: Callable[..., object], actor: Actor | None = None, **more: Any) -> None:
        """One service on the order's present version."""
        order = self.order()
        service(order.public_id, actor=actor or self.world.consultants[order.lead_id], version=order.version, **more)

    def on_nomination(
        self, service: Callable[..., object], home: str, states: tuple[str, ...], *, by_home: bool = False, **more: Any
    ) -> None:
        """One service on the oldest nomination from that home in one of the states."""
        found = Nomination.objects.filter(order__public_id=self.order_id, home_code=home, state__in=states)
        nomination = found.order_by("id")[0]
        actor = self.world.caseworkers[home] if by_home else self.lead()
        service(nomination.public_id, actor=actor, version=nomination.version, **more)

    def find_citizen(self, home: str) -> None:
        """Somebody suitable is registered at home, some time before the order needs them."""
        self.waiting.setdefault(home, []).append(self.player.citizen(home, self.story.occupation))

    def request(self, home: str) -> None:
        """The lead asks for the other municipality's candidate."""
        person = self.waiting[home].pop(0)
        self.on_order(nominations.request, candidates=[person.public_id])

    def offer(self, home: str) -> None:
        """The home jobcentre nominates its own candidate."""
        person = self.waiting[home].pop(0)
        self.on_order(
            nominations.offer, self.world.consultants[home], candidate=person.public_id, acceptance=acceptance()
        )

    def hire(self, home: str) -> None:
        """The company hires; work begins a week later."""
        starts = clock.today() + dt.timedelta(days=7)
        self.on_nomination(
            nominations.hire,
            home,
            ("presented", "interview"),
            starts_on=starts.isoformat(),
            weekly_hours=37,
            terms="ordinary",
        )

    def otherwise(self, count: int) -> None:
        """So many positions were taken by people from outside the nine."""
        now = self.order().filled_otherwise
        self.on_order(changes.change, changes={"filled_otherwise": now + count})

    def share(self) -> None:
        """Open the order to the eight, if the clock has not done so already."""
        if self.order().shared_at is None:
            self.on_order(steps.share)


def acceptance() -> dict[str, Any]:
    """The candidate said yes on the phone today, and can and will do the job."""
    return {
        "accepted_on": clock.today().isoformat(),
        "channel": "phone",
        "talk_can_do": True,
        "talk_wants_to": True,
        "cv_checked": True,
    }


#: Kept only where the CV fails a principle.
WHY_THIS_CV = "Virksomheden vil se kandidaten nu. CV'et bliver gjort færdigt inden samtalen."
Acts = Iterator[tuple[dt.datetime, Callable[[], object]]]


def _claim(told: _Told, moment: dt.datetime) -> Acts:
    """The lead takes the order, calls the company and checks the contact."""
    yield moment, lambda: told.on_order(steps.claim)
    yield moment + 20 * MINUTE, lambda: told.on_order(steps.respond, kind="phone")
    yield moment + 25 * MINUTE, lambda: told.on_order(steps.verify_contact, source="website")


def _take(told: _Told, moment: dt.datetime) -> Acts:
    """The lead takes the order and has not called yet."""
    yield moment, lambda: told.on_order(steps.claim)


def _nominate(told: _Told, moment: dt.datetime, home: str) -> Acts:
    """A candidate is found and has said yes: offered by home, which on an own order is the lead itself."""
    yield moment - dt.timedelta(days=12), lambda: told.find_citizen(home)
    yield moment, lambda: told.offer(home)


def _present(told: _Told, moment: dt.datetime, home: str) -> Acts:
    """An own candidate, or one offered by another municipality, is shown to the company."""
    yield from _nominate(told, moment, home)
    yield moment + HOUR, lambda: told.on_nomination(nominations.present, home, ("accepted",), reason=WHY_THIS_CV)


def _request(told: _Told, moment: dt.datetime, home: str) -> Acts:
    """The lead asks another municipality for a candidate, by pseudonym."""
    yield moment - dt.timedelta(days=12), lambda: told.find_citizen(home)
    yield moment, lambda: told.request(home)


def _borrow(told: _Told, moment: dt.datetime, home: str) -> Acts:
    """Another municipality's candidate is asked for, accepted at home, and shown to the company."""
    yield from _request(told, moment, home)
    yes = moment + 2 * HOUR
    yield (
        yes,
        lambda: told.on_nomination(nominations.accept, home, ("requested",), by_home=True, acceptance=acceptance()),
    )
    yield yes + HOUR, lambda: told.on_nomination(nominations.present, home, ("accepted",), reason=WHY_THIS_CV)


def _hire(told: _Told, moment: dt.datetime, home: str) -> Acts:
    """The person from that home is hired."""
    yield moment, lambda: told.hire(home)


def _once(act: Callable[..., object]) -> Callable[..., Acts]:
    """A verb that is one act at its moment."""

    def verb(told: _Told, moment: dt.datetime, *words: str) -> Acts:
        yield moment, lambda: act(told, *words)

    return verb


def _supply(told: _Told, home: str, count: str = "0") -> None:
    by_date = clock.today() + dt.timedelta(days=7) if int(count) else None
    told.on_order(steps.answer_supply, told.world.consultants[home], count=int(count), by_date=by_date)


def _hand_over(told: _Told, to: str) -> None:
    agreed = told.world.consultants[to].name
    told.on_order(steps.hand_over, to=to, reason="Arbejdet ligger i den anden kommune.", agreed_by=agreed)


def _close(told: _Told, reason: str) -> None:
    text = "Virksomheden har stillet projektet i bero." if reason == "other" else ""
    told.on_order(steps.close, reason=reason, text=text)


def _screen(told: _Told, scope: str = "own") -> None:
    screening.run(told.order_id, actor=told.lead(), scope=scope)


VERBS: Mapping[str, Callable[..., Acts]] = {
    "claim": _claim,
    "take": _take,
    "nominate": _nominate,
    "present": _present,
    "request": _request,
    "borrow": _borrow,
    "hire": _hire,
    "accept": _once(
        lambda told, home: told.on_nomination(
            nominations.accept, home, ("requested",), by_home=True, acceptance=acceptance()
        )
    ),
    "interview": _once(lambda told, home: told.on_nomination(nominations.interview, home, ("presented",))),
    "decline": _once(
        lambda told, home, reason="experience": told.on_nomination(
            nominations.decline, home, ("presented", "interview"), reason=reason
        )
    ),
    "withdraw": _once(
        lambda told, home, reason="found_work": told.on_nomination(
            nominations.withdraw,
            home,
            ("requested", "accepted", "presented", "interview"),
            by_home=True,
            reason=reason,
        )
    ),
    "not_started": _once(
        lambda told, home: told.on_nomination(nominations.not_started, home, ("hired",), reason="no_show")
    ),
    "share": _once(lambda told: told.share()),
    "supply": _once(_supply),
    "screen": _once(_screen),
    "otherwise": _once(lambda told, count="1": told.otherwise(int(count))),
    "pause": _once(lambda told: told.on_order(steps.pause)),
    "resume": _once(lambda told: told.on_order(steps.resume)),
    "hand_over": _once(_hand_over),
    "close": _once(_close),
    "reopen": _once(lambda told: told.on_order(steps.reopen, reason="Virksomheden har igen brug for folk.")),
}
