"""Numbers that join the lines of the log: of the request, of the task, and of the event that is being handled.

A request and the tasks that follow from it are joined by the event: the request's last line names the events that it
wrote, and each line of their handlers names the event. The outbox lies between the two, for as long as it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

#: A bulk step writes thousands; its first ones tell enough.
MOST_NAMED = 20
_request: ContextVar[str] = ContextVar("request", default="")
_task: ContextVar[str] = ContextVar("task", default="")
_event: ContextVar[str] = ContextVar("event", default="")
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


def numbers() -> dict[str, str]:
    """What is going on now: `request`, `task`, `event`, those that there are."""
    found = {"request": _request.get(), "task": _task.get(), "event": _event.get()}
    return {name: number for name, number in found.items() if number}


@contextmanager
def request(number: str) -> Iterator[list[str]]:
    """Within a request. Gives the list that fills with the events that it writes."""
    written: list[str] = []
    tokens = _request.set(number), _written.set(written)
    try:
        yield written
    finally:
        _request.reset(tokens[0])
        _written.reset(tokens[1])


@contextmanager
def handling(event: UUID) -> Iterator[None]:
    """While an event is shown to its handlers."""
    token = _event.set(str(event))
    try:
        yield
    finally:
        _event.reset(token)


def task(number: str) -> None:
    """From here on this process works on a task; empty: on none."""
    _task.set(number)


def wrote(event: UUID) -> None:
    """An event was written."""
    written = _written.get()
    if written is not None and len(written) < MOST_NAMED:
        written.append(str(event))
