"""The course of an order from hand-in to end, as moments: drawn first, written as rows afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from events import clock

CLOSE_REASONS = (
    ("hired_elsewhere", 30), ("withdrawn", 25), ("no_suitable_candidates", 25), ("deadline_expired", 14),
    ("duplicate", 4), ("labour_conflict", 2),
)  # fmt: skip
OPEN, FILLED = 0.2, 0.5625
"""Open of all; filled of those that have ended."""
HISTORY_DAYS, OPEN_DAYS, RECENT_DAYS = 730, 45, 20
SLICE = 5000
DECLINE = ("qualifications", "experience", "language", "hours", "no_show", "another_chosen", "position_gone")
WITHDRAW = ("candidate_declines", "not_reached", "not_suitable", "not_available", "found_work")


@dataclass(slots=True)
class Talk:
    """One nomination: its steps with their moments, in order; `is_own` is a candidate of the lead municipality."""

    is_own: bool
    steps: list[tuple[dt.datetime, str]]
    reason: str = ""

    @property
    def state(self) -> str:
        """Where it stands after its last step."""
        return {"offer": "accepted"}.get(self.steps[-1][1], self.steps[-1][1])

    def at(self, *names: str) -> dt.datetime | None:
        """When a step of one of these names happened."""
        return next((moment for moment, name in self.steps if name in names), None)


@dataclass(slots=True)
class Course:
    """What happened to an order, up to now. A moment is None while it has not happened; all are whole minutes.

    `elsewhere` is when it was registered that `otherwise` positions were filled without the nine.
    """

    received: dt.datetime
    submitted: dt.datetime
    positions: int
    end: dt.datetime
    state: str = "open"
    reason: str = ""
    otherwise: int = 0
    ended_itself: bool = False
    claimed: dt.datetime | None = None
    responded: dt.datetime | None = None
    verified: dt.datetime | None = None
    screened: dt.datetime | None = None
    shared: dt.datetime | None = None
    paused: dt.datetime | None = None
    elsewhere: dt.datetime | None = None
    talks: list[Talk] = field(default_factory=list)

    def along(self, share: float) -> dt.datetime:
        """The minute after this share of the course."""
        return whole_minute(self.received + (self.end - self.received) * share)

    @property
    def hires(self) -> list[dt.datetime]:
        """The moments of the hires, in order."""
        return sorted(moment for talk in self.talks if (moment := talk.at("hired")) is not None)


@dataclass(frozen=True)
class Slice:
    """A part of the history: so many orders, those that have ended received between `least` and `most` days ago."""

    count: int
    open: int
    least: int
    most: int


def whole_minute(moment: dt.datetime) -> dt.datetime:
    """The minute that the moment lies in."""
    return moment.replace(second=0, microsecond=0)


def slices(count: int, days: int) -> list[Slice]:
    """The history of so many days in parts that fit into memory, the oldest first; who is open is in the last one.

    A fifth is open in the usual two years; in a longer history there are no more open ones for each day of receiving.
    """
    still_open = round(count * OPEN * min(1.0, HISTORY_DAYS / days))
    parts = max(1, -(-count // SLICE))
    edges = [days - (days - RECENT_DAYS) * n // parts for n in range(parts + 1)]
    ended = count - still_open
    return [
        Slice(
            ended * (n + 1) // parts - ended * n // parts + (still_open if n == parts - 1 else 0),
            still_open if n == parts - 1 else 0,
            edges[n + 1] + (n < parts - 1),
            edges[n],
        )
        for n in range(parts)
    ]


def draw(rng: Random, now: dt.datetime, part: Slice) -> Course:
    """The course of one order: open (from the last weeks), filled or closed. `now` is a whole minute."""
    kind = rng.random() * part.count
    positions = rng.choices((1, 2, 3, 5, 8), (70, 16, 7, 5, 2))[0]
    if kind < part.open:
        received = _working_moment(rng, now, 0, OPEN_DAYS)
        course = Course(received, received, positions, received + dt.timedelta(days=rng.randint(15, 60)))
    else:
        received = _working_moment(rng, now, part.least, part.most)
        last = min(now - dt.timedelta(hours=1), received + dt.timedelta(days=rng.randint(5, 75)))
        course = Course(received, received, positions, last)
        _end(rng, course, is_filled=rng.random() < FILLED)
    _work(rng, course)
    if course.state == "open":
        _cut(course, now)
    return course


def _working_moment(rng: Random, now: dt.datetime, least_days: int, most_days: int) -> dt.datetime:
    """A moment on a weekday between 7 and 16 o'clock, so many days before now."""
    day = clock.local(now).date() - dt.timedelta(days=rng.randint(least_days, most_days))
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    moment = dt.datetime.combine(day, dt.time(rng.randint(7, 15), rng.randint(0, 59)), tzinfo=clock.COPENHAGEN)
    return min(moment.astimezone(dt.UTC), now - dt.timedelta(minutes=rng.randint(2, 120)))


