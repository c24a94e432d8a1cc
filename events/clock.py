"""What time it is, for every rule and every row. Pure Python.

Services never ask the system's clock directly, so that scenarios and tests can play the past in time order:

    with clock.at(datetime(2016, 3, 31, 12, tzinfo=clock.COPENHAGEN)):
        submit(...)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

_set_to: ContextVar[datetime | None] = ContextVar("events_clock", default=None)


def now() -> datetime:
    """The moment, aware, in UTC."""
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day in Copenhagen."""
    return local(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Let it be `moment` (aware) inside the block, in this thread only. ValueError if naive."""
    if moment.utcoffset() is None:
        raise ValueError("clock.at needs an aware datetime")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield moment
    finally:
        _set_to.reset(token)


def local(moment: datetime) -> datetime:
    """The same moment on a Copenhagen wall clock. Raises ValueError if naive."""
    if moment.utcoffset() is None:
        raise ValueError("a naive datetime has no place on the clock")
    return moment.astimezone(COPENHAGEN)


def day_start(day: date) -> datetime:
    """Midnight at which the Copenhagen day begins, in UTC (inclusive)."""
    return datetime.combine(day, time.min, tzinfo=COPENHAGEN).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Midnight at which the Copenhagen day ends, in UTC (exclusive), also after 23 or 25 hours."""
    return day_start(day + timedelta(days=1))
