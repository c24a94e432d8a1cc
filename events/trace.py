"""Numbers that join the lines of the log: of the request, of the task, and of the event that is being handled.

A request and the tasks that follow from it are joined by the event: the request's last line names the events that it
wrote, and each line of their handlers names the event. The outbox lies between the two, for as long as it takes.

The same are spans of OpenTelemetry, with the same numbers, where somebody listens (nrs/tracing.py); else they cost a
call. Their names and attributes are names of our own, numbers and classes of errors: never an address or a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

#: A bulk step writes thousands; its first ones tell enough.
MOST_NAMED = 20
_request: ContextVar[str] = ContextVar("request", default="")
_task: ContextVar[str] = ContextVar("task", default="")
_event: ContextVar[str] = ContextVar("event", default="")
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)
_tracer = trace.get_tracer("nrs")
_tasks: list[tuple[Span, object]] = []


def numbers() -> dict[str, str]:
    """What is going on now: `request`, `task`, `event`, those that there are."""
    found = {"request": _request.get(), "task": _task.get(), "event": _event.get()}
    return {name: number for name, number in found.items() if number}


@contextmanager
def span(name: str, kind: SpanKind = SpanKind.INTERNAL, **attributes: str) -> Iterator[Span]:
    """A stretch of work for whoever traces. Of an error only its class is told."""
    asked = _tracer.start_as_current_span(
        name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    )
    with asked as current:
        try:
            yield current
        except Exception as error:
            failed(current, type(error).__name__)
            raise


def failed(current: Span, kind: str) -> None:
    """The span ends in an error of this class."""
    current.set_attribute("error.type", kind)
    current.set_status(Status(StatusCode.ERROR))


@contextmanager
def request(number: str) -> Iterator[list[str]]:
    """Within a request. Gives the list that fills with the events that it writes."""
    written: list[str] = []
    tokens = _request.set(number), _written.set(written)
    try:
        with span("request", SpanKind.SERVER, **{"nrs.request": number}):
            yield written
    finally:
        _request.reset(tokens[0])
        _written.reset(tokens[1])


def answered(route: str, method: str, status: int) -> None:
    """How the request ended: for its span, which is named by the route from now on."""
    current = trace.get_current_span()
    current.update_name(f"{method} {route}")
    current.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if events := _written.get():
        current.set_attribute("nrs.events", events)
    if status >= 500:
        failed(current, str(status))


@contextmanager
def handling(event: UUID, kind: str) -> Iterator[None]:
    """While an event of this kind is shown to its handlers."""
    token = _event.set(str(event))
    try:
        with span(kind, SpanKind.CONSUMER, **{"nrs.event": str(event)}):
            yield
    finally:
        _event.reset(token)


def task(number: str, name: str) -> None:
    """From here on this process works on a task."""
    _task.set(number)
    begun = _tracer.start_span(name, kind=SpanKind.CONSUMER, attributes={"nrs.task": number})
    _tasks.append((begun, context.attach(trace.set_span_in_context(begun))))


def task_done(error: str = "") -> None:
    """The task ended, in an error of this class if one is named."""
    _task.set("")
    while _tasks:
        begun, token = _tasks.pop()
        context.detach(token)
        if error:
            failed(begun, error)
        begun.end()


def wrote(event: UUID) -> None:
    """An event was written."""
    written = _written.get()
    if written is not None and len(written) < MOST_NAMED:
        written.append(str(event))