def _end(rng: Random, course: Course, *, is_filled: bool) -> None:
    if is_filled:
        hired = course.positions if rng.random() < 0.8 else rng.randint(1, course.positions)
        course.state = "filled"
        course.otherwise = rng.randint(0, course.positions - hired)
        course.ended_itself = hired + course.otherwise == course.positions
        course.reason = "filled" if course.ended_itself else "partly_filled"
        course.elsewhere = course.along(0.95) if course.otherwise else None
        for n in range(hired):
            is_last = n == hired - 1
            course.talks.append(_talk(rng, course, "hired", 1.0 if is_last and course.ended_itself else 0.9))
        return
    course.state = "closed"
    reasons, weights = zip(*CLOSE_REASONS, strict=True)
    course.reason = rng.choices(reasons, weights)[0]
    if course.reason == "hired_elsewhere":
        course.otherwise, course.ended_itself = course.positions, True
        course.elsewhere = course.end


def _work(rng: Random, course: Course) -> None:
    """What the jobcentre did; an open order is cut at the present afterwards."""
    slow = 3.0 if rng.random() < 0.12 else 1.0
    if course.state != "open" or rng.random() < 0.75:
        course.claimed = course.along(0.015 * slow)
        course.responded = course.along(0.02 * slow)
        course.verified = course.along(0.021 * slow)
        course.screened = course.along(0.05 * slow)
    if rng.random() < 0.55:
        course.shared = course.along(rng.uniform(0.06, 0.12))
    if course.state == "open" and rng.random() < 0.06:
        course.paused = course.along(0.41)
    if course.claimed is None:
        return
    extra = rng.choices((0, 1, 2, 3, 4), (35, 25, 20, 12, 8))[0]
    ends = ("declined", "withdrawn", *(("interview", "") if course.state == "open" else ("lapsed",)))
    for _ in range(extra):
        course.talks.append(_talk(rng, course, rng.choice(ends), rng.uniform(0.6, 0.88)))
    if course.state == "open" and course.positions > 1 and rng.random() < 0.3:
        course.talks.append(_talk(rng, course, "hired", 0.5))


def _talk(rng: Random, course: Course, last: str, share: float) -> Talk:
    """A nomination that ends with `last` after this share of the course ('' waits; lapsed at the end)."""
    begin = rng.uniform(0.13, 0.25)
    is_own = rng.random() < 0.6 if course.shared or course.state != "open" else True
    talk = Talk(is_own, [])
    if is_own:
        talk.steps.append((course.along(begin), "offer"))
    else:
        course.shared = course.shared or course.along(0.1)
        talk.steps.append((course.along(begin), "requested"))
        if last == "" and rng.random() < 0.5:
            return talk
        talk.steps.append((course.along(begin + 0.04), "accepted"))
    if last == "":
        return talk
    if last in ("hired", "declined", "interview") or (last == "lapsed" and rng.random() < 0.5):
        talk.steps.append((course.along(rng.uniform(0.3, 0.4)), "presented"))
    if last in ("hired", "interview"):
        talk.steps.append((course.along(rng.uniform(0.42, 0.48)), "interview"))
    if last != "interview":
        talk.steps.append((course.end if last == "lapsed" else course.along(share), last))
    talk.reason = rng.choice(DECLINE) if last == "declined" else rng.choice(WITHDRAW) if last == "withdrawn" else ""
    return talk


def _cut(course: Course, now: dt.datetime) -> None:
    """Forget what has not happened yet."""
    for name in ("claimed", "responded", "verified", "screened", "shared", "paused"):
        moment = getattr(course, name)
        if moment is not None and moment > now:
            setattr(course, name, None)
    for talk in course.talks:
        talk.steps = [step for step in talk.steps if step[0] <= now]
        if not talk.steps or talk.state not in ("declined", "withdrawn"):
            talk.reason = ""
    course.talks = [talk for talk in course.talks if talk.steps]
